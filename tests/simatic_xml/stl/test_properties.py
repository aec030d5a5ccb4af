"""STL between element, text and JSON, over everything that can be written, and over what cannot."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import SimaticMLError, stl
from simatic_xml.xml.residue import same
from tests.simatic_xml.stl.texts import damaged, texts

few = settings(max_examples=50)

_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["stl", "x", "uids", "statements", "edits", "1"]), inner, max_size=3),
    ),
    max_leaves=8,
)


@few
@given(texts, st.integers(1, 5))
def test_text_and_element_are_inverse(text: str, version: int) -> None:
    element = stl.from_text(text, version)
    written = stl.to_text(element)
    assert same(stl.from_text(written, version), element)
    assert stl.to_text(stl.from_text(written)) == written
    assert "x" not in stl.to_json(element)


@few
@given(texts)
def test_every_line_is_a_statement(text: str) -> None:
    element = stl.from_text(text)
    statements = stl.statements(element)
    assert [each.line for each in statements] == list(range(1, text.count("\n") + 1))
    assert len(element) == len(statements)


@few
@given(st.data())
def test_json_gives_back_damaged_elements(data: st.DataObject) -> None:
    element = data.draw(damaged(stl.from_text(data.draw(texts))))
    written = json.loads(json.dumps(stl.to_json(element)))
    assert same(stl.from_json(written, 4), element)


@few
@given(st.data())
def test_numbers_in_any_order_are_kept(data: st.DataObject) -> None:
    element = stl.from_text(data.draw(texts))
    for statement in element:
        statement.set("UId", str(data.draw(st.integers(0, 999))))
    written = stl.to_json(element)
    assert set(written.get("x", {})) <= {"uids"}
    assert same(stl.from_json(written), element)
    assert stl.to_text(element) == stl.to_text(stl.from_text(stl.to_text(element)))


@few
@given(st.text(max_size=60))
def test_hostile_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SimaticMLError):
        etree.tostring(stl.from_text(text))


@few
@given(
    st.sampled_from(["CALL", "L", "A", "CALL X", 'CALL "X", ', "L indirect(", "JU", "M:"]),
    st.text("\"'(){}[]#%:=>,. aA1", max_size=30),
)
def test_hostile_operands_are_read_or_refused(start: str, rest: str) -> None:
    with contextlib.suppress(SimaticMLError):
        element = stl.from_text(f"{start} {rest}")
        assert same(stl.from_json(stl.to_json(element)), element)


@few
@given(_json)
def test_hostile_json_is_read_or_refused(data: object) -> None:
    with contextlib.suppress(SimaticMLError):
        stl.from_json(data)
    with contextlib.suppress(SimaticMLError):
        stl.from_json({"stl": ["A #x", "?"], "x": data})
