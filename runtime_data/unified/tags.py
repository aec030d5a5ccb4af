"""Tags and logged values as WinCC Unified's clients read, write and browse them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from engineering_api.operations.context import Context
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data.history.history import History
from runtime_data.history.model import DAY, Order, Sample
from runtime_data.unified.access import require_right
from runtime_data.unified.errors import show_error
from runtime_data.unified.qualities import show_quality
from runtime_data.unified.times import NEVER, parse_time, show_time
from runtime_data.values import Value, now
from runtime_data.wincc import archives
from runtime_data.wincc import tags as wincc_tags
from runtime_data.wincc.tags import Known

MOST_NAMES = 10_000
MOST_VALUES = 10_000
"""Logged values of one tag in an answer."""
TAGS = {"TAG", "SIMPLETAG"}
LOGGED = "LOGGINGTAG"
_BOUNDS = {"LEFT_BOUNDING_VALUES", "RIGHT_BOUNDING_VALUES", "LEFTRIGHT_BOUNDING_VALUES"}


def require_few(names: Sequence[Any]) -> None:
    """Refuse a list that is too long.

    Raises:
        Problem: It is.
    """
    if len(names) > MOST_NAMES:
        msg = f"The request names {len(names)} tags; the limit is {MOST_NAMES}: split it into several."
        raise Problem("unified.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_NAMES, len(names))


def show_value(value: Value) -> dict[str, Any]:
    """Return a value; NaN and infinities are texts, because JSON has no numbers for them."""
    shown = value.text if value.value is None and value.text else value.value
    when = value.source_time or value.server_time
    return {"value": shown, "timestamp": show_time(when), "quality": show_quality(value.status)}


def show_result(name: str, value: Value) -> dict[str, Any]:
    """Return a value with the name that the client uses, and why it cannot be read."""
    return {"name": name, "value": show_value(value), "error": show_error(value.error)}


async def read(ctx: Context, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the values of tags, in the order asked.

    Raises:
        Problem: There are too many.
    """
    require_few(names)
    values = await wincc_tags.read_tags(ctx, names)
    return [show_result(name, value) for name, value in zip(names, values, strict=True)]


async def write(ctx: Context, given: Sequence[dict[str, Any]], *, dated: bool) -> list[dict[str, Any]]:
    """Write tags in the order given; each result has what came of it.

    Args:
        ctx: Who writes.
        given: Names and values; one with a time or a quality is refused, because a controller takes neither.
        dated: Whether the request as a whole names a time or quality.

    Raises:
        Problem: There are too many.
    """
    require_few(given)
    await require_right(ctx, wincc_tags.WRITE)
    plain = [not dated and each.get("timestamp") is None and each.get("quality") is None for each in given]
    ready = [(each["name"], each["value"]) for each, is_plain in zip(given, plain, strict=True) if is_plain]
    outcomes = iter(await wincc_tags.write_tags(ctx, ready))
    errors = [
        next(outcomes).error if is_plain else _dated(each["name"]) for each, is_plain in zip(given, plain, strict=True)
    ]
    return [{"name": each["name"], "error": show_error(error)} for each, error in zip(given, errors, strict=True)]


def _dated(name: str) -> Detail:
    msg = "A tag of a controller takes its time and quality from the controller: write the value alone."
    return Detail("runtime.value", msg, Place(object=name))


