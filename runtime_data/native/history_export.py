"""Logged values as a file, made while it is sent: CSV, lines of JSON, or Parquet where pyarrow is installed."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import IO, Any

import msgspec

from engineering_api.extras import Extra
from engineering_api.files.csv_text import neutralised
from openness_bridge.errors import Kind, Problem
from runtime_data.history.history import History
from runtime_data.history.model import Sample
from runtime_data.native.history_answers import of_sample

FORMATS = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
COLUMNS = ("tag", "time", "value", "quality", "statusCode")
PAGE = 10_000
PIECE = 256 << 10
IN_MEMORY = 8 << 20
Page = tuple[str, list[Sample]]


def export_format(text: str) -> str:
    """Return the format of an export that a client names.

    Raises:
        Problem: There is none of this name, or what it needs is not installed.
    """
    form = text.casefold()
    if form not in FORMATS:
        msg = f"There is no format '{text[:40]}': use {', '.join(FORMATS)}."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID)
    if form == "parquet":
        _arrow()
    return form


async def pieces_of(history: History, tags: Sequence[str], begin: int, end: int, form: str) -> AsyncIterator[bytes]:
    """Yield an export in pieces.

    Args:
        history: Where the values are.
        tags: Full names of tags, one after the other.
        begin: The first moment, in microseconds since 1970.
        end: The first moment that is not included.
        form: A key of FORMATS.
    """
    pages = _pages(history, tags, begin, end)
    if form == "parquet":
        async for piece in _parquet(pages):
            yield piece
        return
    if form == "csv":
        yield ",".join(COLUMNS).encode() + b"\r\n"
    write = _csv if form == "csv" else _lines
    async for page in pages:
        yield await asyncio.to_thread(write, *page)


async def _pages(history: History, tags: Sequence[str], begin: int, end: int) -> AsyncIterator[Page]:
    for tag in dict.fromkeys(tags):
        position = begin
        while position < end:
            page = await history.query(tag, position, end, limit=PAGE)
            if page:
                yield tag, page
            if len(page) < PAGE:
                break
            position = page[-1].time + 1


def _lines(tag: str, samples: Sequence[Sample]) -> bytes:
    encode = msgspec.json.Encoder().encode
    rows = (msgspec.structs.asdict(of_sample(each, "number")) for each in samples)
    return b"".join(encode(_named(tag, row)) + b"\n" for row in rows)


def _named(tag: str, row: dict[str, Any]) -> dict[str, Any]:
    found = {"tag": tag, "time": row["time"], "value": row["value"], "quality": row["quality"]}
    found["statusCode"] = row["status_code"]
    return found | ({"text": row["text"]} if row["text"] else {})


def _csv(tag: str, samples: Sequence[Sample]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for each in samples:
        shown = of_sample(each, "number")
        writer.writerow(
            [neutralised(tag), shown.time, _cell(shown.value, shown.text), shown.quality, shown.status_code]
        )
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any, text: str) -> str:
    if text or value is None:
        return text
    return neutralised(value) if isinstance(value, str) else msgspec.json.encode(value).decode()


async def _parquet(pages: AsyncIterator[Page]) -> AsyncIterator[bytes]:
    """Yield a Parquet file with a column for each kind of value; a file is needed, for its index is at its end."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        writer = await asyncio.to_thread(_ParquetWriter, file)
        async for page in pages:
            await asyncio.to_thread(writer.write, *page)
        await asyncio.to_thread(writer.close)
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


class _ParquetWriter:
    def __init__(self, file: IO[bytes]) -> None:
        self._arrow, parquet = _arrow()
        arrow = self._arrow
        columns = {
            "tag": arrow.string(),
            "time": arrow.timestamp("us", tz="UTC"),
            "number": arrow.float64(),
            "integer": arrow.int64(),
            "truth": arrow.bool_(),
            "text": arrow.string(),
            "statusCode": arrow.uint32(),
        }
        self._schema = arrow.schema(list(columns.items()))
        self._writer = parquet.ParquetWriter(file, self._schema)

    def write(self, tag: str, samples: Sequence[Sample]) -> None:
        rows = [{"tag": tag, "time": each.time, "statusCode": each.status} | _typed(each.value) for each in samples]
        self._writer.write_table(self._arrow.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _typed(value: Any) -> dict[str, Any]:
    """Return the column of a value, by its type."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"truth": value}
    if isinstance(value, float):
        return {"number": value}
    if isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
        return {"integer": value}
    return {"text": value if isinstance(value, str) else msgspec.json.encode(value).decode()}


def _arrow() -> tuple[Any, Any]:
    """Return the modules pyarrow and pyarrow.parquet.

    Raises:
        Problem: They are not installed.
    """
    with Extra("parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    return pa, pq
