"""Every data block of the collected exports can be created, with the same values in either kind of access."""

from dataclasses import replace
from pathlib import Path

import pytest

import simatic_xml
from simatic_xml.program.symbols import ConstantSymbol
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.types import Array, Structure
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.corpus import corpus_files
from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.program import Program
from virtual_plc.memory.storage import plain

FOLDERS = sorted({file.parent for file in corpus_files()})


def _workspace(folder: Path) -> Workspace:
    made = Workspace()
    for file in sorted(folder.glob("*.xml")):
        try:
            made.put_document(simatic_xml.load(file))
        except simatic_xml.SimaticMLError:
            continue
    return made


@pytest.mark.skipif(not FOLDERS, reason="the collection of exports is not here")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_data_blocks_of_exports_have_their_start_values(folder: Path) -> None:
    workspace = _workspace(folder)
    symbols = [workspace.symbols.lookup(item.name) for item in workspace]
    program = Program(constants={each.name.casefold(): each for each in symbols if isinstance(each, ConstantSymbol)})
    for declaration in symbols:
        if not isinstance(declaration, DataBlockDeclaration) or not isinstance(declaration.type, Structure | Array):
            continue
        free = new_data_block(program, replace(declaration, optimized=True))
        fixed = new_data_block(program, replace(declaration, optimized=False))
        assert plain(free) == plain(fixed)
