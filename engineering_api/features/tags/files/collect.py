"""Makes checked rows of cells: every error of every row, and names that occur once in the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engineering_api.features.tags.files.addresses import is_peripheral, normalise_address
from engineering_api.features.tags.files.columns import Fields, Layout
from engineering_api.features.tags.files.data_types import TypeReading, list_fitting, read_type, type_of_address
from engineering_api.features.tags.files.rows import (
    ConstantRow,
    RowError,
    RowNote,
    SheetUse,
    TagRow,
    TagSheet,
    TypeNames,
)
from engineering_api.features.tags.files.skipping import Reason, is_spare_name, why_skipped
from engineering_api.files.tables.errors import TableFileError
from simatic_xml.interruption import checkpoint
from simatic_xml.limits import most

_FORBIDDEN = re.compile(r'["\x00-\x1f\x7f]')
_FLAGS = {"True": True, "False": False, "": True}
_FLAGS |= dict.fromkeys(
    ("true", "1", "x", "yes", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "si", "vero", "sì"), True
)
_FLAGS |= dict.fromkeys(("false", "0", "no", "falsch", "nein", "faux", "non", "falso"), False)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,(?![0-9]{3}\Z)[0-9]+(?:[eE][+-]?[0-9]+)?")
"""A number with a decimal comma. Three digits behind a comma can be thousands, so such a number stays an error."""
_REALS = ("Real", "LReal")
_NOTHING = Fields(*[""] * len(Fields._fields))


class Collector:
    """Checks the rows of one file as they come; `sheet` is what has been found so far."""

    def __init__(self, file: str, type_names: TypeNames = "refuse") -> None:
        self.file = file
        self.type_names = type_names
        self.sheet = TagSheet()
        self._first: dict[str, tuple[str, int]] = {}
        self._rows, self._most = 0, most("table_rows")

    def _count(self) -> None:
        """Count a row; what is above the limit is refused while it is read."""
        checkpoint()
        self._rows += 1
        if self._rows > self._most:
            message = f"The file has more than {self._most} rows. Split it."
            raise TableFileError("tag_file.too_large", message, self.file).beyond(self._most, self._rows)

    def add(self, sheet: str, layout: Layout, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Check rows of one sheet: pairs of a row number and its cells, which may be short; blank rows are left out."""
        width, pick = layout.width, layout.pick
        use = SheetUse(sheet, layout.header, list(layout.uses))
        self.sheet.sheets.append(use)
        before, errors = self._counts(), len(self.sheet.errors)
        check = _Check(self, sheet, layout)
        for row, cells in rows:
            self._count()
            if len(cells) == width:
                picked, surplus = pick([*cells, ""]), False
            else:
                picked = pick([*cells[:width], *[""] * (width + 1 - len(cells)), ""])
                surplus = any(cells[width:])
            if surplus or any(picked):
                check.row(row, Fields(*picked), cells, surplus)
            elif layout.is_list and any(cells):
                check.skip_other(row, cells)
        use.tags, use.constants, use.skipped = (
            after - count for after, count in zip(self._counts(), before, strict=True)
        )
        use.wrong = len({error.row for error in self.sheet.errors[errors:]})

    def _counts(self) -> tuple[int, int, int]:
        return len(self.sheet.tags), len(self.sheet.constants), len(self.sheet.skipped)

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

    def row(self, number: int, cells: Fields, every: Sequence[str], surplus: bool) -> None:
        self._number, layout = number, self._layout
        before = len(self._errors)
        reading = read_type(cells.data_type)
        if layout.is_list and (reading.problem or not cells.name or cells.name.isspace()):
            if not any(map(str.strip, every)):
                return
            reason = why_skipped(cells, every, is_block=reading.is_block)
            if reason is not None:
                self._skip(reason)
                return
        if surplus:
            message = (
                f"The row has more than the {layout.width} cells of the header. Quote a cell with a delimiter in it."
            )
            self._refuse("tag_row.surplus", message, "")
        is_constant = layout.has_value and bool(cells.value.strip() or not layout.has_address)
        if not self._check_name(cells.name):
            return
        data_type = reading.name
        if reading.problem and not (is_constant and self._leaves_to_portal(reading)):
            data_type = self._type(reading, "" if is_constant else cells.address)
        if is_constant:
            self._constant(cells, data_type, before)
        else:
            self._tag(cells, data_type, before)

    def skip_other(self, number: int, every: Sequence[str]) -> None:
        """Report a row that has cells only in columns that are not ours."""
        self._number = number
        reason = why_skipped(_NOTHING, every, is_block=False)
        if reason is not None:
            self._skip(reason)

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
                self._sheet,
            )
            self._collector.sheet.tags.append(row)

    def _leaves_to_portal(self, reading: TypeReading) -> bool:
        """Return whether TIA Portal says what is wrong with the type of a constant, as in a request for one constant."""
        return not self._layout.is_list and bool(reading.name) and not reading.means

    def _type(self, reading: TypeReading, address: str) -> str:
        """Return the data type of a row whose cell has none: of another system, or of the address; empty with an error."""
        convert = self._collector.type_names == "convert"
        if not reading.name:
            found = _proposal(address) if convert else ""
            if found:
                self._note(
                    "tag_type.from_address", f"The row has no data type. The address gives {found}.", "data_type"
                )
            else:
                self._refuse(
                    "tag_type.missing", "The data type is missing. Enter one such as Bool or Int.", "data_type"
                )
            return found
        fitting = list_fitting(reading.means, address)
        if convert and len(fitting) == 1:
            self._note("tag_type.converted", f"The data type {reading.name!r} was read as {fitting[0]}.", "data_type")
            return fitting[0]
        self._refuse("tag.data_type", self._why_wrong(reading, fitting, address), "data_type")
        return ""

    def _why_wrong(self, reading: TypeReading, fitting: tuple[str, ...], address: str) -> str:
        if not reading.means:
            return reading.problem
        what = f"TIA Portal has no data type {reading.name!r}. Did you mean {' or '.join(fitting or reading.means)}?"
        if not fitting:
            return f"{what} The address {address.strip()} does not suit it, so correct both."
        if len(fitting) > 1:
            return f"{what} Write the one that is meant."
        return f"{what} Correct it, or import with typeNames 'convert'."

    def _constant(self, cells: Fields, data_type: str, before: int) -> None:
        value = cells.value.strip()
        if data_type in _REALS and _DECIMAL_COMMA.fullmatch(value):
            self._note("constant_value.decimal_comma", f"The comma in {value} was read as the decimal point.", "value")
            value = value.replace(",", ".")
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
                self._number,
                cells.table,
                cells.name,
                data_type,
                value,
                cells.comment,
                self._layout.absent,
                self._sheet,
            )
            self._collector.sheet.constants.append(row)

    def _check_name(self, name: str) -> bool:
        """Check a name; False for the repeated name of a spare channel, whose row is skipped."""
        stripped = name.strip()
        if not stripped:
            self._refuse("tag_name.empty", "The name is missing. Enter a name.", "name")
            return True
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
        if first and self._layout.is_list and is_spare_name(name):
            self._skip(("tag_row.spare", f"{name!r} marks a spare channel, and is a tag in row {first[1]} already."))
            return False
        if first:
            self._refuse("tag_name.duplicate", self._duplicate(name, *first), "name")
        return True

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
            address = normalise_address(text, data_type)
            if address is not text and is_peripheral(text):
                self._note("tag_address.peripheral", f"The peripheral address {text} was read as {address}.", "address")
            return address
        except TableFileError as error:
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

    def _skip(self, reason: Reason) -> None:
        note = RowNote(*reason, self._collector.file, self._sheet, self._number, "")
        self._collector.sheet.skipped.append(note)

    def _note(self, code: str, message: str, field: str) -> None:
        column = getattr(self._layout.titles, field)
        note = RowNote(code, message, self._collector.file, self._sheet, self._number, column)
        self._collector.sheet.notes.append(note)

    def _refuse(self, code: str, message: str, field: str) -> None:
        column = getattr(self._layout.titles, field) if field else ""
        self._errors.append(RowError(code, message, self._collector.file, self._sheet, self._number, column))


def _proposal(address: str) -> str:
    try:
        return type_of_address(address)
    except TableFileError:
        return ""
