"""The values that go through every interface: at both ends of each elementary type, those that JSON has no number for, and bytes that are
no value of their type.

Each row is written by hand, from docs/runtime/values.md and the sizes of docs/runtime/s7.md; nothing of the service computes it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from simatic_xml.program.types.types import ELEMENTARY


class Case(NamedTuple):
    """A value of a type.

    Attributes:
        name: Of its tag, behind `v_`.
        type: Of its tag.
        value: As it is published; None for what JSON has no value for.
        text: As it is published beside the value.
        content: Its bytes with standard access, in hexadecimal digits.
        broken: Whether the bytes are no value of the type: nobody can write them by name.
    """

    name: str
    type: str
    value: Any
    text: str
    content: str
    broken: bool = False

    @property
    def written(self) -> Any:
        """The value as a client writes it."""
        return self.text if self.value is None else self.value

    @property
    def quality(self) -> str:
        """The quality that it is published with."""
        return "Good" if self.value is not None else "Uncertain"


CASES = [
    Case("Bool_low", "Bool", False, "", "00"),
    Case("Bool_high", "Bool", True, "", "01"),
    Case("Byte_high", "Byte", 255, "", "ff"),
    Case("Word_high", "Word", 65535, "", "ffff"),
    Case("DWord_high", "DWord", 4294967295, "", "ffffffff"),
    Case("LWord_high", "LWord", 18446744073709551615, "", "ffffffffffffffff"),
    Case("SInt_low", "SInt", -128, "", "80"),
    Case("SInt_high", "SInt", 127, "", "7f"),
    Case("Int_low", "Int", -32768, "", "8000"),
    Case("Int_high", "Int", 32767, "", "7fff"),
    Case("DInt_low", "DInt", -2147483648, "", "80000000"),
    Case("DInt_high", "DInt", 2147483647, "", "7fffffff"),
    Case("LInt_low", "LInt", -9223372036854775808, "", "8000000000000000"),
    Case("LInt_high", "LInt", 9223372036854775807, "", "7fffffffffffffff"),
    Case("USInt_high", "USInt", 255, "", "ff"),
    Case("UInt_high", "UInt", 65535, "", "ffff"),
    Case("UDInt_high", "UDInt", 4294967295, "", "ffffffff"),
    Case("ULInt_high", "ULInt", 18446744073709551615, "", "ffffffffffffffff"),
    Case("Real_low", "Real", -3.4028235e38, "", "ff7fffff"),
    Case("Real_small", "Real", 1e-45, "", "00000001"),
    Case("Real_odd", "Real", -0.1, "", "bdcccccd"),
    Case("Real_nan", "Real", None, "NaN", "7fc00000"),
    Case("Real_infinite", "Real", None, "-Infinity", "ff800000"),
    Case("LReal_high", "LReal", 1.7976931348623157e308, "", "7fefffffffffffff"),
    Case("LReal_small", "LReal", 5e-324, "", "0000000000000001"),
    Case("LReal_nan", "LReal", None, "NaN", "7ff8000000000000"),
    Case("LReal_infinite", "LReal", None, "Infinity", "7ff0000000000000"),
    Case("Time_low", "Time", -2147483648, "T#-24d_20h_31m_23s_648ms", "80000000"),
    Case("Time_high", "Time", 2147483647, "T#24d_20h_31m_23s_647ms", "7fffffff"),
    Case("LTime_low", "LTime", -9223372036854775808, "LT#-106751d_23h_47m_16s_854ms_775us_808ns", "8000000000000000"),
    Case("LTime_high", "LTime", 9223372036854775807, "LT#106751d_23h_47m_16s_854ms_775us_807ns", "7fffffffffffffff"),
    Case("S5Time_low", "S5Time", 0, "S5T#0ms", "0000"),
    Case("S5Time_high", "S5Time", 9990000, "S5T#2h_46m_30s", "3999"),
    Case("S5Time_broken", "S5Time", None, "16#0ABC", "0abc", broken=True),
    Case("Date_low", "Date", "1990-01-01", "D#1990-01-01", "0000"),
    Case("Date_high", "Date", "2169-06-06", "D#2169-06-06", "ffff"),
    Case("Time_Of_Day_low", "Time_Of_Day", "00:00:00", "TOD#00:00:00", "00000000"),
    Case("Time_Of_Day_high", "Time_Of_Day", "23:59:59.999", "TOD#23:59:59.999", "05265bff"),
    Case("Time_Of_Day_broken", "Time_Of_Day", None, "16#05265C00", "05265c00", broken=True),
    Case("LTime_Of_Day_high", "LTime_Of_Day", "23:59:59.999999999", "LTOD#23:59:59.999999999", "00004e94914effff"),
    Case("LTime_Of_Day_broken", "LTime_Of_Day", None, "16#00004E94914F0000", "00004e94914f0000", broken=True),
    Case("Date_And_Time_low", "Date_And_Time", "1990-01-01T00:00:00", "DT#1990-01-01-00:00:00", "9001010000000002"),
    Case(
        "Date_And_Time_high",
        "Date_And_Time",
        "2089-12-31T23:59:59.999",
        "DT#2089-12-31-23:59:59.999",
        "8912312359599997",
    ),
    Case("Date_And_Time_broken", "Date_And_Time", None, "16#9002300000000006", "9002300000000006", broken=True),
    Case("LDT_low", "LDT", "1970-01-01T00:00:00", "LDT#1970-01-01-00:00:00", "0000000000000000"),
    Case(
        "LDT_high",
        "LDT",
        "2262-04-11T23:47:16.854775807",
        "LDT#2262-04-11-23:47:16.854775807",
        "7fffffffffffffff",
    ),
    Case("LDT_broken", "LDT", None, "16#8000000000000000", "8000000000000000", broken=True),
    Case("Char_low", "Char", "\0", "", "00"),
    Case("Char_high", "Char", "ÿ", "", "ff"),
    Case("WChar_high", "WChar", "\ud7ff", "", "d7ff"),
    Case("WChar_usual", "WChar", "λ", "", "03bb"),
    Case("WChar_broken", "WChar", None, "16#D83D", "d83d", broken=True),
]
TEXTS = [
    Case("String", "String[6]", "grüße", "", "0605 6772fcdf6500"),
    Case("WString", "WString[5]", "Ωμέγα", "", "00050005 03a903bc03ad03b303b1"),
    Case("WString_broken", "WString[1]", None, "", "00010001 d83d", broken=True),
]
"""Values of memory tags and of sources of the kind s7; the interface of a simulated PLC has no texts."""
SOUND = [each for each in CASES if not each.broken]
BROKEN = [each for each in CASES if each.broken]
_MISSING = {each.name for each in ELEMENTARY.values() if not each.base} - {each.type for each in CASES}
assert {"Timer", "Counter"} == _MISSING, "a type is missing; timers and counters have tags of their own"
