"""Mending keeps what a program says: the tree without parentheses, the value of conditions, every comment."""

from dataclasses import fields, is_dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import lint, scl
from simatic_xml.lint.run import parse_source
from simatic_xml.lint.source import Source
from simatic_xml.scl.nodes import Assignment, Binary, Call, If, Literal, Statement, Unary, Variable
from simatic_xml.scl.parser import decode
from tests.simatic_xml.scl.corpus import needs_corpus, sources
from tests.simatic_xml.scl.strategies import expressions, statements

LAYOUT = lint.Settings().only(["L001", "L002", "L004", "L005"])
PARENTHESES = lint.Settings().only(["L403"])
BODIES = st.lists(statements(), max_size=5).map(lambda each: " ".join(each))


def shape(node: Any) -> Any:
    """A tree without its tokens."""
    if isinstance(node, list):
        return [shape(each) for each in node]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    names = [each.name for each in fields(node) if each.name not in ("first", "stop", "opening")]
    return (type(node).__name__, *(shape(getattr(node, name)) for name in names))


def comments(text: str) -> list[str]:
    return [each.piece.source for each in Source(parse_source(text).tree).comments]


def words(text: str) -> list[str]:
    tokens = parse_source(text).tree.tokens
    return [tokens.text(index).upper() for index in range(len(tokens.kinds))]


@given(BODIES)
def test_a_second_time_changes_nothing_and_comments_stay(text: str) -> None:
    corrected = lint.fix(text)
    assert lint.fix(corrected) == corrected
    assert comments(corrected) == comments(text)
    assert parse_source(corrected).ok == parse_source(text).ok


@pytest.mark.slow
@given(BODIES)
def test_layout_keeps_the_tokens(text: str) -> None:
    assert words(lint.fix(text, LAYOUT)) == words(text)


@given(expressions())
def test_parentheses_that_go_change_nothing(text: str) -> None:
    before = f"#a := ({text}); IF ({text}) THEN #b := (({text})); END_IF; #c((x := ({text})));"
    before = before.replace("#c((x := ", "#c(x := (").replace(")));", "));")
    after = lint.fix(before, PARENTHESES)
    assert shape(parse_source(after).tree.statements) == shape(parse_source(before).tree.statements)


def conditions() -> st.SearchStrategy[str]:
    operand = st.sampled_from(["#a", "#b", "#c", "TRUE", "FALSE", "true"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        operators = st.sampled_from(["AND", "OR", "XOR", "=", "<>", "= TRUE AND", "<> FALSE =", "&"])
        return st.one_of(
            st.tuples(inner, operators, inner).map(" ".join),
            inner.map("({})".format),
            inner.map("NOT({})".format),
            inner.map("{} = FALSE".format),
            inner.map("TRUE <> {}".format),
            inner.map("NOT {}".format),
            inner.map("NOT ({} = #c)".format),
        )

    return st.recursive(operand, larger, max_leaves=6)


def value(node: Any, given: dict[str, bool]) -> bool:
    match node:
        case Literal():
            return node.text.upper() == "TRUE"
        case Variable():
            return given[node.name]
        case Unary():
            return not value(node.operand, given)
        case Binary():
            left, right = value(node.left, given), value(node.right, given)
            operators = {"AND": left and right, "&": left and right, "OR": left or right, "XOR": left != right}
            return {**operators, "=": left == right, "<>": left != right}[node.operator]
    raise TypeError(node)


def outcome(body: list[Statement], given: dict[str, bool]) -> dict[str, bool]:
    """What a body of assignments and branches leaves in its variables."""
    state = dict(given)
    for statement in body:
        if isinstance(statement, Assignment):
            [target] = statement.targets
            assert isinstance(target, Variable)
            state[target.name] = value(statement.value, state)
        elif isinstance(statement, If):
            taken = next((each.body for each in statement.branches if value(each.condition, state)), None)
            state = outcome((statement.otherwise or []) if taken is None else taken, state)
    return state


PROGRAMS = st.one_of(
    conditions().map("#d := {};".format),
    conditions().map("IF {} THEN #d := TRUE; ELSE #d := FALSE; END_IF;".format),
    conditions().map("IF {} THEN #d := FALSE; ELSE #d := TRUE; END_IF;".format),
    st.tuples(conditions(), conditions()).map("IF {0[0]} THEN; #d := {0[1]};; ELSE #d := #a; END_IF;".format),
)


@given(st.lists(PROGRAMS, min_size=1, max_size=3).map(" ".join))
def test_conditions_keep_their_value(text: str) -> None:
    before, after = parse_source(text), parse_source(lint.fix(text))
    assert before.ok and after.ok
    for values in product((False, True), repeat=3):
        given = {**dict(zip("abc", values, strict=True)), "d": False}
        assert outcome(before.tree.statements, given) == outcome(after.tree.statements, given)


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("IF (#run)THEN #a := 1; END_IF;", "IF #run THEN #a := 1; END_IF;"),
        ("#a := NOT(#b);", "#a := NOT #b;"),
        ("#a := TRUE; #b := FALSE;", "#a := TRUE;\n#b := FALSE;"),
        ("  #a := TRUE; (* why *) #b := FALSE;", "  #a := TRUE;\n  (* why *) #b := FALSE;"),
        ("#a := TRUE;\r\n;\r\n#b := FALSE;\r\n", "#a := TRUE;\r\n#b := FALSE;\r\n"),
        ("IF #a (* x *) = TRUE THEN #b := 1; END_IF;", "IF #a (* x *) = TRUE THEN #b := 1; END_IF;"),
        ("#a := 'two  tabs\t\tin a text' ;  ", "#a := 'two  tabs\t\tin a text' ;"),
        ("#a := (#b // why\n);", "#a := #b // why\n;"),
        ("IF #a THEN\n  // why\n  #b := TRUE;\nELSE\n  #b := FALSE;\nEND_IF;",) * 2,
        ("#a := ;  ", "#a := ;  "),
        ("#on := TRUE;   // lint: off\n", "#on := TRUE;   // lint: off\n"),
    ],
)
def test_examples(text: str, corrected: str) -> None:
    assert lint.fix(text) == corrected


@pytest.mark.slow
@needs_corpus
def test_real_sources() -> None:
    for path in sources():
        text = decode(path.read_bytes())
        corrected = lint.fix(text)
        assert lint.fix(corrected) == corrected, path
        assert comments(corrected) == comments(text), path
        if scl.parse(text).ok:
            assert scl.parse(corrected).ok, path


@given(st.text(max_size=200))
def test_whatever_the_text_nothing_raises(text: str) -> None:
    lint.fix(text)
    for found in lint.lint(text):
        assert found.line >= 1 and found.column >= 1


def test_calls_are_not_touched() -> None:
    text = '#a := ABS((#b + 1));\n"F"();\n'
    assert lint.fix(text) == text
    assert isinstance(parse_source(text).tree.statements[0].value, Call)
