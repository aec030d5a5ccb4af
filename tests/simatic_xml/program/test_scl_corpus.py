"""Every SCL block of the collection is typed without an exception, and without a finding that real code disproves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from simatic_xml import Block, load, scl
from simatic_xml.program.scl.block import source_statements, statements
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from tests.simatic_xml.corpus import CORPUS, corpus_files
from tests.simatic_xml.program.program_of import Objects

SOURCES = sorted(path for path in (CORPUS / "scl").rglob("*") if path.suffix in (".scl", ".db", ".udt"))
OUTSIDE = {"name.undefined", "call.unknown", "type.unknown"}
"""What a single file cannot know: the rest of its program."""
ABSENT = pytest.mark.skipif(not SOURCES, reason="the collection of real programs is not here")
PROVEN = {
    "call.not_available": 12,  # READ_CLK, DT_DAY, DT_TOD: classic instructions in sources that never ran on an S7-1500
    "call.direction": 4,  # READ_CLK(CDT := ...), the classic way to give an output
    "write.input": 5,
    "type.narrowing": 10,
}
"""Findings in sources that were looked at one by one and hold."""


@ABSENT
def test_sources():
    counts: Counter[str] = Counter()
    for path in SOURCES:
        counts += Counter(_source(path))
    assert {code: count for code, count in counts.items() if code not in OUTSIDE} == PROVEN


def _source(path: Path) -> list[str]:
    result = scl.parse(path.read_bytes())
    objects = [(node, item) for node, item, _ in scl.read_declarations(result)]
    found: list[str] = []
    for node, block in objects:
        if not isinstance(block, Block) or block.kind not in ("OB", "FB", "FC"):
            continue
        scope = Scope(
            block, Symbols(Objects([each for _, each in objects if each.name != block.name] + [block], Cpu()))
        )
        source_statements(scope, result.tree, node)
        assert all(each.place.line for each in scope.diagnostics)
        found += [each.code for each in scope.diagnostics]
    return found


@ABSENT
def test_exports():
    """A block that TIA Portal exported is one that it compiled; only names outside of its file are unknown."""
    typed = 0
    for path in corpus_files(genuine=True):
        for block in load(path.read_bytes()).objects:
            for number, source in _networks(block):
                scope = Scope(block, Symbols(Objects([block], Cpu())))
                statements(scope, scl.to_text(source), number)
                assert {each.code for each in scope.diagnostics} <= OUTSIDE, (path.name, scope.diagnostics)
                typed += 1
    assert typed > 10


def _networks(block: object) -> list[tuple[int, etree._Element]]:
    if not isinstance(block, Block):
        return []
    sources = [(number, network.source) for number, network in enumerate(block.networks, 1)]
    return [(number, each) for number, each in sources if each is not None and each.tag.endswith("}StructuredText")]
