"""Files that describe objects of a PLC in another form than TIA Portal's: tag lists, blocks in JSON.

A repository often keeps its I/O list as a workbook, and a generator writes blocks as JSON. All commands read both as if they
were exports, so that no second copy of them is needed: `look_in` is what a folder means to them.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath

import msgspec

import simatic_xml
from engineering_api.features.tags import tag_merge, tag_sheets
from engineering_api.features.tags.files import DEFAULT_TABLE
from engineering_api.features.tags.files.rows import STRICT
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.program.imports import KINDS
from simatic_xml import Document, SimaticMLError, Tag, TagTable, folders, limits
from simatic_xml.folders import Folder, Mistake, Objects
from simatic_xml.versions import DEFAULT_VERSION

WORKBOOKS, JSON = (".xlsx", ".xlsm"), ".json"
CULTURE = "en-US"
"""Language of comments that name none."""
_OBJECT = re.compile(rb'"kind"\s*:\s*"(?:%s)"' % "|".join(sorted(KINDS)).encode())
_TAGS = re.compile(rb'"(?:tags|constants)"\s*:\s*\[')
_HEAD = 16_384
_NO_TAG_LIST = {"tag_file.no_tags", "tag_file.missing_columns", "tag_file.not_a_tag_table", "tag_file.unknown_format"}
"""Codes of files that are something else than a list of tags."""


def look_in(root: Path) -> Folder:
    """Return what is in a folder, or what a file is.

    Raises:
        Problem: It is not there, or cannot be read.
    """
    try:
        return folders.look_in(root, read_objects)
    except FileNotFoundError:
        msg = f"There is no file or folder '{root}'."
        raise Problem("file.not_found", msg, kind=Kind.MISSING, place=Place(path=str(root))) from None
    except OSError as error:
        msg = f"'{error.filename or root}' cannot be read: {error.strerror or error}."
        place = Place(path=str(error.filename or root))
        raise Problem("file.unreadable", msg, kind=Kind.REFUSED, place=place) from error


def read_objects(path: Path) -> Objects:
    """Return what a file holds; a file that describes no objects of a PLC says what it is instead.

    Raises:
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    if path.suffix.lower() == JSON and not (is_block(content) or _TAGS.search(content[:_HEAD])):
        return Objects(why_not="It is not a block and not a tag list in JSON.")
    try:
        documents = read_documents(str(path), content)
    except SimaticMLError as error:
        return Objects(mistakes=(Mistake(f"file.{error.code}", error.message, error.line or 1, error.column or 1),))
    except Problem as problem:
        if problem.code in _NO_TAG_LIST:
            return Objects(why_not=f"It is not a tag list. {problem.message}")
        details = problem.details or [Detail(problem.code, problem.message, problem.place)]
        return Objects(mistakes=tuple(_mistake(each) for each in details))
    return Objects(tuple(simatic_xml.dump(each) for each in documents))


def _mistake(found: Detail) -> Mistake:
    return Mistake(found.code, found.message, (found.place.row if found.place is not None else None) or 1)


def is_block(content: bytes) -> bool:
    """Return whether a JSON file describes a block or another object of a PLC."""
    return _OBJECT.search(content[:_HEAD]) is not None


def read_documents(name: str, content: bytes) -> list[Document]:
    """Return the objects in a file as SimaticML documents.

    Args:
        name: Its name; the suffix says what it is.
        content: Its bytes.

    Raises:
        Problem: The file is not a tag list, or rows of it have errors, which the details name.
        SimaticMLError: A JSON file describes no object.
    """
    if PurePath(name).suffix.lower() == JSON and is_block(content):
        return [_read_json(name, content)]
    return _read_tables(name, content)


def _read_tables(name: str, content: bytes) -> list[Document]:
    file = PurePath(name).name
    is_workbook = PurePath(name).suffix.lower() in WORKBOOKS
    read = tag_sheets.of_workbook if is_workbook else tag_sheets.of_file
    rows = read(content, file, lambda *_: None, STRICT)
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
        raise SimaticMLError("not-json", f"'{name}' is not a JSON document: {error}.") from error
    if not isinstance(data, dict):
        raise SimaticMLError("not-json", f"'{name}' is not a JSON object; a block in JSON is one.")
    return simatic_xml.from_json({"engineering": DEFAULT_VERSION, "cultures": [CULTURE]} | data)
