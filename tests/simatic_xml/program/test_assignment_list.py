"""Which bits of inputs, outputs and bit memory are assigned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import Tag
from simatic_xml.program.analysis.assignment_list import Byte, Extent, assignment_list, extent_of
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.plant import index


def byte(area: str, number: int) -> Byte:
    return next(each for each in assignment_list(index()) if (each.area, each.number) == (area, number))


def test_areas_and_bytes_stand_in_order() -> None:
    places = [(each.area, each.number) for each in assignment_list(index())]
    assert places == [("I", 0), ("Q", 0), ("M", 1), ("M", 10), ("M", 11), ("M", 20), ("M", 21), ("M", 22)]


def test_bits_of_tags_and_of_plain_addresses() -> None:
    assert byte("I", 0).bits == ("tag", *[""] * 7)
    assert set(byte("M", 20).bits) == {"used"}
    word = byte("M", 10)
    assert [(entry.name, entry.symbolic, entry.uses, entry.blocks) for entry in word.entries] == [
        ("Word", True, 3, ("Main",)),
        ("%M10.1", False, 1, ("Main",)),
    ]


def test_a_bit_of_a_word_does_not_overlap_but_shifted_words_do() -> None:
    assert byte("M", 10).overlapping == ()
    assert set(byte("M", 21).overlapping) == {"Half", "%MW20"}


@pytest.mark.parametrize(
    ("text", "data_type", "extent"),
    [
        ("%I0.0", "Bool", Extent("I", 0, 1)),
        ("%QB3", "Byte", Extent("Q", 24, 32)),
        ("%MW10", "Int", Extent("M", 80, 96)),
        ("%MD4", "Real", Extent("M", 32, 64)),
        ("%M8.0", "LReal", Extent("M", 64, 128)),
        ("%I2.7:P", "Bool", Extent("I", 23, 24)),
    ],
)
def test_addresses(text: str, data_type: str, extent: Extent) -> None:
    assert extent_of(text, data_type) == extent


@pytest.mark.parametrize("text", ["", "%T5", "%DB1.DBW0", "%M1.8", "here"])
def test_what_is_no_address_of_the_list(text: str) -> None:
    assert extent_of(text) is None


ADDRESSES = st.tuples(
    st.sampled_from("IQM"), st.sampled_from(["", "B", "W", "D"]), st.integers(0, 12), st.integers(0, 7)
)


@given(st.lists(ADDRESSES, max_size=12))
def test_every_bit_is_assigned_exactly_where_a_tag_lies(addresses: list[tuple[str, str, int, int]]) -> None:
    made, bits = Workspace(), set()
    for number, (area, width, start, bit) in enumerate(addresses):
        made.put(Tag(f"T{number}", "Bool", f"%{area}{width}{start}" + ("" if width else f".{bit}")))
        first = start * 8 + (0 if width else bit)
        bits |= {(area, each) for each in range(first, first + {"": 1, "B": 8, "W": 16, "D": 32}[width])}
    listed = assignment_list(UseIndex(made))
    found = {(each.area, each.number * 8 + bit) for each in listed for bit in range(8) if each.bits[bit] == "tag"}
    assert found == bits
