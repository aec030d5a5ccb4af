"""Laws that hold for every source: nothing raises, nothing is lost, inverses are inverse."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simatic_xml import scl
from simatic_xml.scl import Interface
from tests.simatic_xml.scl.corpus import outline
from tests.simatic_xml.scl.strategies import FRAGMENTS, literals, statements

INTERFACE = Interface({"a": "Int", "b1": "Int", "max": "Int"}, frozenset({"max"}))
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


@pytest.mark.slow
@settings(max_examples=60)
@given(programs)
def test_a_program_survives_the_way_through_xml(text: str) -> None:
    assert scl.parse_statements(text).diagnostics == []
    element = scl.from_text(text, INTERFACE)
    assert scl.to_text(element) == text
    assert outline(scl.from_text(scl.to_text(element), INTERFACE)) == outline(element)


@pytest.mark.slow
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
