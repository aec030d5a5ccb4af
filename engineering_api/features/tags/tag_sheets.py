"""Rows of tags and constants from requests and files, checked in one way, with all their errors as one problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated

import msgspec

from engineering_api.features.tags.constant_value import why_not
from engineering_api.features.tags.files import (
    STRICT,
    ConstantRow,
    Reading,
    RowError,
    RowNote,
    TagRow,
    TagSheet,
    read,
    read_json,
    read_xlsx,
)
from engineering_api.features.tags.files.workbook_in import CONSTANT_SHEET, TAG_SHEET, Progress
from engineering_api.files.tables.errors import readable
from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Detail, Place, Problem
from openness_bridge.portal.bulk import pause_gc

Silent = dict[tuple[type, int], frozenset[str]]
OPTIONAL = ("comment", "external_accessible", "external_visible", "external_writable")
_FIELD_OF = dict(zip(("comment", "hmi_accessible", "hmi_visible", "hmi_writeable"), OPTIONAL, strict=True))
_NOTHING = frozenset[str]()
KEPT = "Left out, it stays as it is."
TITLES = ("Name", "Path", "Value")
PATH = "Its table, with folders before it joined by \\; the table of the request when left out."


class TagItem(Model):
    """A tag of an import."""

    name: Annotated[str, named("Name.", "tagName")]
    data_type: Annotated[str, named("Data type; a PLC data type in double quotes.", "type", "dataTypeName")]
    logical_address: Annotated[str, named("Address such as %I0.0, E0.0 or mw4; empty for none.", "address")] = ""
    comment: Annotated[str | None, named(f"Comment in the editing language. {KEPT}")] = None
    path: Annotated[str, named(PATH, "table", "tableName", "tagTable")] = ""
    external_accessible: Annotated[
        bool | None, named(f"Readable from HMI, OPC UA and web API. {KEPT}", "hmiAccessible")
    ] = None
    external_visible: Annotated[bool | None, named(f"Visible in HMI engineering. {KEPT}", "hmiVisible")] = None
    external_writable: Annotated[
        bool | None, named(f"Writable from HMI, OPC UA and web API. {KEPT}", "hmiWriteable")
    ] = None


class ConstantItem(Model):
    """A user constant of an import."""

    name: Annotated[str, named("Name.", "constantName")]
    data_type: Annotated[str, named("Data type.", "type", "dataTypeName")]
    value: Annotated[str, named("Value, such as 16#FF, TRUE or T#2s.")]
    comment: Annotated[str | None, named(f"Comment in the editing language. {KEPT}")] = None
    path: Annotated[str, named(PATH, "table", "tableName", "tagTable")] = ""


class RowProblem(Model):
    """What is wrong in one row.

    Attributes:
        row: Row of the sheet, line of the file, or place in the list; counted from 1.
        column: Title of the column, or name of the field.
    """

    code: str
    message: str
    file: str
    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from, so that an error can name the place: file, sheets, and titles of columns."""

    file: str = ""
    tags: str = "tags"
    constants: str = "constants"
    name: str = "name"
    path: str = "path"
    value: str = "value"


@dataclass(frozen=True, slots=True)
class Rows:
    """Checked rows and where they come from.

    Attributes:
        silent: Fields that a row of a request does not speak of, so that an update leaves them, by kind and number of
            the row. A row of a file speaks of what the file has columns for, as it says itself.
    """

    sheet: TagSheet
    origin: Origin
    silent: Silent = field(default_factory=dict)

    def find_absent(self, row: TagRow | ConstantRow) -> frozenset[str]:
        """Return the fields that a row does not speak of."""
        return self.silent.get((type(row), row.row), _NOTHING) if self.silent else _fields_of(row.absent)

    def sheet_of(self, row: TagRow | ConstantRow) -> str:
        """Return the sheet that one of the rows is in."""
        return row.sheet or (self.origin.tags if isinstance(row, TagRow) else self.origin.constants)

    def error(self, row: TagRow | ConstantRow, code: str, message: str, column: str) -> RowError:
        """Return an error of one of the rows; its column has the title that the file gives it."""
        sheet = self.sheet_of(row)
        return RowError(code, message, self.origin.file, sheet, row.row, self._title(sheet, column))

    def _title(self, sheet: str, column: str) -> str:
        uses = (use for each in self.sheet.sheets if each.sheet == sheet for use in each.columns)
        key = column.casefold()  # the titles of TIA Portal for name, path and value are the names of the fields
        return next((use.title for use in uses if use.field == key and use.title), column)


