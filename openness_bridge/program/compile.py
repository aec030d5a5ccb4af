"""Compiles objects, and reads the result as a tree and as a flat list of findings.

TIA Portal gives the place of an error only as the path through its tree: the
leaf's own path is "Network 1", or the bare number of a line of the block's code. A user has a file, so
the service finds the place in it (origins.py). Facts:
docs/facts/openness-program.md#compiling, docs/facts/tia-operations.md#compile (shape of the tree, delta compile).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from openness_bridge.enumerations import CompileState, MessageSeverity
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.lookup import LocatedDevice, locate, plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import UNTRIED
from openness_bridge.program.origins import Located, Locator
from openness_bridge.program.sources import own_source
from openness_bridge.values import enum_name, service
from simatic_xml.locating import CodePlace, mentioned

SCOPES = ("all", "hardware", "software")
_BLOCK = re.compile(r"^(?P<name>.+) \((?P<kind>OB|FB|FC|DB)(?P<number>\d+)\)$")
# The word is TIA Portal's, in the language of its user interface; the number is what counts.
_NETWORK = re.compile(r"^(?:Network|Netzwerk|Réseau|Segmento|Segmento de red|程序段) ?(?P<number>\d+)$")
_LINE = re.compile(r"^(?:\D+ )?(?P<number>\d+)$")


class CompileMessage(msgspec.Struct, rename="camel", frozen=True):
    """A node of TIA Portal's tree of messages.

    Attributes:
        path: The node's own name: device, folder, block, "Network 1", "Line 42" for a line of the source, or
            "Code line 7" where only the line of the block's code is known.
        description: The text; empty for nodes that only group others.
        state: Success, Information, Warning or Error; a parent carries the worst of its children.
    """

    path: str
    description: str
    state: CompileState
    error_count: int
    warning_count: int
    messages: list[CompileMessage]


class CompileResult(msgspec.Struct, rename="camel", frozen=True):
    """The outcome. A compile with errors is an answer, not a failed request."""

    state: CompileState
    error_count: int
    warning_count: int
    messages: list[CompileMessage]


class Diagnostic(msgspec.Struct, rename="camel", frozen=True):
    """One finding with its place; successes and the closing summary are only in the tree.

    Attributes:
        severity: Error, Warning or Information.
        path: The names of the nodes down to it, joined by /.
        block: The block, or the data type where its source is known.
        line: 1-based line of `file`, or of the text at `pointer`; without both, of the block's source as TIA Portal
            writes it; null where the text of the block is not known.
        text: Place and message in one sentence, such as "Motor.scl:9:5: PLC_1/Program blocks/Motor (FB1): …".
        column: 1-based column of that line; null where it is not known.
        file: The file or source that the block was made of, as the client named it.
        pointer: JSON pointer to the text or member in the request that made the block, where it was no file.
        element: Instruction with its operand in LAD and FBD; step or transition in GRAPH.
        code_line: 1-based line of the block's code (in STL of the network), as TIA Portal's editor counts.
        line_text: The line itself, at most 200 characters of it; null where the place is in no line.
        file_hash: SHA-256 of the content that `line` counts in: another hash means that the file changed since.
    """

    severity: MessageSeverity
    message: str
    path: str
    block: str | None
    network: int | None
    line: int | None
    text: str
    column: int | None = None
    file: str | None = None
    pointer: str | None = None
    element: str | None = None
    code_line: int | None = None
    file_hash: str | None = None
    line_text: str | None = None

    def place(self, device: str | None = None) -> Place:
        """Return the place as problems have it."""
        return Place(
            device=device,
            block=self.block,
            network=self.network,
            path=self.file,
            line=self.line,
            column=self.column,
            pointer=self.pointer,
            line_text=self.line_text,
        )


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
    found = locate(session, name)
    return compile_object(session, _part(found, name, scope), found.software)


def compile_object(session: Session, obj: Any, software: Any = None) -> CompileReport:
    """Compile a device, CPU, program, group, block or data type. Never inside a transaction.

    Args:
        session: The portal.
        obj: What is compiled.
        software: The PLC program that it belongs to; without one the messages do not lead to sources.

    Raises:
        Problem: It cannot be compiled, or TIA Portal refuses to, such as for a device that is online.
    """
    compilable = service(obj, session.model.ICompilable)
    if compilable is None:
        msg = f"'{obj.Name}' cannot be compiled: TIA Portal has no compiler for it."
        raise Problem("compile.not_offered", msg, kind=Kind.UNSUPPORTED)
    with refused_as("compile.refused", Kind.CONFLICT, object=str(obj.Name)):
        return report(run_compiler(session, compilable), _locator(session, software))


def locate_code(session: Session, device: str, place: CodePlace) -> Located | None:
    """Return the place in the source of a place in a PLC's program; None where the source is not known."""
    return _locator(session, plc(session, device)).find([place])[0]


def _locator(session: Session, software: Any) -> Locator:
    return Locator(session, software, lambda block: own_source(session, software, block))


def run_compiler(session: Session, compilable: Any) -> Any:
    """Return the CompilerResult of an object with ICompilable. A previewed change ends here.

    Raises:
        Problem: It is only tried (preview.UNTRIED): a transaction does not allow compiling.
    """
    if session.trying:
        msg = "A transaction does not allow compiling, so the steps after it have no dry run."
        raise Problem(UNTRIED, msg, kind=Kind.REFUSED)
    return compilable.Compile()


