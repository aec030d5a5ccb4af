"""Makes checked rows of cells: every error of every row, and names that occur once in the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engineering_api.features.tags.files.addresses import normalise_address, normalise_data_type
from engineering_api.features.tags.files.columns import Fields, Layout
from engineering_api.features.tags.files.rows import ConstantRow, RowError, TagFileError, TagRow, TagSheet
from simatic_xml.interruption import checkpoint
from simatic_xml.limits import most

_FORBIDDEN = re.compile(r'["\x00-\x1f\x7f]')
_FLAGS = {"True": True, "False": False, "": True}
_FLAGS |= {"true": True, "1": True, "wahr": True, "false": False, "0": False, "falsch": False}


def cell_text(cell: object) -> str:
    """Return the text of a cell that is none: Excel keeps every number as a float, so 21010.0 is the text 21010."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


class Collector:
    """Checks the rows of one file as they come; `sheet` is what has been found so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheet = TagSheet()
        self._first: dict[str, tuple[str, int]] = {}
        self._rows, self._most = 0, most("table_rows")

    def _count(self) -> None:
        """Count a row; what is above the limit is refused while it is read."""
        checkpoint()
        self._rows += 1
        if self._rows > self._most:
            message = f"The file has more than {self._most} rows. Split it."
            raise TagFileError("tag_file.too_large", message, self.file).beyond(self._most, self._rows)

    def add(self, sheet: str, layout: Layout, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Check rows of one sheet: pairs of a row number and its cells, which may be short; blank rows are left out."""
        width, pick = layout.width, layout.pick
        check = _Check(self, sheet, layout)
        for row, cells in rows:
            self._count()
            if len(cells) == width:
                picked, surplus = pick([*cells, ""]), False
            else:
                picked = pick([*cells[:width], *[""] * (width + 1 - len(cells)), ""])
                surplus = any(cells[width:])
            if surplus or any(picked):
                check.row(row, Fields(*picked), surplus)

    def claim(self, name: str, sheet: str, row: int) -> tuple[str, int] | None:
        """Return the sheet and row that have this name already; otherwise note that this row has it."""
        key = name.casefold()
        first = self._first.get(key)
        if first is None:
            self._first[key] = (sheet, row)
        return first


class _Check:
    """The checks of one sheet, with the place of the row under check, so that they need not hand it around."""

    __slots__ = ("_collector", "_errors", "_layout", "_number", "_sheet")

    def __init__(self, collector: Collector, sheet: str, layout: Layout) -> None:
        self._collector = collector
        self._errors = collector.sheet.errors
        self._sheet = sheet
        self._layout = layout
        self._number = 0

    def row(self, number: int, cells: Fields, surplus: bool) -> None:
        self._number, layout = number, self._layout
        before = len(self._errors)
        if surplus:
            message = (
                f"The row has more than the {layout.width} cells of the header. Quote a cell with a delimiter in it."
            )
            self._refuse("tag_row.surplus", message, "")
        data_type = normalise_data_type(cells.data_type)
        self._check_name(cells.name)
        if not data_type:
            self._refuse("tag_type.missing", "The data type is missing. Enter one such as Bool or Int.", "data_type")
        if layout.has_value and (cells.value.strip() or not layout.has_address):
            self._constant(cells, data_type, before)
        else:
            self._tag(cells, data_type, before)

    def _tag(self, cells: Fields, data_type: str, before: int) -> None:
        name, table, _, text, _, comment, *flags = cells
        address = self._address(text, data_type) if text else ""
        visible, accessible, writeable = map(_FLAGS.get, flags)
        if visible is None or accessible is None or writeable is None:
            visible, accessible, writeable = map(self._flag, flags, ("visible", "accessible", "writeable"))
        if len(self._errors) == before:
            row = TagRow(
                self._number,
                table,
                name,
                data_type,
                address,
                comment,
                visible,
                accessible,
                writeable,
                self._layout.absent,
            )
            self._collector.sheet.tags.append(row)

    def _constant(self, cells: Fields, data_type: str, before: int) -> None:
        value = cells.value.strip()
        if not value:
            self._refuse("constant_value.missing", "The constant has no value. Enter one.", "value")
        if cells.address.strip():
            self._refuse(
                "constant_value.with_address",
                "The row has a value and an address. Keep the value for a constant, the address for a tag.",
                "address",
            )
        if len(self._errors) == before:
            row = ConstantRow(
                self._number, cells.table, cells.name, data_type, value, cells.comment, self._layout.absent
            )
            self._collector.sheet.constants.append(row)

    def _check_name(self, name: str) -> None:
        stripped = name.strip()
        if not stripped:
            self._refuse("tag_name.empty", "The name is missing. Enter a name.", "name")
            return
        if len(name) > most("tag_name"):
            self._refuse(
                "tag_name.too_long",
                f"The name has {len(name)} characters. Shorten it to {most('tag_name')} at most.",
                "name",
            )
        if _FORBIDDEN.search(name):
            message = f"The name {name!r} has a quotation mark or a control character in it. Remove it."
            self._refuse("tag_name.character", message, "name")
        if name != stripped:
            self._refuse("tag_name.blank", f"The name {name!r} starts or ends with a blank. Remove it.", "name")
        first = self._collector.claim(name, self._sheet, self._number)
        if first:
            self._refuse("tag_name.duplicate", self._duplicate(name, *first), "name")

    def _duplicate(self, name: str, sheet: str, row: int) -> str:
        elsewhere = f" of sheet {sheet!r}" if sheet != self._sheet else ""
        return (
            f"The name {name!r} in row {self._number} is already used in row {row}{elsewhere} "
            "(upper and lower case count as the same). Rename one of the two."
        )

    def _address(self, text: str, data_type: str) -> str:
        if not text.strip():
            return ""
        try:
            return normalise_address(text, data_type)
        except TagFileError as error:
            if data_type or error.code != "tag_address.width":
                self._refuse(error.code, error.message, "address")
            return ""

    def _flag(self, text: str, field: str) -> bool:
        flag = _FLAGS.get(text)
        if flag is None:
            flag = _FLAGS.get(text.strip().casefold())
        if flag is None:
            self._refuse("tag_flag.value", f"{text!r} is neither True nor False. Enter one of them.", field)
        return bool(flag)

    def _refuse(self, code: str, message: str, field: str) -> None:
        column = getattr(self._layout.titles, field) if field else ""
        self._errors.append(RowError(code, message, self._collector.file, self._sheet, self._number, column))
