"""The other files in the folder of a checked file: a source rarely declares all data types, tags and blocks that it uses.

They only declare names. The command reports no findings about them; it names those that it cannot read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from simatic_xml import folders
from simatic_xml.command_line.files import STANDARD
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import load
from simatic_xml.folders import LeftOut, ReadMore
from simatic_xml.scl_cli.inputs import Input, input_of

MOST = 2000
"""So many files of a folder are read."""


def read_neighbours(
    names: Sequence[str], kinds: Iterable[str], read_more: ReadMore | None = None
) -> tuple[list[Input], list[LeftOut]]:
    """Return the files that are in the same folder as a named file, and those among them that cannot be read.

    Args:
        names: The files and folders that are checked.
        kinds: The forms that declare names.
        read_more: Reads files of further forms.
    """
    given = [Path(name) for name in names if name != STANDARD]
    own = {path.resolve() for path in given}
    found: list[Input] = []
    left_out: list[LeftOut] = []
    for parent in dict.fromkeys(path.parent for path in given if path.is_file()):
        for file in folders.look_in(parent, read_more, deep=False, most=MOST).select(kinds)[0]:
            if file.path.resolve() in own:
                continue
            try:
                found.append(_read(input_of(file)))
            except (OSError, SimaticMLError) as error:
                left_out.append(LeftOut(file.path, str(error)))
            left_out += (LeftOut(file.path, each.message) for each in file.objects.mistakes[:1])
    return found, left_out


def _read(given: Input) -> Input:
    """Return a file that can be read.

    Raises:
        SimaticMLError: It is a document that cannot be read.
    """
    if given.kind == folders.XML:
        load(given.content)
    return given
