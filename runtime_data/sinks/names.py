"""Names that are made of tags: topics of MQTT, series of line protocol. The text has placeholders and nothing else."""

from __future__ import annotations

import re

from runtime_data.values import split

PLACEHOLDERS = ("sink", "tag", "source", "path")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def find_unknown(template: str) -> str:
    """Return the first placeholder that there is not, or a brace that is none; empty where all are known."""
    unknown = next((found[1] for found in _PLACEHOLDER.finditer(template) if found[1] not in PLACEHOLDERS), None)
    rest = _PLACEHOLDER.sub("", template)
    return unknown if unknown is not None else "{" if "{" in rest else "}" if "}" in rest else ""


def names_a_tag(template: str) -> bool:
    """Return whether a name differs from tag to tag."""
    return any(found[1] != "sink" for found in _PLACEHOLDER.finditer(template))


def fill(template: str, sink: str, tag: str = "") -> str:
    """Return a name.

    Args:
        template: A text with {sink}, {tag}, {source} and {path}.
        sink: The name of the sink.
        tag: source:path; empty where the template names none.
    """
    source, path = split(tag) if tag else ("", "")
    parts = {"sink": sink, "tag": tag, "source": source, "path": path}
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], template)
