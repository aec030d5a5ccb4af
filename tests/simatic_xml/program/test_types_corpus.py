"""Real exports as the judge of types: everything that a program declares is understood, unless it is not in the program."""

from collections import defaultdict

import pytest

from simatic_xml import load
from simatic_xml.model import Block, PlcType, TagTable
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from tests.simatic_xml.corpus import MANIFEST, corpus_files
from tests.simatic_xml.program.program_of import Objects

pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the collection of exports is not beside the repository")


def programs() -> dict[str, Objects]:
    """Return the objects of each repository as one program."""
    found: dict[str, list] = defaultdict(list)
    for path in corpus_files(genuine=True):
        origin = path.relative_to(MANIFEST.parent).parts[1]
        for each in load(path.read_bytes()).objects:
            if isinstance(each, TagTable):
                found[origin] += [*each.tags, *each.constants]
            elif isinstance(each, Block | PlcType):
                found[origin].append(each)
    return {origin: Objects(objects, Cpu()) for origin, objects in found.items()}


def test_only_types_that_are_absent_are_unknown():
    """TIA Portal compiled these programs: whatever is said about their declarations would be a mistake of ours."""
    declared = 0
    for objects in programs().values():
        symbols = Symbols(objects)
        for name, each in objects.objects.items():
            declared += sum(1 for _ in _members(each))
            for path, code, message in symbols.problems(name):
                assert code == "type.unknown", (each.name, path, message)
                missing = message.split('"')[1]
                assert objects.find(missing) is None, (each.name, path, message)
    assert declared > 1000


def test_every_code_block_can_be_typed():
    blocks = 0
    for objects in programs().values():
        symbols = Symbols(objects)
        for each in objects.objects.values():
            if isinstance(each, Block) and each.kind in ("OB", "FB", "FC"):
                scope = Scope(each, symbols)
                assert len(scope.variables) == sum(1 for _ in each.members())
                blocks += 1
    assert blocks > 20


def _members(item):
    if isinstance(item, PlcType):
        yield from item.members
    elif isinstance(item, Block):
        yield from (member for _, member in item.members())
