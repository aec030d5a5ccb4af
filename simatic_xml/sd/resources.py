"""The texts of a document: `.s7res`, a list of ids with a text for each culture, in YAML.

Any YAML is read; written is TIA Portal's own spelling: plain where that is safe, single quotes where not, `|-` or `|+`
for several lines. Facts: files of TIA Portal V20 and V21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from simatic_xml.lazy import import_later
from simatic_xml.scl.diagnostics import Diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.sd import resource_reading
else:
    resource_reading = import_later("simatic_xml.sd.resource_reading")

HEAD = "MultiLingualTexts:"
_UNSAFE_START = re.compile(r"[-?:](?: |\Z)|[,\[\]{}#&*!|>'\"%@`]| |\Z")
_UNSAFE_INSIDE = re.compile(r": |:\Z| #| \Z|\t")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "~"))


@dataclass(slots=True)
class Resources:
    """The texts of a document.

    Attributes:
        texts: by id the text in each culture; an id with no text at all is one of an empty text.
        source: the file that they were read from.
        diagnostics: what is wrong with that file.
    """

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    source: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)


def parse_resources(source: str | bytes) -> Resources:
    """Read a resource file. Never raises for what it contains: what is not understood is reported."""
    return resource_reading.read(source) if source else Resources()


def write_resources(texts: dict[str, dict[str, str]]) -> str:
    """Return the resource file for the texts, empty where there are none."""
    return "\n".join(_list_lines(texts)) if texts else ""


def _list_lines(texts: dict[str, dict[str, str]]) -> Iterator[str]:
    yield HEAD
    for text_id, cultures in texts.items():
        yield f"  - id: {text_id}"
        for culture, text in cultures.items():
            if text:
                yield from _scalar(f"    {culture}: ", text.replace("\r\n", "\n").replace("\r", "\n"))
    yield ""


def _scalar(head: str, text: str) -> Iterator[str]:
    if _UNPRINTABLE.search(text) or ("\n" in text and (not text.strip() or text[0].isspace())):
        escaped = re.sub(r'[\\"]', r"\\\g<0>", text).replace("\n", "\\n")
        yield head + '"' + _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04X}", escaped) + '"'
    elif "\n" in text:
        yield from _block_lines(head, text)
    elif _UNSAFE_START.match(text) or _UNSAFE_INSIDE.search(text) or text.lower() in _WORDS or _is_number(text):
        yield head + "'" + text.replace("'", "''") + "'"
    else:
        yield head + text


def _block_lines(head: str, text: str) -> Iterator[str]:
    chomp = "+" if text.endswith("\n") else "-"
    yield f"{head}|{chomp}"
    for line in text.removesuffix("\n").split("\n"):
        yield f"      {line}" if line else ""


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.][\d._]*(?:[eE][-+]?\d+)?", text) is not None
