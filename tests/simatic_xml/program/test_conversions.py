"""Implicit conversions and operators: the tables hold together, and lose only what they say they lose."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.conversions import is_permitted, loss, rules, same
from simatic_xml.program.types.operations import is_larger_time, moments, operation, wider
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
    Special,
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


CONVERTED = {
    ("Int", "DInt"): "always",
    ("Int", "Real"): "always",
    ("Byte", "Word"): "always",
    ("Word", "Byte"): "unchecked",
    ("Int", "Word"): "unchecked",
    ("DInt", "Int"): "unchecked",
    ("DInt", "Real"): "unchecked",
    ("DInt", "Time"): "unchecked",
    ("Time", "LTime"): "always",
    ("Time", "DWord"): "unchecked",
    ("Char", "String"): "always",
    ("DTL", "LDT"): "always",
    ("Bool", "Byte"): "",
    ("Word", "Real"): "",
    ("Int", "Time"): "",
    ("String", "WString"): "",
    ("HW_IO", "HW_ANY"): "always",
    ("HW_IO", "UInt"): "always",
    ("UInt", "HW_IO"): "always",
    ("HW_IO", "Int"): "always",
    ("HW_IO", "Word"): "always",
    ("Word", "HW_IO"): "always",
    ("HW_IO", "Char"): "unchecked",
    ("HW_IO", "Real"): "always",
    ("Real", "HW_IO"): "unchecked",
    ("HW_IO", "Time"): "",
    ("HW_IO", "DTL"): "",
    ("DTL", "HW_IO"): "",
    ("Real", "DTL"): "",
}
"""What is converted with the IEC check on, too, only with the check off, and not at all."""


def test_conversions_by_the_iec_check() -> None:
    words = {(True, True): "always", (False, True): "unchecked", (False, False): ""}

    def found(source: str, target: str) -> str:
        pair = parse_type(source), parse_type(target)
        return words[is_permitted(*pair, iec_check=True), is_permitted(*pair)]

    assert {pair: found(*pair) for pair in CONVERTED} == CONVERTED


LOST = {
    "": "Int DInt, USInt Int, Int Word, Word Int, Byte Word, Real DWord, LReal LWord, Real LReal, Real Real,"
    " Int Real, UInt Real, Word Real, DInt LReal, UDInt LReal, Time DInt, Time LTime, Date UInt, Char Byte, DTL LDT, LDT DTL,"
    " Time_Of_Day LTime_Of_Day, Date_And_Time LDT, LDT LInt, LDT LDT",
    "precision": "DInt Real, UDInt Real, LInt LReal, ULInt LReal, LTime_Of_Day Time_Of_Day, LDT Date_And_Time, DTL Date_And_Time",
    "value": "Int UInt, UInt Int, SInt UInt, SInt ULInt, DInt Int, Word Byte, Word Char, LReal Real, Real Int, LReal LInt, LTime Time,"
    " LTime_Of_Day Time, LDT Date, String Char",
}


def test_what_a_conversion_may_lose() -> None:
    pairs = {tuple(pair.split()): lost for lost, text in LOST.items() for pair in text.split(", ")}
    assert {(a, b): loss(parse_type(a), parse_type(b)) for a, b in pairs} == pairs


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


JOINED: dict[str, str | tuple[str, str, str]] = {
    "Int + Int": "Int",
    "Int + DInt": "DInt",
    "DInt + UInt": "DInt",
    "UInt + Int": ("DInt", "", "DInt"),
    "USInt + SInt": ("Int", "", "Int"),
    "USInt + Int": "Int",
    "UDInt + DInt": ("LInt", "", "LInt"),
    "ULInt + LInt": ("LInt", "", "LInt"),
    "ULInt + SInt": ("LInt", "", "LInt"),
    "Int + Real": "Real",
    "Int * LReal": "LReal",
    "Real * LReal": "LReal",
    "Real + Real": "Real",
    "SInt / Real": "Real",
    "DInt + Real": ("Real", "LReal", "Real"),
    "Real - UDInt": ("Real", "LReal", "Real"),
    "Real + LInt": ("Real", "LReal", "Real"),
    "Real + Byte": ("Real", "", "Real"),
    "Word + Int": ("DInt", "", "DInt"),
    "Word + Byte": ("UInt", "", "UInt"),
    "Int MOD DInt": "DInt",
    "Int ** Int": "Real",
    "LInt ** SInt": "LReal",
    "UDInt ** Int": ("LReal", "", "LReal"),
    "ULInt ** ULInt": "LReal",
    "Real ** Int": "Real",
    "LReal ** Real": "LReal",
    "Time + Time": ("Time", "", "Time"),
    "Time + DInt": ("Time DInt Time", "", "Time DInt Time"),
    "DInt + Time": "",
    "LTime - Time": ("LTime Time LTime", "", "LTime Time LTime"),
    "Time_Of_Day + Time": ("Time_Of_Day Time Time_Of_Day", "", "Time_Of_Day Time Time_Of_Day"),
    "Time_Of_Day - Time_Of_Day": ("Time_Of_Day Time_Of_Day Time", "", "Time_Of_Day Time_Of_Day Time"),
    "LDT - LDT": ("LDT LDT LTime", "", "LDT LDT LTime"),
    "DTL - DTL": ("DTL DTL LTime", "", ""),
    "DTL + Time": ("DTL Time DTL", "", "DTL Time DTL"),
    "Date - Date": ("Date Date LTime", "", "Date Date Time"),
    "Date + Time_Of_Day": ("Date Time_Of_Day DTL", "", "Date Time_Of_Day Date_And_Time"),
    "Date_And_Time - Date_And_Time": ("Date_And_Time Date_And_Time Time", "", "Date_And_Time Date_And_Time Time"),
    "Time * Int": ("Time DInt Time", "", "Time DInt Time"),
    "Int * Time": ("Int Time Time", "", "Int Time Time"),
    "Time / DInt": ("Time DInt Time", "", "Time DInt Time"),
    "Time / LInt": ("Time LInt Time", "", "Time LInt Time"),
    "Time * UDInt": ("Time UDInt Time", "", "Time UDInt Time"),
    "LTime * LInt": ("LTime LInt LTime", "", "LTime LInt LTime"),
    "LTime / ULInt": ("LTime ULInt LTime", "", "LTime ULInt LTime"),
    "UDInt * LTime": ("UDInt LTime LTime", "", "UDInt LTime LTime"),
    "Bool AND Bool": "Bool",
    "Byte OR Word": "Word",
    "Word XOR Int": ("Word", "", "Word"),
    "Int OR Int": ("Word", "", "Word"),
    "Int AND DInt": ("DWord", "", ""),
    "UInt XOR SInt": ("Word", "", ""),
    "LInt & Byte": ("LWord", "", ""),
    "Int = Real": "Real",
    "Real = Int": "Real",
    "Word = Byte": "Word",
    "Byte < DWord": ("DWord", "DWord", ""),
    "Word <> DInt": ("DInt", "", "DInt"),
    "Bool = Bool": "Bool",
    "Time < Time": "Time",
    "S5Time = S5Time": "S5Time",
    "DTL >= DTL": "DTL",
    "Char < Char": "Char",
    "Int = UInt": "DInt",
    "Char = Word": ("Word", "", ""),
    "DWord = Time": ("Time", "", "Time"),
    "Time < DInt": ("DInt", "", "DInt"),
    "DInt >= Time": ("Time", "", "Time"),
    "LInt <= LTime": ("LTime", "", ""),
    "Time = LTime": "LTime",
    "S5Time < Time": "Time",
    "Word = S5Time": ("S5Time", "", "S5Time"),
    "Date = DTL": "DTL",
    "LDT <> Date": "LDT",
    "Date_And_Time > Date": "Date_And_Time",
    "String < String": "String[254]",
    "String[10] = String[20]": "String[20]",
    "String[20] = String[10]": "String[20]",
    "String[10] = String": "String[254]",
    "Char = String[5]": "String[5]",
    "WString[4] > WString[3]": "WString[4]",
    "WChar = WString[1]": ("WString[1]", "WString[1]", ""),
    "HW_IO = UInt": "UInt",
    "HW_ANY = HW_IO": "UInt",
    "TON_TIME = TON_TIME": "TON_TIME",
}
"""What an operator makes of its operands: their types and that of the result (of comparisons the operands' alone), one where they
are the same. Without the IEC check, with it, and on an S7-300, where these differ."""
REFUSED = """
    Bool + Bool, Time + Int, Int + Time, DInt + Time, Time + Real, Time * Real, Real * Time, Int / Time, Time / Time, Time MOD DInt,
    S5Time * Int, Int * S5Time, Time_Of_Day * Int, Int * Time_Of_Day, Date * Int, DTL * Int, Int * DTL, DTL + DTL, DTL + Int,
    String + String, Real MOD Real, Int MOD LReal, Bool AND Word, Int OR Bool, Real AND Word, Word XOR Real, Time AND DWord, DTL OR Word,
    Word AND DTL, Bool < Bool, Bool = Int, Int <> Bool, Int = String, String = Int, String = WString, Date - Time, Date = Time_Of_Day,
    Time = LTime_Of_Day, LTime_Of_Day <> Time, TON_TIME < TON_TIME, DTL = TON_TIME
"""


def joined(text: str, **options: Any) -> str:
    left, operator, right = text.split()
    found = operation(operator, parse_type(left), parse_type(right), **options)
    if found is None:
        return ""
    assert found.mark in ("D", "S", "U")
    compares = operator in ("=", "<>", "<", "<=", ">", ">=")
    assert (found.result == BOOL) >= compares
    types = [type_name(each) for each in (found.left, found.right, *([] if compares else [found.result]))]
    return types[0] if len({*types}) == 1 else " ".join(types)


def test_operators_join_types() -> None:
    found = {}
    for text in JOINED:
        forms = joined(text), joined(text, iec_check=True), joined(text, family="S7-300")
        found[text] = forms[0] if len({*forms}) == 1 else forms
    assert found == JOINED


def test_operators_refuse_what_they_do_not_join() -> None:
    texts = [each.strip() for each in REFUSED.split(",")]
    assert [text for text in texts if joined(text)] == []
    assert wider(BOOL, BOOL) is None and operation("=", Reference("Int"), Reference("Int")) is None


def test_times_of_one_kind_are_compared_as_the_larger_type() -> None:
    for names in ("Date", "Date_And_Time", "LDT", "DTL"), ("S5Time", "Time", "LTime"), ("Time_Of_Day", "LTime_Of_Day"):
        for smaller, larger in itertools.combinations(map(parse_type, names), 2):
            assert wider(smaller, larger, "<") == wider(larger, smaller, "<") == larger
            pairs = itertools.product((smaller, larger), repeat=2)
            assert [pair for pair in pairs if is_larger_time(*pair)] == [(smaller, larger)]
    assert not is_larger_time(E["Time"], E["LDT"]) and not is_larger_time(E["Int"], E["LTime"])


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


SAME = [
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
    (BOOL, UNKNOWN, True),
    (BOOL, E["Int"], False),
    (Text("String", 10), E["Char"], False),
    (Text("String", 10), Array(BOOL, ((0, 3),)), False),
    (Array(BOOL, ((0, 3),)), Text("String", 10), False),
    (E["Char"], Text("String", 10), False),
    (Array(BOOL, ((-2, 1),)), Array(BOOL, ((0, 3),)), True),
    (Array(BOOL, ((0, 3),)), Array(BOOL, ((1, 3),)), False),
    (Array(BOOL, ((0, 3),)), Array(BOOL, ((0, 3), (0, 3))), False),
    (Array(BOOL, ((0, 1), (0, 3))), Array(BOOL, ((0, 1), (0, 4))), False),
    (Array(BOOL, ((0, 3),)), Array(E["Int"], ((0, 3),)), False),
    (Array(UNKNOWN, ((0, 3),)), Array(BOOL, ((0, 3),)), True),
    (Array(BOOL, ((0, 3),)), Array(UNKNOWN, ((0, 3),)), True),
    (Array(Text("String", 10), ((0, 3),)), Array(Text("String", 20), ((0, 3),)), False),
    (Array(Text("String", 10), ((0, 3),)), Array(Text("String", 20), (None,)), True),
    (Array(Text("String", 10), (None,)), Array(Text("String", 20), (None,)), True),
    (structure("A", "udt", BOOL), structure("B", "udt", E["Int"]), False),
    (structure("A", "udt", BOOL), structure("A", "fb", BOOL), False),
    (structure("A", "fb", BOOL), structure("A", "udt", BOOL), False),
    (structure("A", "fb", BOOL), structure("a", "fb", E["Int"]), True),
    (structure("TO_A", "udt", BOOL), structure("TO_B", "fb", BOOL), False),
    (structure("TO_A", "fb", BOOL), structure("TO_B", "fb", BOOL), False),
    (system_type("TO_Axis"), system_type("IEC_TIMER"), False),
    (system_type("IEC_TIMER"), system_type("TO_Axis"), False),
    (VARIANT, Special("VARIANT"), True),
    (VARIANT, Special("Any"), False),
]


def test_what_can_be_copied_as_it_is() -> None:
    assert [(a, b) for a, b, expected in SAME if same(a, b) is not expected] == []


def test_the_general_types_of_instances_exist():
    for name in table():
        found = system_type(name)
        assert found is not None
        assert same(found, found)
