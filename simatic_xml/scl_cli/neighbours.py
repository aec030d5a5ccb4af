"""The other files in the folder of a checked file: a source rarely declares all data types, tags and blocks that it uses.

They only declare names. The command reports nothing about them, and leaves out what it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from simatic_xml.cli_files import STANDARD
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import load
from simatic_xml.scl_cli.forms import TEXT_FORMS
from simatic_xml.scl_cli.inputs import SUFFIXES, XML, Input

ReadMore = Callable[[Path], Iterable[bytes]]
"""Gives the objects in a file as SimaticML documents, none for a file that has no such objects."""
MOST = 2000
"""So many files of a folder are read."""


def read_neighbours(names: Sequence[str], read_more: ReadMore | None = None) -> Iterator[Input]:
    """Yield the files that are in the same folder as a file; of a folder those of further forms in it.

    Args:
        names: The files and folders that are checked.
        read_more: Reads files of further forms.
    """
    given = [Path(name) for name in names if name != STANDARD]
    own = {path.resolve() for path in given}
    folders = {path.parent if path.is_file() else path: path.is_file() for path in given if path.exists()}
    for folder, is_parent in folders.items():
        found = sorted(islice((folder.iterdir() if is_parent else folder.rglob("*")), MOST))
        for path in found:
            if path.resolve() not in own and path.is_file():
                with suppress(OSError, SimaticMLError):
                    yield from _read(path, is_parent, read_more)


def _read(path: Path, is_parent: bool, read_more: ReadMore | None) -> Iterator[Input]:
    kind = SUFFIXES.get(path.suffix.lower(), "")
    if not kind and read_more is not None:
        yield from (Input(f"{path}.{number}.xml", xml) for number, xml in enumerate(read_more(path)))
    elif is_parent and kind in (*TEXT_FORMS, XML):
        content = path.read_bytes()
        if kind == XML:
            load(content)
        yield Input(str(path), content)
