"""The files of the SCL command line: found, read, written back as they were encoded."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from simatic_xml import folders
from simatic_xml.command_line.files import FINE, STANDARD, UNREADABLE, complain, content_of, run_and_report
from simatic_xml.errors import SimaticMLError
from simatic_xml.folders import OTHER, SCL, SD, STL, SUFFIXES, XML, FolderFile, LeftOut, Mistake, Objects, ReadMore
from simatic_xml.scl.parser import decode
from simatic_xml.xml.source_encoding import find_encoding

if TYPE_CHECKING:
    from simatic_xml.locating import SourceText


@dataclass(frozen=True)
class Input:
    """One file or standard input.

    Attributes:
        name: How reports name it: the path of the file, from `folder`.
        content: Its bytes.
        folder: The folder that the name starts from, the working folder by default.
        objects: What another package read in it; None for a form that this package reads.
    """

    name: str
    content: bytes
    folder: Path = Path()
    objects: Objects | None = None

    @property
    def kind(self) -> str:
        """What it holds, empty for a suffix that is not known."""
        if self.objects is not None:
            return OTHER
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
        """Its text, ready to find places in; None where places are not known."""
        from simatic_xml.locating import SclText, SdText, StlText, XmlText

        if self.kind == XML:
            return XmlText(self.content)
        if self.kind == STL:
            return StlText(self.content)
        if self.kind == SD:
            return SdText(self.content)
        return SclText(self.content) if self.kind == SCL else None

    def encode(self, text: str) -> bytes:
        """Return a text in the encoding of the file, byte-order mark included; in UTF-8 where that cannot hold it."""
        mark, codec = find_encoding(self.content)
        try:
            return mark + text.encode(codec)
        except UnicodeEncodeError:
            return text.encode("utf-8")


@dataclass(slots=True)
class Given:
    """The files that a command was given.

    Attributes:
        inputs: Its files, each once.
        left_out: What it does not use in the folders, and why.
        broken: What cannot be read, by its name; it is named on standard error, too.
        code: The exit code so far.
    """

    inputs: list[Input]
    left_out: list[LeftOut]
    broken: list[tuple[str, Mistake]] = field(default_factory=list)
    code: int = FINE


def read(names: Sequence[str], kinds: Iterable[str], use: str, read_more: ReadMore | None = None) -> Given:
    """Read files and folders; what cannot be read is named on standard error.

    Args:
        names: files, folders, patterns such as `src/**/*.scl`, or `-`.
        kinds: what is taken from folders; a file of another kind that is named is refused.
        use: who does not use the others: the beginning of a sentence.
        read_more: reads the files of further forms.
    """
    allowed = frozenset(kinds)
    found: dict[str, Input] = {}
    given = Given([], [])

    for name in names:
        for path in _expand(name):
            try:
                for each in _read(path, allowed, use, given.left_out, read_more):
                    found.setdefault(each.name, each)
            except (OSError, SimaticMLError) as error:
                given.broken.append((path, _mistake_of(error)))
                complain(path, given.broken[-1][1].message)
                given.code = UNREADABLE
    given.inputs = list(found.values())
    return given


def _read(
    name: str, allowed: frozenset[str], use: str, left_out: list[LeftOut], read_more: ReadMore | None
) -> list[Input]:
    """Return a file, or the files of a folder.

    Raises:
        OSError: It is not there, or cannot be read.
        SimaticMLError: It is not of an allowed form, or has no file of one.
    """
    if name == STANDARD:
        return [Input(name, content_of(name))]
    is_folder = Path(name).is_dir()
    chosen, others = folders.look_in(Path(name), read_more).select(allowed, use)
    if is_folder:
        left_out += others
    if not chosen:
        why = "This folder has nothing that is used here." if is_folder else others[0].reason
        raise SimaticMLError("folder.empty" if is_folder else "file.form", f"{why} {_list_suffixes(allowed)}")
    return [input_of(each) for each in chosen]


def _mistake_of(error: OSError | SimaticMLError) -> Mistake:
    if isinstance(error, SimaticMLError):
        return Mistake(f"file.{error.code}" if "." not in error.code else error.code, error.message, error.line or 1)
    return Mistake("file.unreadable", f"{error.strerror or error}.")


def input_of(file: FolderFile) -> Input:
    """Read a file of a folder; its name starts from the working folder.

    Raises:
        OSError: It cannot be read.
    """
    return Input(str(file.path), file.path.read_bytes(), objects=file.objects if file.form == OTHER else None)


def each(inputs: Iterable[Input], action: Callable[[Input], int]) -> int:
    """Run an action on every file; one that fails does not stop the others. Return the worst exit code."""
    code = FINE
    for given in inputs:
        code = max(code, run_and_report(given.name, partial(_call, action, given)))
    return code


def _call(action: Callable[[Input], int], given: Input, _: str) -> int:
    return action(given)


def _list_suffixes(kinds: frozenset[str]) -> str:
    suffixes = [suffix for suffix, kind in SUFFIXES.items() if kind in kinds]
    return f"Wanted are {', '.join([*suffixes, *(folders.OTHER_SUFFIXES if OTHER in kinds else ())])}."


def _expand(name: str) -> Iterator[str]:
    if name != STANDARD and not Path(name).exists() and glob.has_magic(name):
        yield from sorted(glob.glob(name, recursive=True)) or [name]  # noqa: PTH207 (it may be absolute)
    else:
        yield name
