"""The import of blocks and data types from a file: every check comes before the first change.

Facts: docs/facts/tia-operations.md#import, docs/facts/tia-operations.md#consistency;
docs/facts/openness.md#import-and-export-options.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from fake_openness.blocks import block_rules, size_rules
from fake_openness.blocks.blocks import PlcBlock
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.options import ImportOptions, SWImportOptions
from fake_openness.program import consistency, instances, numbers
from fake_openness.program.elements import _Element
from fake_openness.program.importing import require_absent
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.references import known_of
from fake_openness.program.state import CODE_KINDS, TYPE_KIND, _State
from simatic_xml.interruption import checkpoint
from simatic_xml.model import Block, PlcType

if TYPE_CHECKING:
    from fake_openness.blocks.block_groups import PlcBlockComposition
    from fake_openness.blocks.plc_types import PlcStruct, PlcTypeComposition

C = TypeVar("C", Block, PlcType)
Check = Callable[["_Plc", C, set[str], SWImportOptions], None]


def take_blocks(
    target: PlcBlockComposition, blocks: Sequence[Block], options: ImportOptions, tolerated: SWImportOptions
) -> list[PlcBlock]:
    """Import blocks, all or none.

    Raises:
        EngineeringTargetInvocationException: A rule is broken; nothing was changed.
    """
    _check_all(target, blocks, options, tolerated, block_rules.check_block)
    return [put_block(target, block) for block in blocks]


def take_types(
    target: PlcTypeComposition, types: Sequence[PlcType], options: ImportOptions, tolerated: SWImportOptions
) -> list[PlcStruct]:
    """Import data types, all or none.

    Raises:
        EngineeringTargetInvocationException: A rule is broken; nothing was changed.
    """
    _check_all(target, types, options, tolerated, block_rules.check_type)
    return [put_type(target, plc_type) for plc_type in types]


def _check_all(
    target: _ProgramComposition[Any],
    contents: Sequence[C],
    options: ImportOptions,
    tolerated: SWImportOptions,
    check: Check[C],
) -> None:
    arriving = {content.name.casefold() for content in contents}
    if len(arriving) < len(contents):
        msg = "Two objects of the file have the same name."
        raise EngineeringTargetInvocationException(msg, code="import.twice")
    for content in contents:
        checkpoint()
        check(target._plc, content, arriving, tolerated)
        check_place(target, content.name, options)
    for name, code, text, member in size_rules.faults(target._plc, contents):
        raise EngineeringTargetInvocationException(text, code=code, place={"name": name, "member": member})


def check_place(target: _ProgramComposition[Any], name: str, options: ImportOptions) -> None:
    """Refuse a name that an import into a group may not replace.

    Raises:
        EngineeringTargetInvocationException: It is there and is not replaced, or it is in another group.
    """
    existing = target._plc._program.find(name)
    if existing is None:
        target._plc._require_free_name(name, "program element")
    require_absent(existing, name, "program element", options)
    if existing is not None and existing._parent is not target:
        msg = f"'{name}' exists in another group and cannot be replaced from here: import it there, or delete it."
        raise EngineeringTargetInvocationException(msg, code="import.other_group", place={"name": name})


def put_block(target: _ProgramComposition[Any], block: Block) -> PlcBlock:
    """Put a block into a group in place of one of the same name; it and its users become inconsistent."""
    plc = target._plc
    old = _replace(plc, block.name)
    _complete(plc, block)
    state = _block_state(block, _State.new(block.kind, plc._context.now()))
    element: PlcBlock = target._element(block.name, state)  # type: ignore[attr-defined]  # both compositions have it
    _enter(target, element, block, old)
    return element


def put_type(target: PlcTypeComposition, plc_type: PlcType) -> PlcStruct:
    """Put a data type into a group in place of one of the same name."""
    old = _replace(target._plc, plc_type.name)
    state = _State.new(TYPE_KIND, target._context.now(), **known_of(plc_type))
    plc_type.extra = None
    element = target._element(plc_type.name, state)
    _enter(target, element, plc_type, old)
    return element


def _enter(target: _ProgramComposition[Any], element: _Element, content: Block | PlcType, old: _Element | None) -> None:
    if old is not None:
        element._state = _with_creation(element._state, old._state)
    target._add(element)
    target._plc._program.add(element)
    element._write(content)
    consistency.spread(target._plc._program, element._name)


def _with_creation(state: _State, old: _State) -> _State:
    return replace(state, created=old.created)


def _replace(plc: _Plc, name: str) -> _Element | None:
    old = plc._program.find(name)
    if old is not None:
        old._delete()
    return old


def _complete(plc: _Plc, block: Block) -> None:
    """Complete a block with what TIA Portal adds."""
    block.extra = None
    block.read_only = {}
    block.language = block.language or ("DB" if block.kind.endswith("DB") else "LAD")
    if block.kind in ("OB", "FB", "FC", "GlobalDB") and not block.memory_layout:
        block.memory_layout = "Standard" if plc._family.classic else "Optimized"
    if block.kind in CODE_KINDS and block.language in ("LAD", "FBD", "SCL"):
        block.attributes.setdefault("SetENOAutomatically", "false")
    if plc._context.version.has("18"):
        block.attributes.setdefault("Namespace", "")
    if block.kind == "OB" and not block.secondary_type:
        block.secondary_type = "ProgramCycle" if block.number is None else numbers.event_of(block.number)
    if block.number is None:
        space = block.kind if block.kind in CODE_KINDS else "DB"
        block.number = numbers.choose(plc._program, space, block.secondary_type or "")
    if block.kind == "InstanceDB" and not block.interface:
        instances.fill(plc, block)


def _block_state(block: Block, fresh: _State) -> _State:
    attributes = block.attributes
    return replace(
        fresh,
        number=block.number,
        auto_number=block.auto_number is not False,
        language=block.language or "",
        layout=block.memory_layout or "",
        header_author=attributes.get("HeaderAuthor", ""),
        header_family=attributes.get("HeaderFamily", ""),
        header_name=attributes.get("HeaderName", ""),
        header_version=attributes.get("HeaderVersion") or "0.1",
        secondary_type=block.secondary_type or "",
        **known_of(block),
    )
