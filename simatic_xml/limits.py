"""How large and how deep engineering data may be: one table, which everything that reads, types or stores them asks.

Work grows with its input, and some of it faster. Each row says what is counted, how much of it is accepted and where
that number comes from; `require` refuses more before the work begins. docs/limits.md is written from this table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from simatic_xml.errors import SimaticMLError

OWN = "own"
PREFIX = "TIA_LIMIT_"


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table.

    Attributes:
        name: Stable name; the setting is made of it, and usually the code.
        default: The most that is accepted where nobody sets another number.
        unit: What is counted.
        about: What has a limit, as the subject of a sentence.
        advice: What to do instead, as a sentence.
        origin: Where the default comes from: a rule of TIA Portal, or `own`.
        code: Code of the refusal.
        highest: The highest value that it can be set to, where more would exhaust the stack; 0 for none.
    """

    name: str
    default: int
    unit: str
    about: str
    advice: str
    origin: str = OWN
    code: str = ""
    highest: int = 0

    def __post_init__(self) -> None:
        """Fill in the usual code."""
        object.__setattr__(self, "code", self.code or f"limit.{self.name}")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{PREFIX}{self.name.upper()}"


class LimitError(SimaticMLError):
    """Something is larger or deeper than is accepted; it was refused before any work on it.

    Attributes:
        limit: The most that is accepted.
        value: The value found; where counting stopped early, the first number above the limit.
    """

    def __init__(
        self,
        row: Limit,
        most: int,
        value: int,
        line: int | None = None,
        column: int | None = None,
        pointer: str | None = None,
        what: str = "",
    ) -> None:
        """State which limit it is.

        Args:
            row: The limit.
            most: Its value now.
            value: The value found.
            line: Line from 1, where known.
            column: Column from 1, where known.
            pointer: JSON pointer, where the input was JSON.
            what: What is too large, where its name is known; otherwise what the row says.
        """
        message = f"{what or row.about} has {value:,} {row.unit}; the limit is {most:,}. {row.advice}"
        super().__init__(row.code, message, line, column, pointer)
        self.limit, self.value = most, value


