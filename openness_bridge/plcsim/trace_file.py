"""Traces as files: CSV with a time column and a typed column for each tag.

    time_ms,Start:Bool,Data.speed:Real
    0,false,0
    10,true,1.5

A row holds until the next one. The format is described in docs/plc-tests.md#traces.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openness_bridge.bounded.text_tables import BrokenTextError, records
from openness_bridge.errors import Place, Problem
from openness_bridge.plcsim.trace import Sample, TraceChannel
from openness_bridge.plcsim.values import Scalar

TIME = "time_ms"
_TEXTS = ("char", "wchar")
_BITS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class TraceFile:
    """A trace that was read.

    Attributes:
        channels: the tags.
        samples: their values, by ascending time.
    """

    channels: list[TraceChannel]
    samples: list[Sample]


def dump(channels: Sequence[TraceChannel], samples: Iterable[Sample]) -> str:
    """Return a trace as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([TIME, *(f"{each.name}:{each.data_type}" for each in channels)])
    for sample in samples:
        writer.writerow([_number(sample.time_ms), *map(_text, sample.values)])
    return out.getvalue()


def parse(text: str, file: str = "trace") -> TraceFile:
    """Return the trace of a CSV text.

    Args:
        text: its content.
        file: names it in errors.

    Raises:
        Problem: it is no trace; names line and column.
    """
    rows = _rows(text, file)
    number, head = next(rows, (1, []))
    if not head or head[0] != TIME or not all(":" in each for each in head[1:]) or len(head) < 2:
        raise _wrong(file, number, f"A trace begins with '{TIME}' and a column 'name:type' for each tag.")
    parts = [each.rpartition(":") for each in head[1:]]
    channels = [TraceChannel(name, kind) for name, _, kind in parts]
    if len({each.name.casefold() for each in channels}) < len(channels):
        raise _wrong(file, number, "A tag has two columns.")
    samples: list[Sample] = []
    for number, row in rows:
        if len(row) != len(head):
            raise _wrong(file, number, f"The row has {len(row)} values; the first one has {len(head)}.")
        moment = _read(row[0], "Real", file, number, TIME)
        if isinstance(moment, str | bool) or moment < 0 or (samples and moment < samples[-1].time_ms):
            raise _wrong(
                file, number, f"'{row[0]}' is not a time in milliseconds that is at least that of the row before."
            )
        values = [_read(each, of.data_type, file, number, of.name) for each, of in zip(row[1:], channels, strict=True)]
        samples.append(Sample(len(samples) + 1, float(moment), values))
    if not samples:
        raise _wrong(file, number, "The trace has no row.")
    return TraceFile(channels, samples)


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from ((line, row) for line, row in records(text.removeprefix("\ufeff"), columns="trace_columns") if row)
    except BrokenTextError as error:
        raise _wrong(file, error.line, f"This is not CSV: {error}.") from error


def _read(text: str, data_type: str, file: str, line: int, name: str) -> Scalar:
    if data_type.casefold() in _TEXTS:
        return text
    if text in _BITS:
        return _BITS[text]
    try:
        value = float(text)
    except ValueError:
        raise _wrong(file, line, f"'{text}' is not a value of '{name}': write true, false or a number.") from None
    if math.isfinite(value) and text.strip().lstrip("+-").isdecimal():
        return int(text)
    return value


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _wrong(file: str, line: int, message: str) -> Problem:
    return Problem("trace.invalid", f"{file}:{line}: {message}", place=Place(path=file, line=line))
