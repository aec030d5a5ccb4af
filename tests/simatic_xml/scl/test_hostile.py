"""Whatever the bytes: findings in bounded time, and no nesting that exhausts the stack; parsed, typed, linted."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import lint, scl
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl.parser import decode
from tests.simatic_xml.scl.strategies import FRAGMENTS

HEAD = 'FUNCTION "F" : Void\nVAR_TEMP\n    a : Int;\nEND_VAR\nBEGIN\n'
TAIL = "\nEND_FUNCTION\n"
DEEP = 20_000
LONG = 5_000
SECONDS = 60


def everything(source: bytes) -> None:
    """Run what the project makes of a source; errors in it are reported, never raised."""
    result = scl.parse(source)
    assert scl.unparse(result.tree) == result.tree.tokens.source
    assert all(found.line >= 1 and found.column >= 1 for found in result.diagnostics)
    text = decode(source)
    if result.ok:
        scl.format(text)
    scl.generate(source)
    lint.fix(text)
    workspace = Workspace()
    workspace.put_source(source)
    workspace.check()


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    everything(data)


@given(st.lists(FRAGMENTS, max_size=60).map(" ".join))
def test_any_words_of_the_language(text: str) -> None:
    everything(text.encode("utf-8"))
    everything((HEAD + text + TAIL).encode("utf-8"))


@given(st.lists(FRAGMENTS, max_size=30).map("\n".join), st.integers(0, 400), st.binary(max_size=3))
def test_a_damaged_source(text: str, place: int, damage: bytes) -> None:
    source = (HEAD + text + TAIL).encode("utf-8")
    everything(source[:place] + damage + source[place + 1 :])


def test_control_characters_in_every_object() -> None:
    """What XML cannot hold is reported wherever it stands, and raises nowhere."""
    source = "".join(f'TYPE "T{i}"\nVERSION : 0\x00.1\nSTRUCT "a\x01" : Int; END_STRUCT; END_TYPE\n' for i in range(3))
    everything(source.encode("utf-8"))
    assert scl.generate(source).documents == []


NESTED = {
    "parentheses": lambda n: "#a := " + "(" * n + "1" + ")" * n + ";",
    "open parentheses": lambda n: "#a := " + "(" * n,
    "signs": lambda n: "#a := " + "-" * n + "1;",
    "negations": lambda n: "#a := " + "NOT " * n + "1;",
    "indices": lambda n: "#a" + "[#a" * n + "]" * n + " := 1;",
    "calls": lambda n: "#a := " + "ABS(" * n + "1" + ")" * n + ";",
    "branches": lambda n: "IF #a = 1 THEN " * n + "END_IF; " * n,
    "loops": lambda n: "WHILE #a = 1 DO " * n + "END_WHILE; " * n,
    "regions": lambda n: "REGION x\n" * n + "END_REGION\n" * n,
    "cases": lambda n: "CASE #a OF 1: " * n + "END_CASE; " * n,
    "comments": lambda n: "(*" * n + "*)" * n,
    "open comments": lambda n: "(*" * n,
    "braces": lambda n: "{" * n,
    "ends": lambda n: "END_IF; " * n,
}


@pytest.mark.parametrize("make", NESTED.values(), ids=NESTED.keys())
def test_deep_nesting(make: Callable[[int], str]) -> None:
    everything((HEAD + make(DEEP) + TAIL).encode("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda n: "STRUCT x : " * n,
        lambda n: "x : " + "ARRAY[0..1] OF " * n + "Int;",
        lambda n: "x : " + "REF_TO " * n + "Int;",
        lambda n: "x : " + "Struct y : " * n + "Int;" + "END_STRUCT; " * n,
    ],
    ids=["structs", "arrays", "references", "inner structs"],
)
def test_deep_declarations(make: Callable[[int], str]) -> None:
    everything(f'TYPE "T"\nSTRUCT\n{make(DEEP)}\nEND_STRUCT;\nEND_TYPE\n'.encode())
    everything(f'FUNCTION_BLOCK "T"\nVAR\n{make(DEEP)}\nEND_VAR\nBEGIN\nEND_FUNCTION_BLOCK\n'.encode())


CHAINED = {
    "additions": lambda n: "#a := 1" + " + 1" * n + ";",
    "conditions": lambda n: "IF #a = 1" + " AND #a = 1" * n + " THEN #a := 1; END_IF;",
    "powers": lambda n: "#a := 1" + " ** 2" * n + ";",
    "targets": lambda n: "#a := " * n + "1;",
    "members": lambda n: "#a" + ".b" * n + " := 1;",
    "branches": lambda n: "IF #a = 1 THEN #a := 1;" + "ELSIF #a = 2 THEN #a := 1; " * n + "END_IF;",
    "labels": lambda n: "CASE #a OF " + ",".join(map(str, range(n))) + ": #a := 1; END_CASE;",
    "arguments": lambda n: '"F"(' + ",".join(f"x{i} := 1" for i in range(n)) + ");",
    "semicolons": lambda n: ";" * n,
    "blanks": lambda n: " " * n + "#a := 1;",
    "quotes": lambda n: "'" * n,
    "digits": lambda n: "#a := " + "9" * n + ";",
    "hashes": lambda n: "#" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("make", CHAINED.values(), ids=CHAINED)
def test_long_chains_take_bounded_time(make: Callable[[int], str]) -> None:
    begin = time.process_time()
    everything((HEAD + make(LONG) + TAIL).encode("utf-8"))
    assert time.process_time() - begin < SECONDS
