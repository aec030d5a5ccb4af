"""Large tag tables take a short way that must not be seen: the same model, the same bytes, the same errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simatic_xml
from simatic_xml import Document, SimaticMLError, Tag, TagTable, UserConstant, files
from simatic_xml.reading.tag_rows import read_rows
from simatic_xml.tag_table_files import dump_table
from tests.simatic_xml.corpus import CORPUS

texts = st.one_of(
    st.sampled_from(
        ["", " ", "a\nb", "a\tb", "&", "<b/>", "a>b", '"', "]]>", "&lt;", "&#13;", "é\u2028", "/>", "\ue0001\ue000"]
    ),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\n\t"),
        max_size=12,
    ),
)
names = texts.filter(bool)
comments = st.dictionaries(st.sampled_from(["en-US", "de-DE", "x-none"]), texts, max_size=3)
flags = st.sampled_from([None, True, False])
tags = st.builds(Tag, names, texts, texts, comments, flags, flags, flags)
constants = st.builds(UserConstant, names, texts, texts, comments)
tables = st.builds(TagTable, texts, st.lists(tags, max_size=5), st.lists(constants, max_size=3))
versions = st.sampled_from(["V15.1", "V18", "V20", "V21"])


def generally(document: Document) -> bytes:
    return files._dump(document)


def quickly(data: bytes) -> Document | None:
    return files.load_regular_table(data)


@given(versions, tables)
def test_written_as_by_the_general_writer(version: str, table: TagTable) -> None:
    document = Document(version, [table])
    quick = dump_table(document, files._dump)
    assert (quick is None) == (not table.tags and not table.constants)
    assert simatic_xml.dump(document) == (quick or generally(document)) == generally(document)


@given(versions, tables, st.booleans())
def test_read_as_by_the_general_reader(version: str, table: TagTable, windows: bool) -> None:
    data = generally(Document(version, [table]))
    data = data.replace(b"\n", b"\r\n") if windows else data
    quick, general = quickly(data), read_generally(data)
    assert (quick is None) == (not table.tags and not table.constants)
    loaded = simatic_xml.load(data)
    for each in (loaded, loaded if quick is None else quick):
        assert (each.engineering, each.objects, each.unknown) == (general.engineering, general.objects, general.unknown)
        assert simatic_xml.dump(each) == data
        assert simatic_xml.to_json(each) == simatic_xml.to_json(general)


@given(tables.filter(lambda table: table.tags or table.constants), st.data())
def test_a_file_that_differs_anywhere_is_read_as_by_the_general_reader(table: TagTable, data: st.DataObject) -> None:
    text = generally(Document("V18", [table]))
    place = data.draw(st.integers(0, len(text) - 1))
    other = (
        text[:place]
        + data.draw(st.sampled_from([b"", b" ", b"x", b"<", b">", b"&", b"\n", b"\r\n", b"\0"]))
        + text[place + 1 :]
    )
    assert outcome(simatic_xml.load, other) == outcome(read_generally, other)


def read_generally(data: bytes) -> Document:
    return files._load_bytes(data, own=False)


def outcome(load: object, data: bytes) -> object:
    """Model and bytes, or the error."""
    assert callable(load)
    try:
        document = load(data)
    except SimaticMLError as error:
        return error.code, str(error)
    return document.objects if all(isinstance(each, TagTable) for each in document.objects) else None, simatic_xml.dump(
        document
    )


def test_an_edit_after_reading_is_written_as_by_the_general_writer() -> None:
    data = simatic_xml.dump(Document("V18", [TagTable("T", [Tag("A", "Bool", "%I0.0", {"en-US": "a"})])]))
    quick, general = simatic_xml.load(data), read_generally(data)
    for document in (quick, general):
        table = document.objects[0]
        assert isinstance(table, TagTable)
        table.tags[0].comment["de-DE"] = "ä"
        table.tags.append(Tag("B", "Int"))
    assert simatic_xml.dump(quick) == generally(general)


@given(st.sampled_from([b"", b" ", b"<!-- note -->"]), st.lists(tags, min_size=1, max_size=3))
def test_rows_in_a_table_that_was_empty_are_written_as_by_the_general_writer(oddity: bytes, rows: list[Tag]) -> None:
    data = generally(Document("V18", [TagTable("T")])).replace(b"<AttributeList>", oddity + b"<AttributeList>")
    document = simatic_xml.load(data)
    table = document.objects[0]
    assert isinstance(table, TagTable)
    table.tags += rows
    assert simatic_xml.dump(document) == generally(document)


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_refused(bad: str) -> None:
    with pytest.raises(SimaticMLError) as refused:
        simatic_xml.dump(Document("V18", [TagTable("T", [Tag(f"A{bad}", "Bool")])]))
    assert refused.value.code == "character"


def test_attributes_beyond_the_model_are_left_to_the_general_writer() -> None:
    document = Document("V18", [TagTable("T", [Tag("A", "Bool", attributes={"Retain": "true"})])])
    assert dump_table(document, files._dump) is None
    assert b"<Retain>true</Retain>" in simatic_xml.dump(document)


def test_many_rows_are_numbered_through() -> None:
    rows = [Tag(f"T{n}", "Bool", "", {"en-US": "c"} if n % 3 else {}) for n in range(3500)]
    document = Document("V18", [TagTable("T", rows, [UserConstant(f"C{n}", "Int", "1") for n in range(1500)])])
    data = simatic_xml.dump(document)
    assert data == generally(document)
    assert quickly(data) is not None
    assert simatic_xml.load(data).objects == document.objects


def test_rows_of_another_kind_are_not_regular() -> None:
    assert read_rows(b"      <SW.Tags.Other />\n", 0, 26, b"\n") is None


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_the_corpus_is_read_as_by_the_general_reader() -> None:
    found = [path for path in CORPUS.rglob("*.xml") if b"SW.Tags.PlcTagTable" in path.read_bytes()]
    assert found
    for path in found:
        data = path.read_bytes()
        assert outcome(simatic_xml.load, data) == outcome(read_generally, data), Path(path).name
