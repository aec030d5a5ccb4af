"""Every use of a name or address in a typed block: reads, writes and calls, with their places.

The one walk that serves cross references, call structure, assignment list and unused objects. It reads the typed form, so
all languages give the same kind of result; uses in declarations come from the file (`find_declared_uses`), since bounds and
types are names there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from simatic_xml.model import Block, PlcObject, Tag, UserConstant
from simatic_xml.program import graph_nodes, typed_blocks
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.path_text import address, text
from simatic_xml.program.types.types import UNKNOWN, DataType
from simatic_xml.program.walking import block_statements, operands
from simatic_xml.references import data_type_references, object_references

Kind = Literal["tag", "data block", "block", "type", "constant", "local", "instance", "address", "instruction"]
Access = Literal["Read", "Write", "ReadWrite", "Call", "Instance", "Open", "Declaration", "Bound", "Unknown"]


@dataclass(frozen=True, slots=True)
class Use:
    """One use.

    Attributes:
        kind: the used object: `local` is a variable of the block, `instance` one that a call works on, `address` an
            absolute operand, `instruction` an instruction of the catalogue.
        name: name at the root, without quotes or `#`; an absolute operand as TIA Portal writes it.
        path: whole operand: `"DB".motor.speed`, `#x[#i]`, `%MW10`.
        access: `Instance` is the data that a call works on, `Open` a data block that STL opens, `Bound` a constant as an
            array bound or length of a declaration, `Unknown` a use in something that has errors.
        place: where.
        members: names and indices below the root: `("motor", "speed")`, `("list", "[3]")`.
        type: data type of the operand; Unknown for calls and declarations.
        address: address of a tag, or the absolute operand; empty for what has none.
        operand: the absolute operand itself, for lists of addresses.
        instance: operand that holds the data of a called function block, empty for others.
    """

    kind: Kind
    name: str
    path: str
    access: Access
    place: Place
    members: tuple[str, ...] = ()
    type: DataType = UNKNOWN
    address: str = ""
    operand: n.Absolute | None = None
    instance: str = ""


_GLOBAL: dict[str, tuple[Kind, Access]] = {
    "global": ("data block", "Unknown"),
    "instance": ("data block", "Instance"),
    "call": ("block", "Call"),
}
"""The kind and access of a reference of the file, by its kind, where the typed form has nothing."""
_READ_WRITE = frozenset({"FP", "FN"})
_WRITE = frozenset(
    {"=", "S", "R", "T", "TAR1", "TAR2", "SP", "SE", "SD", "SS", "SF", "FR", "CU", "CD", "SAVE"}
)  # fmt: skip
_OPEN = frozenset({"OPN", "OPNDI"})
_LAST: dict[type, Access] = {n.Assign: "Write", n.For: "ReadWrite"}
"""The access to the last operand of a statement, where it is not read (`walking.operands` has it at the end)."""


def uses(block: typed_blocks.Block) -> Iterator[Use]:
    """Yield every use in the statements of a block, in the order of the program."""
    for statement in block_statements(block):
        yield from _statement(statement)
    for step in block.graph.steps if block.graph is not None else ():
        for action in step.actions:
            yield from _action(action)


def find_declared_uses(node: PlcObject | Tag | UserConstant) -> Iterator[Use]:
    """Yield every use in the declarations of an object or of one tag: data types, function blocks, constants.

    The place has the declared member (without its section), empty for the object as a whole. The caller, who
    knows the program, decides whether a name of kind `type` is a data type or a function block.
    """
    if isinstance(node, Tag | UserConstant):
        found = data_type_references(node.data_type, node.name, "")
    else:
        found = (each for each in object_references(node) if each.network is None)
    for reference in found:
        place = Place(reference.owner, member=_member(node, reference.detail))
        if reference.kind == "type":
            yield Use("type", reference.name, reference.path, "Declaration", place)
        elif reference.kind == "constant" and reference.scope == "global":
            yield Use("constant", reference.name, reference.path, "Bound", place)


def find_unresolved_uses(node: Block, found: Iterable[Use]) -> Iterator[Use]:
    """Yield the uses of global names in networks of a block that its typed form has lost, because of errors there.

    Args:
        node: the block.
        found: its uses in typed form.
    """
    known = {(use.place.network, use.name.casefold()) for use in found}
    for reference in object_references(node):
        wanted = reference.kind in ("global", "call") or reference.scope == "global"
        if reference.network is None or not wanted or (reference.network, reference.name.casefold()) in known:
            continue
        kind, access = _GLOBAL.get(reference.kind, ("constant", "Unknown"))
        place = Place(reference.owner, reference.network, reference.line, uid=reference.uid)
        yield Use(kind, reference.name, reference.path, access, place, reference.names[1:])


def _member(node: object, detail: str) -> str:
    """Return the path of a declared member: in a block without its section, empty for the whole instance (`FB`)."""
    return detail.partition(".")[2] if isinstance(node, Block) else detail


def _statement(statement: n.Statement) -> Iterator[Use]:
    if isinstance(statement, n.StlOperation):
        yield from _operation(statement)
        return
    parts = list({id(each): each for each in operands(statement)}.values())
    last = _LAST.get(type(statement), "Read")
    for each in parts:
        yield from _used(each, last if each is parts[-1] else "Read")


def _operation(statement: n.StlOperation) -> Iterator[Use]:
    if statement.operand is None:
        return
    mnemonic = statement.mnemonic.upper()
    if mnemonic in _OPEN and isinstance(statement.operand, n.DataBlock):
        block = statement.operand
        yield Use("data block", block.name, text(block), "Open", block.place, type=block.type)
        return
    access: Access = "ReadWrite" if mnemonic in _READ_WRITE else "Write" if mnemonic in _WRITE else "Read"
    yield from _used(statement.operand, access)


def _action(action: graph_nodes.GraphAction) -> Iterator[Use]:
    if action.operand is not None:
        yield from _used(action.operand, "Write")
    if action.argument is not None:
        yield from _used(action.argument, "Read")


def _used(expression: n.Expression, access: Access) -> Iterator[Use]:
    """Yield the uses in one expression, whose own operand has the given `access`."""
    match expression:
        case n.Constant():
            if expression.symbol:
                kind: Kind = "constant" if expression.scope == "global" else "local"
                yield Use(kind, expression.symbol, text(expression), "Read", expression.place, type=expression.type)
        case n.Convert() | n.Unary():
            yield from _used(expression.operand, access)
        case n.Binary():
            yield from _used(expression.left, "Read")
            yield from _used(expression.right, "Read")
        case n.BlockCall():
            yield from _block_call(expression)
        case n.InstructionCall():
            yield from _instruction_call(expression)
        case _:
            yield from _operand(expression, access)


def _operand(expression: n.Expression, access: Access) -> Iterator[Use]:
    """Yield the use of a path, and of the indices in it."""
    members: list[str] = []
    indices: list[n.Expression] = []
    base = expression
    while True:
        match base:
            case n.Field():
                members.append(base.member.name)
            case n.Element():
                members.append(f"[{','.join(map(text, base.indices))}]")
                indices.extend(reversed(base.indices))
            case n.Slice() | n.Overlay():
                members.append(text(base)[len(text(base.base)) + 1 :])
            case n.Dereference():
                members.append("^")
            case _:
                break
        base = base.base
    for index in reversed(indices):
        yield from _used(index, "Read")
    through = "^" in members
    use = _root(base, expression, "Read" if through and access != "Instance" else access)
    if use is not None:
        yield replace(use, members=tuple(reversed(members)), type=expression.type)
    elif isinstance(base, n.BlockCall | n.InstructionCall | n.Convert):
        yield from _used(base, "Read")
    if isinstance(base, n.Indirect) and base.pointer is not None:
        yield from _used(base.pointer, "Read")


def _root(base: n.Expression, whole: n.Expression, access: Access) -> Use | None:
    path = text(whole)
    match base:
        case n.Local():
            kind: Kind = "instance" if access == "Instance" else "local"
            return Use(kind, base.variable.name, path, access, whole.place)
        case n.TagOperand():
            return Use("tag", base.name, path, access, whole.place, address=base.address)
        case n.DataBlock():
            return Use("data block", base.name, path, access, whole.place)
        case n.Absolute():
            return Use("address", address(base), path, access, whole.place, address=address(base), operand=base)
        case n.Indirect():
            return Use("address", path, path, access, whole.place)
    return None


def _block_call(call: n.BlockCall) -> Iterator[Use]:
    instance = "" if call.instance is None else text(call.instance)
    yield Use("block", call.callee, f'"{call.callee}"', "Call", call.place, instance=instance)
    yield from _call_parts(call)


def _instruction_call(call: n.InstructionCall) -> Iterator[Use]:
    instance = "" if call.instance is None else text(call.instance)
    yield Use("instruction", call.name, call.name, "Call", call.place, instance=instance)
    yield from _call_parts(call)


_DIRECTIONS: dict[str, Access] = {"Input": "Read", "Output": "Write", "InOut": "ReadWrite"}


def _call_parts(call: n.BlockCall | n.InstructionCall) -> Iterator[Use]:
    if call.instance is not None:
        yield from _used(call.instance, "Instance")
    for argument in call.arguments:
        yield from _used(argument.value, _DIRECTIONS[argument.direction])
    if call.eno is not None:
        yield from _used(call.eno, "Write")
