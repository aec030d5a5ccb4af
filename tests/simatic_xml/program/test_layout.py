"""Where data lie in standard blocks: known sizes, nothing overlaps, everything is aligned."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.layout import element_count, element_offset, offsets, size_bits, work_memory
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import BOOL, BYTE, ELEMENTARY, INT, Array, Structure, Text, Variable


def structure(*types):
    return Structure("", "struct", tuple(Variable(f"m{i}", each) for i, each in enumerate(types)))


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("DTL", 12),
        ("CREF", 8),
        ("NREF", 8),
        ("ErrorStruct", 28),
        ("TADDR_Param", 8),
        ("TCON_Param", 64),
        ("SSL_HEADER", 4),
        ("IEC_COUNTER", 6),
        ("String[4]", 6),
        ("WString[4]", 12),
        ("Date_And_Time", 8),
        ("Array[0..8] of Bool", 2),
        ("Array[0..2] of Byte", 4),
        ("Array[1..2, 1..3] of Int", 12),
        ("Array[0..1, 0..8] of Bool", 4),
        ("Int", 2),
    ],
)
def test_documented_sizes(name, size):
    assert size_bits(parse_type(name)) == 8 * size


def test_bools_share_a_byte_and_the_rest_is_aligned():
    found = offsets(structure(BOOL, BOOL, BYTE, BOOL, INT, BYTE, structure(BOOL), BOOL))
    assert found == {
        "m0": (0, 0),
        "m1": (0, 1),
        "m2": (1, 0),
        "m3": (2, 0),
        "m4": (4, 0),
        "m5": (6, 0),
        "m6": (8, 0),
        "m6.m0": (8, 0),
        "m7": (10, 0),
    }


def test_an_overlay_lies_where_its_variable_does():
    members = (Variable("a", INT), Variable("b", BYTE), Variable("c", BYTE, overlays="b"), Variable("d", BYTE))
    assert offsets(Structure("", "struct", members)) == {"a": (0, 0), "b": (2, 0), "c": (2, 0), "d": (3, 0)}


def test_elements_of_an_array_of_bool_are_packed_row_by_row():
    array = Array(BOOL, ((0, 1), (0, 8)))
    assert [element_offset(array, each) for each in ((0, 0), (0, 8), (1, 0), (1, 1))] == [
        (0, 0),
        (1, 0),
        (2, 0),
        (2, 1),
    ]


def test_an_index_outside_of_the_bounds_has_no_place():
    with pytest.raises(IndexError):
        element_offset(Array(INT, ((0, 3),)), (4,))


elementary = st.sampled_from([each for each in ELEMENTARY.values() if each.bits])
leaves = elementary | st.builds(Text, st.sampled_from(["String", "WString"]), st.integers(1, 20))
bounds = st.tuples(st.integers(-5, 5), st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
types = st.recursive(
    leaves | st.builds(Array, leaves, st.lists(bounds, min_size=1, max_size=3).map(tuple)),
    lambda inner: st.lists(inner, min_size=1, max_size=5).map(lambda each: structure(*each)),
    max_leaves=12,
)


@given(st.lists(types, min_size=1, max_size=8))
def test_members_never_overlap_and_are_aligned(members):
    whole = structure(*members)
    found = offsets(whole)
    end = 0
    for member in whole.members:
        byte, bit = found[member.name]
        bits = size_bits(member.type)
        assert byte * 8 + bit >= end
        assert bit == 0 or member.type is BOOL
        assert byte % 2 == 0 or bits in (1, 8)
        end = byte * 8 + bit + bits
    assert size_bits(whole) % 16 == 0
    assert end <= size_bits(whole) < end + 16


@given(st.builds(Array, leaves, st.lists(bounds, min_size=1, max_size=3).map(tuple)))
def test_elements_never_overlap_and_end_in_the_array(array):
    places = []
    for indices in _indices(array.bounds):
        byte, bit = element_offset(array, indices)
        places.append(byte * 8 + bit)
    assert len(places) == element_count(array)
    width = size_bits(array.element)
    assert all(b - a >= width for a, b in pairwise(places))
    assert places[-1] + width <= size_bits(array)


def _indices(bounds):
    if not bounds:
        yield ()
        return
    low, high = bounds[0]
    for index in range(low, high + 1):
        for rest in _indices(bounds[1:]):
            yield (index, *rest)


def test_a_bool_takes_a_byte_in_optimized_memory():
    array = Array(BOOL, ((0, 15),))
    assert work_memory(array, optimized=True) - work_memory(array, optimized=False) == 14
