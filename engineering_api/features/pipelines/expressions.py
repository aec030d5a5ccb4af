"""Conditions and parameters of pipelines: comparisons over variables and results, never more.

The text is read by Python's own parser and its tree is walked by the table below: what is not in the table cannot be
said. There are no attributes of objects, only fields of JSON; what a result does not have is null.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from openness_bridge.errors import Problem

LONGEST = 2000
"""Characters of an expression."""
Scope = Mapping[str, Any]

_INSERTED = re.compile(r"\$(\$)?\{([^{}]*)\}")
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "startsWith": lambda text, begin: text.startswith(begin),
    "endsWith": lambda text, end: text.endswith(end),
}


def evaluate(text: str, scope: Scope) -> Any:
    """Return the value of an expression.

    Args:
        text: Such as: steps.Compile.result.errorCount == 0 and device != "PLC_2".
        scope: Values by name: JSON data.

    Raises:
        Problem: It is not an expression, or compares what cannot be compared.
    """
    try:
        return _value(_tree(text), scope)
    except (TypeError, AttributeError, RecursionError) as error:
        raise Problem("pipeline.expression", f"'{text}' cannot be evaluated: {error}.") from None


def fill(value: Any, scope: Scope) -> Any:
    """Return JSON data with its ${...} filled in; a text that is nothing else becomes the value itself, as typed.

    $${...} stays as ${...}.

    Raises:
        Problem: As evaluate.
    """
    if isinstance(value, str):
        return _fill_text(value, scope)
    if isinstance(value, list):
        return [fill(each, scope) for each in value]
    if isinstance(value, dict):
        return {key: fill(each, scope) for key, each in value.items()}
    return value


def find_expressions(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the expressions in JSON data, each with the JSON pointer of its text."""
    if isinstance(value, str):
        yield from ((pointer, found[2]) for found in _INSERTED.finditer(value) if not found[1])
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from find_expressions(each, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from find_expressions(each, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


def paths(text: str) -> list[tuple[str, ...]]:
    """Return the names that an expression reads, each with its fields as far as they are written out.

    Raises:
        Problem: It is not an expression.
    """
    found: list[tuple[str, ...]] = []
    _collect(_tree(text), found)
    return found


def _fill_text(text: str, scope: Scope) -> Any:
    whole = _INSERTED.fullmatch(text)
    if whole and not whole[1]:
        return evaluate(whole[2], scope)
    return _INSERTED.sub(lambda found: found[0][1:] if found[1] else _to_text(evaluate(found[2], scope)), text)


def _to_text(value: Any) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        msg = "Only texts and numbers can be a part of a text: let ${...} be the whole text for other values."
        raise Problem("pipeline.expression", msg)
    return str(value)


@lru_cache(512)
def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Problem("pipeline.expression", f"An expression has {LONGEST} characters at most.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        _require_known(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        msg = f"'{text}' is not an expression: compare with == != < <= > >= in, and join with and, or, not."
        raise Problem("pipeline.expression", msg) from None
    return tree


def _require_known(node: ast.expr) -> None:
    """Refuse every form that is not one of the language, at any place.

    Raises:
        ValueError: There is one.
    """
    if type(node) not in _KNOWN:
        raise ValueError(type(node).__name__)
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS):
        raise ValueError(ast.dump(node.func))
    if isinstance(node, ast.Call) and (node.keywords or not node.args):
        raise ValueError(ast.dump(node))
    if isinstance(node, ast.Compare) and any(type(each) not in _COMPARED for each in node.ops):
        raise ValueError(ast.dump(node))
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, (ast.Not, ast.USub)):
        raise ValueError(ast.dump(node))
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, int, float, bool, type(None))):
        raise ValueError(repr(node.value))
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _require_known(child)


def _value(node: Any, scope: Scope) -> Any:
    return _KNOWN[type(node)](node, scope)


def _name(node: ast.Name, scope: Scope) -> Any:
    return _WORDS[node.id] if node.id in _WORDS else scope.get(node.id)


def _field(node: ast.Attribute, scope: Scope) -> Any:
    return _part(_value(node.value, scope), node.attr)


def _element(node: ast.Subscript, scope: Scope) -> Any:
    return _part(_value(node.value, scope), _value(node.slice, scope))


def _part(whole: Any, key: Any) -> Any:
    """Return a field of an object or an element of a list; null where there is none."""
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, list) and isinstance(key, int) and -len(whole) <= key < len(whole):
        return whole[key]
    return None


def _evaluate_bool(node: ast.BoolOp, scope: Scope) -> Any:
    """Return the value that decides: the first that is not true of `and`, the first that is of `or`; else the last."""
    decisive = isinstance(node.op, ast.Or)
    value = None
    for each in node.values:
        value = _value(each, scope)
        if bool(value) is decisive:
            break
    return value


def _evaluate_comparison(node: ast.Compare, scope: Scope) -> bool:
    left = _value(node.left, scope)
    for how, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, scope)
        if not _COMPARED[type(how)](left, right):
            return False
        left = right
    return True


def _evaluate_sign(node: ast.UnaryOp, scope: Scope) -> Any:
    value = _value(node.operand, scope)
    return not value if isinstance(node.op, ast.Not) else -value


def _evaluate_call(node: ast.Call, scope: Scope) -> Any:
    return _FUNCTIONS[node.func.id](*(_value(each, scope) for each in node.args))  # type: ignore[attr-defined]  # _require_known checked it


_KNOWN: dict[type[ast.expr], Callable[[Any, Scope], Any]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: _name,
    ast.Attribute: _field,
    ast.Subscript: _element,
    ast.BoolOp: _evaluate_bool,
    ast.Compare: _evaluate_comparison,
    ast.UnaryOp: _evaluate_sign,
    ast.Call: _evaluate_call,
    ast.List: lambda node, scope: [_value(each, scope) for each in node.elts],
}


def _collect(node: ast.expr, found: list[tuple[str, ...]]) -> None:
    path = _path(node)
    if path is not None:
        found.extend([path] if path[0] not in _WORDS else [])
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
            _collect(child, found)


def _path(node: ast.expr) -> tuple[str, ...] | None:
    """Return the way to a value, where it is names and texts all along."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return None if before is None else (*before, node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        before = _path(node.value)
        return None if before is None else (*before, str(node.slice.value))
    return None
