"""Qualities by Ignition's names and numbers."""

from __future__ import annotations

import pytest

from openness_bridge.errors import Detail
from runtime_data.ignition.qualities import of_status, of_write
from runtime_data.quality import (
    GOOD,
    LAST_USABLE,
    NO_COMMUNICATION_LAST_USABLE,
    NOT_CONNECTED,
    STATUSES,
    TYPE_MISMATCH,
    Status,
)


@pytest.mark.parametrize(
    ("status", "name", "code"),
    [
        (GOOD, "Good", 192),
        (LAST_USABLE, "Uncertain_LastKnownValue", 1073742081),
        (NO_COMMUNICATION_LAST_USABLE, "Bad_Stale", -2147483132),
        (NOT_CONNECTED, "Bad_NotConnected", -2147483126),
        (TYPE_MISMATCH, "Error_TypeConversion", -1073741052),
    ],
)
def test_numbers_of_32_bits_with_sign(status: Status, name: str, code: int) -> None:
    quality = of_status(status)
    assert (str(quality), quality.getCode()) == (name, code)


@pytest.mark.parametrize("status", STATUSES.values(), ids=lambda status: status.name)
def test_the_two_highest_bits_are_the_level(status: Status) -> None:
    quality = of_status(status)
    bits = quality.code.to_bytes(4, "big", signed=True)
    level = ("Good", "Uncertain", "Bad", "Error")[bits[0] >> 6]
    assert level == quality.level == status.ignition_name.split("_")[0]
    assert int.from_bytes(bits[2:], "big") == status.ignition
    assert (quality.isGood(), quality.isUncertain()) == (level == "Good", level == "Uncertain")
    assert (quality.isBad(), quality.isError()) == (level in {"Bad", "Error"}, level == "Error")
    assert quality.isNotGood() is not quality.isGood()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("runtime.write_denied", "Bad_AccessDenied"),
        ("tag.not_found", "Bad_NotFound"),
        ("plcsim.tag_not_found", "Bad_NotFound"),
        ("plcsim.value", "Error_TypeConversion"),
        ("runtime.range", "Bad"),
    ],
)
def test_why_a_write_was_refused(code: str, name: str) -> None:
    quality = of_write(Detail(code, "why"))
    assert (str(quality), quality.diagnostic, quality.isGood()) == (name, "why", False)


def test_a_write_that_was_done() -> None:
    assert of_write(None).isGood()
