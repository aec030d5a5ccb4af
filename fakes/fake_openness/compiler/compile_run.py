"""One compilation of a program: which elements, in which order, and their states afterwards.

Facts: docs/facts/tia-operations.md#compile, docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from fake_openness.compiler import checks, program_findings
from fake_openness.compiler.missing_io import find_missing_io
from fake_openness.compiler.names import _TypedNames
from fake_openness.core.compile_messages import CompilerResult, CompilerResultState, _Finding, result
from fake_openness.program import instances
from fake_openness.program.elements import _Element
from fake_openness.program.groups import BLOCKS, TECHNOLOGY, TYPES
from fake_openness.program.plc import _Plc
from fake_openness.program.state import TECHNOLOGY_KIND, TYPE_KIND
from fake_openness.technology.technology_objects import TechnologicalInstanceDB, adapt_version
from simatic_xml.interruption import checkpoint


def compile_program(plc: _Plc) -> CompilerResult:
    """Compile a whole program."""
    return result(plc._name, program_messages(plc), plc._context.now())


def program_messages(plc: _Plc) -> list[_Finding]:
    """Compile a whole program and return the findings, with paths below the PLC."""
    return _run(plc, list(plc._program), whole=True)


def compile_elements(plc: _Plc, elements: list[_Element]) -> CompilerResult:
    """Compile the inconsistent ones of some elements, and what they use."""
    return result(plc._name, _run(plc, elements, whole=False), plc._context.now())


def _run(plc: _Plc, elements: list[_Element], *, whole: bool) -> list[_Finding]:
    """Compile the inconsistent ones of some elements, and what they use.

    Args:
        plc: Their PLC.
        elements: The elements.
        whole: Whether it is the whole program, so that numbers are compared too.

    Returns:
        The findings, with paths below the PLC.

    Raises:
        EngineeringTargetInvocationException: The PLC is online.
    """
    plc._require_offline("Compiling")
    names = _TypedNames(plc)
    findings: list[_Finding] = []
    for element in _sort_by_use(plc, elements):
        checkpoint()
        findings += _compile(element, names)
    if whole and plc._switches.duplicate_numbers_reported:
        findings += _duplicates(plc)
    if whole and all(each.state is not CompilerResultState.Error for each in findings):
        findings += program_findings.of(plc, path_of)
    if whole:
        findings += find_missing_io(plc)
    if not findings:
        text = "No block was compiled: all blocks are up to date."
        findings.append(_Finding((BLOCKS, ""), text, CompilerResultState.Information, "compile.up_to_date"))
    return findings


def _sort_by_use(plc: _Plc, elements: list[_Element]) -> list[_Element]:
    """Return the inconsistent elements with those that they use, used ones first."""
    ordered: dict[_Element, None] = {}
    entered: set[int] = set()
    stack = [(element, False) for element in reversed(elements)]
    while stack:
        element, done = stack.pop()
        if done:
            ordered[element] = None
        elif id(element) not in entered and not element._state.consistent:
            entered.add(id(element))
            stack.append((element, True))
            used = (plc._program.find(name) for name in element._state.uses)
            stack += [(each, False) for each in used if each is not None]
    return list(ordered)


def _compile(element: _Element, names: _TypedNames) -> list[_Finding]:
    path = path_of(element)
    if element._state.kind == "InstanceDB" and instances.update(element):
        names.forget(element)
    if isinstance(element, TechnologicalInstanceDB) and adapt_version(element):
        names.forget(element)
    found = checks.run(element, names)
    if all(each.state is not CompilerResultState.Error for each in found):
        element._update(consistent=True, compiled=element._context.now())
        found.append(_Finding(("",), "The block was compiled.", CompilerResultState.Success, "compile.success"))
    return [_Finding((*path, *each.path), each.text, each.state, each.code) for each in found]


def path_of(element: _Element) -> tuple[str, ...]:
    """Return the nodes of the tree down to an element: root folder, groups, and the element with its number."""
    state = element._state
    if state.kind == TYPE_KIND:
        return (TYPES, *element._group._path(), element._name)
    root = TECHNOLOGY if state.kind == TECHNOLOGY_KIND else BLOCKS
    return (root, *element._group._path(), f"{element._name} ({state.space}{state.number})")


def _duplicates(plc: _Plc) -> list[_Finding]:
    sharing = [
        element
        for element in plc._program
        if element._state.number is not None and plc._program.sharing(element._state.space, element._state.number)
    ]
    text = "The number is used by another block too: change one of them before compiling."
    return [_Finding((*path_of(each), ""), text, code="number.duplicate") for each in sharing]
