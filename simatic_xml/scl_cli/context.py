"""The names of a program that sources are generated into, taken from files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simatic_xml.files import load
from simatic_xml.folders import XML
from simatic_xml.model import Block, PlcType, Section, TagTable
from simatic_xml.scl import Callee, Program, parse, read_declarations
from simatic_xml.scl_cli.inputs import Input

Item = Block | PlcType | TagTable


def program_of(inputs: Iterable[Input]) -> Program:
    """Return what the blocks, types and tag tables in files mean to a source.

    Raises:
        SimaticMLError: a SimaticML document cannot be read.
    """
    return program_with(item for given in inputs for item in _items(given))


def program_with(objects: Iterable[object]) -> Program:
    """Return what the blocks, types and tag tables among some objects mean to a source; of two with a name the last."""
    items = [each for each in objects if isinstance(each, Item)]
    blocks = [item for item in items if isinstance(item, Block)]
    types = [item for item in items if isinstance(item, PlcType)]
    constants = [row.name for item in items if isinstance(item, TagTable) for row in item.constants]
    interfaces = {item.name.casefold(): [Section("None", item.members)] for item in types}
    interfaces |= {block.name.casefold(): block.interface for block in blocks if block.kind in ("FB", "FC")}
    return Program(
        callees=_callees(blocks),
        constants=frozenset(map(str.casefold, constants)),
        types=frozenset(item.name.casefold() for item in types),
        interfaces=interfaces,
    )


def _items(given: Input) -> Iterator[object]:
    if given.kind == XML:
        yield from load(given.content).objects
    else:
        yield from (item for _, item, _ in read_declarations(parse(given.content)))


def _callees(blocks: list[Block]) -> dict[str, Callee]:
    function_blocks = {block.name.casefold() for block in blocks if block.kind == "FB"}
    found: dict[str, Callee] = {}
    for block in blocks:
        if block.kind == "FC":
            found[block.name.casefold()] = Callee("FC", block.name, _returns(block))
        elif block.kind == "InstanceDB" and block.instance_of:
            kind = "FB" if block.instance_of.casefold() in function_blocks else None
            system = "OfSystemLibElement" in block.attributes
            found[block.name.casefold()] = Callee("system" if system and not kind else "FB", block.instance_of)
    return found


def _returns(block: Block) -> bool:
    section = block.section("Return")
    return bool(section and any(member.data_type.casefold() != "void" for member in section.members))
