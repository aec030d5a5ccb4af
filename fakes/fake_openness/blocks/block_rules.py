"""The rules by which TIA Portal refuses the import of a block or data type, before any change.

Facts: docs/facts/tia-rules.md#names, docs/facts/tia-rules.md#block-numbers,
docs/facts/tia-rules.md#organization-blocks, docs/facts/tia-rules.md#data-types, docs/facts/tia-operations.md#import.
"""

from __future__ import annotations

from lxml import etree

from fake_openness.blocks import type_rules
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_name
from fake_openness.core.options import SWImportOptions
from fake_openness.program import numbers
from fake_openness.program.data_types import is_system_type
from fake_openness.program.plc import _Plc
from fake_openness.program.references import types_of
from fake_openness.program.state import BLOCK_KINDS, CODE_KINDS, TECHNOLOGY_KIND, TYPE_KIND
from simatic_xml import flgnet, limits, scl
from simatic_xml.model import Block, PlcType
from simatic_xml.program.analysis.program_checks import is_failsafe

_WIRING = {
    "duplicate-uid",
    "second-rail",
    "dangling-wire",
    "wire-without-pin",
    "unknown-part",
    "unknown-operand",
    "pin-used-twice",
    "unknown-pin",
    "cardinality",
    "wrong-direction",
    "missing-template",
}
"""Faults that an import refuses; the compiler reports networks that are merely incomplete."""


def check_block(plc: _Plc, block: Block, arriving: set[str], options: SWImportOptions) -> None:
    """Refuse a block that this PLC cannot have.

    Args:
        plc: The PLC.
        block: The block.
        arriving: Names of all objects in the same file, folded.
        options: What the import tolerates.

    Raises:
        EngineeringTargetInvocationException: A rule is broken.
    """
    if block.kind not in BLOCK_KINDS:
        where = ": import it below Technology objects" if block.kind == TECHNOLOGY_KIND else ""
        msg = f"A {block.kind} cannot be imported as a program block{where}."
        raise _refusal(block.name, "import.wrong_kind", msg)
    require_name(block.name, "block")
    _check_language(plc, block)
    check_number(plc, block)
    _check_memory(plc, block)
    _check_networks(block)
    check_types(plc, block, arriving, options)


def check_type(plc: _Plc, plc_type: PlcType, arriving: set[str], options: SWImportOptions) -> None:
    """Refuse a PLC data type that this PLC cannot have.

    Raises:
        EngineeringTargetInvocationException: A rule is broken.
    """
    require_name(plc_type.name, "PLC data type")
    check_types(plc, plc_type, arriving, options)
    for used in types_of(plc_type):
        if used.casefold() == plc_type.name.casefold() or plc_type.name.casefold() in _find_contained(plc, used):
            msg = f"The data type contains itself through '{used}'."
            raise _refusal(plc_type.name, "type.recursion", msg)


def check_types(plc: _Plc, content: Block | PlcType, arriving: set[str], options: SWImportOptions) -> None:
    """Refuse data types that are not known.

    Raises:
        EngineeringTargetInvocationException: A type is not known, and missing references are not tolerated.
    """
    for code, text, member in type_rules.faults(content):
        raise _refusal(content.name, code, text, member)
    if options.HasFlag(SWImportOptions.IgnoreMissingReferencedObjects):
        return
    for name in missing_types(plc, content):
        if name.casefold() not in arriving:
            msg = f"The data type '{name}' is unknown: import it first, or ignore missing referenced objects."
            raise _refusal(content.name, "import.missing_reference", msg)


def missing_types(plc: _Plc, content: Block | PlcType) -> list[str]:
    """Return the PLC data types and FBs that an interface needs and the PLC does not have."""
    wanted = list(types_of(content))
    if isinstance(content, Block) and content.instance_of and not _of_system(content):
        wanted.append(content.instance_of)
    return [name for name in wanted if not _is_type(plc, name)]


