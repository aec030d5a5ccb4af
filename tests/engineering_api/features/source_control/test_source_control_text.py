"""Paths and texts of the repository: every name has one, and what did not change has the same."""

from __future__ import annotations

import difflib
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simatic_xml
from engineering_api.features.source_control import canonical
from engineering_api.features.source_control.layout import Item, check_path, encode_name, item_at
from openness_bridge.errors import Problem
from simatic_xml import Block, Document, Tag, TagTable
from tests.support.corpus import CORPUS

HOSTILE = st.sampled_from(
    [".", "..", ".git", "git~1", "con", "AUX.x", "a/b", "a\\b", "x.xml", "%2F", "-rf", " x ", "C:"]
)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | HOSTILE
PROGRAM_ITEMS = st.builds(
    Item, st.sampled_from(["blocks", "udts", "tags", "watch", "technology"]), NAMES, st.tuples(NAMES), NAMES
)
STATIONS = NAMES.map(lambda name: Item("hardware", name, (), name))


@given(PROGRAM_ITEMS | STATIONS)
def test_a_path_is_read_back(item: Item) -> None:
    assert item_at(item.path) == item
    assert check_path(item.path) == item.path


@given(NAMES)
def test_every_part_of_a_path_is_a_file_name_on_every_system(name: str) -> None:
    part = encode_name(name)
    assert part not in ("", ".", "..")
    assert part.isprintable() or any(ord(character) > 127 for character in part)
    assert not PureWindowsPath(part).is_reserved()
    assert not part.casefold().startswith((".git", "git~"))
    assert PureWindowsPath(part).parts == (part,)


@given(PROGRAM_ITEMS, PROGRAM_ITEMS)
def test_no_file_lies_where_a_folder_is(one: Item, other: Item) -> None:
    assert not one.path.startswith(f"{other.path}/")


def test_names_that_are_too_long_for_a_file() -> None:
    with pytest.raises(Problem, match="shorten"):
        _ = Item("blocks", "PLC_1", (), "阀" * 100).path


@pytest.mark.parametrize(
    "path", ["README.md", "blocks/x.xml", "blocks/PLC_1/x.txt", "hardware/a/b.aml", "other/PLC_1/x.xml"]
)
def test_other_files_are_no_objects(path: str) -> None:
    assert item_at(path) is None


# -- the canonical text -------------------------------------------------------------------


def table(names: list[str]) -> bytes:
    tags = [Tag(name, "Bool", f"%M{number}.0") for number, name in enumerate(names)]
    return simatic_xml.dump(Document("V20", [TagTable("Line", tags=tags)]))


UNIQUE = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=8, unique=True)


@given(UNIQUE, st.data())
def test_a_row_less_is_no_change_of_the_others(names: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(names))
    full = table(names)
    document = simatic_xml.load(full)
    [rows] = document.objects
    assert isinstance(rows, TagTable)
    rows.tags = [tag for tag in rows.tags if tag.name != gone]
    before, after = (canonical.simatic_ml(xml).decode().splitlines() for xml in (full, simatic_xml.dump(document)))
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    assert all(line.startswith("-") for line in changed)
    assert len(before) - len(after) == len(changed)


@given(UNIQUE)
def test_the_text_says_the_same_and_stands(names: list[str]) -> None:
    xml = table(names)
    text = canonical.simatic_ml(xml)
    assert canonical.simatic_ml(text) == text
    assert not simatic_xml.diff(xml, text)
    assert simatic_xml.load(canonical.count_ids(text)).objects == simatic_xml.load(xml).objects


def test_dates_and_products_of_an_export_do_not_count() -> None:
    info = b"<DocumentInfo><Created>2026-01-01T00:00:00Z</Created></DocumentInfo>"
    xml = table(["a"])
    dated = xml.replace(b'<Engineering version="V20" />', b'<Engineering version="V20" />' + info)
    assert info in dated
    assert canonical.simatic_ml(dated) == canonical.simatic_ml(xml)
    assert canonical.simatic_ml(xml.replace(b"\n", b"\r\n")) == canonical.simatic_ml(xml)


@pytest.mark.slow
def test_genuine_files_have_a_text_that_stands() -> None:
    if not CORPUS.is_dir():
        pytest.skip("there is no corpus beside the repository")
    files = sorted(CORPUS.rglob("*.xml"))
    assert files
    for file in files:
        text = canonical.simatic_ml(file.read_bytes())
        assert canonical.simatic_ml(text) == text, file.name
        assert not simatic_xml.diff(file.read_bytes(), text), file.name


@pytest.mark.slow
def test_a_network_less_is_no_change_of_the_others() -> None:
    if not CORPUS.is_dir():
        pytest.skip("there is no corpus beside the repository")
    seen = 0
    for file in sorted(CORPUS.rglob("*.xml")):
        document = simatic_xml.load(file)
        blocks = [each for each in document.objects if isinstance(each, Block) and len(each.networks) > 1]
        if not blocks:
            continue
        seen += 1
        before = canonical.simatic_ml(file.read_bytes()).splitlines()
        del blocks[0].networks[0]
        after = canonical.simatic_ml(simatic_xml.dump(document)).splitlines()
        kept = iter(before)
        assert all(line in kept for line in after), f"{file.name}: a line came or moved"
    assert seen


@pytest.mark.parametrize("text", [b"", b"no xml", b"<a", b"<CAEXFile><a></CAEXFile>"])
def test_what_is_no_export_is_refused(text: bytes) -> None:
    for read in (canonical.simatic_ml, canonical.aml):
        with pytest.raises(Problem):
            read(text)


AML = """<CAEXFile FileName="{file}"><AdditionalInformation><WriterHeader>
<LastWritingDateTime>{date}</LastWritingDateTime></WriterHeader></AdditionalInformation>
<InstanceHierarchy><InternalElement ID="{a}" Name="PLC"><InternalElement ID="{b}" Name="Tags">
<ExternalInterface ID="{d}" Name="t"/><SupportedRoleClass RefRoleClassPath="x/TagTable"/></InternalElement>
<InternalElement ID="{c}" Name="Port"/><InternalLink Name="1" RefPartnerSideA="{b}:t" RefPartnerSideB="{a}:p"/>
<InternalLink Name="2" RefPartnerSideA="{c}:x" RefPartnerSideB="{a}:p"/></InternalElement></InstanceHierarchy></CAEXFile>"""


def test_two_exports_of_a_station_have_one_text() -> None:
    one, other = (
        canonical.aml(AML.format(file=mark, date=mark, a=f"a{mark}", b=f"b{mark}", c=f"c{mark}", d=f"d{mark}").encode())
        for mark in ("1", "2")
    )
    assert one == other
    assert b"Tags" not in one
    assert one.count(b"<InternalLink") == 1
    assert canonical.aml(one) == one
