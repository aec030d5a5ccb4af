"""Quality codes as Ignition names and numbers them.

Facts: docs/facts/ignition.md#quality.
"""

from __future__ import annotations

from dataclasses import dataclass

from openness_bridge.errors import Detail
from runtime_data import quality as runtime_quality
from runtime_data.quality import Status, status_of
from runtime_data.values import Value

_LEVELS = {"Good": 0x00000000, "Uncertain": 0x40000000, "Bad": 0x80000000, "Error": 0xC0000000}
_OF_REFUSAL = {
    "write_denied": runtime_quality.ACCESS_DENIED,
    "read_denied": runtime_quality.ACCESS_DENIED,
    "not_found": runtime_quality.UNKNOWN_TAG,
    ".value": runtime_quality.TYPE_MISMATCH,
    ".not_supported": runtime_quality.NOT_WRITABLE,
    ".off": runtime_quality.OUT_OF_SERVICE,
}
"""The status of a write that was refused, by the end of the refusal's code."""
_SIGN = 1 << 31


@dataclass(frozen=True, slots=True)
class Quality:
    """A quality code, as handlers written for Ignition use it.

    Attributes:
        name: Such as Good or Bad_NotFound.
        code: The subcode with its level in the two highest bits, as a signed number of 32 bits.
        diagnostic: Why it is not good; empty where nothing more is known.
    """

    name: str
    code: int
    diagnostic: str = ""

    @property
    def level(self) -> str:
        """Good, Uncertain, Bad or Error."""
        return self.name.partition("_")[0]

    def isGood(self) -> bool:
        """Return whether the value may be used."""
        return self.level == "Good"

    def isNotGood(self) -> bool:
        """Return whether the value may not be used."""
        return not self.isGood()

    def isUncertain(self) -> bool:
        """Return whether the value may be old or imprecise."""
        return self.level == "Uncertain"

    def isBad(self) -> bool:
        """Return whether there is no value to use."""
        return self.level in {"Bad", "Error"}

    def isError(self) -> bool:
        """Return whether the value could not be converted or evaluated."""
        return self.level == "Error"

    def getCode(self) -> int:
        """Return the number."""
        return self.code

    def __str__(self) -> str:
        """Return the name."""
        return self.name


def of_status(status: Status, diagnostic: str = "") -> Quality:
    """Return Ignition's quality for a status."""
    name = status.ignition_name
    full = status.ignition | _LEVELS[name.partition("_")[0]]
    return Quality(name, full - 2 * _SIGN if full & _SIGN else full, diagnostic)


def of_value(value: Value) -> Quality:
    """Return Ignition's quality of a value."""
    return of_status(status_of(value.status), value.error.message if value.error else "")


def of_write(error: Detail | None) -> Quality:
    """Return Ignition's quality for the outcome of a write."""
    if error is None:
        return of_status(runtime_quality.GOOD)
    found = (status for ending, status in _OF_REFUSAL.items() if error.code.endswith(ending))
    return of_status(next(found, runtime_quality.BAD), error.message)