def _is_type(plc: _Plc, name: str) -> bool:
    found = plc._program.find(name)
    return found is not None and found._state.kind in (TYPE_KIND, "FB")


def _of_system(block: Block) -> bool:
    return "OfSystemLibElement" in block.attributes or is_system_type(block.instance_of or "")


def _find_contained(plc: _Plc, name: str) -> set[str]:
    """Return all types within a type, folded."""
    pending, found = [name], set[str]()
    while pending:
        element = plc._program.find(pending.pop())
        fresh = [used for used in (element._state.types if element else ()) if used.casefold() not in found]
        found.update(used.casefold() for used in fresh)
        pending += fresh
    return found


def _check_language(plc: _Plc, block: Block) -> None:
    used = {block.language or "", *(network.language for network in block.networks)}
    for language in sorted(used & plc._family.missing_languages):
        msg = f"The CPU does not support the programming language {language}."
        raise _refusal(block.name, "block.language", msg)
    if plc._cpu.failsafe is False and any(map(is_failsafe, used)):
        msg = "The CPU is not fail-safe and has no fail-safe blocks."
        raise _refusal(block.name, "block.language", msg)
    if block.language == "GRAPH" and block.kind != "FB":
        raise _refusal(block.name, "block.language", f"GRAPH is a language of function blocks, not of an {block.kind}.")


def check_number(plc: _Plc, block: Block) -> None:
    """Refuse a number that a block of this kind cannot have.

    Raises:
        EngineeringTargetInvocationException: It is outside of the range.
    """
    if block.number is None:
        return
    space = block.kind if block.kind in CODE_KINDS else "DB"
    numbers.require_range(block.name, space, block.number)
    if space == "OB":
        event = block.secondary_type or numbers.event_of(block.number)
        numbers.require_ob(block.name, block.number, event, plc._family.value)


def _check_memory(plc: _Plc, block: Block) -> None:
    if plc._family.classic and block.memory_layout == "Optimized":
        raise _refusal(block.name, "block.optimized", "The CPU has no optimized block access.")
    reserve = block.attributes.get("RetainMemoryReserve", "0")
    enabled = block.attributes.get("IsRetainMemResEnabled", "false").lower() == "true"
    if reserve.strip() not in ("", "0") and not enabled:
        raise _refusal(block.name, "block.retain_reserve", "RetainMemoryReserve needs IsRetainMemResEnabled = true.")
    for section in block.interface:
        for member in section.members:
            if member.remanence and section.name in ("Temp", "Constant", "Return"):
                msg = f"The Remanence of '{member.name}' cannot be set."
                raise _refusal(block.name, "member.remanence", msg, member.name)


def _check_networks(block: Block) -> None:
    limits.require("block_networks", len(block.networks), what=f"'{block.name}'")
    for number, network in enumerate(block.networks, 1):
        kind = "" if network.source is None else etree.QName(network.source).localname
        check = _NETWORK_CHECKS.get(kind)
        if check is not None and network.source is not None:
            check(block.name, number, network.source)


def _check_wiring(block: str, number: int, source: etree._Element) -> None:
    for found in flgnet.check(source):
        if found.severity == "error" and found.code in _WIRING:
            msg = f"Network {number}: {found.message} ({found.pointer})"
            raise _refusal(block, f"import.{found.code}", msg)


def _check_text(block: str, number: int, source: etree._Element) -> None:
    try:
        scl.to_text(source)
    except (ValueError, OverflowError) as error:
        raise _refusal(block, "import.text", f"Network {number}: its text cannot be read. {error}") from error


_NETWORK_CHECKS = {"FlgNet": _check_wiring, "StructuredText": _check_text}


def _refusal(block: str, code: str, text: str, member: str = "") -> EngineeringTargetInvocationException:
    place: dict[str, str | int] = {"block": block}
    if member:
        place["member"] = member
    return EngineeringTargetInvocationException(f"'{block}' cannot be imported. {text}", code=code, place=place)
