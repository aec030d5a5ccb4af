"""Reads and writes CSV, and the SDF that TIA Portal writes: text with quoted fields, with a header or without.

Facts: docs/facts/tag-files.md#sdf.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from engineering_api.features.tags.files.addresses import Mnemonics, in_mnemonics
from engineering_api.features.tags.files.collect import Collector
from engineering_api.features.tags.files.columns import TITLES, Layout, count_known, positional_layout
from engineering_api.features.tags.files.rows import STRICT, ConstantRow, Reading, TagRow, TagSheet
from engineering_api.features.tags.files.understanding import SAMPLE, understand
from engineering_api.files.csv_text import neutralised, neutralised_value, restored, restored_value
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, decode, encode, load, name_of, save, within_limits
from openness_bridge.bounded import text_tables
from openness_bridge.bounded.text_tables import BrokenTextError

DELIMITERS = ",;\t"

_SDF_FIELDS = (
    "Name",
    "Logical Address",
    "Data Type",
    "Hmi Accessible",
    "Hmi Visible",
    None,  # retain, which the tag table holds as one area for each PLC
    "Comment",
    "Value",
    "Hmi Writeable",
)
_CLASSIC_FIELDS = ("Name", "Logical Address", "Data Type", "Comment")
"""Fields of the SDF of STEP 7's symbol table."""
_TOP = 50
"""Records that decide about the delimiter."""
_LEAST = 3
"""Fields of a record that can be a tag."""
_SDF_CONSTANT = "constant"


def read_csv(source: Source, *, file: str = "", reading: Reading = STRICT) -> TagSheet:
    """Read tags and constants from comma-, semicolon- or tab-separated text.

    A row with something in the column ``Value`` is a constant. The header may be below other rows, and headings,
    comments and totals between the tags are left out and reported.

    Args:
        source: Path, or the content itself.
        file: Name for error messages where the content is given.
        reading: How to read it.

    Raises:
        TableFileError: For a file as a whole (missing columns, encoding, broken quotes); errors of rows are returned.
    """
    file = name_of(source, file)
    text = decode(load(source, file), file)
    rows = _records(text, _delimiter(text), file)
    top = list(islice(rows, SAMPLE))
    convert = reading.type_names == "convert"
    layout, above = understand(top, file, type_is_optional=convert)
    collector = Collector(file, reading.type_names)
    collector.add("", layout, _restore_texts(layout, chain(top[above:], rows)))
    return collector.sheet


def read_sdf(source: Source, *, file: str = "", reading: Reading = STRICT) -> TagSheet:
    """Read the SDF of TIA Portal or STEP 7: quoted fields in a fixed order, with or without a header.

    A row with the address ``CONSTANT`` is a constant, every other row a tag. STEP 7 writes four fields, fills names up with
    blanks, and lists blocks too; these are left out and reported.

    Args:
        source: Path, or the content itself.
        file: Name for error messages where the content is given.
        reading: How to read it.

    Raises:
        TableFileError: For a file as a whole; errors of rows are returned.
    """
    file = name_of(source, file)
    text = decode(load(source, file), file)
    rows = _records(text, ",", file)
    collector = Collector(file, reading.type_names)
    if len(next((cells for cells in _top(text, ",") if any(cells)), [])) == len(_CLASSIC_FIELDS):
        collector.add("", positional_layout(_CLASSIC_FIELDS, is_list=True), _classic_rows(_sdf_rows(rows, file)))
    else:
        collector.add("", positional_layout(_SDF_FIELDS), _sdf_rows(rows, file))
    return collector.sheet


def has_header(text: str) -> bool:
    """Return whether a record with three fields or more is a header before any other such record."""
    records = _top(text, _delimiter(text))
    return count_known(next((cells for cells in records if sum(map(bool, cells)) >= _LEAST), [])) >= 2


