"""The compiler's findings in one block or data type: its declarations, its networks, its code in typed form.

The typed program finds the errors; this module gives each its place in TIA Portal's tree of messages.
Facts: docs/facts/tia-operations.md#compile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from fake_openness.compiler.names import _TypedNames
from fake_openness.core.compile_messages import CompilerResultState, _Finding
from fake_openness.program import instances
from fake_openness.program.data_types import is_system_type
from fake_openness.program.elements import _Element
from fake_openness.program.families import SIMULATED_FAMILY
from fake_openness.program.references import types_of
from fake_openness.technology.parameters import parameter_faults
from fake_openness.technology.technology_objects import TechnologicalInstanceDB
from simatic_xml.model import Block, PlcType
from simatic_xml.program.diagnostics import NOT_REPORTED_BY_TIA, Diagnostic, Severity
from simatic_xml.program.failures import failure
from simatic_xml.program.network_structure import structure_findings
from simatic_xml.program.typed_blocks import Block as TypedBlock
from virtual_plc.instructions import find_unsupported

INTERFACE = "Interface"
NOT_SIMULATED = "instruction.not_simulated"
"""The warning about an instruction that only a real CPU executes."""
_STATES = {Severity.ERROR: CompilerResultState.Error, Severity.WARNING: CompilerResultState.Warning}


@dataclass(frozen=True)
class _Subject:
    """The element that is compiled, with its surroundings."""

    element: _Element
    content: Block | PlcType
    names: _TypedNames

    @cached_property
    def typed(self) -> TypedBlock | None:
        """Its code in typed form, None for what has no code."""
        return self.names.typed(self.element)

    def place(self, network: int | None, line: int | None = None) -> tuple[str, ...]:
        """Return the path of a leaf: the network, the line of SCL, or the interface."""
        if network is None:
            return (INTERFACE,)
        numbered = f"Network {network}"
        if line is None:
            return (numbered,)
        return (str(line),) if self.element._state.language == "SCL" else (numbered, str(line))


Check = Callable[[_Subject], Iterator[_Finding]]


def run(element: _Element, names: _TypedNames) -> list[_Finding]:
    """Return all findings of one element; a failure of the compiler itself is one of them, `compile.internal`."""
    subject = _Subject(element, names.content(element), names)
    return [finding for check in _CHECKS for finding in _findings(check, subject)]


def _findings(check: Check, subject: _Subject) -> Iterator[_Finding]:
    try:
        yield from check(subject)
    except Exception as error:  # noqa: BLE001 - the finding names it
        yield _leaf(subject, failure(error, "compile.internal", subject.element._name))


def _number(subject: _Subject) -> Iterator[_Finding]:
    if subject.element._state.number == 0:
        text = f"The block '{subject.element._name}' has the invalid number 0."
        yield _Finding((INTERFACE,), text, code="number.zero")


def _declarations(subject: _Subject) -> Iterator[_Finding]:
    for member, code, message in subject.names.symbols.problems(subject.element._name):
        yield _Finding((INTERFACE,), f"{member}: {message}" if member else message, code=code)


def _instance_block(subject: _Subject) -> Iterator[_Finding]:
    content = subject.content
    if isinstance(content, Block) and content.kind == "InstanceDB":
        parent = instances.parent_of(subject.element._plc, content.instance_of)
        yield from _missing_types(subject, content)
        if parent is not None and not instances.matches(content, parent):
            text = f"The data block '{content.name}' does not match its function block '{parent.name}'."
            yield _Finding((INTERFACE,), text, code="instance.mismatch")


def _missing_types(subject: _Subject, content: Block) -> Iterator[_Finding]:
    """Yield the data types of an instance that do not exist: its function block, or what that contains."""
    names = {content.instance_of or "", *types_of(content)}
    system = {content.instance_of} if "OfSystemLibElement" in content.attributes else set()
    for name in sorted(names - system):
        if subject.names.element(name) is None and not is_system_type(name):
            yield _Finding((INTERFACE,), f"The data type '{name}' of the instance is unknown.", code="type.unknown")


def _code(subject: _Subject) -> Iterator[_Finding]:
    for found in () if subject.typed is None else subject.typed.diagnostics:
        if found.code not in NOT_REPORTED_BY_TIA:
            yield _leaf(subject, found)


def _simulation(subject: _Subject) -> Iterator[_Finding]:
    """Warn about each instruction that a simulated CPU does not execute; TIA Portal's compiler has no such warning.

    A download to the simulation refuses the same instructions. CPUs of other families are not simulated.
    """
    if subject.typed is None or subject.names.cpu.family != SIMULATED_FAMILY:
        return
    for name, place in find_unsupported([subject.typed]):
        text = (
            f"Not simulated: the simulated CPU does not execute '{name}' and refuses the download; "
            "remove or replace the call for the simulation. A real CPU is not concerned."
        )
        yield _leaf(subject, Diagnostic(Severity.WARNING, NOT_SIMULATED, text, place))


def _leaf(subject: _Subject, found: Diagnostic) -> _Finding:
    place = found.place
    path = (*subject.place(place.network, place.line), *((place.step,) if place.step else ()))
    return _Finding(path, found.message, _STATES[found.severity], found.code)


def _networks(subject: _Subject) -> Iterator[_Finding]:
    """Check the structure of LAD and FBD networks; the typed form checks their operands."""
    if isinstance(subject.content, Block):
        for found in structure_findings(subject.content):
            yield _leaf(subject, found)


def _technology(subject: _Subject) -> Iterator[_Finding]:
    """Yield the parameters of a technology object that are outside of their limits."""
    if isinstance(subject.element, TechnologicalInstanceDB) and isinstance(subject.content, Block):
        for name, reason in parameter_faults(subject.element, subject.content):
            yield _Finding((INTERFACE,), f"{name}: {reason}.", code="technology.range")


_CHECKS: tuple[Check, ...] = (_number, _declarations, _instance_block, _technology, _networks, _code, _simulation)
