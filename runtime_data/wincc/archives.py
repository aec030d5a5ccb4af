"""Archived values of tags for WinCC's clients. An archive of WinCC is a source here: its variables are the logged tags of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Problem
from runtime_data.history.history import History
from runtime_data.history.model import DAY, HOUR, Sample, Series
from runtime_data.runtime import Runtime
from runtime_data.values import now, split
from runtime_data.wincc.requests import MOST_TAGS, parse_time


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, half open, in microseconds since 1970, and how many values of it are wanted."""

    begin: int
    end: int
    most: int = MOST_TAGS


def stretch(begin: int | None, end: int | None, most: int = MOST_TAGS, usual: int = DAY) -> Stretch:
    """Return a stretch of time; without an end it ends now, without a beginning it is as long as usual."""
    last = now() + 1 if end is None else end
    return Stretch(max(0, last - usual) if begin is None else begin, last, most)


async def list_series(ctx: Context, archive: str = "") -> list[Series]:
    """Return what is logged of tags that the caller may read.

    Args:
        ctx: Who asks.
        archive: The source; all without it.

    Raises:
        Problem: Nothing is logged of this source.
    """
    rules = ctx.service.part(Runtime).rules
    found = [
        each
        for each in await ctx.service.part(History).series()
        if rules.refuse_read(ctx.caller, each.tag) is None
        and (not archive or split(each.tag)[0].casefold() == archive.casefold())
    ]
    if archive and not found:
        raise Problem("wincc.archive", f"There is no archive '{archive}'.", kind=Kind.MISSING)
    return found


async def find_series(ctx: Context, tag: str) -> Series:
    """Return the series of a tag: source:path, source and path with a backslash between, or the path of the default source.

    Raises:
        Problem: There is none, or the caller may not read it.
    """
    history = ctx.service.part(History)
    archive, backslash, variable = tag.partition("\\")
    series = await history.find(f"{archive}:{variable}" if backslash and ":" not in archive else tag)
    history.require_readable(ctx.caller, series.tag)
    return series


async def read_samples(ctx: Context, series: Series, wanted: Stretch) -> list[Sample]:
    """Return archived values, the oldest first.

    Raises:
        Problem: The stretch is too long, or ends before it begins.
    """
    return await ctx.service.part(History).query(series.tag, wanted.begin, wanted.end, limit=wanted.most)


async def newest_sample(ctx: Context, series: Series) -> Sample | None:
    """Return the newest archived value; None where there is none."""
    end = now() + 1
    history = ctx.service.part(History)
    found = await history.query(series.tag, end - HOUR, end, limit=1, order="descending", bounds=True)
    return next((each for each in found if each.time < end), None)


def json_number(value: Any) -> tuple[Any, str]:
    """Return an archived value as JSON has it, and its text where JSON has no number for it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None, "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value, ""


def stretch_of(asked: Mapping[str, Any]) -> Stretch:
    """Return the stretch that a request names for a variable: timeFrom, timeTo and maxValues.

    Raises:
        Problem: One of them has another form, or it names a range, whose unit is not documented.
    """
    begin, end = (
        None if not asked.get(field) else parse_time(str(asked[field]), field) for field in ("timeFrom", "timeTo")
    )
    most = asked.get("maxValues") or MOST_TAGS
    if asked.get("range") and end is None:
        raise Problem("wincc.range", "'range' is not supported: name timeFrom and timeTo.", kind=Kind.INVALID)
    if not isinstance(most, int) or not 1 <= most <= MOST_TAGS:
        raise Problem("wincc.request", f"'maxValues' must be a number from 1 to {MOST_TAGS}.", kind=Kind.INVALID)
    return stretch(begin, end, most)
