"""Finds what writes a value: the block, network and place, from the uses of the typed program.

A timing diagram shows that a value is wrong; the cause is in the network that writes it, and in the values of its operands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engineering_api.features.plc_tests.results import SignalWriter
from simatic_xml.model import Block, Member, Tag
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.analysis.uses import Access, Use

TESTED = "#"
"""Means the data of the block that is tested alone."""
MOST_WRITERS = 20
"""Of one value."""
_PART = re.compile(r'"[^"]*"|\[[^\]]*\]|[^.\[\]"]+')
_WRITES: tuple[Access, ...] = ("Write", "ReadWrite")
_WORKED_ON: tuple[Access, ...] = (*_WRITES, "Instance")
_STATE_OF_INSTANCE = ("Q", "ET", "IN", "PT", "CV", "PV", "CU", "CD", "R", "STAT_BIT")
"""Members of IEC timers, counters and edges, which a call of them works on."""


@dataclass(frozen=True, slots=True)
class _Found:
    owner: str
    use: Use
    instance: str = ""


class Writers:
    """Answers for one program."""

    def __init__(self, index: UseIndex) -> None:
        """Use the uses of a program as they are now."""
        self._index, self._program = index, index.workspace
        self._instances: defaultdict[str, list[str]] = defaultdict(list)
        for each in self._program:
            if isinstance(each, Block) and each.instance_of:
                self._instances[each.instance_of.casefold()].append(each.name)

    def of(self, name: str, block: str = "") -> list[SignalWriter]:
        """Return what writes a value, in the order of the program.

        Args:
            name: As a test names it: a tag, a member of a data block, or a variable of the block that is tested alone.
            block: The block that is tested alone; empty for a test of the whole program.
        """
        parts = split(name)
        tested = self._program.find(block) if block else None
        if isinstance(tested, Block) and _member(tested, parts[0]) is not None:
            found = list(self._inside(tested, parts, TESTED))
        else:
            found = list(self._global(parts))
        made = [self._shown(each) for each in found if each.use.place.network is not None or each.use.place.step]
        return list(dict.fromkeys(made))[:MOST_WRITERS]

    def related(self, names: list[str], block: str = "") -> Iterator[str]:
        """Yield the operands of the networks that write some values, then those of the networks that write these, and so on."""
        seen: set[SignalWriter] = set()
        waiting = list(names)
        known = {each.casefold() for each in names}
        while waiting:
            for writer in self.of(waiting.pop(0), block):
                if writer in seen:
                    continue
                seen.add(writer)
                for operand in self._operands(writer):
                    if operand.casefold() not in known:
                        known.add(operand.casefold())
                        waiting.append(operand)
                        yield operand

    def _operands(self, writer: SignalWriter) -> Iterator[str]:
        """Yield the single values in the network of a writer, as tags of the CPU."""
        for use in self._index.of(writer.block):
            place = use.place
            if (place.network, place.step) != (writer.network, writer.step) or "#" in "".join(use.members):
                continue
            root = {"local": writer.instance, "instance": writer.instance, "tag": use.name, "data block": use.name}.get(
                use.kind, ""
            )
            if not root:
                continue
            own = (use.name, *use.members) if use.kind in ("local", "instance") else use.members
            path = _join(root, *own)
            yield from (f"{path}.{each}" for each in _STATE_OF_INSTANCE) if use.access == "Instance" else (path,)

    def _global(self, parts: list[str]) -> Iterator[_Found]:
        root, rest = parts[0], parts[1:]
        item = self._program.find(root)
        of_function_block = isinstance(item, Block) and self._function_block(item.instance_of or "") is not None
        wanted = _WRITES if of_function_block or isinstance(item, Tag) else _WORKED_ON
        for owner, use in self._index.users(root):
            if use.access in wanted and _overlap(use.members, rest):
                yield _Found(owner, use)
        if isinstance(item, Tag) and item.address:
            for owner, use in self._index.absolute(item.address.lstrip("%")[:1].upper()):
                if use.access in _WRITES and use.address.lstrip("%") == item.address.lstrip("%"):
                    yield _Found(owner, use)
        if isinstance(item, Block) and rest:
            block = self._function_block(item.instance_of or "")
            if block is not None:
                yield from self._inside(block, rest, item.name)

    def _inside(self, block: Block, parts: list[str], instance: str) -> Iterator[_Found]:
        """Yield what writes a variable of a block: its own networks, else the calls that give it its value."""
        name, rest = parts[0], parts[1:]
        section, member = _member(block, name) or ("", None)
        inner = self._function_block(member.data_type) if member is not None and rest else None
        wanted = _WRITES if inner is not None else _WORKED_ON
        found = [
            _Found(block.name, use, instance)
            for use in self._index.of(block.name)
            if use.kind in ("local", "instance")
            and use.access in wanted
            and use.name.casefold() == name.casefold()
            and _overlap(use.members, rest)
        ]
        yield from found
        if inner is not None:
            yield from self._inside(inner, rest, _join(instance, name) if instance else "")
        elif not found and section in ("Input", "InOut"):
            for owner, use in self._index.users(block.name):
                if use.kind == "block" and use.access == "Call" and _same_instance(use.instance, instance):
                    yield _Found(owner, use)

    def _shown(self, found: _Found) -> SignalWriter:
        """Return a writer. Where a function block has one instance data block alone, its variables are in that one."""
        place, instances = found.use.place, self._instances[found.owner.casefold()]
        return SignalWriter(
            block=found.owner,
            network=place.network,
            step=place.step,
            line=place.line,
            uid=place.uid,
            operand=found.use.path,
            instance=found.instance or (instances[0] if len(instances) == 1 else ""),
        )

    def _function_block(self, name: str) -> Block | None:
        found = self._program.find(name.strip('"')) if name else None
        return found if isinstance(found, Block) and found.kind == "FB" else None


def split(name: str) -> list[str]:
    """Return the parts of a tag's name: its root, members, and indices in brackets."""
    return [part.strip('"') for part in _PART.findall(name.removeprefix("#"))] or [name]


def _join(root: str, *parts: str) -> str:
    """Return the name of a tag from its root and its other parts."""
    if root == TESTED:
        root, parts = root + parts[0], parts[1:]
    return root + "".join(part if part.startswith("[") else f".{part}" for part in parts)


def _member(block: Block, name: str) -> tuple[str, Member] | None:
    return next((each for each in block.members() if each[1].name.casefold() == name.casefold()), None)


def _overlap(written: tuple[str, ...], wanted: list[str]) -> bool:
    """Return whether a write of one path changes the other: the whole changes its parts, a variable index any element."""
    return all(
        one.casefold() == other.casefold() or (one.startswith("[") and not re.fullmatch(r"\[[-\d,]+\]", one))
        for one, other in zip(written, wanted, strict=False)
    )


def _same_instance(given: str, instance: str) -> bool:
    last = given.replace('"', "").removeprefix("#").casefold()
    return instance in ("", TESTED) or instance.casefold() == last or instance.casefold().endswith(f".{last}")
