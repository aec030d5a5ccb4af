"""Checks of a program as a whole: clashing names and numbers, recursion, shared and overlapping addresses, limits of the CPU.

Each check takes only what it needs, so that any holder of a program (a workspace, a project) can call it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from simatic_xml.model import Block, Tag
from simatic_xml.program.analysis import ordering
from simatic_xml.program.cpu import organization_blocks
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.symbols import Cpu

CODE_KINDS = ("OB", "FB", "FC")
_MOST_NUMBER = {"OB": organization_blocks.MAX_OB, "DB": 59999}
_LANGUAGES = {"S7-1200": frozenset({"STL", "GRAPH", "CFC", "F_STL"})}
_ADDRESS = re.compile(r"%([IQM])([BWDL]?)(\d+)(?:\.([0-7]))?", re.IGNORECASE)
_BITS = {"": 1, "B": 8, "W": 16, "D": 32, "L": 64}


def space(block: Block) -> str:
    """Return the kind of number that a block has: `OB`, `FB`, `FC` or `DB`."""
    return block.kind if block.kind in CODE_KINDS else "DB"


def numbers(blocks: Iterable[Block], cpu: Cpu) -> Iterator[Diagnostic]:
    """Yield the errors of block numbers: used twice, out of range, not that of an OB that the CPU has for the event.

    Facts: docs/facts/tia-rules.md#block-numbers; a number used twice is an error of the compiler, not of the
    import.
    """
    by_number: dict[tuple[str, int], list[Block]] = defaultdict(list)
    for block in blocks:
        if block.number is not None:
            by_number[space(block), block.number].append(block)
    for (kind, number), sharing in by_number.items():
        most = _MOST_NUMBER.get(kind, 65535)
        for block in sharing:
            others = [f"'{each.name}'" for each in sharing if each is not block]
            if others:
                message = f"{kind}{number} is also the number of {', '.join(others)}; give one of them another number."
                yield _error("number.duplicate", message, block)
            if not 1 <= number <= most:
                yield _error("number.range", f"{kind}{number} is not between 1 and {most}; choose another.", block)
                continue
            event = _event_of(block, number)
            if kind == "OB" and not organization_blocks.exists(number, event, cpu.family):
                message = f"An {cpu.family} has no OB{number} for the event {event}; choose another number or event."
                yield _error("number.event", message, block)


def _event_of(block: Block, number: int) -> str:
    return block.secondary_type or organization_blocks.find_event(number) or "ProgramCycle"


def counts(blocks: Iterable[Block], cpu: Cpu) -> Iterator[Diagnostic]:
    """Yield the errors of too many blocks: of all kinds together, and of the OBs of one event class.

    Facts: docs/facts/hardware-catalog.md#cpu-limits, docs/facts/tia-rules.md#organization-blocks.
    """
    every = list(blocks)
    most = cpu.limits.blocks
    if most and len(every) > most:
        message = f"The program has {len(every)} blocks; the CPU ({cpu.order_number or cpu.family}) allows {most}."
        yield Diagnostic(Severity.ERROR, "block.count", message, Place(""))
    by_event: dict[str, list[Block]] = defaultdict(list)
    for block in every:
        if block.kind == "OB" and block.number is not None:
            by_event[_event_of(block, block.number)].append(block)
    for event, sharing in by_event.items():
        known = organization_blocks.EVENTS.get(event)
        allowed = None if known is None else known.most(cpu.family)
        for block in sharing[allowed:] if allowed else ():
            message = f"An {cpu.family} allows {allowed} OBs of the event {event}; '{block.name}' is one more."
            yield _error("block.count", message, block)


def is_failsafe(language: str) -> bool:
    """Return whether a programming language is that of fail-safe blocks, such as F_LAD and F_DB."""
    return language.startswith("F_")


def languages(blocks: Iterable[Block], cpu: Cpu) -> Iterator[Diagnostic]:
    """Yield the blocks in a language that the CPU does not have: on S7-1200 STL and GRAPH, without fail-safe all F languages."""
    missing = _LANGUAGES.get(cpu.family, frozenset())
    for block in blocks:
        used = {block.language or "", *(network.language or "" for network in block.networks)}
        if cpu.failsafe is False and any(map(is_failsafe, used)):
            message = f"'{block.name}' is a fail-safe block; choose a fail-safe CPU, or write it in another language."
            yield _error("block.language", message, block)
            continue
        for language in sorted(used & missing):
            message = f"{language} does not exist on an {cpu.family}; write '{block.name}' in another language."
            yield _error("block.language", message, block)


def recursion(calls: Mapping[str, Iterable[str]]) -> Iterator[Diagnostic]:
    """Yield one warning for each circle of calls.

    Args:
        calls: names of the called blocks by name of the calling one.
    """
    known = {name.casefold(): name for name in calls}
    edges = {name.casefold(): [each.casefold() for each in called] for name, called in calls.items()}
    for circle in ordering.circles(edges):
        names = [known[each] for each in circle]
        way = " → ".join([*names, names[0]])
        message = f"These blocks call each other in a circle: {way}; every call takes memory until the CPU stops."
        yield Diagnostic(Severity.WARNING, "call.recursion", message, Place(names[0]))


def call_depth(calls: Mapping[str, Iterable[str]], entries: Iterable[str], cpu: Cpu) -> Iterator[Diagnostic]:
    """Yield the OBs whose calls nest deeper than the CPU allows (16 on an S7-1200, 24 on an S7-1500)."""
    most = cpu.limits.calls
    edges = {name.casefold(): [each.casefold() for each in called] for name, called in calls.items()}
    if not most or ordering.circles(edges):
        return
    depth: dict[str, int] = {}
    for name in ordering.used_first(edges):
        depth[name] = 1 + max((depth[each] for each in edges[name] if each in edges), default=0)
    for name in entries:
        levels = depth.get(name.casefold(), 0)
        if levels > most:
            message = f"The calls below '{name}' nest {levels} deep; an {cpu.family} allows {most}."
            yield Diagnostic(Severity.ERROR, "call.depth", message, Place(name))


def overlaps(tags: Iterable[Tag]) -> Iterator[Diagnostic]:
    """Yield a warning for each tag whose address begins inside that of another and ends outside of it.

    A bit of a word, or two tags of the same address, count as intended: TIA Portal accepts them too.
    """
    extents: dict[str, list[tuple[int, int, Tag]]] = defaultdict(list)
    for tag in tags:
        found = _ADDRESS.fullmatch(tag.address)
        if found is not None:
            first = int(found[3]) * 8 + int(found[4] or 0)
            extents[found[1].upper()].append((first, first + _BITS[found[2].upper()], tag))
    for placed in extents.values():
        placed.sort(key=lambda each: each[:2])
        wide = [each for each in placed if each[1] - each[0] > 8]
        for (_, end, tag), (first, other_end, other) in pairwise(wide):
            if first < end < other_end:
                message = f"{other.address} overlaps {tag.address} of '{tag.name}' in part; move one of them."
                yield Diagnostic(Severity.WARNING, "address.overlap", message, Place(other.name))


def shared_addresses(tags: Iterable[Tag]) -> Iterator[Diagnostic]:
    """Yield a warning for each tag that has the address of an earlier one.

    Facts: TIA Portal: help, "Declaring PLC tags": addresses are to be unique in a CPU, and the editor marks both tags.
    Programs with shared addresses compile.
    """
    first: dict[str, Tag] = {}
    for tag in tags:
        other = first.setdefault(tag.address.upper(), tag)
        if tag.address and other is not tag:
            message = f"'{other.name}' has the address {tag.address}, too; give one of the tags another address."
            yield Diagnostic(Severity.WARNING, "address.shared", message, Place(tag.name))


def _error(code: str, message: str, block: Block) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, message, Place(block.name))
