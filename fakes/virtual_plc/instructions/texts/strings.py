"""Functions of texts.

Positions count from 1. A result that is too long is cut with ENO 0, and so is an invalid position or length
(S7-1200 manual, string operations): where it is below its limit the result is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from simatic_xml.program.types.types import DataType, Text
from virtual_plc.instructions.registry import Inline, Site, plain, register_maker, template
from virtual_plc.instructions.texts import slices

Result = tuple[str, bool]
_LONGEST: Final = {"String": 254, "WString": 16382}


def longest(data_type: DataType) -> int:
    """Return how many characters a text of a type may have."""
    if not isinstance(data_type, Text):
        return 254
    return _LONGEST[data_type.name] if data_type.length is None else data_type.length


def capacity(site: Site, result: DataType | None = None) -> int:
    """Return how many characters the result of a call may have."""
    return longest(result or site.result) if site.capacity is None else site.capacity


plain("LEN", "IN", inline=template("len({})"))(len)


@register_maker("MAX_LEN", "IN")
def _max_len(site: Site) -> Callable[[str], int]:
    length = longest(site.actual["IN"])
    return lambda _: length


def _cut(text: Callable[..., Result]) -> Callable[[Site], Callable[..., Result]]:
    """Return what makes a function whose result is cut to the length of its target."""

    def make(site: Site) -> Callable[..., Result]:
        most = capacity(site)

        def calculate(*given: object) -> Result:
            found, right = text(*given)
            return (found, right) if len(found) <= most else (found[:most], False)

        return calculate

    return make


def _cut_left(IN: str, L: int) -> Result:
    return (IN[:L], True) if L > 0 else ("", False)


def _cut_right(IN: str, L: int) -> Result:
    return (IN[-L:], True) if L > 0 else ("", False)


def _middle(IN: str, L: int, P: int) -> Result:
    if L <= 0 or not 1 <= P <= len(IN):
        return "", False
    return IN[P - 1 : P - 1 + L], True


def _delete(IN: str, L: int, P: int) -> Result:
    if L < 0 or P < 1:
        return "", False
    if len(IN) < P:
        return IN, False
    return IN[: P - 1] + IN[P - 1 + L :], True


def _insert(IN1: str, IN2: str, P: int) -> Result:
    """Put IN2 behind the character at P; with P = 0 in front of everything."""
    if P < 0:
        return "", False
    if len(IN1) < P:
        return IN1 + IN2, False
    return IN1[:P] + IN2 + IN1[P:], True


def _replace(IN1: str, IN2: str, L: int, P: int) -> Result:
    if L < 0 or P < 1:
        return "", False
    if len(IN1) < P:
        return IN1 + IN2, False
    return IN1[: P - 1] + IN2 + IN1[P - 1 + L :], True


def _register(names: str, takes: str, text: Callable[..., Result], inline: Inline) -> None:
    """Register a function of texts, and how it is an expression."""
    register_maker(names, takes, "RET ENO", inline=lambda site: partial(inline, capacity(site)))(_cut(text))


_register("CONCAT", "*IN", lambda *texts: ("".join(texts), True), slices.join)
_register("LEFT", "IN L", _cut_left, slices.cut_left)
_register("RIGHT", "IN L", _cut_right, slices.cut_right)
_register("MID", "IN L P", _middle, slices.middle)
_register("DELETE", "IN L P", _delete, slices.delete)
_register("INSERT", "IN1 IN2 P", _insert, slices.insert)
_register("REPLACE", "IN1 IN2 L P", _replace, slices.substitute)


@plain("FIND", "IN1 IN2", inline=template("{0}.find({1}) + 1 if {1} else 0"))
def find(IN1: str, IN2: str) -> int:
    """Return where IN2 first is in IN1, 0 where it is not."""
    return IN1.find(IN2) + 1 if IN2 else 0


@register_maker("S_MOVE", "IN", "OUT ENO")
def _move(site: Site) -> Callable[[str], Result]:
    most = longest(site.actual.get("OUT", Text("String")))
    return lambda IN: (IN[:most], len(IN) <= most)
