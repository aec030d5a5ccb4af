"""Values in the display formats of watch tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.manifest.reading import read
from openness_bridge.plcsim.display_formats import format_value, of_raw, raw
from simatic_xml.program.types.types import ELEMENTARY

FORMATS = (
    *(
        member.name
        for member in read("21").types["SW.WatchAndForceTables.PlcWatchAndForceTableDisplayFormat"].own.values()
    ),
    "",
)
NUMBERS = ("BYTE", "WORD", "DWORD", "LWORD", "SINT", "INT", "DINT", "LINT", "USINT", "UINT", "UDINT", "ULINT",
           "TIME", "LTIME", "DATE", "TIME_OF_DAY", "S5TIME", "LTIME_OF_DAY", "LDT")  # fmt: skip


@pytest.mark.parametrize(
    ("value", "data_type", "display", "text"),
    [
        (255, "WORD", "Hex", "16#00FF"),
        (-1, "INT", "Hex", "16#FFFF"),
        (18, "BYTE", "Bin", "2#0001_0010"),
        (8, "BYTE", "Octal", "8#010"),
        (65535, "WORD", "DEC_signed", "-1"),
        (-1, "INT", "DEC_unsigned", "65535"),
        (65535, "WORD", "DEC_unsigned", "65535"),
        (0x1234, "WORD", "BCD", "1234"),
        (0x12AB, "WORD", "BCD", "16#12AB"),
        (0, "WORD", "BCD", "0"),
        (0x4142, "WORD", "Character", "'AB'"),
        (0x4101, "WORD", "Character", "'A$01'"),
        (2000, "DINT", "Time", "T#2s"),
        (0x3F800000, "DWORD", "Float", "1.0"),
        (1.0, "REAL", "Hex", "16#3F800000"),
        (True, "BOOL", "Bool", "TRUE"),
        (True, "BOOL", "Hex", "TRUE"),
        ("A", "CHAR", "Hex", "16#41"),
        (2000, "TIME", "", "T#2s"),
        (1.5, "REAL", "DEC_signed", "1.5"),
        (0x1123, "WORD", "SIMATIC_Time", "S5T#12s_300ms"),
        (0x000A, "WORD", "SIMATIC_Time", "16#000A"),
        (0x000A, "S5TIME", "", "16#000A"),
    ],
)
def test_a_value_in_a_format(value: bool | int | float | str, data_type: str, display: str, text: str) -> None:
    assert format_value(value, ELEMENTARY[data_type], display) == text


@given(st.sampled_from(NUMBERS), st.integers(0, (1 << 64) - 1), st.sampled_from(FORMATS))
def test_any_bits_of_any_type_have_a_text_in_any_format(name: str, bits: int, display: str) -> None:
    data_type = ELEMENTARY[name]
    bits &= (1 << data_type.bits) - 1
    value = of_raw(bits, data_type)
    assert raw(value, data_type) == bits
    assert format_value(value, data_type, display)


@given(st.floats(width=32), st.sampled_from(FORMATS))
def test_any_number_with_a_point_has_a_text_in_any_format(value: float, display: str) -> None:
    assert format_value(value, ELEMENTARY["REAL"], display)
