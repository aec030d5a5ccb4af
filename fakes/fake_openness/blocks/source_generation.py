"""Making blocks and data types from an external source.

Facts: docs/facts/tia-operations.md#external-sources: an existing block is overwritten in its old folder (switch);
without KeepOnError any error deletes the generated objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import simatic_xml
from fake_openness.blocks import block_import, size_rules
from fake_openness.blocks.block_groups import PlcBlockComposition, PlcBlockGroup, PlcBlockUserGroup, blocks_of
from fake_openness.blocks.plc_types import PlcTypeComposition, PlcTypeGroup, PlcTypeUserGroup, types_of
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.options import ImportOptions, SWImportOptions
from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc
from fake_openness.program.surroundings import surroundings
from simatic_xml import scl, stl
from simatic_xml.model import Block, PlcObject, PlcType
from simatic_xml.program.cpu.organization_blocks import UNKNOWN_OB
from simatic_xml.stl.addresses import text_of

if TYPE_CHECKING:
    from fake_openness.blocks.sources import PlcExternalSource

_AREAS_OF_TAGS = frozenset({"Input", "Output", "Memory", "PeripheryInput", "PeripheryOutput", "Timer", "Counter"})
_TYPE_OF_WIDTH = {"B": "Byte", "W": "Word", "D": "DWord"}
_TOLERANT = SWImportOptions.IgnoreMissingReferencedObjects


def generate(
    source: PlcExternalSource, group: PlcBlockUserGroup | PlcTypeUserGroup | None, *, keep: bool
) -> list[_Element]:
    """Generate everything in a source.

    Args:
        source: The source.
        group: Where new objects go; their root folders when None or when the group is of the other tree.
        keep: Whether objects without errors stay when others have some.

    Raises:
        EngineeringTargetInvocationException: The source has errors.
    """
    plc = source._plc
    generate_from = stl.generate if source._kind().value == ".awl" else scl.generate
    found = generate_from(source._text(), _version(plc), surroundings(plc), plc._cultures()[0])
    errors = [finding for finding in found.diagnostics if finding.severity is scl.Severity.ERROR]
    contents = [simatic_xml.load(document).objects[0] for document in found.documents]
    if errors and not (keep and contents):
        raise _failure(source, errors)
    if not contents:
        msg = f"The source '{source._name}' generated no block."
        raise EngineeringTargetInvocationException(msg, code="source.empty")
    contents = _within_size(plc, contents, keep=keep)
    _require_replaceable(plc, contents)
    made = [_put(plc, group, content) for content in contents if isinstance(content, (Block, PlcType))]
    if operands := dict(_absolute_operands(contents)):
        plc._tag_names.add_missing(operands)
    return made


def _absolute_operands(contents: list[PlcObject]) -> Iterator[tuple[str, str]]:
    """Yield each absolute operand of blocks that a tag can name, as address and data type of the tag."""
    for block in contents:
        for network in block.networks if isinstance(block, Block) else ():
            for element in network.source.iter("{*}Address") if network.source is not None else ():
                if element.get("Area") in _AREAS_OF_TAGS and (text := text_of(element)) is not None:
                    address = text.partition(":")[0]
                    yield (
                        address,
                        _TYPE_OF_WIDTH.get(address[2], "Bool") if address[1] in "IQM" else element.get("Type", ""),
                    )


def _within_size(plc: _Plc, contents: list[PlcObject], *, keep: bool) -> list[PlcObject]:
    """Return the objects whose data are not too large for the CPU; without `keep` one too large fails the generation.

    Raises:
        EngineeringTargetInvocationException: One is too large, and others are not to be kept, or there are none.
    """
    found = size_rules.faults(plc, [each for each in contents if isinstance(each, (Block, PlcType))])
    large = {name for name, *_ in found}
    kept = [each for each in contents if each.name not in large]
    if found and not (keep and kept):
        texts = [f"{name}: {text}" for name, _, text, _ in found]
        raise EngineeringTargetInvocationException(texts[0], *texts, code=found[0][1], place={"name": found[0][0]})
    return kept


def _version(plc: _Plc) -> str:
    return plc._context.version.engineering


def _failure(source: PlcExternalSource, errors: list[scl.Diagnostic]) -> EngineeringTargetInvocationException:
    details = [f"{source._name}({error.line},{error.column}): {error.message}" for error in errors]
    msg = f"Generating blocks from the source '{source._name}' failed."
    place: dict[str, str | int] = {"source": source._name, "line": errors[0].line, "column": errors[0].column}
    return EngineeringTargetInvocationException(msg, *details, code="source.errors", place=place)


def _require_replaceable(plc: _Plc, contents: list[PlcObject]) -> None:
    for content in contents:
        if not plc._switches.sources_overwrite and plc._program.find(content.name) is not None:
            msg = f"A program element named '{content.name}' already exists in this CPU."
            raise EngineeringTargetInvocationException(msg, code="source.exists", place={"name": content.name})


def _put(plc: _Plc, group: PlcBlockUserGroup | PlcTypeUserGroup | None, content: Block | PlcType) -> _Element:
    existing = plc._program.find(content.name)
    if isinstance(content, Block):
        home: PlcBlockComposition = group._blocks if isinstance(group, PlcBlockGroup) else blocks_of(plc)
        if existing is not None and isinstance(existing._parent, PlcBlockComposition):
            home = existing._parent
        if existing is not None and not content.number and existing._state.kind == content.kind:
            if content.number == UNKNOWN_OB:
                content.secondary_type = existing._state.secondary_type
            content.number = existing._state.number
        return block_import.take_blocks(home, [content], ImportOptions.Override, _TOLERANT)[0]
    return block_import.take_types(_type_home(plc, group, existing), [content], ImportOptions.Override, _TOLERANT)[0]


def _type_home(
    plc: _Plc, group: PlcBlockUserGroup | PlcTypeUserGroup | None, existing: _Element | None
) -> PlcTypeComposition:
    if existing is not None and isinstance(existing._parent, PlcTypeComposition):
        return existing._parent
    return group._types if isinstance(group, PlcTypeGroup) else types_of(plc)
