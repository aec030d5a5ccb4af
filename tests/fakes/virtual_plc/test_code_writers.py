"""The writers of Python take no text, and nothing else writes code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import virtual_plc
from tests.fakes.virtual_plc.hostile_programs import CODE
from virtual_plc.code.naming import Name, attribute
from virtual_plc.code.python_text import Text, Writer, expression, join_pieces, literal, statement, steady_name

# Values --------------------------------------------------------------------------------------------------------------


class Sly(str):
    """A text that pretends to be harmless."""

    def __str__(self) -> str:
        return "1"


@pytest.mark.parametrize("given", ["", "1", "x", Sly("x"), ["x"], object(), 1j, {"a": 1}, [["x"]]])
def test_no_text_fills_a_hole(given: Any) -> None:
    with pytest.raises(TypeError):
        expression("{} + 1", given)
    with pytest.raises(TypeError):
        statement("f({})", given)
    with pytest.raises(TypeError):
        Writer().line("x = f({})", given)
    with pytest.raises(TypeError):
        literal(given)


@pytest.mark.parametrize("given", ["a b", "1a", "", "é", "ﬁ", "x;", "a.b", "a\n", "class", "None", "__import__('os')"])
def test_a_name_is_one_word(given: str) -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        Name(given)


@given(st.one_of(st.text(max_size=20), st.sampled_from(CODE)), st.text(max_size=20))
def test_different_names_of_a_program_are_different_words(one: str, other: str) -> None:
    assert str(Name("v_", attribute(one))).isascii()
    assert (Name("v_", attribute(one)) == Name("v_", attribute(other))) is (one == other)


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.binary(), st.none()))
def test_a_value_means_itself(given: Any) -> None:
    found = eval(literal(given).text, {"inf": float("inf"), "nan": float("nan")})  # noqa: S307 (what is tested)
    assert type(found) is type(given)
    assert found == given or given != given


@pytest.mark.parametrize("template", ["v_{}", "{}x", "'{}'", "# {}"])
def test_a_hole_is_a_whole_expression_or_name(template: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        expression(template, steady_name("x"))


def test_a_word_that_cannot_be_an_expression_takes_a_name_only() -> None:
    assert expression("x.{}", Name("y")).text == "x.y"
    with pytest.raises(TypeError):
        expression("x.{}", literal(1))
    with pytest.raises(TypeError):
        statement("def {}(x):", expression("1 + 1"))


# Parentheses ---------------------------------------------------------------------------------------------------------

_TEMPLATES = [
    "{} + {}", "{} - {}", "{} * {}", "{} // {}", "{} % {}", "{} & {}", "{} | {}", "{} ^ {}", "{} << {}", "{} >> {}",
    "{} and {}", "{} or {}", "{} == {}", "{} <= {} < {}", "{} if {} else {}", "not {}", "-{}", "({} & {} ^ {}) - {}",
    "f({}, {})", "{}[{}]", "{}.x", "{} is not {}", "[{}, {}]", "{}, {}", "{}[:{}]", "-(-{} // {})", "f(*{})",
]  # fmt: skip
_LEAVES = st.one_of(st.integers(-3, 3), st.floats(-2, 2), st.sampled_from([Name("a"), Name("b")]), st.booleans())


def holes(template: str) -> int:
    return template.count("{}")


_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.sampled_from(_TEMPLATES).flatmap(
        lambda template: st.tuples(st.just(template), *[inner] * holes(template))
    ),
    max_leaves=12,
)


def text(tree: Any) -> Text:
    if isinstance(tree, tuple):
        return expression(tree[0], *map(text, tree[1:]))
    return expression("{}", tree)


def in_parentheses(tree: Any) -> str:
    """Return an expression with parentheses around each part, wherever they are needed or not."""
    if isinstance(tree, tuple):
        return tree[0].format(*(f"({in_parentheses(each)})" for each in tree[1:]))
    return str(tree)


class Joined(ast.NodeTransformer):
    """Join `(a and b) and c` to `a and b and c`, which Python reads as another tree of the same meaning."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.BoolOp:
        self.generic_visit(node)
        parts = (
            (each.values if isinstance(each, ast.BoolOp) and type(each.op) is type(node.op) else [each])
            for each in node.values
        )
        return ast.BoolOp(node.op, [value for part in parts for value in part])


