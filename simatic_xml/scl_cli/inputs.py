"""The files of the SCL command line: found, read, written back as they were encoded."""

from __future__ import annotations

import codecs
import glob
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from simatic_xml.cli_files import FINE, STANDARD, UNREADABLE, complain, content_of, run_and_report
from simatic_xml.scl.parser import decode

if TYPE_CHECKING:
    from simatic_xml.locating import SourceText

SCL, STL, SD, XML = "scl", "awl", "s7dcl", "xml"
SUFFIXES = {".scl": SCL, ".udt": SCL, ".db": SCL, ".awl": STL, ".s7dcl": SD, ".xml": XML}
"""What a file holds, by its suffix; standard input is SCL."""

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Input:
    """One file or standard input.

    Attributes:
        name: How reports name it: the path of the file, from `folder`.
        content: Its bytes.
        folder: The folder that the name starts from, the working folder by default.
    """

    name: str
    content: bytes
    folder: Path = Path()

    @property
    def kind(self) -> str:
        """What it holds, empty for a suffix that is not known."""
        return SCL if self.name == STANDARD else SUFFIXES.get(Path(self.name).suffix.lower(), "")

    @property
    def path(self) -> Path:
        """Where the file is; standard input is in the working folder."""
        return Path("stdin.scl") if self.name == STANDARD else self.folder / self.name

    @cached_property
    def text(self) -> str:
        """Its text, with the line ends that it has."""
        return decode(self.content)

    @cached_property
    def places(self) -> SourceText | None:
        """Its text, ready to find places in; None where places are not known: in SIMATIC SD."""
        from simatic_xml.locating import SclText, StlText, XmlText

        if self.kind == XML:
            return XmlText(self.content)
        if self.kind == STL:
            return StlText(self.content)
        return SclText(self.content) if self.kind == SCL else None

    def encode(self, text: str) -> bytes:
        """Return a text in the encoding of the file, byte-order mark included; in UTF-8 where that cannot hold it."""
        mark = next((mark for mark in _MARKS if self.content.startswith(mark)), b"")
        try:
            return mark + text.encode(_MARKS.get(mark) or self._unmarked)
        except UnicodeEncodeError:
            return text.encode("utf-8")

    @property
    def _unmarked(self) -> str:
        """The encoding of a file without a mark, the same as `decode` takes."""
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"


def read(names: Sequence[str], kinds: Iterable[str], default: str = "") -> tuple[list[Input], int]:
    """Read files; what cannot be read is named on standard error.

    Args:
        names: files, folders, patterns such as `src/**/*.scl`, or `-`.
        kinds: what is taken from folders; a file of another kind that is named is refused.
        default: what is read where no name is given.

    Returns:
        The files, each once, and the exit code so far.
    """
    allowed = frozenset(kinds)
    found: dict[str, Input] = {}
    code = FINE

    def take(name: str) -> int:
        given = Input(name, content_of(name))
        if given.kind not in allowed:
            complain(name, f"'{given.path.suffix}' cannot be read here; {_list_suffixes(allowed)}.")
            return UNREADABLE
        found.setdefault(name, given)
        return FINE

    for name in names or ([default] if default else []):
        for path in _expand(name, allowed):
            code = max(code, run_and_report(path, take))
    return list(found.values()), code


def each(inputs: Iterable[Input], action: Callable[[Input], int]) -> int:
    """Run an action on every file; one that fails does not stop the others. Return the worst exit code."""
    code = FINE
    for given in inputs:
        code = max(code, run_and_report(given.name, partial(_call, action, given)))
    return code


def _call(action: Callable[[Input], int], given: Input, _: str) -> int:
    return action(given)


def _list_suffixes(kinds: frozenset[str]) -> str:
    return "wanted are " + ", ".join(suffix for suffix, kind in SUFFIXES.items() if kind in kinds)


def _expand(name: str, kinds: frozenset[str]) -> Iterator[str]:
    if name == STANDARD:
        yield name
    elif Path(name).is_dir():
        paths = sorted(path for path in Path(name).rglob("*") if SUFFIXES.get(path.suffix.lower()) in kinds)
        yield from (str(path) for path in paths if path.is_file())
    elif not Path(name).exists() and glob.has_magic(name):
        yield from sorted(glob.glob(name, recursive=True)) or [name]  # noqa: PTH207 (it may be absolute)
    else:
        yield name
