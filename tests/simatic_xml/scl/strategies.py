"""Random SCL."""

import re

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b1", "Zähler", "MAX", "long_name"])


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


FRAGMENTS = st.sampled_from(
    re.split(
        r"\s+",
        r"""IF THEN ELSE END_IF CASE OF END_CASE FOR TO DO END_FOR WHILE END_WHILE REPEAT UNTIL END_REPEAT REGION
        END_REGION FUNCTION "F" : Void BEGIN END_FUNCTION VAR END_VAR TYPE STRUCT END_STRUCT DATA_BLOCK #a := ; ( ) [ ]
        { } . .. (* *) (/* */) // T#5s 16#FF 'x' ' " $ % %MW1 ^ , => += AND NOT GOTO a: 1..2""",
    )
)
