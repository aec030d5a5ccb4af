"""Files that describe objects of a PLC in another form than TIA Portal's: workbooks with tags, blocks in JSON.

A repository often keeps its I/O list as a workbook, and a generator writes blocks as JSON. `tia check` and `tia test` read both
as if they were exports, so that no second copy of them is needed.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath

import msgspec

import simatic_xml
from engineering_api.features.tags import tag_merge, tag_sheets
from engineering_api.features.tags.files import DEFAULT_TABLE
from engineering_api.features.tags.files.rows import STRICT
from openness_bridge.errors import Problem
from openness_bridge.program.imports import KINDS
from simatic_xml import Document, SimaticMLError, Tag, TagTable, limits
from simatic_xml.versions import DEFAULT_VERSION

WORKBOOK, JSON = ".xlsx", ".json"
SUFFIXES = (WORKBOOK, JSON)
CULTURE = "en-US"
"""Language of comments that name none."""
_OBJECT = re.compile(rb'"kind"\s*:\s*"(?:%s)"' % "|".join(sorted(KINDS)).encode())
_HEAD = 16_384


def is_meant(path: Path) -> bool:
    """Return whether a file in a folder describes objects of a PLC: other workbooks and JSON files are there, too."""
    if path.name.startswith("~$"):  # the lock of a workbook that is open in Excel
        return False
    if path.suffix.lower() == WORKBOOK:
        return True
    if path.suffix.lower() != JSON:
        return False
    with path.open("rb") as file:
        return _OBJECT.search(file.read(_HEAD)) is not None


def read_documents(name: str, content: bytes) -> list[Document]:
    """Return the objects in a file as SimaticML documents; none for a workbook without tags.

    Args:
        name: Its name; the suffix says what it is.
        content: Its bytes.

    Raises:
        Problem: The file cannot be read, or rows of a workbook have errors, which the details name.
        SimaticMLError: A JSON file describes no object.
    """
    if PurePath(name).suffix.lower() == WORKBOOK:
        return _read_tables(name, content)
    return [_read_json(name, content)]


def read_xml(path: Path) -> list[bytes]:
    """Return the objects in a file of a folder as SimaticML files, none where it is not meant or has errors."""
    try:
        found = read_documents(str(path), path.read_bytes()) if is_meant(path) else []
    except (Problem, SimaticMLError):
        return []
    return [simatic_xml.dump(each) for each in found]


def _read_tables(name: str, content: bytes) -> list[Document]:
    try:
        rows = tag_sheets.of_workbook(content, PurePath(name).name, lambda *_: None, STRICT)
    except Problem as problem:
        if problem.code == "tag_file.no_tags":
            return []
        raise
    if rows.sheet.errors:
        raise tag_sheets.refusal(rows.sheet.errors)
    tables: dict[str, TagTable] = {}
    every: list[tag_merge.Row] = [*rows.sheet.tags, *rows.sheet.constants]
    for row in every:
        table = row.table.rpartition("\\")[2] or DEFAULT_TABLE
        made = tables.setdefault(table.casefold(), TagTable(table))
        entry = tag_merge.new_entry(row, CULTURE)
        if isinstance(entry, Tag):
            made.tags.append(entry)
        else:
            made.constants.append(entry)
    return [Document(DEFAULT_VERSION, [table]) for table in tables.values()]


def _read_json(name: str, content: bytes) -> Document:
    limits.require("source_bytes", len(content), what=f"'{name}'")
    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SimaticMLError("not-json", f"'{name}' is no JSON document: {error}.") from error
    if not isinstance(data, dict):
        raise SimaticMLError("not-json", f"'{name}' is no JSON object; a block in JSON is one.")
    return simatic_xml.from_json({"engineering": DEFAULT_VERSION, "cultures": [CULTURE]} | data)
