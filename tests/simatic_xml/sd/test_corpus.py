"""Real documents: read without finding, printed back to the byte, and turned into what TIA Portal exports of them."""

import re
from functools import cache
from pathlib import Path

import pytest

from simatic_xml import check, load, sd
from simatic_xml.model import Block, PlcType, Section
from simatic_xml.scl.context import Callee, Program
from simatic_xml.xml.residue import same
from tests.simatic_xml.corpus import CORPUS

DOCUMENTS = sorted(CORPUS.glob("sd/*/*.s7dcl"))
EXPORTS = CORPUS / "xml" / "Czarnak__simaticml-decoder"
pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the corpus of real files is not beside the repository")

BY_HAND = ("MCPVerify_FC_LAD", "MCPVerify_Mixed_LADSCL")
"""Written by people: comments, blank lines, attributes inside of a line."""
EMPTY_TEXT = ("deviceState",)
"""Has a title without text, which SimaticML cannot tell from none."""


def resources(path: Path) -> bytes | None:
    """Return the resource file that belongs to a document."""
    beside = path.with_suffix(".s7res")
    other = path.with_name(path.name.replace("SimaticSD_s7dcl", "SimaticSD_s7res")).with_suffix(".s7res")
    return next((each.read_bytes() for each in (beside, other) if each.exists()), None)


@cache
def program() -> Program:
    """Return the names that all documents together declare."""
    callees: dict[str, Callee] = {}
    interfaces: dict[str, list[Section]] = {}
    for path in DOCUMENTS:
        for document in sd.generate(path.read_bytes(), resources(path)).documents:
            node = load(document).objects[0]
            if isinstance(node, PlcType):
                interfaces[node.name.casefold()] = [Section("None", node.members)]
            elif isinstance(node, Block) and node.instance_of:
                callees[node.name.casefold()] = Callee("FB", node.instance_of)
            elif isinstance(node, Block):
                interfaces[node.name.casefold()] = node.interface
                callees |= {node.name.casefold(): Callee("FC", node.name)} if node.kind == "FC" else {}
    return Program(callees, interfaces=interfaces)


def generated(path: Path) -> bytes:
    made = sd.generate(path.read_bytes(), resources(path), "V21", program())
    assert [str(finding) for finding in made.diagnostics] == []
    (document,) = made.documents
    return document


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_real_document_has_no_finding_and_prints_back(path: Path) -> None:
    result = sd.parse(path.read_bytes(), resources(path))
    assert [str(finding) for finding in result.diagnostics] == []
    assert ("\ufeff" + sd.unparse(result.tree)).encode() == path.read_bytes()


@pytest.mark.parametrize("path", sorted(CORPUS.glob("sd/*/*.s7res")), ids=lambda path: path.name)
def test_a_real_resource_file_is_written_back(path: Path) -> None:
    read = sd.parse_resources(path.read_bytes())
    assert read.diagnostics == []
    assert ("\ufeff" + sd.write_resources(read.texts)).encode() == path.read_bytes()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_real_document_becomes_a_valid_block_and_comes_back(path: Path) -> None:
    document = generated(path)
    assert check(load(document)) == []
    texts = resources(path)
    written = sd.source(document, sd.parse_resources(texts or b""))
    assert written.left_out == ()
    if not any(mark in path.name for mark in BY_HAND + EMPTY_TEXT):
        assert written.files == {"s7dcl": path.read_bytes()} | ({"s7res": texts} if texts else {})
    again = sd.generate(written.dcl, written.res, "V21", program()).documents[0]
    assert sd.source(again, sd.parse_resources(written.res)) == written


def pairs() -> list[tuple[Path, Path]]:
    """Return the documents with the SimaticML export of the same block."""
    found = []
    for path in DOCUMENTS:
        name = re.sub(r"^.*SimaticSD(_s7dcl)?__|~\w+$", "", path.stem)
        tail = "~*" if "~" in path.stem else ""
        found += [(path, export) for export in EXPORTS.glob(f"*SimaticML__{glob_name(name)}{tail}.xml")]
    return found


def glob_name(name: str) -> str:
    return name.replace("[", "[[]")


@pytest.mark.parametrize(("path", "export"), pairs(), ids=lambda path: path.stem[-24:])
def test_networks_are_those_that_tia_portal_exports(path: Path, export: Path) -> None:
    real, made = load(export.read_bytes()).objects[0], load(generated(path)).objects[0]
    assert type(real) is type(made)
    if not isinstance(real, Block) or not isinstance(made, Block):
        return
    assert len(real.networks) == len(made.networks)
    for expected, network in zip(real.networks, made.networks, strict=True):
        if expected.source is None or network.source is None:
            assert expected.source is network.source
        else:
            assert same(expected.source, network.source)


REFUSED = {"StateMachine": "GRAPH", "SyntheticCases_FB": "power rail"}


@pytest.mark.parametrize("path", sorted(CORPUS.glob("xml/*/*.xml")), ids=lambda path: path.name[-40:])
def test_an_export_is_written_and_read_again(path: Path) -> None:
    for node in load(path.read_bytes()).objects:
        if not isinstance(node, Block | PlcType):
            continue
        if node.name in REFUSED:
            with pytest.raises(sd.SclError, match=REFUSED[node.name]):
                sd.source(node)
            continue
        written = sd.source(node)
        assert sd.parse(written.dcl, written.res).diagnostics == []
        assert sd.generate(written.dcl, written.res).names == [node.name]