def meaning(source: str) -> str:
    return ast.dump(Joined().visit(ast.parse(source)))


@given(_TREES)
@example(("{} and {}", ("{} and {}", 1, 2), 3))
@example(("{} or {}", 1, ("{} or {}", ("{} and {}", 2, 3), 4)))
def test_parentheses_stand_where_they_are_needed(tree: Any) -> None:
    assert meaning(text(tree).text) == meaning(in_parentheses(tree))


def test_chains_need_no_parentheses() -> None:
    assert join_pieces("{} and {}", [steady_name("a"), steady_name("b"), steady_name("c")]).text == "a and b and c"
    assert expression("{} + {}", expression("{} * 2", steady_name("a")), literal(-1)).text == "a * 2 + -1"
    assert expression("{} - {}", literal(1), expression("{} - {}", literal(2), literal(3))).text == "1 - (2 - 3)"


# Nothing else writes code --------------------------------------------------------------------------------------------

_TEMPLATE_AT = {
    "expression": 0,
    "statement": 0,
    "join_pieces": 0,
    "template": 0,
    "line": 0,
    "effect": 0,
    "insert": 1,
}
_ROOT = Path(virtual_plc.__file__).parent
_WRITING = (*(_ROOT / name for name in ("python_tier", "instructions")), _ROOT / "memory" / "shapes.py")
_FILES = sorted(each for place in _WRITING for each in ([place] if place.is_file() else place.rglob("*.py")))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def template_of(node: ast.Call) -> ast.expr | None:
    """Return the template that a call gives to a writer."""
    name = called(node)
    if name not in _TEMPLATE_AT:
        return None
    at = _TEMPLATE_AT[name]
    return node.args[at] if len(node.args) > at else None


def is_literal(node: ast.expr, constants: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=body, orelse=otherwise):
            return is_literal(body, constants) and is_literal(otherwise, constants)
        case ast.Subscript(value=ast.Name(id=name)) | ast.Name(id=name):
            return name in constants
    return False


def literals(tree: ast.Module) -> set[str]:
    """Return the constants of a module that are a literal text, or a table of literal texts."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            values = value.values if isinstance(value, ast.Dict) else [value]
            if all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in values):
                found.add(node.targets[0].id)
    return found


def written(tree: ast.Module) -> set[str]:
    """Return the functions of the writers that a module has, and their methods."""
    return {"line", "effect", "insert"} | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith((".python_text", ".registry"))
        for alias in node.names
    }


def wrong_templates(tree: ast.Module) -> Iterator[int]:
    constants = literals(tree) | {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant | ast.IfExp)
        and is_literal(node.value, set())
    }
    names = written(tree)
    for node in ast.walk(tree):
        given = template_of(node) if isinstance(node, ast.Call) and called(node) in names else None
        if given is not None and not is_literal(given, constants):
            yield given.lineno


@pytest.mark.parametrize("file", _FILES, ids=lambda each: each.name)
def test_templates_are_literals(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for holder in ast.walk(tree):  # `template` and `line` themselves hand on what their callers give
        if isinstance(holder, ast.Module | ast.ClassDef):
            holder.body = [each for each in holder.body if getattr(each, "name", "") not in ("template", "line")]
    assert [*wrong_templates(tree)] == []


@pytest.mark.parametrize("file", _FILES, ids=lambda each: each.name)
def test_pieces_are_made_and_executed_by_the_writers_only(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    forbidden = {"Statement", "exec", "eval", "compile", "Text"}
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".python_text")
        for alias in node.names
    }
    found = {
        called(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    }
    assert found & (imported | {"exec", "eval", "compile"}) == set()
    replaced = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == "replace"]
    assert not {each.arg for node in replaced for each in node.keywords} & {"text", "level", "says"}


_IMPORT = "from virtual_plc.code.python_text import expression, statement"


def test_the_lint_finds_what_it_looks_for() -> None:
    for wrong in (
        'expression(f"{x}")',
        'w.line("%s" % x)',
        'w.insert(0, "{}".format(x))',
        "statement(x)",
    ):
        assert [*wrong_templates(ast.parse(f"{_IMPORT}\n{wrong}"))] == [2]
    for right in ('expression("{}", x)', 'w.line("a" if x else "b")', "T = {1: 'a'}\nstatement(T[1])"):
        assert [*wrong_templates(ast.parse(f"{_IMPORT}\n{right}"))] == []
