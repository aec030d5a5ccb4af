"""The texts of a document: `.s7res`, a list of ids with a text for each culture, in a narrow form of YAML.

Read are plain, quoted and block scalars as TIA Portal and people write them; written is TIA Portal's own spelling:
plain where that is safe, single quotes where not, `|-` or `|+` for several lines. Facts: files of TIA Portal V20 and
V21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.parser import decode

HEAD = "MultiLingualTexts:"
_MOST_FINDINGS = 1000
_ENTRY = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[\w.-]+) *:(?: +(?P<value>.*?))? *\Z")
_BLOCK = re.compile(r"\|(?P<chomp>[-+]?)\Z")
_UNSAFE_START = re.compile(r"[-?:](?: |\Z)|[,\[\]{}#&*!|>'\"%@`]| |\Z")
_UNSAFE_INSIDE = re.compile(r": |:\Z| #| \Z|\t")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "\\": "\\", "/": "/", " ": " "}
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
    """Read a resource file. Never raises for what it contains: what is not understood is reported and passed."""
    text = decode(source)
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.removeprefix("\ufeff").split("\n")
        self.result = Resources(source=text)
        self.at = 0
        self.entry: dict[str, str] | None = None

    def read(self) -> Resources:
        started = False
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip("\r")
            self.at += 1
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not started and line.rstrip() == HEAD:
                started = True
            else:
                self._line(line)
        return self.result

    def _line(self, line: str) -> None:
        found = _ENTRY.match(line)
        if not found or not found["indent"]:
            self._report("sd.resource", "The line is neither '- id: MLC_...' nor 'culture: text' of an id.")
        elif found["dash"]:
            self._id(found)
        elif self.entry is None:
            self._report("sd.resource", "The text belongs to no id; put '- id: MLC_...' in front of it.")
        else:
            self.entry[found["key"]] = self._value(found["value"] or "", len(found["indent"]))

    def _id(self, found: re.Match[str]) -> None:
        text_id = found["value"] or ""
        if found["key"] != "id" or not text_id:
            self._report("sd.resource", "An entry starts with '- id: MLC_...'.")
        if text_id in self.result.texts:
            message = f"The id '{text_id}' is in the file already; TIA Portal refuses such a file. Rename one."
            self._report("sd.resource_duplicate", message)
            self.entry = {}
            return
        self.entry = self.result.texts.setdefault(text_id, {})

    def _value(self, text: str, indent: int) -> str:
        if block := _BLOCK.match(text):
            return self._block(indent, block["chomp"])
        if len(text) > 1 and text[0] == text[-1] == "'":
            return text[1:-1].replace("''", "'")
        if len(text) > 1 and text[0] == text[-1] == '"':
            return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text[1:-1])
        if text and (_UNSAFE_START.match(text) or _UNSAFE_INSIDE.search(text)):
            message = "A text with ': ', ' #' or such a start needs single quotes; TIA Portal refuses it without them."
            self._report("sd.resource", message)
        return text

    def _block(self, indent: int, chomp: str) -> str:
        """Read the lines of a block scalar, which are all that start further right."""
        lines: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip("\r")
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            lines.append(line)
            self.at += 1
        own = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
        lines = [line[own:] for line in lines]
        if self.at == len(self.lines) and lines and not lines[-1]:
            lines.pop()
        kept = "\n".join(lines)
        if chomp == "+":
            return kept + "\n" if lines else ""
        kept = kept.rstrip("\n")
        return kept if chomp == "-" or not kept else kept + "\n"

    def _report(self, code: str, message: str) -> None:
        if len(self.result.diagnostics) < _MOST_FINDINGS:
            line = self.lines[self.at - 1]
            finding = Diagnostic(Severity.ERROR, code, message, self.at, 1, self.at, len(line) + 1)
            self.result.diagnostics.append(finding)


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
    if "\n" in text and text.strip() and not text[0].isspace():
        yield from _block_lines(head, text)
    elif "\n" in text:
        yield head + '"' + re.sub(r'[\\"]', r"\\\g<0>", text).replace("\n", "\\n") + '"'
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
