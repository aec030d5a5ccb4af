"""RecipeExport and RecipeImport: the records of a recipe data block as a CSV file.

The values are those of the load memory. The file has the name of the data block. Facts:
docs/facts/communication.md#recipes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from simatic_xml.program.types.types import Array, DataType, Structure, Variable
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.card.columns import csv_line, is_column, lines, text_of, value_of_text
from virtual_plc.instructions.card.data_logs import as_job
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings.card_files import RECIPES

NO_RECIPE, NO_FILE = 0x8091, 0x8092
NO_ROOM: Final = 0x80B3
WRONG_INDEX, TOO_MANY_FIELDS, TOO_FEW_FIELDS = 0x80B0, 0x80B1, 0x80B2
WRONG_FIELD: Final = 0x80D0
_MOST_FIELDS_WITH_NUMBER: Final = 0x2F


@dataclass(frozen=True, slots=True)
class _Recipe:
    """A recipe data block.

    Attributes:
        key: its casefolded name.
        member: the array of its records, empty for an ArrayDB.
        fields: members of a record.
        first: index of the first record.
        last: index of the last record.
    """

    key: str
    member: str
    fields: tuple[Variable, ...]
    first: int
    last: int


def _recipe(site: Site, reference: Reference | None) -> _Recipe | None:
    """Return the recipe data block that an operand names; None for another operand."""
    memory = site.memory
    key = memory.load_memory.find_block(memory, reference.container, reference.get()) if reference is not None else None
    if key is None:
        return None
    kind: DataType = memory.program.data_blocks[key].type
    member = ""
    if isinstance(kind, Structure) and len(kind.members) == 1:
        only = kind.members[0]
        kind, member = only.type, only.name
    if not isinstance(kind, Array) or len(kind.bounds) != 1 or kind.bounds[0] is None:
        return None
    fields = kind.element.members if isinstance(kind.element, Structure) else ()
    if not fields or not all(is_column(each.type) for each in fields):
        return None
    return _Recipe(key, member, fields, *kind.bounds[0])


def _records(site: Site, recipe: _Recipe) -> Any:
    data = site.memory.data_blocks[recipe.key]
    return getattr(data, attribute(recipe.member)) if recipe.member else data


def _file(site: Site, key: str) -> str:
    return f"{RECIPES}/{site.memory.program.data_blocks[key].name}.csv"


def _export(site: Site, RECIPE_DB: Reference | None) -> int:
    recipe = _recipe(site, RECIPE_DB)
    if recipe is None:
        return NO_RECIPE
    rows = [csv_line(["index", *(each.name for each in recipe.fields)])]
    with site.memory.load_memory.shown(site.memory, recipe.key):
        for number, record in enumerate(_records(site, recipe), recipe.first):
            values = (text_of(getattr(record, attribute(each.name)), each.type) for each in recipe.fields)
            rows.append(csv_line([str(number), *values]))
    written = site.services.surroundings.card.write(_file(site, recipe.key), "".join(rows).encode())
    return 0 if written else NO_ROOM


def _import(site: Site, RECIPE_DB: Reference | None) -> int:
    recipe = _recipe(site, RECIPE_DB)
    if recipe is None:
        return NO_RECIPE
    card = site.services.surroundings.card
    path = card.find(_file(site, recipe.key))
    if path is None:
        return NO_FILE
    values, status = _read([each for each in lines(card.files[path])[1:] if each], recipe)
    if status:
        return status
    with site.memory.load_memory.shown(site.memory, recipe.key) as keep:
        records = _records(site, recipe)
        for at, row in values.items():
            for each, value in zip(recipe.fields, row, strict=True):
                setattr(records[at], attribute(each.name), value)
        keep()
    return 0


def _read(rows: list[list[str]], recipe: _Recipe) -> tuple[dict[int, list[Any]], int]:
    """Return the values of the rows by the place of their record, and the STATUS of the first wrong one."""
    found: dict[int, list[Any]] = {}
    for at, (index, *cells) in enumerate(rows):
        if index.strip() != str(recipe.first + at) or recipe.first + at > recipe.last:
            return {}, WRONG_INDEX
        if len(cells) != len(recipe.fields):
            return {}, TOO_MANY_FIELDS if len(cells) > len(recipe.fields) else TOO_FEW_FIELDS
        found[at] = []
        for number, (cell, each) in enumerate(zip(cells, recipe.fields, strict=True), 1):
            try:
                found[at].append(value_of_text(cell, each.type))
            except ValueError:
                return {}, WRONG_FIELD + min(number, _MOST_FIELDS_WITH_NUMBER)
    return found, 0


register_maker("RecipeExport", "instance REQ &RECIPE_DB", "")(as_job(_export))
register_maker("RecipeImport", "instance REQ &RECIPE_DB", "")(as_job(_import))
