"""What a folder means: which of its files hold objects of a PLC, in which form, and why the others are left out.

Every command that takes a folder asks here, so that a folder is the same program for all of them. What a command does not
use is named with its reason.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

SCL, STL, SD, XML, OTHER, TEXTS, TESTS, NVT = "scl", "awl", "s7dcl", "xml", "other", "s7res", "tests", "nvt"
SUFFIXES = {".scl": SCL, ".udt": SCL, ".db": SCL, ".awl": STL, ".s7dcl": SD, ".xml": XML, ".nvt": NVT}
"""What a file holds, by its suffix; standard input is SCL."""
OTHER_SUFFIXES = (".xlsx", ".xlsm", ".csv", ".sdf", ".json")
"""Files that another package reads as objects of a PLC: tag lists, and blocks in JSON."""
TEST_SUFFIXES = (".plctest.yaml", ".plctest.yml")
ABOUT = {
    SCL: "an SCL source", STL: "an STL source", SD: "SIMATIC SD", XML: "SimaticML", OTHER: "a tag list or a block in JSON",
    TEXTS: "texts of SIMATIC SD", TESTS: "tests", NVT: "named value data types",
}  # fmt: skip
_KNOWN = {
    ".xls": "An old workbook: save it as .xlsx.",
    ".stl": "STL sources end with .awl: rename it.",
}
_SIGNATURES = {
    b"SQLite format 3\0": "An SQLite database, not a source of a data block.",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "A compound file of Windows (such as Thumbs.db), not a source.",
    b"PK\x03\x04": "A ZIP archive, not a source.",
}
"""Files of other programs that have the suffix of a source, by their first bytes."""
_LONGEST_SIGNATURE = max(map(len, _SIGNATURES))
_PROJECT = re.compile(r"\.z?a[pl]\d\d(_\d)?$", re.IGNORECASE)
_PART = re.compile(rb"<((?:SW|Hmi|HMI)\.[\w.]+)")
_IN_PROGRAM = (b"SW.Blocks.", b"SW.Types.", b"SW.Tags.", b"SW.WatchAndForceTables.", b"SW.TechnologicalObjects.")
_HEAD = 65_536
_SHOWN = 10
"""So many files the text names for one reason."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a file, with its line and column from 1."""

    code: str
    message: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Objects:
    """What a file of a further form holds.

    Attributes:
        documents: Its objects as SimaticML documents.
        why_not: Why it holds no objects of a PLC; empty where it does.
        mistakes: Why it cannot be read although it should.
    """

    documents: tuple[bytes, ...] = ()
    why_not: str = ""
    mistakes: tuple[Mistake, ...] = ()


ReadMore = Callable[[Path], Objects]
"""Reads a file with one of `OTHER_SUFFIXES`, or a classic XML file of tags."""


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file that holds objects of a PLC, or tests.

    Attributes:
        path: The file.
        form: One of the keys of `ABOUT`.
        objects: What another package read in it, for the form `OTHER`.
    """

    path: Path
    form: str
    objects: Objects = field(default_factory=Objects)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or hidden folder that is not used, and why, as a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder, or what a single file is.

    Attributes:
        root: The folder or the file.
        files: What holds objects or tests, sorted by path.
        left_out: What does not.
    """

    root: Path
    files: tuple[FolderFile, ...]
    left_out: tuple[LeftOut, ...]

    def select(self, forms: Iterable[str], use: str = "This command") -> tuple[list[FolderFile], list[LeftOut]]:
        """Return the files of some forms, and everything else with the reason why it is not used.

        The texts of SIMATIC SD belong to its documents.

        Args:
            forms: The forms that the caller uses.
            use: Who does not use the others: the beginning of a sentence.
        """
        wanted = frozenset(forms)
        chosen = [each for each in self.files if each.form in wanted]
        wanted |= {TEXTS} if SD in wanted else frozenset()
        others = [
            LeftOut(each.path, f"{use} does not use {ABOUT[each.form]}.")
            for each in self.files
            if each.form not in wanted
        ]
        return chosen, sorted([*others, *self.left_out], key=lambda each: each.path)


