"""Lines of line protocol say what the values say, as a parser reads them that knows only the published grammar."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime_data.sinks.line_protocol import line
from runtime_data.values import Value


class Parser:
    """Reads one line, character by character."""

    def __init__(self, text: str) -> None:
        assert not re.search(r"[\r\n]", text)
        assert not text.startswith("#")
        self.text, self.at = text, 0

    @property
    def here(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def word(self, ends: str) -> str:
        """Read up to one of these characters; a backslash before a special one stands for that one."""
        found = ""
        while self.here and self.here not in ends:
            if self.here == "\\" and self.text[self.at + 1 : self.at + 2] in {",", "=", " "}:
                self.take()
            found += self.take()
        return found

    def quoted(self) -> str:
        found = ""
        self.take()
        while self.here != '"':
            if self.here == "\\" and self.text[self.at + 1] in '"\\':
                self.take()
            found += self.take()
        self.take()
        return found

    def scalar(self) -> Any:
        if self.here == '"':
            return self.quoted()
        found = self.word(", ")
        if found in ("true", "false"):
            return found == "true"
        if re.fullmatch(r"-?\d+i", found):
            return int(found[:-1])
        return ("unsigned", int(found[:-1])) if re.fullmatch(r"\d+u", found) else float(found)


def parse(text: str) -> tuple[str, dict[str, str], dict[str, Any], int]:
    """Return series, tags, fields and time of a line."""
    parser = Parser(text)
    series, tags, fields = parser.word(", "), {}, {}
    while parser.take() == ",":
        key = parser.word("=")
        parser.take()
        tags[key] = parser.word(", ")
    while True:
        key = parser.word("=")
        parser.take()
        fields[key] = parser.scalar()
        if parser.take() == " ":
            return series, tags, fields, int(parser.text[parser.at :])


NAME = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\\"), min_size=1)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))
SCALAR = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
TIMES = st.integers(1, 2**53)


@given(NAME, st.dictionaries(NAME, NAME, max_size=3), SCALAR, TIMES, st.booleans())
def test_a_line_is_read_as_it_was_meant(series: str, tags: dict[str, str], value: Any, at: int, unsigned: bool) -> None:
    written = line(series, Value("a:b", value, source_time=at), tags, 0, unsigned=unsigned)
    assert written is not None
    series = f"_{series[1:]}" if series.startswith("#") else series
    assert parse(written) == (series, {**tags, "quality": "Good"}, {"value": value, "online": "unknown"}, at * 1000)
    assert type(parse(written)[2]["value"]) is type(value)


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3), st.text())
def test_no_text_breaks_out_of_its_line(series: str, tags: dict[str, str], value: str) -> None:
    written = line(series or "s", Value("a:b", value), tags, 5, unsigned=False)
    assert written is not None
    _, found, fields, at = parse(written)
    assert set(fields) == {"value", "online"}
    assert (at, len(fields["value"])) == (5000, len(value))
    assert len(found) <= len(tags) + 1


@pytest.mark.parametrize(
    ("data_type", "value", "unsigned", "expected"),
    [
        ("Real", 5, False, "5.0"),
        ("LReal", 1e300, False, "1e+300"),
        ("Int", -5, False, "-5i"),
        ("UInt", 5, False, "5i"),
        ("UInt", 5, True, "5u"),
        ("Int", 5, True, "5i"),
        ("Bool", True, False, "true"),
        ("ULInt", 2**64 - 1, True, "18446744073709551615u"),
        ("LInt", -(2**63), False, "-9223372036854775808i"),
        ("String", 'a "b" \\', False, '"a \\"b\\" \\\\"'),
        ("", [1, "x"], False, '"[1,\\"x\\"]"'),
    ],
)
def test_a_value_has_the_form_of_its_type(data_type: str, value: Any, unsigned: bool, expected: str) -> None:
    known = Value("a:b", value, data_type)
    written = line("My series", known, {"plant, 1": "A=B C"}, 7, unsigned=unsigned, online="equal")
    assert written == rf'My\ series,plant\,\ 1=A\=B\ C,quality=Good value={expected},online="equal" 7000'


@pytest.mark.parametrize("value", [None, 2**63, float("nan"), float("inf"), -(2**63) - 1])
def test_a_value_without_a_form_has_no_line(value: Any) -> None:
    assert line("s", Value("a:b", value, "ULInt"), {}, 7, unsigned=False) is None
