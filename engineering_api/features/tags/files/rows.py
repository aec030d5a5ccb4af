"""What a tag file holds: the rows, the errors in them, and the error of a file that cannot be read at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

TypeNames = Literal["refuse", "convert"]
"""What becomes of a type name of another system: an error of its row, or the type of TIA Portal that it means."""

DEFAULT_TABLE = "Default tag table"
"""The table that TIA Portal gives every PLC; written for rows that name no table."""


@dataclass(slots=True)
class TagRow:
    r"""One PLC tag.

    Attributes:
        row: Row of the sheet or line of the file, counted from 1; 0 for a tag that comes from no file.
        table: Tag table, with its groups before it, separated by ``\``; empty where the file names none.
        name: Name of the tag.
        data_type: Data type in TIA Portal's spelling (``Bool``, ``"UDT_Motor"``).
        address: Normalised logical address (``%I0.0``); empty for a tag that has none yet.
        comment: Comment in the language of the file.
        hmi_visible: Shown in the HMI engineering.
        hmi_accessible: Readable from HMI and OPC UA.
        hmi_writeable: Writeable from HMI and OPC UA.
        absent: Names of the attributes that the file has no column for: a tag that is there keeps them.
        sheet: Sheet of the workbook, or list of the JSON document; empty for other files.
    """

    row: int
    table: str
    name: str
    data_type: str
    address: str
    comment: str = ""
    hmi_visible: bool = True
    hmi_accessible: bool = True
    hmi_writeable: bool = True
    absent: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)


@dataclass(slots=True)
class ConstantRow:
    """One user constant; the value is text as TIA Portal shows it (``16#FF``, ``T#2s``); the others as in `TagRow`."""

    row: int
    table: str
    name: str
    data_type: str
    value: str
    comment: str = ""
    absent: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RowNote:
    """A remark about one row, and where: file, sheet, row (from 1) and the title of the column."""

    code: str
    message: str
    file: str
    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class RowError(RowNote):
    """What is wrong in one row."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column was taken for.

    Attributes:
        column: Number of the column, from 1.
        title: Its title in the file.
        field: The field it fills, named as in JSON (`logicalAddress`); empty where it is not used.
        by: Why: its title, its content, or its position in a format without titles. Empty where it is not used.
    """

    column: int
    title: str
    field: str
    by: str


@dataclass(slots=True)
class SheetUse:
    """How one sheet was understood; a text file counts as one sheet without a name.

    Attributes:
        sheet: Its name.
        header_row: Row of the titles, from 1; 0 where there are none.
        columns: All columns with a title or a use.
        tags: Rows that are tags.
        constants: Rows that are constants.
        wrong: Rows with errors.
        skipped: Rows that are neither, such as comments.
        ignored: Why the whole sheet was not read; empty where it was.
    """

    sheet: str
    header_row: int = 0
    columns: list[ColumnUse] = field(default_factory=list)
    tags: int = 0
    constants: int = 0
    wrong: int = 0
    skipped: int = 0
    ignored: str = ""


@dataclass(slots=True)
class TagSheet:
    """All rows of a file that are right, and all errors of the rows that are not.

    Attributes:
        skipped: Rows that are neither tag nor constant (headings, comments, totals), with the reason.
        notes: Rows whose cells were read as something else than they say, such as a converted data type.
        sheets: How each sheet was understood.
    """

    tags: list[TagRow] = field(default_factory=list)
    constants: list[ConstantRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    skipped: list[RowNote] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    sheets: list[SheetUse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file.

    Attributes:
        type_names: What becomes of the type names of other systems, and of rows without a data type in lists.
        sheet: The only sheet of a workbook to read; all for None.
    """

    type_names: TypeNames = "refuse"
    sheet: str | None = None


STRICT = Reading()
"""Types as TIA Portal names them, all sheets."""
