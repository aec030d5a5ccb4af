"""Compiles objects, and reads the result as a tree and as a flat list of findings.

TIA Portal gives the place of an error only as the path through its tree: the
leaf's own path is "Network 1", or the bare number of a line of text. Facts:
docs/facts/openness-program.md#compiling, docs/facts/tia-operations.md#compile (shape of the tree, delta compile).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.lookup import Located, locate
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import UNTRIED
from openness_bridge.values import enum_name, service

SCOPES = ("all", "hardware", "software")
_BLOCK = re.compile(r"^(?P<name>.+) \((?P<kind>OB|FB|FC|DB)(?P<number>\d+)\)$")
# The word is TIA Portal's, in the language of its user interface; the number is what counts.
_NETWORK = re.compile(r"^(?:Network|Netzwerk|Réseau|Segmento|Segmento de red|程序段) ?(?P<number>\d+)$")
_LINE = re.compile(r"^(?:\D+ )?(?P<number>\d+)$")


class CompileMessage(msgspec.Struct, rename="camel", frozen=True):
    """A node of TIA Portal's tree of messages.

    Attributes:
        path: The node's own name: device, folder, block, "Network 1" or "Line 42".
        description: The text; empty for nodes that only group others.
        state: Success, Information, Warning or Error; a parent carries the worst of its children.
    """

    path: str
    description: str
    state: str
    error_count: int
    warning_count: int
    messages: list[CompileMessage]


class CompileResult(msgspec.Struct, rename="camel", frozen=True):
    """The outcome. A compile with errors is an answer, not a failed request."""

    state: str
    error_count: int
    warning_count: int
    messages: list[CompileMessage]


class Diagnostic(msgspec.Struct, rename="camel", frozen=True):
    """One finding with its place; successes and the closing summary are only in the tree.

    Attributes:
        severity: Error, Warning or Information.
        path: The way through the tree, joined by /.
        line: 1-based line of the block's text; null where TIA Portal names none.
        text: Path, place and message in one sentence, such as "PLC_1/Program blocks/FB_1 (FB1): Line 42: …".
    """

    severity: str
    message: str
    path: str
    block: str | None
    network: int | None
    line: int | None
    text: str


class CompileReport(msgspec.Struct, rename="camel", frozen=True):
    """The outcome as a tree (result), and its findings as a list (diagnostics)."""

    result: CompileResult
    diagnostics: list[Diagnostic]


def compile_device(session: Session, name: str, scope: str = "all") -> CompileReport:
    """Compile a device.

    Args:
        session: The portal.
        name: The device's name.
        scope: "hardware", "software", or "all" for both.

    Raises:
        Problem: Unknown device or scope, nothing of that kind to compile, or refused.
    """
    return compile_object(session, _part(locate(session, name), name, scope))


def compile_object(session: Session, obj: Any) -> CompileReport:
    """Compile a device, CPU, program, group, block or data type. Never inside a transaction.

    Raises:
        Problem: It cannot be compiled, or TIA Portal refuses to, such as for a device that is online.
    """
    compilable = service(obj, session.model.ICompilable)
    if compilable is None:
        msg = f"'{obj.Name}' has nothing to compile: TIA Portal offers no compiler for it."
        raise Problem("compile.not_offered", msg, kind=Kind.UNSUPPORTED)
    with refused_as("compile.refused", Kind.CONFLICT, object=str(obj.Name)):
        return report(compiled(session, compilable))


def compiled(session: Session, compilable: Any) -> Any:
    """Return the CompilerResult of an object with ICompilable. A previewed change ends here.

    Raises:
        Problem: It is only tried (preview.UNTRIED): a transaction does not allow compiling.
    """
    if session.trying:
        msg = "A transaction does not allow compiling, so that what comes after it cannot be tried."
        raise Problem(UNTRIED, msg, kind=Kind.REFUSED)
    return compilable.Compile()


def report(result: Any) -> CompileReport:
    """Read a CompilerResult."""
    messages = [_message(message) for message in result.Messages]
    outcome = CompileResult(enum_name(result.State), int(result.ErrorCount), int(result.WarningCount), messages)
    return CompileReport(outcome, list(_diagnostics(messages, ())))


def _part(found: Located, name: str, scope: str) -> Any:
    wanted = scope.casefold()
    if wanted not in SCOPES:
        raise Problem("compile.scope", f"There is no scope '{scope}': use {', '.join(SCOPES)}.", kind=Kind.INVALID)
    part = {"all": found.device, "hardware": found.cpu, "software": found.software}[wanted]
    if part is None:
        msg = f"The device '{name}' has no {wanted} that can be compiled on its own: use the scope all."
        raise Problem("compile.scope", msg).at(device=name)
    return part


def _message(message: Any) -> CompileMessage:
    return CompileMessage(
        path=_readable(str(message.Path or "")),
        description=str(message.Description or ""),
        state=enum_name(message.State),
        error_count=int(message.ErrorCount),
        warning_count=int(message.WarningCount),
        messages=[_message(inner) for inner in message.Messages],
    )


def _readable(path: str) -> str:
    """Write a bare number as a line: clients find the place by the form "Line 42"."""
    return f"Line {path}" if path.isdecimal() else path


def _diagnostics(messages: list[CompileMessage], above: tuple[str, ...]) -> Iterator[Diagnostic]:
    for message in messages:
        path = (*above, message.path) if message.path else above
        if message.description and path and message.state != "Success":
            yield _diagnostic(message, path)
        yield from _diagnostics(message.messages, path)


def _diagnostic(message: CompileMessage, path: tuple[str, ...]) -> Diagnostic:
    block, network, line = _place(path)
    joined = "/".join(path)
    holder, place = path, ""
    if path and (line is not None or network is not None):
        holder, place = path[:-1], f"{path[-1]}: "
    start = "/".join(holder)
    text = f"{start}: {place}{message.description}" if start else f"{place}{message.description}"
    return Diagnostic(message.state, message.description, joined, block, network, line, text)


def _place(path: tuple[str, ...]) -> tuple[str | None, int | None, int | None]:
    """Return block, network and line of a path."""
    places = [(index, found) for index, part in enumerate(path) if (found := _BLOCK.match(part))]
    if not places:
        return None, None, None
    index, block = places[-1]
    inside = path[index + 1 :]
    network = next((int(found["number"]) for part in inside if (found := _NETWORK.match(part))), None)
    last = _LINE.match(inside[-1]) if inside and not _NETWORK.match(inside[-1]) else None
    return block["name"], network, int(last["number"]) if last else None
