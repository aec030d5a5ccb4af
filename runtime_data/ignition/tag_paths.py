"""Tag paths of Ignition and tags of the runtime: `[PLC_1]Motor/speed` is `PLC_1:Motor.speed`.

The provider in brackets is the source; `default` is the source of tags that name none. A slash parts the levels. A slash, a
percent sign or a closing bracket in a name of ours is written as %2F, %25 or %5D. Facts: docs/facts/ignition.md#tag-paths.
"""

from __future__ import annotations

from openness_bridge.errors import Kind, Problem

DEFAULT = "default"
"""The provider that is the default source."""


def to_tag(path: str) -> str:
    """Return the tag that a path of Ignition names, as source:path; the source is empty for the default one.

    Raises:
        Problem: It names no tag (ignition.tag_path).
    """
    provider, below = split(path)
    if not below:
        msg = f"'{path}' is not the path of a tag: write [provider]folder/tag, such as [PLC_1]Motor/speed."
        raise Problem("ignition.tag_path", msg, kind=Kind.INVALID)
    return f"{provider}:{below}"


def split(path: str) -> tuple[str, str]:
    """Return the source and the path below it that a path of Ignition names; each may be empty.

    Raises:
        Problem: The bracket around the provider is not closed (ignition.tag_path).
    """
    if not path.startswith("["):
        return "", _below(path)
    provider, bracket, below = path[1:].partition("]")
    if not bracket:
        msg = f"'{path}' has no closing bracket: write [provider]folder/tag, such as [PLC_1]Motor/speed."
        raise Problem("ignition.tag_path", msg, kind=Kind.INVALID)
    name = "" if provider.casefold() == DEFAULT else provider
    return _plain(name), _below(below)


def to_path(tag: str) -> str:
    """Return the path of Ignition for a full tag, source:path, or for a source with an empty path."""
    source, _, below = tag.partition(":")
    written = _escaped(below).replace("/", "%2F").replace(".", "/")
    return f"[{_escaped(source).replace(']', '%5D') or DEFAULT}]{written}"


def last_part(path: str) -> str:
    """Return the name of a tag without its provider and folders, as its path writes it."""
    below = path.partition("]")[2] if path.startswith("[") else path
    return below.rpartition("/")[2]


def _below(path: str) -> str:
    return _plain(path.replace("/", "."))


def _escaped(name: str) -> str:
    return name.replace("%", "%25")


def _plain(name: str) -> str:
    return name.replace("%2F", "/").replace("%5D", "]").replace("%25", "%")
