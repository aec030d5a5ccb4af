"""Defines alarms from rows of sheets: the alarms of an HMI, or tags with limits. What a row lacks is named.

Facts: docs/facts/alarms.md#sheets.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data.alarms.definition import AlarmDefinition, check
from runtime_data.alarms.engine import Alarms
from runtime_data.native import alarm_sheets
from runtime_data.native.alarm_sheets import Row

if TYPE_CHECKING:
    from runtime_data.native.runtime_alarm_definitions_operations import ImportDefinitions

MOST_ROWS = 10_000
TEXT = re.compile(r"(?:alarm|event) text(?: 1)?(?: \[([\w-]{1,50})\])?(?:, alarm text(?: 1)?)?")
"""Titles of columns with the text, such as `Alarm text [en-US], Alarm text`."""
LANGUAGE = "en-US"
"""The language of a text whose title names none."""
MODES = {
    "higher": "greater",
    "upper": "greater",
    "greater": "greater",
    ">": "greater",
    "greaterorequal": "greaterOrEqual",
    ">=": "greaterOrEqual",
    "lower": "less",
    "less": "less",
    "<": "less",
    "lessorequal": "lessOrEqual",
    "<=": "lessOrEqual",
    "equal": "equal",
    "=": "equal",
    "notequal": "notEqual",
    "<>": "notEqual",
    "!=": "notEqual",
}
UNITS = {"millisecond": 0.001, "ms": 0.001, "second": 1.0, "s": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0}
LEVELS = {"hh": "greater", "h": "greater", "l": "less", "ll": "less"}
"""Columns of a sheet of tags with a limit each."""
WITHOUT_ACKNOWLEDGE = ("warnings", "warning", "events", "system", "information")
"""Classes whose alarms need no acknowledgement where no column says it."""


class ImportedRowError(Model):
    """What is wrong in a row.

    Attributes:
        row: Row of the sheet, line of the file or place in the list, counted from 1.
        column: The title of the column that is missing or wrong.
    """

    sheet: str
    row: int
    column: str
    message: str


class ImportReport(Model):
    """The outcome of an import.

    Attributes:
        rows: How many rows there are.
        defined: The names of the alarms that were defined.
        errors: What is wrong in the other rows.
    """

    rows: int
    defined: list[str]
    errors: list[ImportedRowError]


class _Lacks(Exception):  # noqa: N818 - it ends the reading of one row
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


async def run(ctx: Context, request: ImportDefinitions) -> ImportReport:
    """Define the alarms of some rows.

    Raises:
        Problem: The file cannot be read; or rows have errors, and the others are not to be imported alone.
    """
    alarms = ctx.service.part(Alarms)
    rows, found, errors = await asyncio.to_thread(_understand, ctx, request, alarms)
    if errors and not request.partial:
        raise _refusal(errors)
    made = await alarms.define(*found, caller=ctx.caller)
    return ImportReport(rows=rows, defined=[each.name for each in made], errors=errors)


def _understand(
    ctx: Context, request: ImportDefinitions, alarms: Alarms
) -> tuple[int, list[AlarmDefinition], list[ImportedRowError]]:
    """Return how many rows there are, the alarms in them, and what is wrong in the others."""
    rows, errors = _read(ctx, request), list[ImportedRowError]()
    found: dict[str, AlarmDefinition] = {}
    for row in rows:
        try:
            made = list(_definitions(row, request.source, request.tags))
            for each in made:
                _require_new(each, found, alarms, request.mode)
            found |= {each.name.casefold(): each for each in made}
        except _Lacks as lack:
            errors.append(ImportedRowError(sheet=row.sheet, row=row.number, column=lack.column, message=str(lack)))
    return len(rows), list(found.values()), errors


def _read(ctx: Context, request: ImportDefinitions) -> list[Row]:
    if request.file_path is None:
        return alarm_sheets.of_items(request.rows)
    name = ctx.roots.existing(request.file_path).name
    return alarm_sheets.of_file(ctx.roots.read(request.file_path), name, MOST_ROWS)


def _definitions(row: Row, source: str, tags: Mapping[str, str]) -> Iterator[AlarmDefinition]:
    """Yield the alarms of a row: one, or one for each limit of a tag."""
    cells = row.cells
    name = _required(cells, "name", "Name")
    if "trigger tag" in cells:
        yield _checked(_common(cells, name, _tag(cells["trigger tag"], source, tags)) | _trigger(cells))
        return
    levels = [(level, trigger) for level, trigger in LEVELS.items() if level in cells]
    if not levels:
        msg = "The row has neither a trigger tag nor a limit: fill the column Trigger tag, or HH, H, L or LL."
        raise _Lacks("Trigger tag", msg)
    tag = _tag(cells.get("tag", name), source, tags)
    for level, trigger in levels:
        given = {"trigger": trigger, "limit": _number(cells, level), "number": 0}
        yield _checked(_common(cells, f"{name} {level.upper()}", tag) | given)


def _common(cells: Mapping[str, str], name: str, tag: str) -> dict[str, Any]:
    """Return what all kinds of alarms have."""
    alarm_class = cells.get("class", "Errors")
    texts = {found[1] or LANGUAGE: text for title, text in cells.items() if (found := TEXT.fullmatch(title))}
    return {
        "name": name,
        "tag": tag,
        "alarm_class": alarm_class,
        "area": cells.get("group", ""),
        "number": _whole(cells, "id", 0),
        "priority": _whole(cells, "priority", 500),
        "deadband": _deadband(cells),
        "delay_on": _delay(cells),
        "needs_acknowledge": alarm_class.casefold() not in WITHOUT_ACKNOWLEDGE,
        "texts": {_spelled(language): text for language, text in texts.items()},
    }


def _trigger(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return what raises an alarm: a limit where the row has one, otherwise a bit."""
    if "limit" not in cells:
        return {"trigger": "bit", "bit": _whole(cells, "trigger bit", 0)}
    mode = _required(cells, "limit mode", "Limit mode").casefold().replace(" ", "").removesuffix("limit")
    if mode not in MODES:
        raise _Lacks("Limit mode", f"The limit mode '{cells['limit mode'][:50]}' is not known: write Higher or Lower.")
    return {"trigger": MODES[mode], "limit": _number(cells, "limit")}


