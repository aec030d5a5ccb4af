"""Samples and buckets as the routes of history answer them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Kind, Place, Problem
from runtime_data.history.model import CALCULATED, SECOND, Bucket, Sample
from runtime_data.quality import Quality, quality_of
from runtime_data.values import RuntimeScalar, microseconds, moment, now

Integers = Literal["number", "string"]
EXACT = 1 << 53
"""Up to here every program reads the integers of JSON exactly."""
LARGEST = (1 << 64) - 1
TIME = "A date and time, such as 2026-11-22T17:30:00.123456Z; one without a zone is UTC"
INTEGERS = named("How integers beyond 2^53 are written: number, or string for programs that read them inexactly.")


class Past(Model):
    """A value of the past, or an aggregate of a stretch of time.

    Attributes:
        time: When it was taken; of an aggregate, when the stretch begins.
        value: The value; null where there is none, and for NaN and infinities. Of MinMax both.
        status_code: OPC UA's number of the quality.
        end: Of an aggregate, the first moment after the stretch.
        text: The exact value, where JSON cannot say it.
        calculated: Whether it was calculated from the means of hours, because the values are not kept that long.
    """

    time: str
    value: RuntimeScalar | list[RuntimeScalar]
    quality: Quality
    status_code: int
    end: str | None = None
    text: Annotated[str, named("The exact value, where JSON cannot say it: NaN, Infinity, a very large integer.")] = ""
    calculated: bool = False


def of_sample(sample: Sample, integers: Integers) -> Past:
    """Return a sample as it is answered."""
    value, text = published(sample.value, integers)
    return Past(
        time=written(sample.time),
        value=value,
        quality=quality_of(sample.status),
        status_code=sample.status,
        text=text,
        calculated=sample.status & CALCULATED == CALCULATED,
    )


def of_bucket(bucket: Bucket, integers: Integers) -> Past:
    """Return a bucket as it is answered."""
    both = bucket.value if isinstance(bucket.value, list) else None
    value, text = published(bucket.value, integers) if both is None else ([published(v, integers)[0] for v in both], "")
    return Past(
        time=written(bucket.begin),
        end=written(bucket.end),
        value=value,
        quality=quality_of(bucket.status),
        status_code=bucket.status,
        text=text,
        calculated=bucket.rolled_up,
    )


def published(value: Any, integers: Integers) -> tuple[Any, str]:
    """Return a value as JSON has it, and its text where JSON cannot say it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None, "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT:
        if integers == "string":
            return str(value), ""
        return (value, "") if -(LARGEST >> 1) - 1 <= value <= LARGEST else (float(value), str(value))
    return value, ""


def written(time: int) -> str:
    """Return a moment as it is answered: RFC 3339 with microseconds, in UTC."""
    return moment(time).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_time(text: str, field: str) -> int:
    """Return a moment that a client sent, in microseconds since 1970; the present one where it sent none.

    Raises:
        Problem: It is none.
    """
    if not text:
        return now()
    try:
        return microseconds(dt.datetime.fromisoformat(text))
    except ValueError:
        msg = f"'{text[:40]}' is not a date or time: write 2026-01-31, or 2026-01-31T08:00:00.5Z."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Place(pointer=f"/{field}")) from None


def read_interval(seconds: float) -> int:
    """Return the seconds of a bucket in microseconds."""
    return round(seconds * SECOND)
