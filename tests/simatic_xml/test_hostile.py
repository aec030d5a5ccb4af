"""Hostile and broken input: a clear error, soon, and nothing fetched."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simatic_xml import SimaticMLError, dump, from_json, load

HEAD = b'<Document><Engineering version="V20" />'
FB = HEAD + b'<SW.Blocks.FB ID="0"><AttributeList><Interface><Sections xmlns="x/v5"><Section Name="Static">'
DTD = b'<!DOCTYPE Document [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not-xml", b""),
        ("not-xml", b"no XML at all"),
        ("not-xml", b"\x00\x01\x02"),
        ("not-xml", HEAD + b"\x00</Document>"),
        ("not-xml", HEAD + b"<SW.Blocks.FB ID="),
        ("not-xml", HEAD + b"&undefined;</Document>"),
        ("not-xml", HEAD + b"&#0;</Document>"),
        ("not-xml", b"<Document>" + b"<a>" * 100_000),
        ("not-xml", FB + b'<Member Name="a" Datatype="Struct">' * 100_000),
        ("not-xml", b"<!--" * 500_000),
        ("limit.xml_tag", b"<" * 500_000),
        ("not-xml", b" " * 2_000_000),
        ("dtd", DTD + b"<Document>&b;</Document>"),
        ("dtd", b'<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd"><Document />'),
        ("limit.xml_tag", HEAD.replace(b"V20", b"V" * 20_000_000) + b"</Document>"),
        (
            "limit.xml_tag",
            HEAD + b"<x " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/></Document>",
        ),
        ("encoding", "<Document>ü</Document>".encode("latin-1")),
        ("encoding", b'<?xml version="1.0" encoding="utf-7"?><Document />'),
        ("encoding", b"<Document>\xed\xa0\x80</Document>"),
        ("not-simaticml", b"<html />"),
        (
            "number",
            HEAD + b"<SW.Blocks.FB><AttributeList><Number>ten</Number></AttributeList></SW.Blocks.FB></Document>",
        ),
    ],
)
def test_errors_are_clear_and_soon(code: str, data: bytes) -> None:
    start = time.process_time()
    with pytest.raises(SimaticMLError) as error:
        load(data)
    assert error.value.code == code
    assert len(str(error.value)) < 400
    assert time.process_time() - start < 20


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    text = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><Document>&x;</Document>'
    with pytest.raises(SimaticMLError) as error:
        load(text)
    assert "secret" not in str(error.value).replace(str(secret), "")


def test_places_are_named() -> None:
    with pytest.raises(SimaticMLError) as error:
        load(b"<Document>\n  <Engineering>\n</Document>")
    assert error.value.line == 3
    assert "line 3" in str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda count: (
            FB + b'<Member Name="a" Datatype="Struct"><New /></Member>' * count + b"</Section></Sections></Interface>"
            b"</AttributeList></SW.Blocks.FB></Document>"
        ),
        lambda count: HEAD + b"<New/>" * count + b"</Document>",
    ],
)
def test_odd_files_cost_in_proportion(make: Callable[[int], bytes]) -> None:
    def seconds(count: int) -> float:
        data, best = make(count), float("inf")
        for _ in range(3):
            start = time.thread_time()
            assert dump(load(data)) == data
            best = min(best, time.thread_time() - start)
        return best

    seconds(50)
    assert seconds(4_000) < 40 * max(seconds(400), 0.005)


def test_deep_json_is_refused() -> None:
    member: dict[str, object] = {"name": "m", "members": []}
    for _ in range(400):
        member = {"name": "m", "members": [member]}
    with pytest.raises(SimaticMLError, match="levels"):
        from_json({"kind": "UDT", "name": "T", "members": [member]})
    tree: list[object] = ["a"]
    for _ in range(400):
        tree = ["a", tree]
    with pytest.raises(SimaticMLError):
        from_json({"kind": "Opaque", "tree": tree})


@pytest.mark.parametrize("name", ["a\x00b", "a\x0bb", "\ud800", "\uffff"])
def test_characters_that_xml_lacks(name: str) -> None:
    with pytest.raises(SimaticMLError) as error:
        dump(from_json({"kind": "UDT", "name": name}))
    assert error.value.code == "character"


@pytest.mark.parametrize(
    "edit",
    [
        ["children", [], ["<broken"], 0],
        ["children", [], ["no element"], 0],
        ["attributes", [], {"set": {"no name": "1"}}],
        ["text", [], "", "\x00"],
        ["tail", [0], "\x01"],
    ],
)
def test_edits_that_xml_lacks(edit: list[object]) -> None:
    with pytest.raises(SimaticMLError) as error:
        dump(from_json({"kind": "UDT", "name": "T", "x": {"extra": [edit]}}))
    assert error.value.code == "character"


@pytest.mark.parametrize("name", ["", "a b", "/><x", 'a="1"'])
def test_names_cannot_become_markup(name: str) -> None:
    with pytest.raises(SimaticMLError) as error:
        dump(from_json({"kind": "UDT", "name": "T", "attributes": {name: "1"}}))
    assert error.value.code == "name"
