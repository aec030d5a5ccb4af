"""Tokens: every literal and name of the dialect is one token, comments nest, nothing is lost."""

import pytest

from simatic_xml.scl.lexer import tokenize


def kinds(text: str) -> list[str]:
    return tokenize(text).kinds[:-1]


def texts(text: str) -> list[str]:
    tokens = tokenize(text)
    return [tokens.text(index) for index in range(len(tokens.kinds) - 1)]


@pytest.mark.parametrize(
    "literal",
    [
        "T#1d_2h_3m_4.5s",
        "T#-5s",
        "LTIME#1ns",
        "S5T#10s",
        "D#2024-02-29",
        "TOD#12:30:15.250",
        "DT#2024-02-29-12:30:15.25",
        "DTL#1970-01-01-00:00:00.000000001",
        "LDT#2024-02-29-12:30:15.25",
        "DATE_AND_TIME#2024-02-29-12:30:15",
        "W#16#FF_00",
        "B#16#0",
        "BYTE#2#0101_1010",
        "B#(1, 2)",
        "INT#-5",
        "DWORD#10#+15_793_935",
        "LW#16#0000_0000_5F52_DE8B",
        "DATE_AND_LTIME#2008-10-25-08:12:34.567",
        "BOOL#TRUE",
        "REAL#1.5E+3",
        "WSTRING#'text'",
        "STRING#'it$'s'",
        "P#DB10.DBX0.0 BYTE 10",
        "P#M0.0",
    ],
)
def test_a_typed_literal_is_one_token(literal: str) -> None:
    assert kinds(literal) == ["typed"]
    assert texts(f"{literal};") == [literal, ";"]


@pytest.mark.parametrize("literal", ["0", "1_000", "16#FF", "2#1010", "8#17", "10#-7", "1.5", "1.5E-3", "2E5"])
def test_a_number_is_one_token(literal: str) -> None:
    assert kinds(literal) == ["number"]


@pytest.mark.parametrize("literal", ["''", "'a b'", "'it$'s'", "'$$'", "'$0D$0A'"])
def test_a_string_is_one_token(literal: str) -> None:
    assert texts(f"{literal};") == [literal, ";"]
    assert kinds(literal) == ["string"]


@pytest.mark.parametrize("name", ['"Größe"', '"T<->T"', '"DB GLOBAL"', '#"QA-00"', "#Zähler", "ß_1", '"启动"'])
def test_names_with_odd_characters_are_one_token(name: str) -> None:
    assert texts(name) == [name]


def test_ranges_are_not_numbers_with_a_dot() -> None:
    assert texts("1..9") == ["1", "..", "9"]
    assert texts("INT#1..INT#9") == ["INT#1", "..", "INT#9"]


def test_an_operator_word_before_a_local_name_is_no_type() -> None:
    assert texts("NOT#a AND#b") == ["NOT", "#a", "AND", "#b"]


def test_slices_and_addresses() -> None:
    assert texts("#a.%X0 %MW10 %I0.0:P %DB1.DBX0.1") == ["#a", ".", "%X0", "%MW10", "%I0.0:P", "%DB1.DBX0.1"]


def test_keywords_are_recognised_in_any_capitals_but_not_as_members() -> None:
    assert kinds("if If IF") == ["IF", "IF", "IF"]
    assert kinds("#a.To") == ["local", ".", "name"]


def test_region_names_are_free_text() -> None:
    assert texts('REGION it\'s "free" text\nEND_REGION;') == ["REGION", 'it\'s "free" text', "END_REGION", ";"]
    assert texts("END_REGION ; end of #a := 1;\n;") == ["END_REGION", "; end of #a := 1;", ";"]
    assert texts("END_REGION; // said\n;") == ["END_REGION", ";", ";"]
    assert kinds("Region : Int;")[0] == "name"


@pytest.mark.parametrize(
    "comment", ["// line\n", "(* one *)", "(* outer (* inner *) outer *)", "(/* text */)", "/* c */", "(*\n two\n*)"]
)
def test_comments_are_no_tokens(comment: str) -> None:
    assert texts(f"a{comment}b") == ["a", "b"]


def test_a_comment_with_uneven_nesting_ends_at_its_first_closing_mark() -> None:
    tokens = tokenize("a (* one (* two *) b")
    assert [tokens.text(index) for index in range(len(tokens.kinds) - 1)] == ["a", "b"]
    assert tokens.open_comment == 2


def test_places_count_from_one() -> None:
    tokens = tokenize("a\r\n  b")
    assert tokens.place(tokens.starts[1]) == (2, 3)
