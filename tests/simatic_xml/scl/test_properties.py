"""Laws that hold for every source: nothing raises, nothing is lost, inverses are inverse."""

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from simatic_xml import scl
from simatic_xml.scl import Interface

from .corpus import outline

NAMES = st.sampled_from(["a", "b1", "Zähler", "MAX", "long_name"])
INTERFACE = Interface({"a": "Int", "b1": "Int", "max": "Int"}, frozenset({"max"}))
FRAGMENTS = st.sampled_from(
    re.split(
        r"\s+",
        r"""IF THEN ELSE END_IF CASE OF END_CASE FOR TO DO END_FOR WHILE END_WHILE REPEAT UNTIL END_REPEAT REGION
        END_REGION FUNCTION "F" : Void BEGIN END_FUNCTION VAR END_VAR TYPE STRUCT END_STRUCT DATA_BLOCK #a := ; ( ) [ ]
        { } . .. (* *) (/* */) // T#5s 16#FF 'x' ' " $ % %MW1 ^ , => += AND NOT GOTO a: 1..2""",
    )
)


@st.composite
def literals(draw: st.DrawFn) -> str:
    number = st.integers(0, 99999).map(str)
    fixed = st.sampled_from(["TRUE", "T#1h_2s", "16#A5", "W#16#FF", "'it$'s'", "1.5E-3", "D#2024-01-01", "''"])
    return draw(st.one_of(number, fixed))


@st.composite
def variables(draw: st.DrawFn) -> str:
    head = draw(st.one_of(NAMES.map("#{}".format), NAMES.map('"{}"'.format), NAMES.map('#"{} x"'.format)))
    steps = st.one_of(
        NAMES.map(".{}".format),
        NAMES.map('."{} y"'.format),
        st.integers(0, 9).map("[{}]".format),
        NAMES.map("[#{} + 1, 2]".format),
    )
    tail = draw(st.sampled_from(["", "", ".%X0", "^"]))
    return head + "".join(draw(st.lists(steps, max_size=3))) + tail


def expressions() -> st.SearchStrategy[str]:
    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        operators = st.sampled_from(["+", "-", "*", "/", "MOD", "AND", "OR", "XOR", "=", "<>", "<", ">=", "**", "&"])
        return st.one_of(
            st.tuples(inner, operators, inner).map(" ".join),
            inner.map("({})".format),
            inner.map("NOT ({})".format),
            inner.map("-({})".format),
            inner.map("ABS({})".format),
            st.tuples(inner, inner).map(lambda pair: f"LIMIT(MN := {pair[0]}, IN := {pair[1]}, MX := 9)"),
            inner.map('"Calc"(x := {})'.format),
        )

    return st.recursive(st.one_of(literals(), variables()), larger, max_leaves=5)


def statements() -> st.SearchStrategy[str]:
    condition = expressions()
    simple = st.one_of(
        st.tuples(variables(), st.sampled_from([":=", "+=", "-="]), condition).map(lambda each: " ".join(each) + ";"),
        condition.map("#t(IN := {},\n   PT := T#5s);".format),
        st.sampled_from(["RETURN;", ";", "// comment", "(* block\n comment *)", "\n\n", "GOTO there;\nthere: ;"]),
    )

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        body = st.lists(inner, max_size=3).map(lambda each: "\n    ".join(["", *each]))
        return st.one_of(
            st.tuples(condition, body, body).map("IF {0[0]} THEN{0[1]}\nELSE{0[2]}\nEND_IF;".format),
            body.map("FOR #a := 1 TO 9 BY 2 DO{}\nEND_FOR;".format),
            st.tuples(condition, body).map("WHILE {0[0]} DO{0[1]}\nEND_WHILE;".format),
            st.tuples(body, condition).map("REPEAT{0[0]}\nUNTIL {0[1]}\nEND_REPEAT;".format),
            st.tuples(body, body).map("CASE #a OF\n 0, 2..3:{0[0]}\n #MAX:{0[1]}\nEND_CASE;".format),
            body.map("REGION some text{}\nEND_REGION".format),
        )

    return st.recursive(simple, larger, max_leaves=6)


programs = st.lists(statements(), max_size=5).map("\n".join)


@given(st.binary(max_size=300))
def test_bytes_never_raise(source: bytes) -> None:
    tree = scl.parse(source).tree
    assert scl.unparse(tree) == tree.tokens.source


@given(st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=40).map(" ".join), st.text(string.printable)))
def test_text_never_raises_and_is_never_lost(source: str) -> None:
    for result in (scl.parse(source), scl.parse_statements(source)):
        assert scl.unparse(result.tree) == source
        for finding in result.diagnostics:
            assert (finding.line, finding.column) >= (1, 1)
            assert (finding.end_line, finding.end_column) >= (finding.line, finding.column)


@settings(max_examples=60)
@given(programs)
def test_a_program_survives_the_way_through_xml(text: str) -> None:
    assert scl.parse_statements(text).diagnostics == []
    element = scl.from_text(text, INTERFACE)
    assert scl.to_text(element) == text
    assert outline(scl.from_text(scl.to_text(element), INTERFACE)) == outline(element)


@settings(max_examples=60)
@given(programs)
def test_laying_out_twice_is_laying_out_once(text: str) -> None:
    neat = scl.format(text)
    assert scl.format(neat) == neat
    assert "".join(neat.split()).upper() == "".join(text.split()).upper()


@settings(max_examples=30)
@given(programs, st.lists(literals(), max_size=3))
def test_a_block_survives_the_way_through_a_document(text: str, values: list[str]) -> None:
    members = "".join(f"      v{index} : Int := {value};\n" for index, value in enumerate(values))
    body = "".join(f"\t{line}\n" for line in text.split("\n"))
    source = f'FUNCTION_BLOCK "B"\nVERSION : 0.1\n   VAR\n{members}   END_VAR\nBEGIN\n{body}END_FUNCTION_BLOCK\n'
    documents = scl.generate(source).documents
    assert len(documents) == 1
    again = scl.source(documents[0])
    assert scl.generate(again).documents == documents
    assert scl.source(scl.generate(again).documents[0]) == again


@given(st.lists(FRAGMENTS, max_size=40).map(" ".join))
def test_generating_never_raises(source: str) -> None:
    result = scl.generate(source)
    assert len(result.documents) == len(result.names)
