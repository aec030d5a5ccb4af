"""Finds the PLC programs in a folder, as version control, exports or source control left it.

A folder that holds TIA Portal's own folders (`Program blocks`, `PLC tags`, …) is a PLC. Source control of this service
puts the PLC below the kind (`blocks/PLC_1/…`). Files outside of all PLC folders are one more program; the PLCs
find there what they lack, such as the types of a library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from engineering_api.features.source_control.layout import PROGRAM, PROJECT_FILE, item_at
from simatic_xml.folders import OTHER, Folder, FolderFile, LeftOut
from simatic_xml.scl_cli.commands import DECLARED as FORMS
from simatic_xml.scl_cli.inputs import Input

_PLC_FOLDERS = frozenset({
    "program blocks", "plc tags", "plc data types", "technology objects",
    "programmbausteine", "plc-variablen", "plc-datentypen", "technologieobjekte",
    "blocs de programme", "variables api", "types de données api",
    "bloques de programa", "variables plc", "tipos de datos plc",
    "blocchi di programma", "variabili plc", "tipi di dati plc",
    "程序块", "plc 变量", "plc 数据类型",
})  # fmt: skip
"""Names of TIA Portal's folders in a PLC, in the languages of its user interface; exports write blanks as `_`, too."""


@dataclass(slots=True)
class PlcFolder:
    """The files of one PLC.

    Attributes:
        name: The PLC's name, or that of the folder for files outside of all PLC folders.
        files: Its files.
        is_plc: Whether the folder names the PLC.
    """

    name: str
    is_plc: bool
    files: list[FolderFile] = field(default_factory=list)

    def inputs(self, root: Path) -> Iterator[Input]:
        """Yield the files with their contents, named by their paths below the folder that is checked.

        Raises:
            OSError: One cannot be read.
        """
        for file in self.files:
            folder = root if file.path != root else root.parent
            name = file.path.relative_to(folder).as_posix()
            yield Input(name, file.path.read_bytes(), folder, file.objects if file.form == OTHER else None)


def find_plcs(folder: Folder) -> tuple[list[PlcFolder], list[LeftOut]]:
    """Return the PLCs of a folder with their files, those in no PLC's folder last, and what is not checked.

    Of a file that file alone.
    """
    root = folder.root
    found: dict[PurePath, PlcFolder] = {}
    rest = PlcFolder(root.resolve().name or "PLC", is_plc=False)
    files, left_out = folder.select(FORMS, "`tia check`")
    within = {parent for file in files for parent in file.path.parents if parent == root or root in parent.parents}
    plcs = {each for each in within if _holds_plc_part(each)}
    by_kind = (root / PROJECT_FILE).is_file() or all((root / kind).is_dir() for kind in ("blocks", "tags"))
    for file in files:
        path = file.path
        owner = _owner_by_kind(root, path) if by_kind else next((each for each in path.parents if each in plcs), None)
        if owner is None:
            rest.files.append(file)
        else:
            found.setdefault(owner, PlcFolder(owner.name, is_plc=True)).files.append(file)
    return [*found.values(), *([rest] if rest.files or not found else [])], left_out


def _holds_plc_part(folder: Path) -> bool:
    """Return whether a folder holds one of TIA Portal's folders in a PLC."""
    return any(each.name.casefold().replace("_", " ") in _PLC_FOLDERS and each.is_dir() for each in folder.iterdir())


def _owner_by_kind(root: Path, path: Path) -> PurePath | None:
    item = item_at(path.relative_to(root).as_posix())
    return None if item is None or item.domain not in PROGRAM else PurePath(item.device)
