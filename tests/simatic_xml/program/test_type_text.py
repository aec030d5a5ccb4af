"""The text of a type: what it means, and what is said when it means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import BOOL, ELEMENTARY, INT, Array, Reference, Special, Structure, Text, type_name

CONSTANTS = {'"MAX"': 9, "#N": 3, "N": 3}
MOTOR = Structure("Motor", "udt")


def read(text: str):
    return parse(text, lambda name, quoted: MOTOR if name == "Motor" and quoted else None, CONSTANTS.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Int", INT),
        ("int", INT),
        ("TOD", ELEMENTARY["TIME_OF_DAY"]),
        ("String", Text("String", 254)),
        ("String[20]", Text("String", 20)),
        ('WString["MAX"]', Text("WString", 9)),
        ("String[*]", Text("String")),
        ("Array[0..9, -1..1] of Bool", Array(BOOL, ((0, 9), (-1, 1)))),
        ('ARRAY [0.."MAX"] OF "Motor"', Array(MOTOR, ((0, 9),))),
        ("Array[#N..9] of Int", Array(INT, ((3, 9),))),
        ("Array[*, *] of Int", Array(INT, (None, None))),
        ("Array[1..3] of String[4]", Array(Text("String", 4), ((1, 3),))),
        ('REF_TO "Motor"', Reference('"Motor"')),
        ("ref_to TOD", Reference("Time_Of_Day")),
        ("REF_TO String", Reference("String")),
        ('REF_TO array [0 .."MAX",#N..9] of "Motor"', Reference('Array[0..9,3..9] of "Motor"')),
        ("variant", Special("Variant")),
    ],
)
def test_a_type_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"Absent"', "type.unknown"),
        ("Motor", "type.unknown"),
        ("Array[9..0] of Int", "type.bounds"),
        ("Array[5] of Int", "type.bounds"),
        ('Array[0.."NONE"] of Int', "type.bounds"),
        ("Array[0..1,0..1,0..1,0..1,0..1,0..1,0..1] of Int", "type.bounds"),
        ("Array[0..3000000000] of Int", "type.bounds"),
        ("Array[0..1] of Array[0..1] of Int", "type.array_element"),
        ("String[255]", "type.length"),
        ("WString[0]", "type.length"),
        ('String["NONE"]', "type.length"),
        ("REF_TO Bool", "type.reference"),
        ("REF_TO Variant", "type.reference"),
        ("REF_TO TON_TIME", "type.reference"),
        ("REF_TO String[9]", "type.reference"),
        ("REF_TO REF_TO Int", "type.reference"),
        ("REF_TO Array[*] of Int", "type.reference"),
        ("REF_TO Array[0..1] of REF_TO Int", "type.reference"),
    ],
)
def test_what_is_no_type_has_a_reason(text, code):
    with pytest.raises(TypeTextError) as caught:
        read(text)
    assert caught.value.code == code


elementary = st.sampled_from([each for each in ELEMENTARY.values() if each.name != "Void"])
strings = st.builds(Text, st.sampled_from(["String"]), st.integers(1, 254))
bounds = st.tuples(st.integers(-1000, 1000), st.integers(0, 1000)).map(lambda pair: (pair[0], pair[0] + pair[1]))
arrays = st.builds(Array, elementary | strings, st.lists(bounds | st.none(), min_size=1, max_size=6).map(tuple))


@given(elementary | strings | arrays)
def test_the_name_of_a_type_is_its_text(data_type):
    assert read(type_name(data_type)) == data_type
