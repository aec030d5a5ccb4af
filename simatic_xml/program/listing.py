"""The typed program as text, for people who debug it and for tests that name the result of a network.

The spelling is near SCL, and shows what SCL does not: wires are `w1`, an implicit conversion is its type
around the operand (`Real(#count)`), a constant that is no Bool, Int, Real or text carries its type (`DInt#5`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simatic_xml.program import nodes as n
from simatic_xml.program import path_text
from simatic_xml.program.types.types import DataType, type_name

_INDENT = "  "
_BARE = ("Bool", "Int", "Real")


def listing(body: Iterable[n.Statement]) -> str:
    """Return statements as lines of text, without a line feed at the end."""
    return "\n".join(line for statement in body for line in _statement(statement))


def text(expression: n.Expression | None) -> str:
    """Return an expression as text; `-` for none."""
    match expression:
        case None:
            return "-"
        case n.Constant():
            return _constant(expression)
        case n.Convert():
            name = type_name(expression.type)
            name = name if expression.implicit else f"{expression.function}<{name}>"
            return f"{name}({text(expression.operand)})"
        case n.Unary():
            space = " " if expression.operator == "NOT" else ""
            return f"{expression.operator}{space}{_inner(expression.operand)}"
        case n.Binary():
            return f"{_inner(expression.left)} {expression.operator} {_inner(expression.right)}"
        case n.BlockCall() | n.InstructionCall():
            return _call(expression)
    return _operand(expression)


def _inner(expression: n.Expression) -> str:
    found = text(expression)
    return f"({found})" if isinstance(expression, n.Binary) else found


def _operand(expression: n.Expression) -> str:
    match expression:
        case n.Wire(number):
            return f"w{number}"
        case n.Broken():
            return "?"
        case n.Outcome() | n.Returned():
            return type(expression).__name__.upper()
    return path_text.text(expression)


def _constant(constant: n.Constant) -> str:
    if constant.symbol:
        return f"#{constant.symbol}" if constant.scope == "local" else f'"{constant.symbol}"'
    value = constant.value
    if isinstance(value, bool):
        return str(value).upper()
    spelled = f"'{value}'" if isinstance(value, str) else str(value)
    name = type_name(constant.type)
    return spelled if name in _BARE or name.startswith("String") else f"{name}#{spelled}"


def _call(call: n.BlockCall | n.InstructionCall) -> str:
    name = f'"{call.callee}"' if isinstance(call, n.BlockCall) else call.name + _types(call.types)
    instance = "" if call.instance is None else f"{text(call.instance)}."
    given = [_argument(argument) for argument in call.arguments]
    given += [] if call.eno is None else [f"ENO => {text(call.eno)}"]
    return f"{instance}{name}({', '.join(given)})"


def _types(types: dict[str, DataType]) -> str:
    return "{" + ", ".join(f"{name}={type_name(found)}" for name, found in types.items()) + "}" if types else ""


def _argument(argument: n.Argument) -> str:
    if argument.direction != "Output":
        return f"{argument.name} := {text(argument.value)}"
    stored = "" if isinstance(argument.store, n.Returned | None) else f" as {text(argument.store)}"
    return f"{argument.name} => {text(argument.value)}{stored}"


def _statement(statement: n.Statement) -> Iterator[str]:
    match statement:
        case n.Assign():
            yield f"{text(statement.target)} := {text(statement.value)}"
        case n.Evaluate():
            yield text(statement.call)
        case n.Jump():
            yield f"{statement.keyword} {statement.label}".rstrip()
        case n.Label():
            yield f"{statement.name}:"
        case n.StlOperation():
            operand = "" if statement.operand is None else f" {text(statement.operand)}"
            yield f"{statement.mnemonic}{operand}" + (f" {statement.target}" if statement.target else "")
        case n.If():
            yield from _if(statement)
        case n.Case():
            yield from _case(statement)
        case _:
            yield from _loop(statement)


def _if(statement: n.If) -> Iterator[str]:
    for index, branch in enumerate(statement.branches):
        yield f"{'ELSIF' if index else 'IF'} {text(branch.condition)} THEN"
        yield from _body(branch.body)
    if statement.otherwise is not None:
        yield "ELSE"
        yield from _body(statement.otherwise)


def _case(statement: n.Case) -> Iterator[str]:
    yield f"CASE {text(statement.selector)} OF"
    for choice in statement.choices:
        spelled = [text(low) if low is high else f"{text(low)}..{text(high)}" for low, high in choice.ranges]
        yield f"{_INDENT}{', '.join(spelled)}:"
        yield from (_INDENT + line for line in _body(choice.body))
    if statement.otherwise is not None:
        yield f"{_INDENT}ELSE"
        yield from (_INDENT + line for line in _body(statement.otherwise))


def _loop(statement: n.For | n.While | n.Repeat | n.Region) -> Iterator[str]:
    match statement:
        case n.For():
            limits = f"{text(statement.start)} TO {text(statement.limit)} BY {text(statement.step)}"
            yield f"FOR {text(statement.variable)} := {limits} DO"
        case n.While():
            yield f"WHILE {text(statement.condition)} DO"
        case n.Repeat():
            yield "REPEAT"
        case n.Region():
            yield f"REGION {statement.name}"
    yield from _body(statement.body)
    if isinstance(statement, n.Repeat):
        yield f"UNTIL {text(statement.condition)}"


def _body(body: list[n.Statement]) -> Iterator[str]:
    for statement in body:
        yield from (_INDENT + line for line in _statement(statement))
