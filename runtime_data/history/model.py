"""What the parts of history exchange: samples, series, buckets, hours, and the store that keeps them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

import msgspec

from runtime_data import data_types
from runtime_data.quality import NO_DATA, is_good
from runtime_data.values import Scalar, Value

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
CALCULATED = 0x0401
"""Added to the status of a value that was calculated from others. Facts: docs/facts/runtime-history.md#calculated."""

AggregationMode = Literal[
    "Average", "SimpleAverage", "Sum", "Minimum", "Maximum", "MinMax", "LastValue", "Range", "Count", "CountOn",
    "CountOff", "DurationOn", "DurationOff", "Variance", "StdDev", "PctGood", "PctBad",
]  # fmt: skip
Mode = Annotated[AggregationMode, msgspec.Meta(title="AggregationMode")]
Order = Annotated[Literal["ascending", "descending"], msgspec.Meta(title="TimeOrder")]
LoggingMode = Annotated[Literal["change", "cycle"], msgspec.Meta(title="LoggingMode")]
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Sample(msgspec.Struct, frozen=True):
    """A value at a moment.

    Attributes:
        time: Microseconds since 1970, UTC.
        value: As of Value, but NaN and infinities are floats; None where there is none.
        status: OPC UA's status code. Its bits CALCULATED are set where it is the mean of an hour.
    """

    time: int
    value: Any
    status: int = 0

    @property
    def is_good(self) -> bool:
        """Whether it may be used."""
        return is_good(self.status)

    @property
    def number(self) -> int | float | None:
        """The number that aggregates calculate with: of a truth value 0 or 1; None where it is not good or no finite number."""
        if not self.is_good or not isinstance(self.value, int | float) or not math.isfinite(self.value):
            return None
        return self.value


class Series(msgspec.Struct, frozen=True, rename="camel"):
    """A tag whose values are logged.

    Attributes:
        tag: Its full name: source:path.
        mode: change logs what changes, cycle the present value each period.
        period: Seconds from one reading to the next.
        deadband: Of numbers, a change up to this much is not logged.
        keep: Days for which the values are kept; what is older remains as one row an hour.
        unit: Its unit.
        number: What the store calls it; given by the service, and the same if the tag is defined again.
        enabled: Whether it is logged at present; False after it was removed, for as long as values of it are kept.
    """

    tag: str
    mode: LoggingMode = "change"
    period: float = 0.5
    deadband: float = 0.0
    keep: int = 365
    unit: str = ""
    number: int = 0
    enabled: bool = True


class Bucket(msgspec.Struct, frozen=True):
    """What an aggregate says of a stretch of time.

    Attributes:
        begin: Its first moment.
        end: The first moment after it.
        value: A number; for MinMax the two, for LastValue any value; None where there is none.
        status: Good where the value was good all the time, UncertainDataSubNormal where it was part of the time, BadNoData
            where it never was.
        rolled_up: Whether rows of an hour were read instead of samples.
    """

    begin: int
    end: int
    value: Any
    status: int
    rolled_up: bool = False


class Hour(msgspec.Struct, frozen=True):
    """What is kept of an hour of a series after its samples are gone.

    Attributes:
        time: Its first moment.
        minimum: The smallest number that held in it; None where none did.
        maximum: The largest.
        mean: The mean by time.
        count: How many good samples were recorded in it.
        good: The microseconds in which the value was good.
    """

    time: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    count: int
    good: int


Row = tuple[int, Sample]
"""The number of a series, and a sample of it."""


class Store(Protocol):
    """Where samples are kept. Several threads may read; one writes at a time.

    Stretches of time are half open. Of two samples of one series at one moment, the later written one remains.

    Attributes:
        damaged: What cannot be read any more, and was set aside.
    """

    damaged: list[str]

    def write(self, rows: Sequence[Row]) -> None:
        """Keep samples: they survive the end of this process."""

    def read(self, series: int, begin: int, end: int, limit: int, *, descending: bool = False) -> list[Sample]:
        """Return the samples of a stretch, at most so many, by time."""

    def before(self, series: int, time: int) -> Sample | None:
        """Return the newest sample before a moment."""

    def after(self, series: int, time: int) -> Sample | None:
        """Return the oldest sample at a moment or after it."""

    def hours(self, series: int, begin: int, end: int) -> list[Hour]:
        """Return the rows of the hours that begin in a stretch."""

    def days(self, before: int) -> list[int]:
        """Return the first moments of the days before a moment that have samples, oldest first."""

    def series_of(self, day: int) -> list[int]:
        """Return the numbers of the series that have samples on a day."""

    def retire(self, day: int, series: Sequence[int], hours: Sequence[tuple[int, Hour]]) -> None:
        """Keep hours, then remove the samples that some series have on a day."""

    def close(self) -> None:
        """Let go of files and connections."""


def sample_of(value: Value, time: int) -> Sample:
    """Return a value of the runtime as a sample."""
    return Sample(time, _kept(value.value, value.text), value.status)


def of_type(data_type: str, given: Scalar) -> Any:
    """Return a value that somebody enters as a sample of a tag has it.

    Args:
        data_type: The tag's type; empty where it is not known: then the value stays as it is.
        given: As clients write values.

    Raises:
        Problem: The type does not have this value.
    """
    return _kept(*data_types.publish(data_type, data_types.accept(data_type, given))) if data_type else given


def _kept(value: Any, text: str) -> Any:
    number = _NOT_FINITE.get(text) if value is None else None
    return value if number is None else number


def gap(time: int) -> Sample:
    """Return the sample that says: from here on nothing is known."""
    return Sample(time, None, NO_DATA.code)
