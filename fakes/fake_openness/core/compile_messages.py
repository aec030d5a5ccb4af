"""The result of a compilation: a tree of messages in the shape that TIA Portal gives it.

Facts: docs/facts/tia-operations.md#compile (tree, states, counts). The sentences are this project's own; tests decide
by the code of a leaf.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DateTime, NetEnum, require_type
from fake_openness.core.errors import EngineeringNotSupportedException


class CompilerResultState(NetEnum):
    """The state of a compilation, or of a part of it."""

    Success = 0
    Information = 1
    Warning = 2
    Error = 3


class _ValueObject(NetObject):
    """A dataclass whose fields are its attributes."""

    __slots__ = ()

    def GetAttribute(self, name: str) -> Any:
        """Read one attribute.

        Raises:
            EngineeringNotSupportedException: The object has no such attribute.
        """
        require_type(name, str, "name")
        if not name[:1].isupper() or name not in {each.name for each in fields(self)}:  # type: ignore[arg-type]  # dataclasses only
            msg = f"{type(self).__name__} has no attribute '{name}'."
            raise EngineeringNotSupportedException(msg, code="attribute.unknown")
        return getattr(self, name)

    def GetAttributes(self, names: Iterable[str]) -> NetList[Any]:
        """Read several attributes."""
        return NetList([self.GetAttribute(name) for name in require_type(names, NetList, "names")])


@dataclass(frozen=True, slots=True)
class CompilerResultMessage(_ValueObject):
    """One node of the tree: leaves have a description, the nodes above them only a path and the worst state."""

    Path: str
    Description: str
    State: CompilerResultState
    DateTime: DateTime
    ErrorCount: int
    WarningCount: int
    Messages: NetList[CompilerResultMessage]
    _code: str = ""

    def _leaves(self) -> Iterator[CompilerResultMessage]:
        """Yield the leaves below this node, or itself."""
        if not self.Messages.Count:
            yield self
        for message in self.Messages:
            yield from message._leaves()


@dataclass(frozen=True, slots=True)
class CompilerResult(_ValueObject):
    """The result of Compile; its leaves give the counts of errors and warnings."""

    State: CompilerResultState
    ErrorCount: int
    WarningCount: int
    Messages: NetList[CompilerResultMessage]

    def _leaves(self) -> list[CompilerResultMessage]:
        """Return all leaves but the summary."""
        return [leaf for message in list(self.Messages)[:-1] for leaf in message._leaves()]


@dataclass(frozen=True, slots=True)
class _Finding:
    """A later leaf: place, text, severity.

    Attributes:
        path: The nodes above and the leaf's own path, below the PLC.
        text: The sentence.
        state: How bad it is.
        code: Stable for tests; a real TIA Portal has none.
    """

    path: tuple[str, ...]
    text: str
    state: CompilerResultState = CompilerResultState.Error
    code: str = ""


@dataclass(slots=True)
class _Node:
    """A node while the tree grows."""

    path: str
    leaves: list[_Finding] = field(default_factory=list)
    nodes: dict[str, _Node] = field(default_factory=dict)

    def message(self, now: DateTime) -> CompilerResultMessage:
        """Return the finished node."""
        below = [_leaf(finding, now) for finding in self.leaves] + [node.message(now) for node in self.nodes.values()]
        return _message(self.path, "", below, now)


def result(top: str, findings: Iterable[_Finding], moment: dt.datetime) -> CompilerResult:
    """Build the tree: one node for the PLC or device, and the summary after it."""
    now, root = DateTime(moment), _Node(top)
    for finding in findings:
        node = root
        for name in finding.path[:-1]:
            node = node.nodes.setdefault(name, _Node(name))
        node.leaves.append(finding)
    tree = root.message(now)
    text = f"Compiling finished (errors: {tree.ErrorCount}; warnings: {tree.WarningCount})"
    summary = CompilerResultMessage("", text, tree.State, now, tree.ErrorCount, tree.WarningCount, NetList(), "summary")
    return CompilerResult(tree.State, tree.ErrorCount, tree.WarningCount, NetList([tree, summary]))


def _leaf(finding: _Finding, now: DateTime) -> CompilerResultMessage:
    error, warning = (finding.state is state for state in (CompilerResultState.Error, CompilerResultState.Warning))
    return CompilerResultMessage(
        finding.path[-1], finding.text, finding.state, now, int(error), int(warning), NetList(), finding.code
    )


def _message(path: str, text: str, below: list[CompilerResultMessage], now: DateTime) -> CompilerResultMessage:
    worst = max((each.State for each in below), key=int, default=CompilerResultState.Success)
    errors, warnings = sum(each.ErrorCount for each in below), sum(each.WarningCount for each in below)
    return CompilerResultMessage(path, text, worst, now, errors, warnings, NetList(below))