def look_in(root: Path, read_more: ReadMore | None = None, *, deep: bool = True, most: int | None = None) -> Folder:
    """Return what is in a folder, or what a file is.

    Args:
        root: The folder or the file.
        read_more: Reads the files of further forms; without it they are left out.
        deep: Whether folders below count.
        most: How many files are sorted at most, None for all.

    Raises:
        OSError: A file or folder cannot be read.
    """
    if not root.exists():
        raise FileNotFoundError(errno.ENOENT, "There is no such file or folder", str(root))
    files: list[FolderFile] = []
    left_out: list[LeftOut] = []
    for number, path in enumerate([root] if not root.is_dir() else _walk(root, left_out, deep=deep)):
        if most is not None and number >= most:
            left_out.append(LeftOut(path, f"Only {most} files are read."))
            continue
        found = sort_file(path, read_more)
        files.append(found) if isinstance(found, FolderFile) else left_out.append(found)
    return Folder(root, tuple(files), tuple(sorted(left_out, key=lambda each: each.path)))


def _walk(root: Path, left_out: list[LeftOut], *, deep: bool) -> Iterator[Path]:
    """Yield the files of a folder, sorted; note what is hidden."""
    found: list[Path] = []
    for folder, below, names in os.walk(root, onerror=_raise):
        hidden = [each for each in (*below, *names) if each.startswith((".", "~$"))]
        left_out += (LeftOut(Path(folder, each), "Hidden files and folders are not read.") for each in hidden)
        below[:] = [each for each in below if deep and each not in hidden]
        for path in (Path(folder, each) for each in names if each not in hidden):
            found.append(path) if path.is_file() else left_out.append(LeftOut(path, "It is not a regular file."))
    yield from sorted(found)


def _raise(error: OSError) -> None:
    raise error


def sort_file(path: Path, read_more: ReadMore | None = None) -> FolderFile | LeftOut:
    """Return what a file is, by its suffix and its content.

    Raises:
        OSError: It cannot be read.
    """
    name, suffix = path.name.lower(), path.suffix.lower()
    if name.endswith(TEST_SUFFIXES):
        return FolderFile(path, TESTS)
    if suffix == ".s7res":
        if path.with_suffix(".s7dcl").is_file():
            return FolderFile(path, TEXTS)
        return LeftOut(path, f"There is no {path.stem}.s7dcl that these texts belong to.")
    if suffix == ".xml":
        return _sort_xml(path, read_more)
    if suffix in SUFFIXES:
        foreign = _find_foreign(path)
        return LeftOut(path, foreign) if foreign else FolderFile(path, SUFFIXES[suffix])
    if suffix in OTHER_SUFFIXES:
        return _sort_other(path, read_more)
    if _PROJECT.search(suffix):
        return LeftOut(path, "A project or library of TIA Portal: `tia open` opens a project.")
    return LeftOut(path, _KNOWN.get(suffix, "It has no form of objects of a PLC."))


def _find_foreign(path: Path) -> str:
    """Return why a file is not the source that its suffix promises, by its first bytes; empty for a source."""
    with path.open("rb") as file:
        head = file.read(_LONGEST_SIGNATURE)
    return next((reason for signature, reason in _SIGNATURES.items() if head.startswith(signature)), "")


def _sort_xml(path: Path, read_more: ReadMore | None) -> FolderFile | LeftOut:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    if b"<tagtable" in head.lower():
        return _sort_other(path, read_more)
    if b"<Document" not in head:
        return LeftOut(path, "It is not a SimaticML file.")
    part = _PART.search(head)
    if part is not None and not part[1].startswith(_IN_PROGRAM):
        return LeftOut(path, f"It holds {part[1].decode()}, which is not part of a PLC program.")
    return FolderFile(path, XML)


def _sort_other(path: Path, read_more: ReadMore | None) -> FolderFile | LeftOut:
    if read_more is None:
        return LeftOut(path, "Tag lists and blocks in JSON are read by `tia`, not by the library alone.")
    objects = read_more(path)
    return LeftOut(path, objects.why_not) if objects.why_not else FolderFile(path, OTHER, objects)


def lines(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """Yield a line for each reason, with the files that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for each in left_out:
        by_reason.setdefault(each.reason, []).append(here(each.path))
    for reason, paths in by_reason.items():
        more = f" and {len(paths) - _SHOWN} more (--format json lists all)" if len(paths) > _SHOWN else ""
        yield f"not read: {', '.join(paths[:_SHOWN])}{more}: {reason}"


def here_of(name: str) -> str:
    """Return a file's name as reports show it; standard input keeps its name."""
    return here(Path(name))


def here(path: PurePath) -> str:
    """Return a path as it is from the current folder, with `/`; absolute where it is not below that."""
    current = Path.cwd()
    return (path.relative_to(current) if path.is_absolute() and path.is_relative_to(current) else path).as_posix()
