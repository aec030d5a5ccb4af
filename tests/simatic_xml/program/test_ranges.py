"""Which values a type has, by its lowest and highest one and those next to them."""

import math

from simatic_xml.program.types.ranges import fits, limits, real32, shortest, wrap
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import UNKNOWN, Elementary, Text

DAY = 86_400_000
LIMITS = {
    "SInt": (-128, 127),
    "USInt": (0, 255),
    "Byte": (0, 255),
    "Int": (-32768, 32767),
    "UInt": (0, 65535),
    "Word": (0, 65535),
    "DInt": (-(2**31), 2**31 - 1),
    "UDInt": (0, 2**32 - 1),
    "LInt": (-(2**63), 2**63 - 1),
    "LWord": (0, 2**64 - 1),
    "Time": (-(2**31), 2**31 - 1),
    "LTime": (-(2**63), 2**63 - 1),
    "Date": (0, 65535),
    "Time_Of_Day": (0, DAY - 1),
    "LTOD": (0, DAY * 10**6 - 1),
    "Timer": (0, 2047),
    "Counter": (0, 2047),
}


def elementary(name: str) -> Elementary:
    found = parse_type(name)
    assert isinstance(found, Elementary)
    return found


def test_the_lowest_and_the_highest_value_fit_and_the_next_do_not():
    assert {name: limits(elementary(name)) for name in LIMITS} == LIMITS
    for name, (low, high) in LIMITS.items():
        numbers = (low - 1, low, high, high + 1)
        assert [fits(number, elementary(name)) for number in numbers] == [False, True, True, False], name
    for name in ("Real", "LReal", "Char", "Bool", "S5Time", "Date_And_Time"):
        assert limits(elementary(name)) is None


def test_an_ldt_ends_in_2262():
    low, high = limits(elementary("LDT")) or (None, None)
    assert (low, high) == (0, 2**63 - 1)


def test_which_other_values_fit():
    most = 3.4028234663852886e38
    table = {
        "Bool": ([True, False], [1, 0, "TRUE"]),
        "Int": ([1], [True, 1.5, "1"]),
        "Real": ([1, 0.1, most, -most, math.inf], [True, 3.5e38, 10**400, "1"]),
        "LReal": ([3.5e38, 10**308], [10**400, "1"]),
        "S5Time": ([0, 0x999, 0x3999], [-1, 0x00A, 0x4000, 0.5]),
        "Char": (["a", "\xff"], ["", "\u0100", "ab", 65]),
        "WChar": (["\u20ac", "\ud7ff"], ["\ud800", "\U0001f600"]),
        "Date_And_Time": (["DT#2024-01-01-00:00:00"], [0]),
        "LDT": ([0], ["LDT#2024-01-01-00:00:00", -1, 2**63]),
        "String[2]": (["", "ab"], ["abc", 1]),
        "DTL": (["DTL#2024-01-01-00:00:00"], [0]),
    }
    for name, (fitting, others) in table.items():
        assert [value for value in [*fitting, *others] if fits(value, parse_type(name))] == fitting, name
    assert fits(object(), UNKNOWN) and fits("a" * 999, Text("String", None)) and not fits(1, Text("String", None))


def test_a_number_that_is_too_large_keeps_its_low_bits():
    for name, values in {
        "SInt": {127: 127, 128: -128, 255: -1, 256: 0, -129: 127},
        "USInt": {255: 255, 256: 0, -1: 255},
        "Int": {32768: -32768, 65535: -1, 50001: -15535},
        "LInt": {2**63: -(2**63), 2**64: 0},
    }.items():
        assert {value: wrap(value, elementary(name)) for value in values} == values


def test_a_real_has_32_bits_and_its_shortest_text():
    assert (real32(0.1), real32(1e39), real32(-1e39)) == (0.10000000149011612, math.inf, -math.inf)
    texts = {
        1.0: "1",
        0.1: "0.1",
        16777216.0: "16777216",
        1 / 3: "0.33333334",
        117859784.0: "117859784",
        9.999999e9: "9.999999e+09",
    }
    assert {value: shortest(real32(value)) for value in texts} == texts
    assert shortest(0.1) == "0.1" and shortest(math.pi) == repr(math.pi)
