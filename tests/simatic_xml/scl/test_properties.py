"""Laws that hold for every source: nothing raises, nothing is lost, inverses are inverse."""

import string
from itertools import pairwise
from xml.sax.saxutils import escape

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import scl
from simatic_xml.scl import Interface
from simatic_xml.scl.lexer import tokenize
from tests.simatic_xml.scl.corpus import bodies, exports, needs_corpus, outline
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


def spell(text: str) -> list[str]:
    """Return the tokens of a text, names without the quotes that they do not need."""
    tokens = tokenize(text)
    return [tokens.text(index).replace('"', "") for index in range(len(tokens.kinds) - 1)]


def press(element: etree._Element) -> str:
    """Return the text of an element without the nodes for blanks and line ends, and without the marks of quotes."""
    for node in list(element.iter("{*}Blank", "{*}NewLine", "{*}BooleanAttribute")):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return scl.to_text(element)


@settings(max_examples=30)
@given(programs)
def test_tokens_stay_apart_without_blanks(text: str) -> None:
    assert spell(press(scl.from_text(text, INTERFACE))) == spell(text)


@needs_corpus
def test_tokens_of_real_networks_stay_apart_without_blanks() -> None:
    for path in exports():
        for element, _sections in bodies(path):
            text = scl.to_text(element)
            assert spell(press(element)) == spell(text), path


CONSTANTS = ["T#5s", "'a'", "16#FF"]
NODES = st.one_of(
    st.sampled_from(["IF", "THEN", ":=", "(", "*", "/", "..", "<", ">", "=", "5", "1.5", "NOT", ";"]).map(
        lambda text: (f'<Token Text="{escape(text)}"/>', text)
    ),
    st.sampled_from(["a", "3Ready", "IF", "x y", "Zähler", "MOD"]).flatmap(
        lambda name: st.sampled_from(
            [
                (f'<Access Scope="LocalVariable"><Symbol><Component Name="{name}"/></Symbol></Access>', f"#{name}"),
                (f'<Access Scope="GlobalVariable"><Symbol><Component Name="{name}"/></Symbol></Access>', name),
                (f'<Token Text="."/><Component Name="{name}"/>', f". {name}"),
            ]
        )
    ),
    st.sampled_from(CONSTANTS).map(
        lambda value: (
            f'<Access Scope="LiteralConstant"><Constant><ConstantValue>{value}</ConstantValue></Constant></Access>',
            value,
        )
    ),
    st.just(("<LineComment><Text>note</Text></LineComment>", "")),
)


@given(st.lists(NODES, max_size=12))
def test_each_node_stays_the_token_that_it_is(nodes: list[tuple[str, str]]) -> None:
    assume(
        not any(one in CONSTANTS and other.startswith(".") for (_, one), (_, other) in pairwise(nodes))
    )  # never meant
    namespace = "http://www.siemens.com/automation/Openness/SW/NetworkSource/StructuredText/v3"
    text = scl.to_text(
        etree.fromstring(f'<StructuredText xmlns="{namespace}">{"".join(xml for xml, _ in nodes)}</StructuredText>')
    )
    expected = " ".join(said for _, said in nodes if said).replace("x y", "x\u00a0y").split(" ")
    assert spell(text) == [each.replace("\u00a0", " ") for each in expected if each], text


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