def report(result: Any, locator: Locator | None = None) -> CompileReport:
    """Read a CompilerResult.

    Args:
        result: The result.
        locator: Finds the places of the messages in sources; without one only TIA Portal's own places are known.
    """
    messages = [_message(message) for message in result.Messages]
    leaves = list(_leaves(messages, ()))
    known = [leaf.within(locator) for leaf in leaves]
    found = locator.find([leaf.code_place() for leaf in known]) if locator is not None else [None] * len(known)
    places = [_Found(leaf, located) for leaf, located in zip(known, found, strict=True)]
    names = {id(each.leaf.message): each.name for each in places}
    renamed = [_rename(message, names) for message in messages]
    outcome = CompileResult(enum_name(result.State), int(result.ErrorCount), int(result.WarningCount), renamed)
    return CompileReport(outcome, [each.diagnostic() for each in places])


def _part(found: LocatedDevice, name: str, scope: str) -> Any:
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
        path=str(message.Path or ""),
        description=str(message.Description or ""),
        state=enum_name(message.State),
        error_count=int(message.ErrorCount),
        warning_count=int(message.WarningCount),
        messages=[_message(inner) for inner in message.Messages],
    )


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A message with the names of the nodes down to it, and what they say about its place.

    Attributes:
        depth: How many of the names are those of the object.
        part: Step, transition or the like below the network.
    """

    message: CompileMessage
    path: tuple[str, ...]
    depth: int
    block: str | None = None
    network: int | None = None
    code_line: int | None = None
    part: str = ""

    def within(self, locator: Locator | None) -> _Leaf:
        """Return the leaf with its data type as its block: only its source shows that it is one."""
        if self.block is not None or locator is None:
            return self
        return replace(self, block=next((name for name in reversed(self.path[1:]) if locator.knows(name)), None))

    def code_place(self) -> CodePlace:
        """Return its place as the compiler names it."""
        names = mentioned(self.message.description)
        return CodePlace(self.block or "", self.network, self.code_line, self.part, names)


@dataclass(frozen=True, slots=True)
class _Found:
    """A message with its place in a source, where that is known."""

    leaf: _Leaf
    located: Located | None

    @property
    def name(self) -> str:
        """The name of its node: clients find the place by the form "Line 42"."""
        if self.leaf.code_line is None:
            return self.leaf.message.path
        line = None if self.located is None else self.located.place.line
        return f"Code line {self.leaf.code_line}" if line is None else f"Line {line}"

    def diagnostic(self) -> Diagnostic:
        """Return the message as a finding."""
        leaf, place = self.leaf, None if self.located is None else self.located.place
        origin = None if self.located is None else self.located.origin
        path = (*leaf.path[:-1], self.name) if leaf.message.path else leaf.path
        return Diagnostic(
            leaf.message.state,
            leaf.message.description,
            "/".join(path),
            leaf.block,
            leaf.network,
            place.line if place else None,
            f"{self._file()}{self._object()}{leaf.message.description}",
            column=place.column if place else None,
            file=(origin.file or None) if origin else None,
            pointer=((place.pointer if place else "") or origin.pointer or None) if origin else None,
            element=(place.element if place else "") or leaf.part or None,
            code_line=leaf.code_line,
            line_text=(self.located.line_text or None) if self.located else None,
            file_hash=origin.sha256 if origin and origin.file else None,
        )

    def _file(self) -> str:
        """Return the place in the source, as compilers write it."""
        return f"{self.located.written(self.leaf.block or '')}: " if self.located is not None else ""

    def _object(self) -> str:
        """Return the object and the place in it that the source does not say."""
        leaf, located = self.leaf, self.located
        inside = [f"Network {leaf.network}"] if leaf.network is not None else []
        if located is not None and located.place.element:
            inside.append(located.place.element)
        elif leaf.part:
            inside.append(leaf.part)
        if located is None and leaf.code_line is not None:
            inside.append(f"Code line {leaf.code_line}")
        start = "/".join(leaf.path[: leaf.depth])
        return "".join(f"{part}: " for part in (start, ", ".join(inside)) if part)


def _rename(message: CompileMessage, names: dict[int, str]) -> CompileMessage:
    """Return a node, and those below it, with the names of lines as clients see them."""
    below = [_rename(inner, names) for inner in message.messages]
    return msgspec.structs.replace(message, path=names.get(id(message), message.path), messages=below)


def _leaves(messages: list[CompileMessage], above: tuple[str, ...]) -> Iterator[_Leaf]:
    for message in messages:
        path = (*above, message.path) if message.path else above
        if message.description and path and message.state != "Success":
            yield _leaf(message, path)
        yield from _leaves(message.messages, path)


def _leaf(message: CompileMessage, path: tuple[str, ...]) -> _Leaf:
    """Read block, network, line and part from the path."""
    places = [(index, found) for index, part in enumerate(path) if (found := _BLOCK.match(part))]
    if not places:
        return _Leaf(message, path, len(path))
    index, block = places[-1]
    inside = path[index + 1 :]
    network = next((int(found["number"]) for part in inside if (found := _NETWORK.match(part))), None)
    others = [part for part in inside if not _NETWORK.match(part)]
    line = _LINE.match(others[-1]) if others else None
    part = others[-1] if others and line is None and network is not None else ""
    depth = len(path) if network is None and line is None else index + 1
    return _Leaf(message, path, depth, block["name"], network, int(line["number"]) if line else None, part)
