"""Implicit conversions and operators: the tables hold together, and lose only what they say they lose."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.conversions import is_permitted, loss, rules, same
from simatic_xml.program.types.operations import moments, operation, wider
from simatic_xml.program.types.ranges import fits, limits, real32, wrap
from simatic_xml.program.types.system_types import parse_type, system_type, table
from simatic_xml.program.types.types import (
    BOOL,
    ELEMENTARY,
    UNKNOWN,
    VARIANT,
    Array,
    Elementary,
    Kind,
    Reference,
    Structure,
    Text,
    Variable,
    type_name,
)

E = {each.name: each for each in ELEMENTARY.values()}
NUMBERS = [
    E[name]
    for name in (
        "Byte",
        "Word",
        "DWord",
        "LWord",
        "SInt",
        "Int",
        "DInt",
        "LInt",
        "USInt",
        "UInt",
        "UDInt",
        "ULInt",
        "Real",
        "LReal",
    )
]
INTEGERS = [each for each in NUMBERS if each.kind is Kind.INTEGER]


@pytest.mark.parametrize(
    ("source", "target", "checked", "unchecked"),
    [
        ("Int", "DInt", True, True),
        ("Int", "Real", True, True),
        ("Byte", "Word", True, True),
        ("Word", "Byte", False, True),
        ("Int", "Word", False, True),
        ("DInt", "Int", False, True),
        ("DInt", "Real", False, True),
        ("DInt", "Time", False, True),
        ("Time", "LTime", True, True),
        ("Time", "DWord", False, True),
        ("Char", "String", True, True),
        ("DTL", "LDT", True, True),
        ("Bool", "Byte", False, False),
        ("Word", "Real", False, False),
        ("Int", "Time", False, False),
        ("String", "WString", False, False),
        ("HW_IO", "HW_ANY", True, True),
        ("HW_IO", "UInt", True, True),
        ("Real", "HW_IO", False, True),
        ("Real", "DTL", False, False),
    ],
)
def test_conversions_by_the_iec_check(source, target, checked, unchecked):
    found = [is_permitted(parse_type(source), parse_type(target), iec_check=each) for each in (True, False)]
    assert found == [checked, unchecked]


def test_s7_300_converts_less():
    assert not is_permitted(E["DInt"], E["Int"], family="S7-300")
    assert is_permitted(E["Word"], E["Int"], family="S7-300")
    assert is_permitted(E["Int"], E["Real"], family="S7-400")


def test_every_rule_names_known_types_and_has_a_mark():
    assert len(rules()) > 300
    for rule in rules():
        assert parse_type(rule.source) != parse_type(rule.target)
        assert rule.mark in ("D", "S", "U")
        assert rule.cpus in ("new", "classic")


def test_every_operation_on_times_has_a_mark_and_is_found():
    assert len(moments()) > 30
    for cpus, operator, found in moments():
        assert found.mark in ("D", "S", "U")
        families = {"": ("S7-1500", "S7-300"), "new": ("S7-1200", "S7-1500"), "classic": ("S7-300", "S7-400")}
        for family in families.get(cpus, (cpus,)):
            assert operation(operator, found.left, found.right, family=family) == found


@pytest.mark.parametrize(
    ("operator", "left", "right", "family", "result"),
    [
        ("-", "Date_And_Time", "Date_And_Time", "S7-1500", "Time"),
        ("-", "Date_And_Time", "Date_And_Time", "S7-300", "Time"),
        ("-", "Date", "Date", "S7-300", "Time"),
        ("-", "Date", "Date", "S7-1500", "LTime"),
        ("OR", "Int", "Int", "S7-1500", "Word"),
        ("AND", "Int", "DInt", "S7-1500", "DWord"),
        ("XOR", "UInt", "SInt", "S7-1200", "Word"),
        ("AND", "Int", "Int", "S7-300", "Word"),
    ],
)
def test_operators_that_real_programs_use(operator, left, right, family, result):
    found = operation(operator, parse_type(left), parse_type(right), family=family)
    assert found is not None
    assert found.result == parse_type(result)


def test_two_integers_are_joined_by_logic_only_where_they_convert_to_bit_strings():
    assert operation("OR", E["Int"], E["Int"], iec_check=True) is None
    assert operation("AND", E["Int"], E["DInt"], family="S7-300") is None
    assert operation("AND", E["Bool"], E["Int"]) is None


def test_what_the_check_allows_loses_nothing_on_a_new_cpu():
    """With the IEC check every value keeps its meaning: that is what the check is for."""
    for rule in rules():
        if rule.checked and rule.cpus == "new":
            assert loss(parse_type(rule.source), parse_type(rule.target)) == "", rule


def convert(value: float, source: Elementary, target: Elementary) -> float:
    """What a conversion between numbers does, written down independently of the tables."""
    if target.kind is Kind.REAL:
        return real32(float(value)) if target.bits == 32 else float(value)
    return wrap(int(value), target)


@given(st.data(), st.sampled_from([(a, b) for a, b in itertools.product(INTEGERS, NUMBERS) if a != b]))
def test_a_conversion_without_loss_keeps_every_value(data, pair):
    source, target = pair
    value = data.draw(st.integers(*(limits(source) or (0, 0))))
    kept = convert(value, source, target) == value
    pattern = target.kind is Kind.BITS
    if loss(source, target) == "" and is_permitted(source, target):
        assert kept or pattern


@given(st.sampled_from([(a, b) for a, b in itertools.product(INTEGERS, INTEGERS) if a != b]))
def test_a_conversion_with_loss_has_a_value_that_is_lost(pair):
    source, target = pair
    low, high = limits(source) or (0, 0)
    lossless = all(fits(value, target) for value in (low, high))
    assert (loss(source, target) == "") == lossless


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("+", "Int", "Int", "Int"),
        ("+", "Int", "DInt", "DInt"),
        ("+", "Int", "UInt", "DInt"),
        ("+", "USInt", "Int", "Int"),
        ("+", "Int", "Real", "Real"),
        ("*", "Real", "LReal", "LReal"),
        ("+", "Word", "Int", "DInt"),
        ("+", "Word", "Byte", "UInt"),
        ("+", "Time", "Time", "Time"),
        ("+", "Time", "DInt", "Time"),
        ("+", "Time_Of_Day", "Time", "Time_Of_Day"),
        ("-", "Time_Of_Day", "Time_Of_Day", "Time"),
        ("-", "LDT", "LDT", "LTime"),
        ("-", "DTL", "DTL", "LTime"),
        ("+", "DTL", "Time", "DTL"),
        ("*", "Time", "Int", "Time"),
        ("*", "Int", "Time", "Time"),
        ("/", "Time", "DInt", "Time"),
        ("MOD", "Int", "DInt", "DInt"),
        ("AND", "Bool", "Bool", "Bool"),
        ("OR", "Byte", "Word", "Word"),
        ("XOR", "Word", "Int", "Word"),
        ("=", "Int", "Real", "Bool"),
        ("<", "Time", "Time", "Bool"),
        (">=", "DTL", "DTL", "Bool"),
        ("=", "Bool", "Bool", "Bool"),
        ("<", "String", "String", "Bool"),
        ("=", "Char", "String", "Bool"),
        ("=", "Time", "LTime", "Bool"),
        ("<", "S5Time", "Time", "Bool"),
        ("=", "Date", "DTL", "Bool"),
        ("<>", "LDT", "Date", "Bool"),
        (">", "Date_And_Time", "Date", "Bool"),
        ("=", "HW_IO", "UInt", "Bool"),
    ],
)
def test_operators_join_types(operator, left, right, result):
    found = operation(operator, parse_type(left), parse_type(right))
    assert found is not None
    assert type_name(found.result) == result
    assert found.mark in ("D", "S", "U")


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        ("+", "Bool", "Bool"),
        ("+", "Time", "Int"),
        ("+", "Time", "Real"),
        ("+", "DTL", "DTL"),
        ("+", "String", "String"),
        ("MOD", "Real", "Real"),
        ("AND", "Bool", "Word"),
        ("<", "Bool", "Bool"),
        ("=", "Bool", "Int"),
        ("=", "Int", "String"),
        ("-", "Date", "Time"),
        ("=", "Date", "Time_Of_Day"),
        ("=", "Time", "LTime_Of_Day"),
    ],
)
def test_operators_refuse_what_they_do_not_join(operator, left, right):
    assert operation(operator, parse_type(left), parse_type(right)) is None
    assert wider(parse_type(left), parse_type(right), operator) is None


@pytest.mark.parametrize("names", [("Date", "Date_And_Time", "LDT", "DTL"), ("S5Time", "Time", "LTime")])
def test_times_of_one_kind_are_compared_as_the_larger_type(names):
    for smaller, larger in itertools.combinations(map(parse_type, names), 2):
        assert wider(smaller, larger, "<") == wider(larger, smaller, "<") == larger


def test_a_word_is_compared_with_an_s5time_as_an_s5time():
    assert wider(E["Word"], E["S5Time"], "=") == wider(E["S5Time"], E["Word"], "=") == E["S5Time"]


def test_a_bit_string_is_no_number_with_the_iec_check():
    assert operation("+", E["Word"], E["Int"], iec_check=True) is None


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.sampled_from(["+", "*", "=", "<"]))
def test_the_order_of_two_numbers_does_not_matter(a, b, operator):
    assert wider(a, b, operator) == wider(b, a, operator)


@given(st.sampled_from(INTEGERS), st.sampled_from(INTEGERS))
def test_the_common_type_of_two_integers_holds_both(a, b):
    found = wider(a, b, "+")
    assert isinstance(found, Elementary)
    for each in (a, b):
        low, high = limits(each) or (0, 0)
        assert (fits(low, found) and fits(high, found)) or ELEMENTARY["ULINT"] in (a, b)


def test_an_unknown_operand_makes_the_result_unknown():
    found = operation("+", UNKNOWN, E["Int"])
    assert found is not None
    assert found.result == UNKNOWN


def structure(name, origin, *types):
    return Structure(name, origin, tuple(Variable(f"m{i}", each) for i, each in enumerate(types)))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (Text("String", 10), Text("String", 20), True),
        (Text("String", 10), Text("WString", 10), False),
        (Array(BOOL, ((0, 3),)), Array(BOOL, ((1, 4),)), True),
        (Array(BOOL, ((0, 3),)), Array(BOOL, ((0, 4),)), False),
        (Array(BOOL, ((0, 3),)), Array(BOOL, (None,)), True),
        (Array(BOOL, (None,)), Array(BOOL, ((0, 3),)), False),
        (Array(BOOL, (None,)), Array(BOOL, (None,)), True),
        (Array(E["Int"], (None,)), Array(E["UInt"], (None,)), False),
        (structure("A", "udt", BOOL), structure("B", "udt", BOOL), True),
        (structure("A", "udt", BOOL), structure("", "struct", BOOL), True),
        (structure("A", "udt", BOOL), structure("B", "udt", BOOL, BOOL), False),
        (structure("A", "fb", BOOL), structure("B", "fb", BOOL), False),
        (structure("A", "udt", BOOL), structure("A", "system", BOOL), False),
        (system_type("TON_TIME"), system_type("IEC_TIMER"), True),
        (system_type("IEC_TIMER"), system_type("TON_TIME"), False),
        (system_type("CTU_DINT"), system_type("IEC_DCOUNTER"), True),
        (system_type("CTU_DINT"), system_type("IEC_COUNTER"), False),
        (system_type("TO_PositioningAxis"), system_type("TO_Axis"), True),
        (Reference("Int"), Reference("INT"), True),
        (Reference("Int"), Reference("DInt"), False),
        (VARIANT, VARIANT, True),
        (UNKNOWN, BOOL, True),
        (BOOL, E["Int"], False),
    ],
)
def test_what_can_be_copied_as_it_is(a, b, expected):
    assert same(a, b) is expected


def test_the_general_types_of_instances_exist():
    for name in table():
        found = system_type(name)
        assert found is not None
        assert same(found, found)
