"""The simulated PLC of a source as S7 clients see it: bytes between two scans, in the right and by the rules of the server.

A write is refused unless all tags that it touches may be written; of bytes without a tag the rules see the absolute
name, such as PLC_1:%MB10. A read is refused where a rule keeps one of the tags from the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Detail, Place, Problem
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import Handle, Simulation
from runtime_data import absolute, byte_values, data_types
from runtime_data.absolute import Change, PlaceOf, Range
from runtime_data.rules import Rules
from runtime_data.servers.s7.machine import CpuIdentity, CpuState, Scalar
from runtime_data.servers.s7.messages import Code, Item
from runtime_data.servers.s7.places import Places
from runtime_data.servers.s7.write_log import WriteLog
from runtime_data.sources.simulated import DATA_BLOCK, SimulatedSource
from runtime_data.values import TagInfo

REMEMBERED = 10_000
"""Ranges of which it is remembered whether they may be read."""
_STATES: dict[str, CpuState] = {"Run": "run", "Freeze": "run", "Stop": "stop", "Startup": "run"}


class SimulatedPlc:
    """A machine (machine.py) over the virtual CPU. Any thread but the service's event loop."""

    def __init__(
        self,
        simulation: Simulation,
        source: SimulatedSource,
        rules: Rules,
        caller: Caller,
        log: WriteLog,
        who: CpuIdentity,
        *,
        start_stop: bool,
    ) -> None:
        """Serve the instance of a source.

        Args:
            simulation: Where the instance is.
            source: The source that the rules name.
            rules: Who may read and write what.
            caller: In whose right clients read and write.
            log: Takes what was written.
            who: What clients read about the CPU where the instance does not know it.
            start_stop: Whether clients start and stop the CPU.
        """
        self._simulation, self._source, self._rules, self._caller = simulation, source, rules, caller
        self._log, self._who, self._start_stop = log, who, start_stop
        self._downloads = -1
        self._places = Places(())
        self._readable: dict[tuple[Range, int | None], bool] = {}
        self._rules_seen: object = None

    @property
    def _handle(self) -> Handle:
        return self._simulation.handle(self._source.instance)

    # -- values -----------------------------------------------------------------------

    def read(self, items: Sequence[Item]) -> list[bytes | Code]:
        """Return the bytes of items of one moment; of a bit one byte, 0 or 1."""
        try:
            handle = self._handle
            self._refresh(handle)
            found = absolute.read(handle, [each.range for each in items])
            return [self._read(handle, item, content) for item, content in zip(items, found, strict=True)]
        except Problem:
            return [Code.HARDWARE] * len(items)

    def _read(self, handle: Handle, item: Item, content: bytes | None) -> bytes | Code:
        if content is None:
            return self._without(handle, item.range)
        if not self._may_read(item):
            return Code.DENIED
        return content if item.bit is None else bytes((content[0] >> item.bit & 1,))

    def write(self, items: Sequence[tuple[Item, bytes]], client: str) -> list[Code]:
        """Write items between two scans; return what became of each."""
        try:
            handle = self._handle
            self._refresh(handle)
            codes = [self._check(handle, item, content, client) for item, content in items]
            ready = [each for each, code in zip(items, codes, strict=True) if code is Code.GOOD]
            done = iter(absolute.change(handle, [_change(item, content) for item, content in ready]) if ready else [])
        except Problem:
            return [Code.HARDWARE] * len(items)
        return [
            self._note(handle, item, content, next(done), client) if code is Code.GOOD else code
            for (item, content), code in zip(items, codes, strict=True)
        ]

    def _check(self, handle: Handle, item: Item, content: bytes, client: str) -> Code:
        (before,) = absolute.read(handle, [item.range])
        if before is None:
            return self._without(handle, item.range)
        if self._log.full:
            return Code.DENIED
        touched = self._places.touch(item.range, item.bit)
        refusal = self._refuse_all(item, before, content)
        if refusal is None:
            return Code.GOOD
        self._log.note(client, _address(item), [each.name for each in touched.tags], refused=refusal.message)
        return Code.DENIED

    def _refuse_all(self, item: Item, before: bytes, content: bytes) -> Detail | None:
        """Return why one of the tags that a write touches may not be written; None where all may."""
        if item.numbered:
            return Detail("runtime.not_writable", "Timers and counters are only read.")
        if self._caller.right < Right.OPERATE:
            return Detail("runtime.write_denied", "The server is set to be read only.")
        mask, new = _mask(item, content)
        after = bytes(old & ~bits | byte & bits for old, bits, byte in zip(before, mask, new, strict=True))
        tags, bare = self._places.touch(item.range, item.bit)
        for name in bare:
            refusal = self._rules.refuse_value(self._caller, self._source, self._bare(name, item.range.area), 0)
            if refusal is not None:
                return refusal
        return next((each for tag in tags if (each := self._refuse(tag, item.range, after)) is not None), None)

    def _refuse(self, tag: PlaceOf, where: Range, after: bytes) -> Detail | None:
        info = TagInfo(
            f"{self._source.name}:{tag.name}",
            tag.name.rpartition(".")[2],
            tag.data_type,
            writable=tag.writable,
            area=tag.area,
            fail_safe=tag.area == DATA_BLOCK and self._source.is_fail_safe(tag.name),
        )
        try:
            value = self._value(tag, where, after)
        except Problem as problem:
            return Detail(problem.code, problem.message, Place(object=info.tag))
        return self._rules.refuse_value(self._caller, self._source, info, value)

    def _value(self, tag: PlaceOf, where: Range, after: bytes) -> Scalar:
        """Return the value that a tag will have: of one that is written in part, with what it has in the rest."""
        size = max(1, tag.bits // 8)
        (whole,) = absolute.read(self._handle, [Range(tag.area, tag.block, tag.byte, size)])
        content = bytearray(whole or bytes(size))
        for at, byte in enumerate(after, where.start - tag.byte):
            if 0 <= at < size:
                content[at] = byte
        value, text = data_types.publish(tag.data_type, byte_values.decode(tag.data_type, bytes(content), tag.bit))
        return text if value is None else value

    def _note(self, handle: Handle, item: Item, content: bytes, before: bytes | None, client: str) -> Code:
        if before is None:
            return self._without(handle, item.range)
        tags = [each.name for each in self._places.touch(item.range, item.bit).tags]
        self._log.note(client, _address(item), tags, before=before.hex(), after=content.hex())
        return Code.GOOD

    def _bare(self, name: str, area: str) -> TagInfo:
        return TagInfo(f"{self._source.name}:{name}", name, "Byte", area=area)

    def _may_read(self, item: Item) -> bool:
        key = item.range, item.bit
        known = self._readable.get(key)
        if known is None:
            tags, bare = self._places.touch(*key)
            names = [*(each.name for each in tags), *bare]
            known = all(self._rules.refuse_read(self._caller, f"{self._source.name}:{each}") is None for each in names)
            if len(self._readable) >= REMEMBERED:
                self._readable.clear()
            self._readable[key] = known
        return known

    def _refresh(self, handle: Handle) -> None:
        """Find the places again after a download, and what may be read after a change of the rules."""
        downloads, rules = absolute.downloads(handle), self._rules.rules
        if downloads != self._downloads:
            self._places = Places(absolute.places(handle))
            self._downloads, self._rules_seen = downloads, None
        if rules is not self._rules_seen:
            self._readable, self._rules_seen = {}, rules

    def _without(self, handle: Handle, where: Range) -> Code:
        return Code.MISSING if absolute.size(handle, where.area, where.block) is None else Code.ADDRESS

    # -- the CPU ----------------------------------------------------------------------

    def state(self) -> CpuState:
        """Return the operating state."""
        try:
            return _STATES.get(self._handle.state(), "unknown")
        except Problem:
            return "unknown"

    def identity(self) -> CpuIdentity:
        """Return who the CPU is."""
        try:
            handle = self._handle
            facts = absolute.facts(handle)
            with handle.look() as api:
                module = str(api.ControllerShortDesignation)
            return replace(self._who, module=self._who.module or module or facts.family, blocks=facts.blocks)
        except Problem:
            return self._who

    def clock(self) -> tuple[int, int, int, int, int, int, int]:
        """Return its clock."""
        try:
            with self._handle.look() as api:
                found = dt.datetime.fromisoformat(instances.iso(api.SystemTime))
        except Problem:
            found = dt.datetime.now(dt.UTC)
        return (*found.timetuple()[:6], found.microsecond // 1000)

    def start(self, client: str) -> Code:
        """Start the CPU."""
        return self._change_state("start", client)

    def stop(self, client: str) -> Code:
        """Stop the CPU."""
        return self._change_state("stop", client)

    def _change_state(self, what: str, client: str) -> Code:
        if not self._start_stop or self._caller.right < Right.OPERATE or self._log.full:
            self._log.note(client, what, [], refused="The server is set not to start and stop the CPU.")
            return Code.DENIED
        try:
            (instances.run if what == "start" else instances.stop)(self._simulation, self._source.instance)
        except Problem as problem:
            self._log.note(client, what, [], refused=problem.message)
            return Code.HARDWARE
        self._log.note(client, what, [])
        return Code.GOOD


def _mask(item: Item, content: bytes) -> tuple[bytes, bytes]:
    if item.bit is None:
        return b"\xff" * len(content), content
    return bytes((1 << item.bit,)), bytes((bool(content[0]) << item.bit,))


def _change(item: Item, content: bytes) -> Change:
    return Change(item.range.area, item.range.block, item.range.start, *_mask(item, content))


def _address(item: Item) -> str:
    area, block, start, count = item.range
    place = f"DB{block}.DBB{start}" if area == DATA_BLOCK else f"{area[0].replace('O', 'Q')}B{start}"
    return f"%{place}.{item.bit}" if item.bit is not None else f"%{place} ({count} bytes)"
