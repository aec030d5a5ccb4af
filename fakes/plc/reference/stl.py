"""STL: operations of the accumulator machine."""

from __future__ import annotations

from typing import Any

from fakes.plc.program import ProgramError
from fakes.plc.reference.activation import Activation
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity


def _refuse(place: Place) -> ProgramError:
    message = "STL is not executed by the reference."
    return ProgramError([Diagnostic(Severity.ERROR, "program.language", message, place)])


def operate(activation: Activation, statement: n.StlOperation) -> None:
    """Execute one operation."""
    raise _refuse(statement.place)


def indirect(activation: Activation, operand: n.Indirect) -> Any:
    """Return the place of an indirect operand."""
    raise _refuse(operand.place)


def status(activation: Activation, name: str) -> bool | int:
    """Return a bit of the status word, or the word."""
    raise _refuse(Place(activation.block.name))


def state(activation: Activation, operand: n.Expression) -> bool:
    """Return the state of a timer or counter."""
    raise _refuse(operand.place)
