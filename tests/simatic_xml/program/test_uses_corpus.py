"""Uses of real programs, held against the plain reading of their files: no global name is lost or made up."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

import simatic_xml
from simatic_xml import Block, SimaticMLError
from simatic_xml.program.analysis.call_structure import call_structure, dependency_structure, find_unused
from simatic_xml.program.analysis.cross_references import CrossReferences
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace
from simatic_xml.references import object_references
from tests.simatic_xml.corpus import CORPUS, corpus_files

GLOBAL_KINDS = {"tag", "data block", "block", "constant"}


def programs() -> dict[str, list[Path]]:
    """The files of each collection; those in one folder are taken for one program."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in corpus_files():
        found[path.parent.name].append(path)
    return found


def workspace(files: list[Path]) -> Workspace:
    made = Workspace()
    for path in files:
        try:
            made.put_document(simatic_xml.load(path.read_bytes()))
        except SimaticMLError:
            continue
    return made


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of exports is not there")
@pytest.mark.parametrize("collection", sorted(programs()))
def test_every_global_name_of_a_file_is_a_use(collection: str) -> None:
    made = workspace(programs()[collection])
    index = UseIndex(made)
    for item in made:
        if not isinstance(item, Block):
            continue
        code = [each for each in object_references(item) if each.network is not None]
        wanted = {each.name.casefold() for each in code if each.kind in ("global", "call") or each.scope == "global"}
        found = {
            use.name.casefold() for use in index.of(item.name) if use.kind in GLOBAL_KINDS and use.access != "Bound"
        }
        assert found == wanted, item.name
    assert isinstance(call_structure(index), list)
    assert len(dependency_structure(index)) == len(list(made))
    references = CrossReferences(index, lambda _: "")
    for item in find_unused(index):
        assert references.of(item.name)[0].thing.name == item.name
