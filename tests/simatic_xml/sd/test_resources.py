"""Resource files: what is written is read, what TIA Portal refuses is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import sd

LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join).filter(bool)
CULTURES = st.dictionaries(st.sampled_from(["en-US", "de-DE", "zh-CN"]), TEXTS, max_size=3)
FILES = st.dictionaries(st.from_regex(r"\AMLC_[A-Za-z0-9]{1,4}\Z"), CULTURES, max_size=5)


@given(FILES)
def test_what_is_written_is_read(texts: dict[str, dict[str, str]]) -> None:
    read = sd.parse_resources(sd.write_resources(texts))
    assert read.diagnostics == []
    assert read.texts == texts


@given(st.one_of(st.text(), st.binary()))
def test_any_file_is_read_or_reported(source: str | bytes) -> None:
    assert isinstance(sd.parse_resources(source).texts, dict)


def test_texts_are_written_as_tia_portal_writes_them() -> None:
    texts = {"MLC_1": {"en-US": "Plain"}, "MLC_2": {"en-US": "With: colon"}, "MLC_3": {"en-US": "Two\nlines\n"}}
    assert sd.write_resources(texts).splitlines() == [
        "MultiLingualTexts:",
        "  - id: MLC_1",
        "    en-US: Plain",
        "  - id: MLC_2",
        "    en-US: 'With: colon'",
        "  - id: MLC_3",
        "    en-US: |+",
        "      Two",
        "      lines",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("    en-US: A text: with a colon", "sd.resource"),
        ("nonsense", "sd.resource"),
        ("  - name: MLC_2", "sd.resource"),
        ("  - id: MLC_1", "sd.resource_duplicate"),
    ],
)
def test_what_tia_portal_refuses_is_reported_with_its_line(line: str, code: str) -> None:
    found = sd.parse_resources(f"MultiLingualTexts:\n  - id: MLC_1\n    de-DE: x\n{line}\n").diagnostics
    assert [(finding.code, finding.line) for finding in found] == [(code, 4)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("|2-\n     =====\n     first line", " =====\n first line"),
        ("|\n      one\n\n      two", "one\n\ntwo\n"),
        (">-\n      one\n      two", "one two"),
        ("'it''s'", "it's"),
        ('"a\\tb\\u00e9"', "a\tb\u00e9"),
        ("one\n      two   # a remark", "one two"),
        ("no", "no"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_texts_are_read_as_yaml(text: str, value: str) -> None:
    read = sd.parse_resources(f"MultiLingualTexts:\n# a remark\n- id: MLC_1\n  de-DE: x\n  en-US: {text}\n")
    assert (read.diagnostics, read.texts) == ([], {"MLC_1": {"de-DE": "x", "en-US": value}})
