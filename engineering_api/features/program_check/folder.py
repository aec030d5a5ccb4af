"""Finds the PLC programs in a folder, as version control, exports or source control left it.

A folder that holds TIA Portal's own folders (`Program blocks`, `PLC tags`, …) is a PLC. Source control of this service
puts the PLC below the kind (`blocks/PLC_1/…`). Files outside of all PLC folders are one more program; the PLCs
find there what they lack, such as the types of a library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from engineering_api.features.program import other_forms
from engineering_api.features.source_control.layout import PROGRAM, PROJECT_FILE, item_at
from simatic_xml.scl_cli.inputs import SUFFIXES, Input

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
        paths: Its files.
        is_plc: Whether the folder names the PLC.
    """

    name: str
    is_plc: bool
    paths: list[Path] = field(default_factory=list)

    def inputs(self, root: Path) -> Iterator[Input]:
        """Yield the files with their contents, named by their paths below the folder that is checked."""
        for path in self.paths:
            folder = root if path != root else root.parent
            yield Input(path.relative_to(folder).as_posix(), path.read_bytes(), folder)


def find_plcs(root: Path) -> list[PlcFolder]:
    """Return the PLCs of a folder with their files, those in no PLC's folder last; of a file that file alone."""
    found: dict[PurePath, PlcFolder] = {}
    rest = PlcFolder(root.resolve().name or "PLC", is_plc=False)
    paths, plcs = _walk(root)
    by_kind = (root / PROJECT_FILE).is_file() or all((root / kind).is_dir() for kind in ("blocks", "tags"))
    for path in paths:
        owner = _owner_by_kind(root, path) if by_kind else next((each for each in path.parents if each in plcs), None)
        if owner is None:
            rest.paths.append(path)
        else:
            found.setdefault(owner, PlcFolder(owner.name, is_plc=True)).paths.append(path)
    return [*found.values(), *([rest] if rest.paths or not found else [])]


def _walk(root: Path) -> tuple[list[Path], set[Path]]:
    """Return the files of programs, sorted, and the folders that hold a folder of a PLC; hidden folders are left out."""
    if root.is_file():
        return [root], set()
    paths: list[Path] = []
    plcs: set[Path] = set()
    for folder, below, names in os.walk(root):
        below[:] = [each for each in below if not each.startswith(".")]
        paths += (path for name in names if _is_meant(path := Path(folder, name)))
        if any(each.casefold().replace("_", " ") in _PLC_FOLDERS for each in below):
            plcs.add(Path(folder))
    return sorted(paths), plcs


def _is_meant(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES or other_forms.is_meant(path)


def _owner_by_kind(root: Path, path: Path) -> PurePath | None:
    item = item_at(path.relative_to(root).as_posix())
    return None if item is None or item.domain not in PROGRAM else PurePath(item.device)
