"""Reads and writes JSON of tags: a list of tags, or an object with ``tags`` and ``constants``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from engineering_api.features.tags.files.addresses import Mnemonics, in_mnemonics
from engineering_api.features.tags.files.collect import Collector
from engineering_api.features.tags.files.columns import KEYS, keyed_layout, meaning_of
from engineering_api.features.tags.files.rows import STRICT, ConstantRow, Reading, TagRow, TagSheet
from engineering_api.files.tables.cells import cell_text
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, decode, encode, load, name_of, save, within_limits
from openness_bridge.bounded.json_size import count_values
from simatic_xml import limits

_WORST = 9
"""A rank that every title is better than."""
CONSTANT_KEYS = ("name", "path", "dataType", "value", "comment")


def read_json(source: Source, *, file: str = "", reading: Reading = STRICT) -> TagSheet:
    """Read tags and constants from JSON; keys are found like the titles of columns, rows are counted from 1.

    Args:
        source: Path, or the content itself.
        file: Name for error messages where the content is given.
        reading: How to read it.

    Raises:
        TableFileError: ``tag_file.broken_json`` for text that is not JSON or has another shape; errors of
            rows are returned.
    """
    file = name_of(source, file)
    content = load(source, file)
    with within_limits(file):
        limits.require("table_cells", count_values(content, limits.most("table_cells")))
    data = _parse(decode(content, file), file)
    lists = data if isinstance(data, dict) else {"tags": data}
    if not lists.keys() & {"tags", "constants"}:
        raise _shape(file, "it has neither 'tags' nor 'constants'")
    collector = Collector(file, reading.type_names)
    for sheet in ("tags", "constants"):
        _add(collector, sheet, lists.get(sheet, []))
    return collector.sheet


def write_json(
    path: str | Path,
    tags: Iterable[TagRow],
    constants: Iterable[ConstantRow] = (),
    *,
    mnemonics: Mnemonics = "en",
) -> None:
    """Write an object with the lists ``tags`` and ``constants`` as UTF-8 that `read_json` reads back without loss.

    Args:
        path: File to write; an existing one is replaced.
        tags: Rows of tags.
        constants: Rows of constants.
        mnemonics: ``de`` writes ``%E0.0`` for ``%I0.0``.

    Raises:
        TableFileError: ``tag_file.unwritable_text`` for text that is no Unicode, ``tag_file.unwritable`` for a file that
            is open elsewhere.
    """
    data = {
        "tags": [_tag_object(tag, mnemonics) for tag in tags],
        "constants": [_constant_object(constant) for constant in constants],
    }
    save(path, encode(json.dumps(data, ensure_ascii=False, indent=1), Path(path).name))


def _tag_object(tag: TagRow, mnemonics: Mnemonics) -> dict[str, str | bool]:
    return {
        KEYS.name: tag.name,
        KEYS.table: tag.table,
        KEYS.data_type: tag.data_type,
        KEYS.address: in_mnemonics(tag.address, mnemonics),
        KEYS.comment: tag.comment,
        KEYS.visible: tag.hmi_visible,
        KEYS.accessible: tag.hmi_accessible,
        KEYS.writeable: tag.hmi_writeable,
    }


def _constant_object(constant: ConstantRow) -> dict[str, str]:
    values = (constant.name, constant.table, constant.data_type, constant.value, constant.comment)
    return dict(zip(CONSTANT_KEYS, values, strict=True))


def _parse(text: str, file: str) -> object:
    try:
        return cast(object, json.loads(text))
    except RecursionError as error:
        raise _shape(file, "it is nested too deep") from error
    except ValueError as error:
        raise _shape(file, str(error)) from error


def _shape(file: str, why: str) -> TableFileError:
    return TableFileError(
        "tag_file.broken_json",
        f"This is not JSON of tags: {why}. Send a list of tags, or an object with 'tags' and 'constants'.",
        file,
    )


def _add(collector: Collector, sheet: str, rows: object) -> None:
    if not isinstance(rows, list):
        raise _shape(collector.file, f"{sheet!r} is not a list")
    titles = KEYS if sheet == "tags" else CONSTANT_KEYS
    collector.add(sheet, keyed_layout(titles), _cells(rows, titles, sheet, collector.file))


def _cells(rows: list[object], titles: Sequence[str], sheet: str, file: str) -> Iterator[tuple[int, list[str]]]:
    columns = {meaning.place: column for column, title in enumerate(titles) if (meaning := meaning_of(title))}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise _shape(file, f"entry {number} of {sheet!r} is not an object")
        cells, ranks = [""] * len(titles), [_WORST] * len(titles)
        for key, value in row.items():
            meaning = meaning_of(key)
            column = None if meaning is None else columns.get(meaning.place)
            if meaning is None or column is None or meaning.rank > ranks[column]:
                continue
            if meaning.rank > 1 and isinstance(value, dict | list):
                continue  # a weak title of a list, such as Function, can be another thing in JSON
            if isinstance(value, dict | list) or (cells[column] and meaning.rank == ranks[column]):
                raise _shape(file, f"{key!r} in entry {number} of {sheet!r} is not one text, number or boolean")
            ranks[column] = meaning.rank
            cells[column] = "" if value is None else cell_text(value)
        yield number, cells
