"""What the exit code of a command means, and how a problem reads on the command line.

docs/command-line.md lists the codes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import click
import msgspec

from engineering_api.cli import index
from openness_bridge.errors import Kind, Place, Problem

GOOD, FOUND, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""No findings; findings, failed tests, differences or objects left out; wrong usage; no server, portal or readable file;
refused by the server; Ctrl-C."""
_ROUTE = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/[^\s,;:?]*[^\s,;:?.])")
_AWAY = {Kind.UNAVAILABLE, Kind.TIMED_OUT, Kind.BAD_ANSWER}
_LEFT_OUT = ("import.refused", "import_refused", "restore_refused", "tag_import.rows")
"""How the codes end of changes of many objects that were refused as a whole."""
_FAILED_STATES = {"error", "failed", "fail", "broken"}


class Finding(Exception):  # noqa: N818 - the command worked; what it checked has errors
    """Ends a command with FOUND after it printed its result."""


class Unreadable(click.ClickException):
    """A local file or folder is not there, cannot be read, or has nothing for the command."""

    exit_code = UNREACHABLE


def code_of(problem: Problem) -> int:
    """Return the exit code of a command that ended with a problem.

    A change of many objects has the same code whether it refused some of them or all, and so has its dry run.
    """
    if problem.code == "job.cancelled":
        return INTERRUPTED
    if problem.code.endswith(_LEFT_OUT):
        return FOUND
    if problem.kind in _AWAY or problem.code.startswith("client."):
        return UNREACHABLE
    return USAGE if problem.kind is Kind.INVALID else REFUSED


def has_findings(data: Any) -> bool:
    """Return whether an answer reports errors, failed tests or differences.

    Operations answer with success when they have done their work, such as a compile that found errors. These members of
    an answer say that it found some.
    """
    if not isinstance(data, dict):
        return False
    if any(_positive(data.get(name)) for name in ("errorCount", "failed", "failures", "errors", "refused", "leftOut")):
        return True
    if any(data.get(name) is False for name in ("identical", "equal", "ok", "passed", "valid", "isUpToDate")):
        return True
    if str(data.get("status", data.get("state", ""))).casefold() in _FAILED_STATES:
        return True
    changes = data.get("changes")
    if isinstance(changes, list) and any(map(_is_left_out, changes)):
        return True
    return any(has_findings(data.get(name)) for name in ("result", "compilation", "summary", "report", "answer"))


def _is_left_out(change: Any) -> bool:
    return isinstance(change, dict) and change.get("status") in {"refused", "left out"}


def _positive(value: Any) -> bool:
    return (isinstance(value, int) and value > 0) or (isinstance(value, list) and bool(value))


def format_problem(problem: Problem, names: dict[str, str] | None = None) -> str:
    """Return a problem for a person: what is wrong, each single cause, and where.

    Args:
        problem: The problem.
        names: The arguments of the command by the names of their fields: `deviceName` is `--device-name`.
    """
    known = names or {}
    lines = [f"Error: {in_words(problem.message, known)} [{problem.code}]"]
    others = [detail for detail in problem.details if detail.message != problem.message]
    lines += [f"  {in_words(each.message, known)}  {_place(each.place, known)}".rstrip() for each in others]
    if problem.place is not None and (place := _place(problem.place, known)):
        lines.append(f"  at {place}")
    return "\n".join(lines)


def in_words(message: str, names: dict[str, str]) -> str:
    """Return a message of the server with the words of the command line: options for fields, commands for routes."""
    message = _ROUTE.sub(lambda found: _command_of(found[1], found[2]) or found[0], message)
    for field, word in names.items():
        message = message.replace(f"The field '{field}'", f"'{word}'").replace(f"'{field}'", f"'{word}'")
        if word.startswith("--"):
            message = _plain(field).sub(word, message)
    return message.replace("This operation has no field", "This command has no option")


@cache
def _plain(field: str) -> re.Pattern[str]:
    """Return where a message names a field without quotation marks; a field that is a word does so only after "set"."""
    if field.lower() != field:
        return re.compile(rf"(?<![\w-]){field}\b")
    return re.compile(rf"(?<=\b[Ss]et ){field}\b|(?<=\bwith ){field}(?=[.;,]|$)")


def _command_of(method: str, path: str) -> str:
    found = index.at_route(method, path)
    return f"`tia {found.resource} {found.verb}`" if found else ""


def _place(place: Place | None, names: dict[str, str]) -> str:
    known = msgspec.to_builtins(place) if place is not None else {}
    pointer = str(known.pop("pointer", ""))
    first, _, rest = pointer.removeprefix("/").partition("/")
    if rest or (first and first not in names):
        known["pointer"] = f"{names.get(first, first)}/{rest}".rstrip("/")
    if known.get("object") in {value for name, value in known.items() if name != "object"}:
        del known["object"]
    return ", ".join(f"{name} {value}" for name, value in known.items())
