"""Filters, sorts and pages any list in the same way.

Every read that answers with a list takes `filter`, `sort`, `page` and
`pageSize`. Without them the list is as the contract has it.
"""

from __future__ import annotations

import fnmatch
import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args, get_origin

import msgspec

from openness_bridge import likeness
from openness_bridge.errors import Kind, Place, Problem

LARGEST_PAGE = 10_000
"""Entries that a page can have."""
LAST_PAGE = (1 << 31) - 1
"""The largest number of a page."""
USUAL_PAGE = 100
NAMES = {"filter": "filter", "sort": "sort", "page": "page", "pagesize": "pageSize"}
"""The parameters in lower case, and as they are spelled."""
_CONDITION = re.compile(r"\s*([\w.]+)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*", re.DOTALL)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
Entry = Any
Test = Callable[[Entry], bool]


@dataclass(slots=True)
class Selection:
    """Which entries of a list are wanted, in which order.

    Attributes:
        items: The field of the answer that holds the list; empty where the answer is the list.
        tests: Conditions that an entry must meet, all of them.
        order: Paths of fields to sort by, each with whether it descends; the first decides.
        page: The page, from 1; None for all.
        size: Entries of a page.
        given: The parameters of the request that select, by their exact names.
        total: How many entries met the conditions; known after `apply`.
    """

    items: str
    tests: list[Test]
    order: list[tuple[str, bool]]
    page: int | None
    size: int
    given: dict[str, str] = field(default_factory=dict)
    total: int = 0

    def apply(self, answer: Any) -> Any:
        """Return the answer with the wanted entries only."""
        plain = msgspec.to_builtins(answer, enc_hook=_builtin)
        if self.items:
            return plain | {self.items: self._choose(plain[self.items])}
        return self._choose(plain)

    def _choose(self, entries: list[Entry]) -> list[Entry]:
        chosen = [entry for entry in entries if all(test(entry) for test in self.tests)]
        for path, descends in reversed(self.order):
            chosen.sort(key=partial(_rank_at, path), reverse=descends)
        self.total = len(chosen)
        if self.page is None:
            return chosen
        return chosen[(self.page - 1) * self.size : self.page * self.size]

    @property
    def pages(self) -> int:
        """How many pages there are; one where no page was asked for."""
        return max(1, math.ceil(self.total / self.size)) if self.page is not None else 1


def items_of(answer: Any, declared: str) -> tuple[str, Any] | None:
    """Return where an operation's answer holds its list: the field ('' for the answer itself) and the type of an entry.

    Args:
        answer: The type of the answer.
        declared: The field that the operation names; empty where the answer may be a list itself.
    """
    if get_origin(answer) is list:
        return "", get_args(answer)[0]
    for each in msgspec.structs.fields(answer) if declared else ():
        if each.encode_name == declared:
            return declared, get_args(each.type)[0]
    return None


def select(items: str, entry: Any, given: dict[str, str]) -> Selection | None:
    """Read the parameters; None when none was given.

    Args:
        items: The field that holds the list.
        entry: The type of its entries.
        given: The parameters by their exact names.

    Raises:
        Problem: A field that entries do not have, or a page that is no number.
    """
    if not given:
        return None
    known = fields_of(entry)
    tests = [_test(part, known) for part in given.get("filter", "").split(";") if part.strip()]
    order = [_order(part.strip(), known) for part in given.get("sort", "").split(",") if part.strip()]
    size = _number(given, "pageSize", USUAL_PAGE, LARGEST_PAGE)
    page = _number(given, "page", 1, LAST_PAGE) if "page" in given or "pageSize" in given else None
    return Selection(items, tests, order, page, size, given)


def fields_of(entry: Any) -> dict[str, str]:
    """Return the wire names of an entry's fields by their names in lower case; empty where entries are plain values."""
    if isinstance(entry, type) and issubclass(entry, msgspec.Struct):
        return {field.encode_name.casefold(): field.encode_name for field in msgspec.structs.fields(entry)}
    return {}


def sort_pattern(names: Iterable[str]) -> str:
    """Return the pattern of a `sort` by some fields: their names, separated by ','."""
    part = rf"\s*([-+]*({'|'.join(names)})(\s*|\.[^,]*))?"
    return f"^{part}(,{part})*$"


def _path(text: str, known: dict[str, str], parameter: str) -> str:
    first, dot, rest = text.partition(".")
    if not known:
        return text
    if first.casefold() not in known:
        near = likeness.find_near(first.casefold(), known)
        hint = f" Did you mean '{known[near[0]]}'?" if near else f" Fields: {', '.join(known.values())}."
        raise Problem(
            "request.unknown_field",
            f"The entries of this list have no field '{first}'.{hint}",
            kind=Kind.INVALID,
            place=Place(pointer=f"/{parameter}"),
        )
    return known[first.casefold()] + dot + rest


def _test(part: str, known: dict[str, str]) -> Test:
    match = _CONDITION.fullmatch(part)
    if match is None:
        wanted = part.strip().casefold()
        return lambda entry: wanted in _text(entry)
    path, sign, value = _path(match[1], known, "filter"), match[2], match[3]
    if sign == "~":
        pattern = re.compile(fnmatch.translate(value.casefold()))
        return lambda entry: pattern.fullmatch(_plain(_value(entry, path))) is not None
    compare = _ORDERS[sign]
    return lambda entry: _compare(compare, sign, _value(entry, path), value)


def _compare(compare: Callable[[Any, Any], bool], sign: str, value: Any, wanted: str) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return compare(value, float(wanted))
        except ValueError:
            return sign == "!="
    if value is None and wanted.casefold() != "null":
        return sign == "!="
    return compare(_plain(value), wanted.casefold())


def _order(part: str, known: dict[str, str]) -> tuple[str, bool]:
    return _path(part.lstrip("+-"), known, "sort"), part.startswith("-")


def _number(given: dict[str, str], name: str, usual: int, largest: int) -> int:
    text = str(given.get(name, usual))
    if not text.isdecimal() or not 1 <= int(text) <= largest:
        raise Problem(
            "request.wrong_type",
            f"{name} must be a number from 1 to {largest}.",
            kind=Kind.INVALID,
            place=Place(pointer=f"/{name}"),
        )
    return int(text)


def _value(entry: Entry, path: str) -> Any:
    for name in path.split("."):
        entry = entry.get(name) if isinstance(entry, dict) else entry
    return entry


def _builtin(value: Any) -> Any:
    """Return a value without a JSON type as one with: encoded JSON, such as a job's result, or what has a text."""
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else str(value)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).casefold()


def _text(entry: Entry) -> str:
    """Return all plain values of an entry, to search a text in."""
    if isinstance(entry, dict):
        return "\n".join(_text(value) for value in entry.values())
    if isinstance(entry, list):
        return "\n".join(_text(value) for value in entry)
    return _plain(entry) if entry is not None else ""


def _rank_at(path: str, entry: Entry) -> tuple[int, Any]:
    return _rank(_value(entry, path))


def _rank(value: Any) -> tuple[int, Any]:
    """Return a key by which all values can be ordered: numbers, then texts without regard to case, then nothing."""
    if isinstance(value, (int, float)):
        return 0, value
    return (2, "") if value is None else (1, str(value).casefold())