_STRUCT = 'TIA Portal: help, "Basic information on STRUCT"'
_SHEETS = "TIA Portal: data sheets of the CPUs"
_QUOTED = "TIA Portal: usually quoted, nowhere documented"
_LARGEST_CPU = "TIA Portal: work memory for data of the largest CPU (CPU 1518-4)"
_SOURCE, _FILE, _TYPE, _BLOCK = (
    f"Divide {what}." for what in ("the source", "the file", "the data into several types", "the block")
)
_WROTE = "Check the program that wrote the file."
_FLATTER = "Use flatter structures."
_SHORTER = "Choose a shorter name."
_ARCHIVE, _TABLE, _WORKBOOK = "archive.too_large", "tag_file.too_large", "An Excel workbook"
_ROWS = (
    # Sources: SCL, STL, data blocks and types as text, SIMATIC SD.
    Limit("source_bytes", 16 << 20, "bytes", "A source", _SOURCE),
    Limit("source_tokens", 1_000_000, "tokens", "A source", _SOURCE),
    Limit("source_objects", 10_000, "blocks and data types", "A source", _SOURCE),
    Limit("block_tokens", 200_000, "tokens, lines and comments", "One object of a source", _BLOCK),
    Limit("source_nesting", 80, "levels", "The nesting of a source", _BLOCK, code="too-deep", highest=100),
    Limit("operator_chain", 10_000, "operators", "An expression", "Divide it with temporary variables."),
    Limit("findings", 1_000, "findings", "A source", "Correct the first ones.", code="too-many"),
    Limit("start_values", 65_536, "values", "A list of start values", "Set the values in the program."),
    Limit("block_start_values", 200_000, "values", "The start values of arrays of a block", "Set them in the program."),
    # SimaticML and other XML.
    Limit("xml_bytes", 128 << 20, "bytes", "An XML file", _FILE),
    Limit("xml_elements", 500_000, "elements", "An XML file", _FILE),
    Limit("xml_attributes", 1_000_000, "attributes", "An XML file", _FILE),
    Limit("xml_tag", 100_000, "characters", "A tag of an XML file", _WROTE),
    # Forms in JSON and YAML: blocks, types, networks, designs, test files.
    Limit("json_nesting", 100, "levels", "The JSON form", _FLATTER, highest=100),
    Limit("json_values", 1_000_000, "values", "The JSON form", "Send it in several requests."),
    Limit("yaml_bytes", 4 << 20, "bytes", "A YAML text", _FILE),
    Limit("yaml_values", 200_000, "values", "A YAML text", _FILE),
    Limit("yaml_nesting", 100, "levels", "A YAML text", _FLATTER, highest=100),
    # Declarations.
    Limit("structure_members", 16_384, "members", "A structure", _TYPE, _STRUCT, "type.members"),
    Limit(
        "block_structures", 252, "structures", "A block", "Declare PLC data types for them.", _STRUCT, "type.structures"
    ),
    Limit(
        "structure_nesting",
        8,
        "levels",
        "A structure",
        "Declare PLC data types for the inner ones.",
        _STRUCT,
        "type.nesting",
    ),
    Limit("type_nesting", 32, "levels", "A data type", _FLATTER, code="type.nesting", highest=32),
    Limit("expanded_members", 200_000, "members", "A type with all that it contains", _TYPE, code="type.expanded"),
    Limit("array_dimensions", 6, "dimensions", "An array", "Use fewer.", 'TIA Portal: help, "ARRAY"', "type.bounds"),
    Limit(
        "string_length", 254, "characters", "A String", "Use a WString.", 'TIA Portal: help, "STRING"', "type.length"
    ),
    Limit(
        "wstring_length",
        16_382,
        "characters",
        "A WString",
        "Use an array.",
        'TIA Portal: help, "WSTRING"',
        "type.length",
    ),
    # Sizes in the CPU.
    Limit(
        "standard_block_bytes",
        65_534,
        "bytes",
        "A block with standard access",
        "Use optimized access, or divide it.",
        f"{_SHEETS} (64 KB)",
        "block.size",
    ),
    Limit("largest_data_kb", 20_000, "KB", "A data block or data type", _TYPE, _LARGEST_CPU, "block.size"),
    Limit(
        "temporary_bytes",
        16_384,
        "bytes",
        "The temporary data of a block",
        _BLOCK,
        f"{_SHEETS} (16 KB for each block)",
        "block.temporary_size",
    ),
    # Code.
    Limit("block_networks", 10_000, "networks", "A block", _BLOCK, code="block.networks"),
    Limit("network_parts", 20_000, "parts", "A network", "Divide the network.", code="network.parts"),
    Limit(
        "graph_steps",
        250,
        "steps",
        "A GRAPH sequence",
        "Divide the sequence.",
        'TIA Portal: help, "GRAPH"',
        "graph.steps",
    ),
    # Names, numbers and folders.
    Limit("block_name", 125, "characters", "The name of a block or data type", _SHORTER, _QUOTED, "name.length"),
    Limit("tag_name", 128, "characters", "The name of a tag or constant", _SHORTER, _QUOTED, "name.length"),
    Limit(
        "folder_name",
        128,
        "characters",
        "The name of a folder or other object",
        _SHORTER,
        "TIA Portal: refuses more",
        "name.length",
    ),
    Limit("folder_levels", 50, "levels", "A folder path", "Use fewer levels of folders.", highest=100),
    # Tables of tags.
    Limit("table_bytes", 256 << 20, "bytes", "A table as text", _FILE, code=_TABLE),
    Limit("table_rows", 600_000, "rows", "A table", _FILE, code=_TABLE),
    Limit("table_columns", 200, "columns", "A table", "Remove stray cells.", code=_TABLE),
    Limit("table_cells", 15_000_000, "cells", "A table", "Remove stray cells, or divide it.", code=_TABLE),
    Limit("table_record", 1_000_000, "characters", "A row of a table as text", "Shorten long texts.", code=_TABLE),
    Limit("workbook_cells", 15_000_000, "cells", _WORKBOOK, "Remove stray cells, or divide it.", code=_TABLE),
    Limit("workbook_bytes", 1 << 30, "bytes unpacked", _WORKBOOK, "Divide it.", code=_TABLE),
    Limit("workbook_text", 2 << 30, "bytes of text in its cells", _WORKBOOK, "Shorten long texts.", code=_TABLE),
    # PLC tests and the virtual CPU.
    Limit("trace_bytes", 64 << 20, "bytes", "A trace", "Record fewer tags, or for less time."),
    Limit("trace_columns", 1_001, "columns", "A trace", "Record fewer tags."),
    Limit("test_cycles", 2_000_000, "cycles", "A PLC test", "Test for less time, or with a longer cycle."),
    Limit("test_days", 366, "days", "The virtual time of a PLC test", "Test for less time."),
    Limit("cpu_values", 4_000_000, "values", "The data of a virtual CPU", "Load fewer or smaller data blocks."),
    # Archives.
    Limit("archive_entries", 500_000, "entries", "An archive", "Pack less.", code=_ARCHIVE),
    Limit("archive_bytes", 8 << 30, "bytes unpacked", "An archive", "Pack less.", code=_ARCHIVE),
    Limit("archive_file_bytes", 4 << 30, "bytes", "A file in an archive", "Pack less.", code=_ARCHIVE),
    Limit("archive_levels", 64, "levels of folders", "An archive", "Use fewer levels.", code=_ARCHIVE),
    Limit("archive_ratio", 250, "unpacked bytes for each packed one", "An archive", "Pack it again.", code=_ARCHIVE),
)
LIMITS: Mapping[str, Limit] = {row.name: row for row in _ROWS}
"""All rows by name."""
_values = {row.name: row.default for row in _ROWS}


def most(name: str) -> int:
    """Return how much is accepted now."""
    return _values[name]


def require(
    name: str,
    value: int,
    *,
    line: int | None = None,
    column: int | None = None,
    pointer: str | None = None,
    what: str = "",
) -> None:
    """Refuse what is above its limit.

    Raises:
        LimitError: It is.
    """
    if value > _values[name]:
        raise LimitError(LIMITS[name], _values[name], value, line, column, pointer, what)


def configure(values: Mapping[str, int]) -> None:
    """Set limits for this process; what is not named gets its default.

    Raises:
        ValueError: A name is not known, or a number is below 1.
    """
    for name, value in values.items():
        if name not in LIMITS:
            raise ValueError(f"There is no limit '{name}'; docs/limits.md has the names")
        if value < 1 or 0 < LIMITS[name].highest < value:
            raise ValueError(f"The limit {name} is {value}; it is 1 to {LIMITS[name].highest or 'any number'}")
    _values.update({row.name: values.get(row.name, row.default) for row in _ROWS})


@contextmanager
def override(**values: int) -> Iterator[None]:
    """Set some limits for a while."""
    before = dict(_values)
    configure(before | values)
    try:
        yield
    finally:
        _values.update(before)
