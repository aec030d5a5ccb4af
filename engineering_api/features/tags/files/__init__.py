"""PLC tags and constants in files: XLSX, CSV, SDF, JSON and the classic XML."""

from collections.abc import Iterable
from pathlib import Path

from engineering_api.features.tags.files.addresses import (
    Mnemonics,
    in_mnemonics,
    normalise_address,
    normalise_data_type,
)
from engineering_api.features.tags.files.classic_xml import read_classic_xml
from engineering_api.features.tags.files.detect import read
from engineering_api.features.tags.files.json_files import read_json, write_json
from engineering_api.features.tags.files.rows import (
    DEFAULT_TABLE,
    STRICT,
    ColumnUse,
    ConstantRow,
    Reading,
    RowError,
    RowNote,
    SheetUse,
    TagRow,
    TagSheet,
    TypeNames,
)
from engineering_api.features.tags.files.text_files import read_csv, read_sdf, write_csv
from engineering_api.features.tags.files.workbook_in import read_xlsx
from engineering_api.files.tables.errors import TableFileError

__all__ = [
    "DEFAULT_TABLE",
    "STRICT",
    "ColumnUse",
    "ConstantRow",
    "Reading",
    "RowError",
    "RowNote",
    "SheetUse",
    "TableFileError",
    "TagRow",
    "TagSheet",
    "TypeNames",
    "in_mnemonics",
    "normalise_address",
    "normalise_data_type",
    "read",
    "read_classic_xml",
    "read_csv",
    "read_json",
    "read_sdf",
    "read_xlsx",
    "write_csv",
    "write_json",
    "write_xlsx",
]


def write_xlsx(
    path: str | Path, tags: Iterable[TagRow], constants: Iterable[ConstantRow] = (), *, mnemonics: Mnemonics = "en"
) -> None:
    """Write a workbook: see `workbook_out.write_xlsx`, which is imported with its library when it is first needed."""
    from engineering_api.features.tags.files import workbook_out

    workbook_out.write_xlsx(path, tags, constants, mnemonics=mnemonics)
