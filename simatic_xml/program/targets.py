"""Writable operands: variables, yes; constants, results of expressions, read-only data blocks, no.

Facts: TIA Portal's help on block parameters: an input is to be read only, and writing it is marked, not refused.
"""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import (
    Absolute,
    Broken,
    Constant,
    DataBlock,
    Dereference,
    Element,
    Eno,
    Expression,
    Field,
    Indirect,
    Local,
    Outcome,
    Overlay,
    Slice,
    TagOperand,
    Wire,
)
from simatic_xml.program.scope import Scope
from simatic_xml.program.typed_blocks import DataBlockDeclaration

_PATH = (Field, Element, Slice, Overlay)
_WRITABLE = (Local, TagOperand, Absolute, DataBlock, Eno, Wire, Outcome, Indirect, Dereference, *_PATH)


def is_operand(expression: Expression) -> bool:
    """Return whether an expression is a place in memory, not a value."""
    return isinstance(expression, _WRITABLE)


def check_target(scope: Scope, target: Expression, place: Place) -> bool:
    """Return whether the program may write to an operand; report where it may not, and where it should not.

    Args:
        scope: the block.
        target: the written operand.
        place: where.
    """
    if isinstance(target, Broken):
        return True
    named = isinstance(target, Constant) and target.symbol
    if not (named or is_operand(target)):
        scope.error("write.not_operand", "This is a value, not an operand; only a variable can be written.", place)
        return False
    return _check_root(scope, _base(target), place)


def is_referable(scope: Scope, operand: Expression) -> bool:
    """Return whether a reference may point to an operand (TIA Portal's help, "References (S7-1500)", "Referencing")."""
    match _base(operand):
        case Local(variable):
            return variable.section == "Static" and scope.optimized
        case DataBlock(name):
            found = scope.globally(name)
            return not isinstance(found, DataBlockDeclaration) or (found.optimized and not found.read_only)
        case TagOperand() | Absolute() | Constant():
            return False
    return True


def _base(target: Expression) -> Expression:
    """Return the operand that a path starts at; a reference leads away from it."""
    while isinstance(target, _PATH):
        target = target.base
    return target


def _check_root(scope: Scope, root: Expression, place: Place) -> bool:
    match root:
        case Constant():
            message = f"'{root.symbol}' is a constant and cannot be written; use a variable."
            scope.error("write.constant", message, place)
            return False
        case Local() if root.variable.section == "Input":
            message = f"The block writes to its input '#{root.variable.name}'; use a variable of the block instead."
            scope.warning("write.input", message, place)
        case DataBlock():
            return _check_block(scope, root, place)
        case TagOperand() | Absolute() if root.peripheral and not is_output(root):
            scope.error("write.peripheral_input", "An input cannot be written; remove the assignment.", place)
            return False
    return True


def _check_block(scope: Scope, root: DataBlock, place: Place) -> bool:
    found = scope.globally(root.name)
    if isinstance(found, DataBlockDeclaration) and found.read_only:
        message = f"'{root.name}' is write-protected; remove the protection, or write to another data block."
        scope.error("write.read_only", message, place)
        return False
    return True


def is_output(root: TagOperand | Absolute) -> bool:
    """Return whether a tag or an absolute operand is in the outputs."""
    letter = root.area if isinstance(root, Absolute) else root.address.lstrip("%")[:1].upper()
    return letter in ("Q", "A")
