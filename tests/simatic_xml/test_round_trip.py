"""A loaded file that is dumped, directly or by way of JSON, is the same to the byte."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from simatic_xml import Document, Member, PlcType, dump, from_json, load, to_json
from simatic_xml.deviations import record_layout
from tests.simatic_xml.corpus import MANIFEST, OWN, corpus_files, fixture

needs_corpus = pytest.mark.skipif(
    not MANIFEST.exists(), reason="the collection of exports is not beside the repository"
)


def is_regular(document: Document) -> bool:
    """Return whether the rules of its TIA version alone give the text of a loaded document."""
    layout = record_layout(document)
    return layout is not None and layout.edits == ()


def extras(node: object) -> Iterator[object]:
    """Yield what the nodes below `node` say beyond the model."""
    if isinstance(node, list):
        for item in node:
            yield from extras(item)
    elif is_dataclass(node):
        for field in fields(node):
            value = getattr(node, field.name)
            if field.name != "extra":
                yield from extras(value)
            elif value:
                yield value


def through_json(document: Document) -> bytes:
    return dump(from_json(json.loads(json.dumps(to_json(document)))))


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_files_come_back(path: Path) -> None:
    data = path.read_bytes()
    document = load(data)
    assert dump(document) == data
    assert through_json(document) == data
    assert is_regular(document)
    assert document.unknown == []


@needs_corpus
def test_exports_come_back() -> None:
    lost = [path.name for path in corpus_files() if dump(load(path)) != path.read_bytes()]
    assert lost == []


@pytest.mark.slow
@needs_corpus
def test_exports_come_back_through_json() -> None:
    lost = [path.name for path in corpus_files() if through_json(load(path)) != path.read_bytes()]
    assert lost == []


@needs_corpus
def test_genuine_exports_hardly_deviate_from_the_rules() -> None:
    documents = [load(path) for path in corpus_files(genuine=True)]
    beyond_the_model = [extra for document in documents for extra in extras(document)]
    assert len(documents) > 150
    assert beyond_the_model == []
    assert len([document for document in documents if not is_regular(document)]) <= 6


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.removeprefix(b"\xef\xbb\xbf"),
        lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
        lambda data: data + b"\n",
        lambda data: data.replace(b" />", b"/>"),
        lambda data: data.replace(b"<Text />", b"<Text></Text>"),
        lambda data: data.replace(
            b'<?xml version="1.0" encoding="utf-8"?>', b"<?xml version='1.0'?><!-- made by hand -->"
        ),
        lambda data: data.replace(b"  <", b"\t<"),
        lambda data: data.replace(b"Run", b"R&#117;n"),
        lambda data: data.replace(b"<Text>Run</Text>", b"<Text><![CDATA[Run]]></Text>"),
        lambda data: data.replace(b'ID="1"', b'ID="77"'),
        lambda data: data.replace(b'Name="start" Datatype="Bool"', b'Datatype="Bool" Name="start"'),
        lambda data: data.replace(b"<Document>", b'<Document xmlns:i="urn:i" i:hint="a.xsd">'),
        lambda data: data.replace(b"<AutoNumber>true", b"<AutoNumber>True"),
        lambda data: data.replace(b"<AutoNumber>true</AutoNumber>", b""),
        lambda data: data.replace(b"<NetworkSource />", b"<NetworkSource><!-- empty --></NetworkSource>"),
        lambda data: data.replace(b"Drive", "\ue0001\ue000".encode()),
        lambda data: data.replace(b"utf-8", b"utf-16").decode("utf-8-sig").encode("utf-16"),
    ],
)
@pytest.mark.parametrize("name", ["motor_v16.xml", "motor_v21.xml"])
def test_other_spellings_come_back(name: str, change: object) -> None:
    assert callable(change)
    data = change(fixture(name))
    assert data != fixture(name)
    document = load(data)
    assert dump(document) == data
    assert through_json(document) == data


UNKNOWN = b'<Novelty Name="n"><Inner>1 &lt; 2</Inner></Novelty>'


@pytest.mark.parametrize("before", [b"</AttributeList>", b"</Section>", b"</Member>", b"</ObjectList>", b"</Document>"])
def test_unknown_elements_survive_changes(before: bytes) -> None:
    data = fixture("motor_v21.xml")
    place = data.index(before)
    document = load(data[:place] + UNKNOWN + data[place:])
    assert len(document.unknown) == 2
    assert document.unknown[0].endswith("/Novelty")
    block = document.objects[0]
    block.name = "Other"
    block.interface[0].members.insert(0, block.interface[0].members.pop())
    block.networks.pop(0)
    changed = dump(document)
    assert b"<Inner>1 &lt; 2</Inner>" in changed
    assert b"<Name>Other</Name>" in changed
    assert load(changed).unknown == document.unknown


def test_a_change_changes_nothing_else() -> None:
    data = fixture("motor_v16.xml")
    document = load(data)
    document.objects[0].name = "Pump"
    document.objects[0].interface[0].members[1].start_value = "900"
    expected = data.replace(b"<Name>Motor</Name>", b"<Name>Pump</Name>").replace(b">1500<", b">900<")
    assert dump(document) == expected


def test_a_path_a_string_and_bytes_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "limit.xml"
    path.write_bytes(fixture("limit_v17.xml"))
    text = path.read_text(encoding="utf-8")
    assert dump(load(path)) == dump(load(str(path))) == fixture("limit_v17.xml")
    assert dump(load(text)) == fixture("limit_v17.xml").replace(b"\r\n", b"\n")


@pytest.mark.parametrize("version", ["V20", "V21"])
def test_deep_structures_are_laid_out_regularly(version: str) -> None:
    member = Member("leaf", "Bool")
    for depth in range(30):
        member = Member(f"level{depth}", "Struct", members=[member])
    data = dump(Document(version, [PlcType("Deep", [member])]))
    margins = {len(line) - len(line.lstrip()) for line in data.decode("utf-8-sig").splitlines()}
    assert margins == set(range(0, max(margins) + 2, 2))
    assert is_regular(load(data))
