"""The past of tags as `system.tag.queryTagHistory` asks for it, and as `system.historian` of Ignition 8.3 spells it.

Facts: docs/facts/ignition.md#history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from engineering_api.operations.context import Context
from engineering_api.operations.fields import Request, named
from openness_bridge.errors import Kind, Place, Problem
from runtime_data.history.aggregates import MODES
from runtime_data.history.history import History
from runtime_data.history.model import Bucket, Mode
from runtime_data.ignition import qualities, tag_paths, times
from runtime_data.quality import status_of
from runtime_data.values import now

MOST_PATHS = 100
"""Tags of one question."""
MOST_ROWS = 50_000
"""Values of one answer."""
MINUTE = 60 * 10**6
_MODES = {mode.casefold(): mode for mode in MODES}
_OTHER_MODES: dict[str, Mode] = {"avg": "Average", "min": "Minimum", "max": "Maximum", "last": "LastValue"}
_STATUS = 0xFFFF0000
"""The bits of a status code without those that say how it was calculated."""
When = str | int | float


class HistoryQuery(Request):
    """What a client wants to know of the past."""

    paths: Annotated[list[str], named("Tag paths.", "path", "tagPaths")]
    start_date: Annotated[When | None, named("The first moment.", "startTime")] = None
    end_date: Annotated[When | None, named("The first moment that is not included; by default now.", "endTime")] = None
    range_hours: Annotated[int, named("Hours from the start, or back from the end.")] = 0
    range_minutes: Annotated[int, named("Minutes that are added to rangeHours.")] = 0
    return_size: Annotated[int, named("How many rows of aggregates; 0 or -1 for the values as they were logged.")] = 0
    interval_hours: Annotated[int, named("Hours of one row of aggregates.")] = 0
    interval_minutes: Annotated[int, named("Minutes that are added to intervalHours.")] = 0
    aggregation_mode: Annotated[str, named("What is calculated, such as Average; for all paths.")] = ""
    aggregation_modes: Annotated[list[str], named("What is calculated, for each path.", "aggregates")] = []
    return_format: Annotated[str, named("Wide: a column for each path; Tall: a row for each value.")] = "Wide"
    column_names: Annotated[list[str], named("Names of the paths in the answer.")] = []
    include_bounding_values: Annotated[
        bool, named("Whether the values before and after the time are added.", "includeBounds")
    ] = False
    no_interpolation: Annotated[bool, named("Whether a wide row has only values of its very moment.")] = False
    ignore_bad_quality: Annotated[bool, named("Whether values that are not good are left out.")] = False
    exclude_observations: Annotated[bool, named("Only false: observations are always included.")] = False
    validate_sc_exec: Annotated[bool, named("Accepted; it has no effect.", "validateSCExec")] = True
    fill_modes: Annotated[list[str], named("Only PREVIOUS: a row without a new value repeats the last one.")] = []


class Point(NamedTuple):
    """A value of a column at a moment."""

    time: int
    column: int
    value: Any
    status: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the names of its columns. Times are microseconds since 1970."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    time_column: int

    def objects(self) -> list[dict[str, Any]]:
        """Return the rows as objects for JSON, their times as text."""
        return [
            dict(zip(self.columns, (times.written(each) if number == self.time_column else each
                                    for number, each in enumerate(row)), strict=True))
            for row in self.rows
        ]  # fmt: skip


async def query(ctx: Context, wanted: HistoryQuery) -> Table:
    """Return the past of tags as a table.

    Raises:
        Problem: A tag is not logged or kept from the caller, a parameter cannot be used, or the answer would be too large.
    """
    _require_usable(wanted)
    begin, end = _stretch(wanted)
    history = ctx.service.part(History)
    interval, modes = _interval(wanted, begin, end), _modes(wanted)
    points: list[Point] = []
    for column, (path, mode) in enumerate(zip(wanted.paths, modes, strict=True)):
        tag = (await history.find(tag_paths.to_tag(path))).tag
        history.require_readable(ctx.caller, tag)
        if mode is None:
            most = MOST_ROWS - len(points) + 1
            samples = await history.query(tag, begin, end, limit=most, bounds=wanted.include_bounding_values)
            points += [Point(each.time, column, each.value, each.status) for each in samples]
        else:
            found = await history.aggregate(tag, begin, end, mode, interval)
            points += [point for bucket in found for point in _of_bucket(bucket, column)]
        if len(points) > MOST_ROWS:
            msg = f"The answer has more than {MOST_ROWS} values: ask for a shorter time, fewer paths, or aggregates."
            raise Problem("ignition.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_ROWS, len(points))
    if wanted.ignore_bad_quality:
        points = [each for each in points if qualities.of_status(status_of(each.status & _STATUS)).isGood()]
    names = wanted.column_names or wanted.paths
    return _tall(names, points) if wanted.return_format.casefold() == "tall" else _wide(names, points, wanted)


def _of_bucket(bucket: Bucket, column: int) -> Iterator[Point]:
    """Yield the value of a bucket at its begin; of MinMax both."""
    for value in bucket.value if isinstance(bucket.value, list) else [bucket.value]:
        yield Point(bucket.begin, column, value, bucket.status)


def _tall(names: Sequence[str], points: Sequence[Point]) -> Table:
    rows = [(names[each.column], each.value, _quality(each.status), each.time) for each in points]
    return Table(["path", "value", "quality", "timestamp"], rows, 3)


def _wide(names: Sequence[str], points: Sequence[Point], wanted: HistoryQuery) -> Table:
    """Return a row for each moment. Several values of a column at one moment, as of MinMax, make several rows."""
    by_time: dict[int, list[list[Any]]] = {}
    for each in points:
        columns = by_time.setdefault(each.time, [[] for _ in names])
        columns[each.column].append(each.value)
    rows: list[tuple[Any, ...]] = []
    latest: list[Any] = [None] * len(names)
    for time in sorted(by_time):
        columns = by_time[time]
        for number in range(max(map(len, columns))):
            row = [values[min(number, len(values) - 1)] if values else None for values in columns]
            latest = [new if values else old for new, old, values in zip(row, latest, columns, strict=True)]
            rows.append((time, *(row if wanted.no_interpolation else latest)))
    return Table(["t_stamp", *names], rows, 0)


def _quality(status: int) -> str:
    return str(qualities.of_status(status_of(status & _STATUS)))


def _stretch(wanted: HistoryQuery) -> tuple[int, int]:
    """Return begin and end of the time that is asked for."""
    length = abs(wanted.range_hours * 60 + wanted.range_minutes) * MINUTE
    begin = None if wanted.start_date is None else times.read(wanted.start_date, "startDate")
    end = None if wanted.end_date is None else times.read(wanted.end_date, "endDate")
    if begin is None and not length:
        raise _invalid("startDate", "Give startDate, or rangeHours or rangeMinutes back from endDate or now.")
    if end is None:
        end = begin + length if begin is not None and length else now()
    if begin is None:
        begin = end - length
    if begin >= end:
        raise _invalid("startDate", "startDate is not before endDate: exchange them.")
    return begin, end


def _interval(wanted: HistoryQuery, begin: int, end: int) -> int:
    """Return the length of a row of aggregates; 0 for one row."""
    if wanted.return_size > 0:
        return max(1, -(-(end - begin) // wanted.return_size))
    return (wanted.interval_hours * 60 + wanted.interval_minutes) * MINUTE


def _modes(wanted: HistoryQuery) -> list[Mode | None]:
    """Return the aggregate of each path; None for values as they were logged."""
    has_rows = wanted.return_size > 0 or wanted.interval_hours or wanted.interval_minutes
    usual = wanted.aggregation_mode or ("Average" if has_rows else "")
    given = wanted.aggregation_modes or [usual] * len(wanted.paths)
    return [_mode(each) if each else None for each in given]


def _mode(name: str) -> Mode:
    folded = name.replace(" ", "").replace("_", "").casefold()
    found = _MODES.get(folded) or _OTHER_MODES.get(folded)
    if found is None:
        raise _invalid("aggregationMode", f"There is no aggregate '{name[:40]}': use {', '.join(MODES)}.")
    return found


def _require_usable(wanted: HistoryQuery) -> None:
    """Refuse parameters that contradict each other, or that the service does not have."""
    count = len(wanted.paths)
    if not 1 <= count <= MOST_PATHS:
        raise _invalid("paths", f"Give 1 to {MOST_PATHS} paths.")
    if wanted.column_names and (len(wanted.column_names) != count or len(set(wanted.column_names)) != count):
        raise _invalid("columnNames", "Give a different column name for each path.")
    if wanted.aggregation_modes and len(wanted.aggregation_modes) != count:
        raise _invalid("aggregationModes", "Give one aggregate for each path.")
    if wanted.return_format.casefold() not in {"wide", "tall"}:
        raise _invalid("returnFormat", "returnFormat is Wide or Tall.")
    if not wanted.column_names and len(set(wanted.paths)) != count and wanted.return_format.casefold() == "wide":
        raise _invalid("paths", "A path is given twice: give columnNames, or returnFormat Tall.")
    if wanted.interval_hours < 0 or wanted.interval_minutes < 0 or wanted.return_size < -1:
        raise _invalid("returnSize", "An interval is not negative, and returnSize is at least -1.")
    if wanted.exclude_observations or any(each.casefold() != "previous" for each in wanted.fill_modes):
        raise _invalid("fillModes", "The service has no other fillModes than PREVIOUS, and excludes no observations.")


def _invalid(name: str, message: str) -> Problem:
    return Problem("ignition.history", message, kind=Kind.INVALID, place=Place(pointer=f"/{name}"))
