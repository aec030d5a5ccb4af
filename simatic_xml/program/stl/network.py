"""An STL network as typed operations: operands resolved, and operands, brackets and labels checked."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from simatic_xml.flgnet.raw import child, children, local_name
from simatic_xml.interruption import checkpoint
from simatic_xml.program import nodes
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.scope import Scope
from simatic_xml.program.stl.calls import call_of, find_callee
from simatic_xml.program.stl.operands import operand_of
from simatic_xml.program.stl.rules import CLASSIC_ONLY, Rule, find_expected, rule_of, sort
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.types import Elementary, Kind, type_name
from simatic_xml.stl import Statement, StlError
from simatic_xml.stl.mnemonics import CALLS, JUMPS
from simatic_xml.stl.reading import read_statement
from simatic_xml.xml.numbers import whole_number

_MOST_NESTING = 7
_LONGEST_LIST = 255


def network(scope: Scope, element: etree._Element, number: int) -> list[nodes.Statement]:
    """Return the operations of a ``StatementList``.

    Args:
        scope: the block that contains it; receives the findings.
        element: the network.
        number: its number, counted from 1.
    """
    if element is _first(scope):
        _check_labels(scope)
    body: list[nodes.Statement] = []
    for line, each in enumerate(children(element, "StlStatement"), 1):
        checkpoint()
        place = Place(scope.block.name, number, line, uid=whole_number(each.get("UId")))
        try:
            statement = read_statement(each, line)
        except StlError as error:
            scope.error("stl.statement", error.message, place)
            continue
        body += [nodes.Label(statement.label, place)] if statement.label else []
        body += [_operation(scope, statement, each, place)] if statement.mnemonic else []
    _check_brackets(scope, body)
    _check_jump_lists(scope, body)
    return body


def _operation(
    scope: Scope, statement: Statement, element: etree._Element, place: Place
) -> nodes.StlOperation | nodes.Assign:
    mnemonic, access = statement.mnemonic, child(element, "Access")
    if mnemonic in CLASSIC_ONLY and scope.symbols.cpu.family not in ("S7-300", "S7-400"):
        message = f"'{mnemonic}' belongs to the S7-300 and S7-400; program it in another way."
        scope.warning("stl.classic_only", message, place)
    if mnemonic in JUMPS:
        return nodes.StlOperation(mnemonic, None, place, statement.operand)
    if mnemonic in CALLS:
        return _read_call(scope, statement, access, place)
    rule = rule_of(mnemonic)
    operand = None if access is None else operand_of(scope, access, place, find_expected(mnemonic))
    if operand is not None:
        _check_operand(scope, mnemonic, rule, operand, place)
    elif rule.accepts and not rule.optional:
        scope.error("stl.operand_missing", f"'{mnemonic}' needs {rule.says} after it.", place)
    return nodes.StlOperation(mnemonic, operand, place)


def _read_call(
    scope: Scope, statement: Statement, access: etree._Element | None, place: Place
) -> nodes.StlOperation | nodes.Assign:
    """Return a call; that of a conversion is an assignment."""
    mnemonic = statement.mnemonic
    if access is None:
        scope.error("stl.operand_missing", f"'{mnemonic}' needs the called block after it.", place)
        return nodes.StlOperation(mnemonic, None, place)
    if mnemonic != "CALL" or statement.call is None:
        operand = find_callee(scope, access, statement.call, place)
        return nodes.StlOperation(mnemonic, operand, place)
    called = call_of(scope, statement.call, access, place)
    if called.target is not None:
        return nodes.Assign(called.target, called.value, place)
    return nodes.StlOperation(mnemonic, called.value, place)


def _check_operand(scope: Scope, mnemonic: str, rule: Rule, operand: nodes.Expression, place: Place) -> None:
    found = sort(operand)
    if isinstance(operand, nodes.Broken) or not found:
        return
    constant = isinstance(operand, nodes.Constant)
    if not rule.accepts:
        scope.error("stl.operand_superfluous", f"'{mnemonic}' takes no operand; remove it.", place)
    elif constant and rule.constants == "never":
        scope.error("stl.operand_constant", f"'{mnemonic}' needs a variable after it, not a constant.", place)
    elif found not in rule.accepts or (not constant and rule.constants == "only"):
        message = f"'{mnemonic}' works on {rule.says}; {type_name(operand.type)} does not fit."
        scope.error("stl.operand_type", message, place)
    elif isinstance(operand, nodes.Constant) and found != "pointer" and rule.numbers is not None:
        _check_number(scope, mnemonic, rule, operand, place)
    elif rule.writes and found not in ("timer", "counter", "stw"):
        check_target(scope, operand, place)
        _check_edge(scope, mnemonic, operand, place)


def _check_number(scope: Scope, mnemonic: str, rule: Rule, constant: nodes.Constant, place: Place) -> None:
    """Report a constant that is not a whole number, or that is outside the range of the instruction."""
    whole = isinstance(constant.type, Elementary) and constant.type.kind in (Kind.BITS, Kind.INTEGER)
    if not whole or not isinstance(constant.value, int):
        message = f"'{mnemonic}' works on {rule.says}; a constant of the type {type_name(constant.type)} does not fit."
        scope.error("stl.operand_type", message, place)
    elif rule.numbers is not None and not rule.numbers[0] <= constant.value <= rule.numbers[1]:
        low, high = rule.numbers
        scope.error("value.range", f"'{mnemonic}' takes a number from {low} to {high}, not {constant.value}.", place)


def _check_edge(scope: Scope, mnemonic: str, operand: nodes.Expression, place: Place) -> None:
    """Report the memory of an edge that is lost before the next call."""
    if mnemonic in ("FP", "FN") and isinstance(operand, nodes.Local) and operand.variable.section == "Temp":
        message = f"'#{operand.variable.name}' is temporary and forgets the last state; use a static variable or a tag."
        scope.warning("stl.edge_memory", message, place)


def _check_brackets(scope: Scope, body: list[nodes.Statement]) -> None:
    opened: list[nodes.StlOperation] = []
    for each in body:
        if not isinstance(each, nodes.StlOperation):
            continue
        if each.mnemonic.endswith("(") and each.mnemonic != "MCR(":
            opened.append(each)
            if len(opened) == _MOST_NESTING + 1:
                message = f"Brackets nest deeper than {_MOST_NESTING} levels; store an intermediate result."
                scope.error("stl.bracket_depth", message, each.place)
        elif each.mnemonic == ")" and opened:
            opened.pop()
        elif each.mnemonic == ")":
            scope.error(
                "stl.bracket_close", "This bracket was never opened; remove it, or add the opening one.", each.place
            )
    for each in opened:
        scope.error("stl.bracket_open", f"'{each.mnemonic}' is never closed; add ')' in the same network.", each.place)


def _check_jump_lists(scope: Scope, body: list[nodes.Statement]) -> None:
    """Report other operations in the list of JL between its jumps and its label."""
    for index, each in enumerate(body):
        if not isinstance(each, nodes.StlOperation) or each.mnemonic != "JL":
            continue
        behind = body[index + 1 : index + _LONGEST_LIST + 3]
        length = next((n for n, one in enumerate(behind) if not _is_jump(one)), len(behind))
        end = behind[length] if length < len(behind) else None
        if length > _LONGEST_LIST or not isinstance(end, nodes.Label) or end.name.casefold() != each.target.casefold():
            message = (
                f"Only up to {_LONGEST_LIST} JU and then the label '{each.target}' can follow JL; complete the list."
            )
            scope.error("stl.jump_list", message, each.place)


def _is_jump(statement: nodes.Statement) -> bool:
    return isinstance(statement, nodes.StlOperation) and statement.mnemonic == "JU"


# Labels belong to the whole block ------------------------------------------------------------------------------------


def _first(scope: Scope) -> etree._Element | None:
    """Return the first STL network of the block, at which the labels of all are checked."""
    sources = (network.source for network in scope.block.networks)
    return next((each for each in sources if each is not None and local_name(each) == "StatementList"), None)


def _check_labels(scope: Scope) -> None:
    labels = {name.casefold() for name in _labels_of_ladders(scope)}
    for name, place in _marks(scope, "LabelDeclaration"):
        if name.casefold() in labels:
            scope.error("label.twice", f"The label '{name}' is defined twice; rename one.", place)
        labels.add(name.casefold())
    for name, place in _marks(scope, "Access"):
        if name.casefold() not in labels:
            message = f"There is no label '{name}' to jump to; add it, or correct the name."
            scope.error("label.undefined", message, place)


def _marks(scope: Scope, holder: str) -> Iterator[tuple[str, Place]]:
    """Yield each label that STL declares (in ``LabelDeclaration``) or jumps to (in ``Access``)."""
    for number, network in enumerate(scope.block.networks, 1):
        if network.source is None or local_name(network.source) != "StatementList":
            continue
        for line, statement in enumerate(children(network.source, "StlStatement"), 1):
            found = child(statement, holder)
            label = None if found is None else child(found, "Label")
            if label is not None:
                place = Place(scope.block.name, number, line, uid=whole_number(statement.get("UId")))
                yield label.get("Name", ""), place


def _labels_of_ladders(scope: Scope) -> Iterator[str]:
    """Yield the labels of the networks in LAD and FBD in addition to those in STL."""
    for network in scope.block.networks:
        if network.source is not None and local_name(network.source) == "FlgNet":
            for declaration in network.source.iter("{*}LabelDeclaration"):
                yield from (label.get("Name", "") for label in children(declaration, "Label"))