def _deadband(cells: Mapping[str, str]) -> float:
    if cells.get("hysteresis mode", "").casefold() == "off" or "hysteresis" not in cells:
        return 0.0
    hysteresis = _number(cells, "hysteresis")
    if cells.get("hysteresis in percentage", "").casefold() == "true":
        return abs(_number(cells, "limit")) * hysteresis / 100
    return hysteresis


def _delay(cells: Mapping[str, str]) -> float:
    title = next((each for each in ("delay time", "delay") if each in cells), "")
    if not title:
        return 0.0
    unit = cells.get("delay time unit", "millisecond").casefold()
    factor = UNITS.get(unit) or UNITS.get(unit.removesuffix("s"))
    if factor is None:
        raise _Lacks(
            "Delay time unit", f"The unit '{unit[:50]}' is not known: write Millisecond, Second, Minute or Hour."
        )
    return _number(cells, title) * factor


def _tag(text: str, source: str, tags: Mapping[str, str]) -> str:
    known = tags.get(text, text)
    return known if ":" in known or not source else f"{source}:{known}"


def _required(cells: Mapping[str, str], title: str, column: str) -> str:
    if title not in cells:
        raise _Lacks(column, f"The row has nothing in the column {column}.")
    return cells[title]


def _number(cells: Mapping[str, str], title: str) -> float:
    text = _required(cells, title, title.capitalize())
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _Lacks(title.capitalize(), f"'{text[:50]}' is not a number.")
    return int(number) if number.is_integer() else number


def _whole(cells: Mapping[str, str], title: str, otherwise: int) -> int:
    number = _number(cells, title) if title in cells else otherwise
    if not isinstance(number, int):
        raise _Lacks(title.capitalize(), f"'{cells[title][:50]}' is not a whole number.")
    return number


def _checked(given: dict[str, Any]) -> AlarmDefinition:
    made = AlarmDefinition(**given)
    try:
        check(made)
    except Problem as problem:
        raise _Lacks("", problem.message) from None
    return made


def _require_new(definition: AlarmDefinition, found: Mapping[str, AlarmDefinition], alarms: Alarms, mode: str) -> None:
    if definition.name.casefold() in found:
        raise _Lacks("Name", f"Another row has the name '{definition.name}', too.")
    if mode == "create" and alarms.is_defined(definition.name):
        raise _Lacks("Name", f"There is an alarm '{definition.name}' already: import with the mode replace.")


def _spelled(language: str) -> str:
    """Return a language as TIA Portal spells it: en-US."""
    base, dash, region = language.partition("-")
    return f"{base.lower()}{dash}{region.upper()}"


def _refusal(errors: list[ImportedRowError]) -> Problem:
    details = [
        Detail("runtime.alarm_row", each.message, Place(sheet=each.sheet or None, row=each.row)) for each in errors
    ]
    msg = f"Nothing was defined: {len(errors)} rows have errors. Correct them, or import the other rows with partial."
    return Problem("runtime.alarm_rows", msg, kind=Kind.REFUSED, details=details)
