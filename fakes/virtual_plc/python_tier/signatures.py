"""Pass 2: how the function of a block is called: what it takes and what it returns.

An OB and an FC take their inputs and in/outs; what has parts is passed as itself, outputs with parts too. They return
the result, the outputs and the in/outs without parts, then ENO where the block changes it. An FB takes its instance, in
which the caller puts inputs and in/outs before and finds outputs afterwards, and returns ENO only. An array of open
length is followed by its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

from simatic_xml.program import typed_blocks
from simatic_xml.program.types.types import VOID, Array, Variable
from virtual_plc.code.naming import Name, attribute
from virtual_plc.memory.shapes import is_plain
from virtual_plc.python_tier.facts import Facts


@dataclass(frozen=True, slots=True)
class Signature:
    """How a block is called.

    Attributes:
        function: name of its function.
        kind: `OB`, `FB`, `FC`.
        taken: parameters that the function takes, behind the instance of an FB.
        open: in/outs that are arrays of open length, whose bounds the function takes behind the other parameters.
        given: variables whose values it returns.
        gives_eno: whether it returns ENO, behind the others.
    """

    function: Name
    kind: typed_blocks.BlockKind
    taken: tuple[Variable, ...]
    open: tuple[Variable, ...]
    given: tuple[Variable, ...]
    gives_eno: bool


def bounds_name(variable: Variable) -> Name:
    """Return the Python name of the bounds of an array of open length."""
    return Name("b_", attribute(variable.name))


def is_open(variable: Variable) -> bool:
    """Return whether a parameter is an array of open length."""
    return isinstance(variable.type, Array) and None in variable.type.bounds


def signature_of(block: typed_blocks.Block, facts: Facts) -> Signature:
    """Return how a block is called."""
    parameters = [v for v in block.variables if v.section in ("Input", "InOut", "Output") and not v.overlays]
    function = Name(block.kind, "_", attribute(block.name))
    opened = tuple(v for v in parameters if is_open(v))
    if block.kind == "FB":
        return Signature(function, "FB", (), opened, (), facts.changes_eno)
    taken = tuple(v for v in parameters if v.section != "Output" or not is_plain(v.type))
    result = [v for v in block.variables if v.section == "Return" and v.type != VOID]
    given = [*result, *(v for v in parameters if v.section != "Input" and is_plain(v.type))]
    return Signature(function, block.kind, taken, opened, tuple(given), facts.changes_eno)
