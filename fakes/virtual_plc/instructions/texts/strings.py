"""Functions of texts.

Positions count from 1. A result that is too long is cut with ENO 0, and so is an invalid position or length
(S7-1200 manual, string operations): where it is below its limit the result is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simatic_xml.program.types.types import DataType, Text
from virtual_plc.instructions.registry import Site, plain, specialised, template

Checked = tuple[str, bool]
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


@specialised("MAX_LEN", "IN")
def _max_len(site: Site) -> Callable[[str], int]:
    length = longest(site.actual["IN"])
    return lambda _: length


def _cut(text: Callable[..., Checked]) -> Callable[[Site], Callable[..., Checked]]:
    """Return what makes a function whose result is cut to the length of its target."""

    def make(site: Site) -> Callable[..., Checked]:
        most = capacity(site)

        def calculate(*given: object) -> Checked:
            found, right = text(*given)
            return (found, right) if len(found) <= most else (found[:most], False)

        return calculate

    return make


def _left(IN: str, L: int) -> Checked:
    return (IN[:L], True) if L > 0 else ("", False)


def _right(IN: str, L: int) -> Checked:
    return (IN[-L:], True) if L > 0 else ("", False)


def _middle(IN: str, L: int, P: int) -> Checked:
    if L <= 0 or not 1 <= P <= len(IN):
        return "", False
    return IN[P - 1 : P - 1 + L], True


def _delete(IN: str, L: int, P: int) -> Checked:
    if L < 0 or P < 1:
        return "", False
    if len(IN) < P:
        return IN, False
    return IN[: P - 1] + IN[P - 1 + L :], True


def _insert(IN1: str, IN2: str, P: int) -> Checked:
    """Put IN2 behind the character at P; with P = 0 in front of everything."""
    if P < 0:
        return "", False
    if len(IN1) < P:
        return IN1 + IN2, False
    return IN1[:P] + IN2 + IN1[P:], True


def _replace(IN1: str, IN2: str, L: int, P: int) -> Checked:
    if L < 0 or P < 1:
        return "", False
    if len(IN1) < P:
        return IN1 + IN2, False
    return IN1[: P - 1] + IN2 + IN1[P - 1 + L :], True


specialised("CONCAT", "*IN", "RET ENO")(_cut(lambda *texts: ("".join(texts), True)))
specialised("LEFT", "IN L", "RET ENO")(_cut(_left))
specialised("RIGHT", "IN L", "RET ENO")(_cut(_right))
specialised("MID", "IN L P", "RET ENO")(_cut(_middle))
specialised("DELETE", "IN L P", "RET ENO")(_cut(_delete))
specialised("INSERT", "IN1 IN2 P", "RET ENO")(_cut(_insert))
specialised("REPLACE", "IN1 IN2 L P", "RET ENO")(_cut(_replace))


@plain("FIND", "IN1 IN2")
def find(IN1: str, IN2: str) -> int:
    """Return where IN2 first is in IN1, 0 where it is not."""
    return IN1.find(IN2) + 1 if IN2 else 0


@specialised("S_MOVE", "IN", "OUT ENO")
def _move(site: Site) -> Callable[[str], Checked]:
    most = longest(site.actual.get("OUT", Text("String")))
    return lambda IN: (IN[:most], len(IN) <= most)


def _name(attribute: str, result: str) -> None:
    """Register an instruction that gives a name, cut to SIZE characters from its end; 0 is everything."""

    def make(site: Site) -> Callable[[int], str]:
        name = getattr(site, attribute)
        return lambda SIZE: name[-SIZE:] if SIZE > 0 else name

    instruction = {"block": "GetBlockName", "path": "GetInstancePath"}[attribute]
    specialised(instruction, "SIZE", result)(make)


_name("block", "RET")
_name("path", "OUT")


@specialised("GetInstanceName", "SIZE", "OUT")
def _instance_name(site: Site) -> Callable[[int], str]:
    name = site.path.rpartition(".")[2]
    return lambda SIZE: name[-SIZE:] if SIZE > 0 else name


@specialised("GetSymbolName|GetSymbolPath", "SIZE", "OUT")
def _symbol(site: Site) -> Callable[[int], str]:
    name = site.symbols.get("VARIABLE", "")
    return lambda SIZE: name[-SIZE:] if SIZE > 0 else name