def write_csv(
    path: str | Path,
    tags: Iterable[TagRow],
    constants: Iterable[ConstantRow] = (),
    *,
    delimiter: str = ";",
    bom: bool = True,
    mnemonics: Mnemonics = "en",
) -> None:
    """Write tags and constants as CSV that `read_csv` reads back without loss, and of which a spreadsheet runs nothing.

    Args:
        path: File to write; an existing one is replaced.
        tags: Rows of tags.
        constants: Rows of constants; only they bring the column ``Value``.
        delimiter: ``;`` as a German Excel expects it, ``,`` or a tab.
        bom: Start with the byte-order mark, by which Excel knows UTF-8.
        mnemonics: ``de`` writes ``%E0.0`` for ``%I0.0``.

    Raises:
        TableFileError: ``tag_file.delimiter``, or ``tag_file.unwritable_text`` for text that is no Unicode,
            ``tag_file.unwritable`` for a file that is open elsewhere.
    """
    if delimiter not in tuple(DELIMITERS):
        raise TableFileError(
            "tag_file.delimiter", f"{delimiter!r} is not a delimiter. Use a comma, a semicolon or a tab."
        )
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    constants = list(constants)
    pick = itemgetter(*(place for place, title in enumerate(TITLES) if constants or title != "Value"))
    writer.writerow(pick(TITLES))
    writer.writerows(pick(_tag_cells(tag, mnemonics)) for tag in tags)
    writer.writerows(pick(_constant_cells(constant)) for constant in constants)
    save(path, encode(buffer.getvalue(), Path(path).name, bom=bom))


def _tag_cells(tag: TagRow, mnemonics: Mnemonics) -> Sequence[str]:
    address = in_mnemonics(tag.address, mnemonics)
    flags = (str(tag.hmi_visible), str(tag.hmi_accessible), str(tag.hmi_writeable))
    texts = map(neutralised, (tag.name, tag.table, tag.data_type, address, "", tag.comment))
    return (*texts, *flags)


def _constant_cells(constant: ConstantRow) -> Sequence[str]:
    texts = map(neutralised, (constant.name, constant.table, constant.data_type, ""))
    return (*texts, neutralised_value(constant.value), neutralised(constant.comment), "", "", "")


def _restore_texts(layout: Layout, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the texts that were neutralised."""
    values = {use.column - 1 for use in layout.uses if use.field == "value"}
    ways = [restored_value if column in values else restored for column in range(layout.width)]
    for line, cells in rows:
        yield line, [*(way(cell) for way, cell in zip(ways, cells, strict=False)), *cells[len(ways) :]]


def _delimiter(text: str) -> str:
    """Return the delimiter under which most titles of one of the first records are known, and then most records have fields."""

    def rank(delimiter: str) -> tuple[int, int]:
        records = _top(text, delimiter)
        return max(map(count_known, records), default=0), sum(len(cells) >= _LEAST for cells in records)

    return max(DELIMITERS, key=rank)


def _top(text: str, delimiter: str) -> list[list[str]]:
    """Return the first records; fewer where one is broken."""
    records: list[list[str]] = []
    with suppress(TableFileError):
        records.extend(cells for _, cells in islice(_records(text, delimiter, ""), _TOP))
    return records


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record starts, and its fields; Excel's own ``sep=;`` line is left out."""
    try:
        with within_limits(file):
            for line, cells in text_tables.records(text, delimiter):
                if line > 1 or not "".join(cells).startswith("sep="):
                    yield line, cells
    except BrokenTextError as error:
        raise TableFileError(
            "tag_file.broken_csv",
            f"The record that starts in line {error.line} cannot be read ({error}). Check its quotation marks.",
            file,
        ) from error


def _sdf_rows(rows: Iterator[tuple[int, list[str]]], file: str) -> Iterator[tuple[int, list[str]]]:
    for line, cells in rows:
        if line == 1 and count_known(cells) >= 3:
            continue
        if 0 < len(cells) < 3 and any(cells):
            raise TableFileError(
                "tag_file.missing_columns",
                f"Line {line} has {len(cells)} fields; name, address and data type are needed. Is this an SDF file?",
                file,
            )
        is_constant = len(cells) > 1 and cells[1].strip().casefold() == _SDF_CONSTANT
        cells = cells[: len(_SDF_FIELDS)]  # newer versions add more
        yield line, [cells[0], "", *cells[2:]] if is_constant else cells


def _classic_rows(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows without the blanks that fill up their fields."""
    for line, cells in rows:
        yield line, [cell.strip() for cell in cells]
