"""Values on their way from and to .NET."""

from __future__ import annotations

import datetime as dt

import pytest

from openness_bridge.errors import Problem
from openness_bridge.portal.loader import load
from openness_bridge.values import boxed, moment


class DateTime:
    """System.DateTime as far as the bridge uses it: its kind shows in the format "o"."""

    def __init__(self, clock: dt.datetime, kind: str) -> None:
        self._clock, self._kind = clock, kind

    def ToString(self, form: str) -> str:  # noqa: N802 - .NET's name
        assert form == "o"
        offset = self._clock.strftime("%z")
        end = {"Utc": "Z", "Local": f"{offset[:3]}:{offset[3:]}", "Unspecified": ""}[self._kind]
        return self._clock.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0" + end

    def ToUniversalTime(self) -> DateTime:  # noqa: N802 - .NET's name
        return DateTime(self._clock.astimezone(dt.UTC), "Utc")


def at(hours: int, kind: str) -> DateTime:
    return DateTime(dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=hours))), kind)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (at(0, "Utc"), "2026-03-01T00:30:00.0000000Z"),
        (at(2, "Local"), "2026-02-28T22:30:00.0000000Z"),
        (at(-5, "Local"), "2026-03-01T05:30:00.0000000Z"),
        (at(0, "Local"), "2026-03-01T00:30:00.0000000Z"),
        (at(2, "Unspecified"), "2026-03-01T00:30:00.0000000Z"),
    ],
)
def test_moments_are_utc_whatever_their_kind(value: DateTime | None, text: str | None) -> None:
    assert moment(value) == text


def test_numbers_get_the_type_of_the_attribute() -> None:
    model = load("fake")
    made = boxed(model, "UInt32", 40.0)
    assert (type(made), made) == (model.UInt32, 40)
    with pytest.raises(Problem, match=r"40\.5"):
        boxed(model, "Int32", 40.5)