@lru_cache(maxsize=32)
def _fields_of(absent: frozenset[str]) -> frozenset[str]:
    """Return the fields of a tag that the attributes of a row stand for."""
    return frozenset(_FIELD_OF[name] for name in absent)


def of_items(tags: list[TagItem], constants: list[ConstantItem], reading: Reading = STRICT) -> Rows:
    """Return the rows of a request; the sheets are called tags and constants."""
    silent: Silent = {(TagRow, number): _silent(item) for number, item in enumerate(tags, 1)}
    silent |= {(ConstantRow, number): _silent(item) for number, item in enumerate(constants, 1)}
    sheet = read_json(msgspec.json.encode({"tags": tags, "constants": constants}), reading=reading)
    return _check_values(sheet, Origin(), silent)


def _silent(item: TagItem | ConstantItem) -> frozenset[str]:
    return frozenset(name for name in OPTIONAL if getattr(item, name, "") is None)


@pause_gc()
def of_file(content: bytes, file: str, progress: Progress, reading: Reading) -> Rows:
    """Return the rows of a file of any kind that is known: CSV, SDF, JSON, classic XML, workbook.

    Raises:
        Problem: The file as a whole cannot be used.
    """
    with readable(file):
        return _check_values(read(content, progress, file=file, reading=reading), Origin(file, "", "", *TITLES))


@pause_gc()
def of_workbook(content: bytes, file: str, progress: Progress, reading: Reading) -> Rows:
    """Return the rows of a workbook.

    Raises:
        Problem: It is no workbook, or cannot be used as a whole.
    """
    with readable(file):
        return _check_values(
            read_xlsx(content, progress, file=file, reading=reading), Origin(file, TAG_SHEET, CONSTANT_SHEET, *TITLES)
        )


def refusal(errors: list[RowError]) -> Problem:
    """Return one problem that says all errors of all rows."""
    rows = len({(error.sheet, error.row) for error in errors})
    which = "row has errors" if rows == 1 else "rows have errors"
    msg = (
        f"Nothing was changed: {rows} {which}. Correct them as the details say, or import the other rows with partial."
    )
    return Problem("tag_import.rows", msg, details=[_detail(error) for error in errors])


def check_tag(name: str, data_type: str, address: str) -> TagRow:
    """Check one tag as an import would, and spell its type and address as TIA Portal does.

    Raises:
        Problem: A name, type or address that TIA Portal would refuse; its field is a pointer.
    """
    sheet = of_items([TagItem(name=name, data_type=data_type, logical_address=address)], []).sheet
    _require_single(sheet)
    return sheet.tags[0]


def check_constant(name: str, data_type: str, value: str) -> ConstantRow:
    """Return the same for one user constant.

    Raises:
        Problem: A name, type or value that TIA Portal would refuse; its field is a pointer.
    """
    sheet = of_items([], [ConstantItem(name=name, data_type=data_type, value=value)]).sheet
    _require_single(sheet)
    return sheet.constants[0]


def _require_single(sheet: TagSheet) -> None:
    if sheet.errors:
        details = [_detail(error, single_row=True) for error in sheet.errors]
        raise Problem(details[0].code, details[0].message, place=details[0].place, details=details)


def list_problems(errors: Sequence[RowNote]) -> list[RowProblem]:
    """Return errors or other remarks for an answer."""
    return [
        RowProblem(code=e.code, message=e.message, file=e.file, sheet=e.sheet, row=e.row, column=e.column)
        for e in errors
    ]


def _detail(error: RowError, *, single_row: bool = False) -> Detail:
    if not error.file:
        pointer = f"/{error.column}" if single_row else f"/{error.sheet}/{error.row - 1}/{error.column}"
        return Detail(error.code, error.message, Place(pointer=pointer))
    column = f", column '{error.column}'" if error.column else ""
    place = Place(path=error.file, sheet=error.sheet or None, row=error.row)
    return Detail(error.code, f"Row {error.row}{column}: {error.message}", place)


def _check_values(sheet: TagSheet, origin: Origin, silent: Silent | None = None) -> Rows:
    """Return the rows without constants whose value is none of their type; those are errors."""
    rows = Rows(sheet, origin, silent or {})
    good = []
    for constant in sheet.constants:
        why = why_not(constant.data_type, constant.value)
        if why is None:
            good.append(constant)
        else:
            sheet.errors.append(rows.error(constant, "constant_value.type", why, origin.value))
    sheet.constants = good
    return rows
