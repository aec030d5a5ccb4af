"""What every request may ask for in addition to its operation's fields.

Lists: `filter`, `sort`, `page`, `pageSize`. Changes: `dryRun`, `If-Match`.
Reads: `If-None-Match`. All: `wait` and `Prefer: respond-async` or `wait=N`
(RFC 7240). An operation's own field of the same name goes first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from engineering_api.operations.binding import BOOLEANS
from engineering_api.operations.declaration import Operation
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.selection import NAMES, Selection, items_of, select
from engineering_api.operations.terms import Mode, Right, Route
from engineering_api.web.forms.versions import VERSION_1, Version
from openness_bridge.errors import Kind, Place, Problem

_HEADERS = (b"if-match", b"if-none-match", b"prefer")
_WAIT = re.compile(r"\bwait\s*=\s*(\d+)", re.IGNORECASE)
LONGEST_WAIT = 600.0
"""Seconds that a request may ask to wait."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asked for.

    Attributes:
        dry_run: Only report what would be done.
        wait: Seconds after which a job answers for what is not done; None for the route's own way.
        selection: Which entries of a list.
        if_match: The tags that the resource must still have; empty for any.
        if_none_match: The tags that the caller has already.
        applied: What of `Prefer` is honoured, as `Preference-Applied` says it.
        version: The version of the API, which gives the answer its form.
    """

    dry_run: bool = False
    wait: float | None = None
    selection: Selection | None = None
    if_match: str = ""
    if_none_match: str = ""
    applied: str = ""
    version: Version = VERSION_1

    def as_job(self, route: Route) -> bool:
        """Return whether a job is written before the work begins."""
        return route.mode is Mode.JOB or self.wait == 0


def take(
    op: Operation,
    document: dict[str, Any],
    headers: Mapping[bytes, bytes],
    version: Version = VERSION_1,
    texts: Collection[str] = (),
) -> Options:
    """Take the options out of a request's document; what stays are the operation's own fields.

    Args:
        op: The operation.
        document: All that a request says.
        headers: Its headers.
        version: The version of the API that it was sent to.
        texts: The names in it whose values are texts of a path, a query or XML; the others are values of JSON.

    Raises:
        Problem: An option has a value that it cannot have.
    """
    known = _list_options(op)
    given = {known[name.casefold()]: name for name in document if name.casefold() in known}
    if not given and not any(name in headers for name in _HEADERS):
        return Options(version=version)
    values = {option: document.pop(name) for option, name in given.items()}
    wait, applied = _preference(op, headers)
    if "wait" in values:
        wait, applied = _seconds(values.pop("wait"), is_text=given["wait"] in texts), ""
    return Options(
        dry_run=_flag(values.pop("dryRun", False), is_text=given.get("dryRun") in texts),
        wait=wait,
        selection=_selection(op, values),
        if_match=headers.get(b"if-match", b"").decode("latin-1") if op.changes else "",
        if_none_match=headers.get(b"if-none-match", b"").decode("latin-1"),
        applied=applied,
        version=version,
    )


def names(op: Operation) -> list[str]:
    """Return the options that an operation takes as parameters, for its description."""
    return sorted(set(_list_options(op).values()))


@cache
def _list_options(op: Operation) -> dict[str, str]:
    """Return the options of an operation by their names in lower case, without those that are its fields."""
    offered = {"wait": "wait"} if op.right is not Right.PUBLIC else {}
    if op.changes:
        offered |= {"dryrun": "dryRun"}
    elif items_of(op.answer, op.items) is not None:
        offered |= NAMES
    own = {name.casefold() for field in msgspec.structs.fields(op.request) for name in (field.name, field.encode_name)}
    return {name: option for name, option in offered.items() if name not in own}


def _selection(op: Operation, given: dict[str, Any]) -> Selection | None:
    found = items_of(op.answer, op.items)
    return select(*found, {name: str(value) for name, value in given.items()}) if found and given else None


def _preference(op: Operation, headers: Mapping[bytes, bytes]) -> tuple[float | None, str]:
    """Return the option that `Prefer` requests, if possible: a request with a password cannot become a job, which keeps it."""
    text = headers.get(b"prefer", b"").decode("latin-1")
    if op.right is Right.PUBLIC or not text:
        return None, ""
    if (found := _WAIT.search(text)) is not None:
        seconds = min(float(found[1]), LONGEST_WAIT)
        return seconds, f"wait={seconds:.0f}"
    return (0.0, "respond-async") if "respond-async" in text.casefold() else (None, "")


def _seconds(value: Any, *, is_text: bool) -> float:
    try:
        seconds = msgspec.convert(value, float, strict=not is_text)
    except msgspec.ValidationError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT:
        msg = f"wait must be a number of seconds from 0 to {LONGEST_WAIT:.0f}."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Place(pointer="/wait"))
    return seconds


def _flag(value: Any, *, is_text: bool) -> bool:
    found = BOOLEANS.get(value.casefold()) if is_text and isinstance(value, str) else value
    if not isinstance(found, bool):
        msg = "dryRun must be true or false."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Place(pointer="/dryRun"))
    return found


def can_be_a_job(request: Any) -> bool:
    """Return whether a request may be kept: it holds no password."""
    return bool(without_secrets(request) == request)
