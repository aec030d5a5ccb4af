"""Compares two contracts: what breaks the clients of the old one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from engineering_api.operations.terms import Right
from engineering_api.web.contract import Promises
from engineering_api.web.openapi.contract_rows import CLOSED, Row
from tests.contract.fitting import Fitting, Schema

ROUTE = re.compile(r"[A-Z]+ /\S* \S+")
STATUS = re.compile(r"\d{3}\b")
RANKS: dict[str, Right] = {right.word: right for right in Right}


class Break(NamedTuple):
    """What breaks clients.

    Attributes:
        subject: Id of an operation, or name of a schema, as in docs/contract.tsv.
        place: The field, the status, or nothing.
        what: A word: removed, required, optional, status, id, right, type, null, default, or the keyword of a limit.
    """

    subject: str
    place: str
    what: str

    def __str__(self) -> str:
        """Write it as a decision page names it."""
        return " ".join(filter(None, self))


class Route(NamedTuple):
    """A route with its request as one object, and the types of its answers by status."""

    subject: str
    right: Right
    request: Schema
    answers: dict[str, Schema]


class Described:
    """One version of the API as its rows describe it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take the rows."""
        self.routes: dict[str, Route] = {}
        self.types: dict[str, Schema] = {}
        subjects: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            subjects[row.subject].append(row)
        for subject, listed in subjects.items():
            whole, others = [row.type for row in listed if not row.place], [row for row in listed if row.place]
            if whole and ROUTE.fullmatch(whole[0]):
                route, _, right = whole[0].rpartition(" ")
                answers = {row.place: parse(row.type) for row in others if STATUS.match(row.place)}
                self.routes[route] = Route(subject, RANKS[right], _request(others), answers)
            else:
                own = parse(whole[0]) if whole else {}
                self.types[subject] = _object(others, own) if others else own

    def reached(self, *, request: bool) -> set[str]:
        """Return the names of the types that requests take, or that answers give."""
        whole = [route.request if request else [*route.answers.values()] for route in self.routes.values()]
        failed = set() if request else {name for name in self.types if name.startswith("responses/")}
        found, new = set[str](), self._names(whole) | failed
        while new:
            found |= new
            new = self._names([self.types[name] for name in new]) - found
        return found

    def _names(self, value: Any) -> set[str]:
        if isinstance(value, str):
            return {value} & self.types.keys()
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        envelope = {"Envelope"} if isinstance(value, dict) and "envelope" in value else set()
        return {name for part in parts for name in self._names(part)} | envelope


def parse(text: str) -> Schema:
    """Return the type of a row."""
    return msgspec.json.decode(text) if text.startswith(("{", "[")) else text


def find_breaks(old: Promises, new: Promises) -> set[Break]:
    """Return what breaks the clients of a contract, in any version of the API."""
    versions = {promise.version for promise in old}
    return {each for version in versions for each in _find(_described(old, version), _described(new, version))}


def _described(promises: Promises, version: int) -> Described:
    return Described(promise.row for promise in promises if promise.version == version)


def _find(old: Described, new: Described) -> Iterator[Break]:
    taken, given = (Fitting(old.types, new.types, request=request) for request in (True, False))
    for path, before in old.routes.items():
        if path in new.routes:
            yield from _route_breaks(before, new.routes[path], taken, given)
        else:
            yield Break(before.subject, "", "removed")
    for fitting, request in ((taken, True), (given, False)):
        for name in old.reached(request=request) & new.reached(request=request) & old.types.keys():
            yield from (Break(name, place, what) for place, what in fitting.named(name))


def _route_breaks(before: Route, after: Route, taken: Fitting, given: Fitting) -> Iterator[Break]:
    subject = before.subject
    if after.subject != subject:
        yield Break(subject, "", "id")
    if after.right > before.right:
        yield Break(subject, "", "right")
    yield from (Break(subject, place, what) for place, what in taken.breaks(before.request, after.request))
    yield from (Break(subject, status, "status") for status in before.answers.keys() ^ after.answers.keys())
    for status in before.answers.keys() & after.answers.keys():
        found = given.breaks(before.answers[status], after.answers[status])
        yield from (Break(subject, f"{status}.{place}".strip("."), what) for place, what in found)


def _request(rows: list[Row]) -> Schema:
    """Return the request of a route as an object: its options, its parameters and the fields of its body."""
    own: Schema = next((parse(row.type) for row in rows if row.place == "body"), {})
    options = next((row.type.split() for row in rows if row.place == "options"), [])
    fields = [row for row in rows if "." in row.place or row.place.startswith("body ")]
    return _object([*fields, *(Row("", f"options.{name}?", f"parameters/{name}") for name in options)], CLOSED | own)


def _object(rows: list[Row], own: Schema) -> Schema:
    return own | {
        "type": "object",
        "properties": {row.place.removesuffix("?"): parse(row.type) for row in rows},
        "required": [row.place for row in rows if not row.place.endswith("?")],
    }