async def browse(
    ctx: Context, names: Sequence[str], kinds: Sequence[str], base_types: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the tags and logged tags that the caller may read.

    Args:
        ctx: Who asks.
        names: Patterns with * and ?; all names without one.
        kinds: Kinds of objects; all without one. There are no structure tags and types of tags.
        base_types: Data types; all without one.
    """
    found: list[dict[str, Any]] = []
    if not kinds or TAGS & set(kinds):
        found += [_show_tag(each) for each in await wincc_tags.list_tags(ctx, "*")]
    if not kinds or LOGGED in kinds:
        series = await archives.list_series(ctx)
        found += [_object(each.tag, LOGGED, "") for each in series]
    patterns = [each.casefold().replace("[", "[[]") for each in names if each]
    wanted = {each.casefold() for each in base_types if each}
    return [
        each
        for each in found
        if (not patterns or any(fnmatchcase(each["name"].casefold(), pattern) for pattern in patterns))
        and (not wanted or each["dataType"].casefold() in wanted)
    ]


def _show_tag(known: Known) -> dict[str, Any]:
    return _object(known.name, "SIMPLETAG", known.info.data_type)


def _object(name: str, kind: str, data_type: str) -> dict[str, Any]:
    return {"name": name, "displayName": name, "objectType": kind, "dataType": data_type}


async def read_logged(ctx: Context, names: Sequence[str], **how: Any) -> list[dict[str, Any]]:
    """Return logged values of tags; see _logged for the other arguments.

    Raises:
        Problem: There are too many tags, or the times and the number of values do not fit.
    """
    require_few(names)
    begin, end, most, order = _stretch(
        parse_time(how["start"]), parse_time(how["end"]), how["most"], descending=how["descending"]
    )
    bounds = how["bounds"] in _BOUNDS

    async def one(name: str) -> dict[str, Any]:
        try:
            series = await archives.find_series(ctx, name)
            samples = await ctx.service.part(History).query(
                series.tag, begin, end, limit=most, order=order, bounds=bounds
            )
        except Problem as problem:
            return {"loggingTagName": name, "error": show_error(problem), "values": []}
        kept = [each for each in samples if _is_wanted(each, begin, end, how["bounds"])]
        values = [{"value": _show_sample(each), "flags": _flags(each, begin, end)} for each in kept]
        return {"loggingTagName": name, "error": show_error(None), "values": values}

    return list(await asyncio.gather(*(one(name) for name in names)))


def _stretch(begin: int, end: int, most: int, *, descending: bool) -> tuple[int, int, int, Order]:
    """Return the stretch, the most values and the order: with one time alone its side of it, and the number is needed.

    Raises:
        Problem: There is no time, the number is missing or too large, or the end is before the begin.
    """
    if begin == NEVER and end == NEVER:
        raise Problem("unified.period", "Name startTime, endTime or both.", kind=Kind.INVALID)
    if NEVER in (begin, end) and most <= 0:
        msg = "With startTime or endTime alone, maxNumberOfValues says how many values there are."
        raise Problem("unified.period", msg, kind=Kind.INVALID)
    if not 0 <= most <= MOST_VALUES:
        msg = f"maxNumberOfValues is a number from 1 to {MOST_VALUES}, or 0 for {MOST_VALUES}."
        raise Problem("unified.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_VALUES, most)
    if begin == NEVER:
        return max(1, end - 31 * DAY), end + 1, most, "descending"
    if end == NEVER:
        return begin, now() + 1, most, "ascending"
    if end < begin:
        raise Problem("unified.period", "startTime is before endTime.", kind=Kind.INVALID)
    return begin, end + 1, most or MOST_VALUES, "descending" if descending else "ascending"


def _is_wanted(sample: Sample, begin: int, end: int, bounds: str) -> bool:
    if sample.time < begin:
        return bounds in {"LEFT_BOUNDING_VALUES", "LEFTRIGHT_BOUNDING_VALUES"}
    if sample.time >= end:
        return bounds in {"RIGHT_BOUNDING_VALUES", "LEFTRIGHT_BOUNDING_VALUES"}
    return True


def _flags(sample: Sample, begin: int, end: int) -> list[str]:
    return [] if begin <= sample.time < end else ["BOUNDING"]


def _show_sample(sample: Sample) -> dict[str, Any]:
    value, text = archives.json_number(sample.value)
    return {"value": text or value, "timestamp": show_time(sample.time), "quality": show_quality(sample.status)}
