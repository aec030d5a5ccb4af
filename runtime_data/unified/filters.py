"""Filters of alarms as clients write them: comparisons of fields, joined by AND.

`AlarmClassName = 'Errors' AND Priority >= 500`. What OR, NOT and brackets mean in WinCC Unified is not public, so they are
refused.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from openness_bridge.errors import Kind, Problem

LONGEST = 1000
FIELDS = {
    name.casefold(): name
    for name in ("name", "alarmClassName", "area", "origin", "priority", "state", "suppressionState", "userName")
}
_TERM = re.compile(
    r"\s*(?P<field>[A-Za-z]+)\s*(?P<operator><>|!=|<=|>=|=|<|>|LIKE\b)\s*(?:'(?P<text>(?:[^']|'')*)'|(?P<number>-?\d{1,9}))\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"AND\b", re.IGNORECASE)
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
Takes = Callable[[Mapping[str, Any]], bool]


def parse_filter(text: str) -> Takes:
    """Return whether an alarm, as clients see it, fits a filter; an empty one takes all.

    Raises:
        Problem: It is none.
    """
    if not text.strip():
        return lambda _: True
    if len(text) > LONGEST:
        raise _refuse(f"It has more than {LONGEST} characters")
    terms: list[Takes] = []
    place = 0
    while True:
        found = _TERM.match(text, place)
        if found is None:
            raise _refuse(f"It cannot be read from '{text[place : place + 30]}'")
        terms.append(_term(found))
        place = found.end()
        if place == len(text):
            return lambda alarm: all(takes(alarm) for takes in terms)
        joint = _AND.match(text, place)
        if joint is None:
            raise _refuse(f"It cannot be read from '{text[place : place + 30]}'")
        place = joint.end()


def _term(found: re.Match[str]) -> Takes:
    name = FIELDS.get(found["field"].casefold())
    if name is None:
        raise _refuse(f"There is no field '{found['field'][:50]}': use {', '.join(FIELDS.values())}")
    if found["number"] is not None:
        number, compare = int(found["number"]), _ORDER.get(found["operator"])
        if compare is None or name != "priority":
            raise _refuse(f"'{name}' is compared with a text in single quotes")
        return lambda alarm: compare(alarm[name], number)
    return _text_term(name, found["operator"].upper(), found["text"].replace("''", "'").casefold())


def _text_term(name: str, sign: str, text: str) -> Takes:
    if name == "priority":
        raise _refuse("'priority' is compared with a number")
    if sign == "LIKE":
        pattern = text.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]").replace("%", "*").replace("_", "?")
        return lambda alarm: fnmatchcase(str(alarm[name]).casefold(), pattern)
    if sign not in {"=", "<>", "!="}:
        raise _refuse(f"'{name}' is compared by =, <> or LIKE")
    return lambda alarm: _ORDER[sign](str(alarm[name]).casefold(), text)


def _refuse(why: str) -> Problem:
    msg = f"The filter is none: write comparisons such as AlarmClassName = 'Errors' AND Priority >= 500. {why}."
    return Problem("unified.filter", msg, kind=Kind.INVALID)
