"""Documents with named value data types: what they declare, which mistakes they have, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import named_values
from simatic_xml.model import NamedValueType
from simatic_xml.named_values.reading import BASES

TEXT = """// lights
NAMESPACE Plant.Line
{ PUBLISHED := 'TRUE' }
    TYPE
        Light : INT
        (
            RED := 1,       (* stop *)
            GREEN := 16#2
        ) := GREEN;
        Small : SINT ( LOW := -128 );
    END_TYPE
END_NAMESPACE
TYPE
    Bare : BYTE ( ALL := BYTE#16#FF ) := 3;
END_TYPE
"""


def test_a_document_declares_types_of_several_namespaces() -> None:
    found = named_values.parse(b"\xef\xbb\xbf" + TEXT.encode())
    assert found.diagnostics == []
    assert found.types == [
        NamedValueType("Plant.Line.Light", "Int", {"RED": "1", "GREEN": "16#2"}, "GREEN", published=True),
        NamedValueType("Plant.Line.Small", "SInt", {"LOW": "-128"}, published=True),
        NamedValueType("Bare", "Byte", {"ALL": "BYTE#16#FF"}, "3"),
    ]
    assert [each.default_literal for each in found.types] == ["16#2", "-128", "3"]
    assert found.places == [(5, 9), (10, 9), (14, 5)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("TYPE X : REAL ( A := 1 ); END_TYPE", "1:10 nvt.base"),
        ("TYPE X : SINT ( A := 128 ); END_TYPE", "1:22 nvt.value"),
        ("TYPE X : USINT ( A := -1 ); END_TYPE", "1:23 nvt.value"),
        ("TYPE X : INT ( A := 1.5 ); END_TYPE", "1:21 nvt.value"),
        ("TYPE X : INT ( A := TRUE ); END_TYPE", "1:21 nvt.value"),
        ("TYPE X : INT ( A := 1, a := 2 ); END_TYPE", "1:24 nvt.duplicate"),
        ("TYPE X : INT ( A := 1 ); x : INT ( A := 1 ); END_TYPE", "1:26 nvt.duplicate"),
        ("TYPE X : INT ( A := 1 ) := B; END_TYPE", "1:28 nvt.default"),
        ("TYPE X : INT ( ); END_TYPE", "1:16 nvt.empty"),
        ("TYPE X : INT ( A_ := 1 ); END_TYPE", "1:16 nvt.name"),
        ("TYPE X__Y : INT ( A := 1 ); END_TYPE", "1:6 nvt.name"),
        (f"TYPE X : INT ( {'A' * 129} := 1 ); END_TYPE", "1:16 nvt.name"),
        (f"NAMESPACE {'N' * 120} TYPE Xxxxxx : INT ( A := 1 ); END_TYPE END_NAMESPACE", "1:137 nvt.name"),
        ("{ PUBLISHED := 'YES' } TYPE X : INT ( A := 1 ); END_TYPE", "1:3 nvt.pragma"),
        ("NAMESPACE N TYPE X : INT ( A := 1 ); END_TYPE", "1:46 nvt.namespace"),
        ("TYPE X : INT ( A := 1 ); END_TYPE END_NAMESPACE", "1:35 nvt.namespace"),
        ("TYPE X : INT ( A := 1 );", "1:25 nvt.expected"),
        ("FUNCTION X", "1:1 nvt.expected"),
        ("TYPE X : INT ( A := 1; END_TYPE", "1:22 expected"),
    ],
)
def test_a_mistake_has_its_place(text: str, finding: str) -> None:
    first = named_values.parse(text).diagnostics[0]
    assert f"{first.line}:{first.column} {first.code}" == finding


def test_a_type_with_a_mistake_costs_only_itself() -> None:
    found = named_values.parse("TYPE X : REAL ( A := 1 ); Y : INT ( B := 2 ); END_TYPE")
    assert [each.name for each in found.types] == ["Y"]
    assert len(found.diagnostics) == 1


NAME = st.from_regex(r"[A-Z][a-z]{0,5}(_[a-z0-9]{1,3})?", fullmatch=True)
VALUES = st.dictionaries(NAME, st.integers(0, 127).map(str), min_size=1, max_size=4)


@st.composite
def _types(draw: st.DrawFn) -> list[NamedValueType]:
    names = draw(st.lists(st.lists(NAME, min_size=1, max_size=3).map(".".join), min_size=1, max_size=4))
    found = {}
    for name in names:
        values = draw(VALUES)
        named = {each.casefold(): each for each in values}
        kept = {each: values[each] for each in named.values()}
        default = draw(st.sampled_from(["", "5", *kept]))
        found[name.casefold()] = NamedValueType(name, draw(st.sampled_from(BASES)), kept, default, draw(st.booleans()))
    return list(found.values())


@given(_types())
def test_what_is_written_is_read_again(types: list[NamedValueType]) -> None:
    found = named_values.parse(named_values.write(types))
    assert (found.types, found.diagnostics) == (types, [])


@given(st.text(alphabet="NAMESPACE TYP_:=(),;{}'#.1aX\n", max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    found = named_values.parse(text)
    assert len(found.types) == len(found.places)
