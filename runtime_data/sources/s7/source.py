"""Tags of a CPU by absolute address, or by the names that a list gives to addresses."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from openness_bridge.errors import Detail, Place, Problem, not_found
from runtime_data import byte_values, data_types
from runtime_data.absolute import Range
from runtime_data.patterns import fold
from runtime_data.quality import (
    ACCESS_DENIED,
    BAD,
    GOOD,
    NO_COMMUNICATION,
    NOT_A_NUMBER,
    OUT_OF_SERVICE,
    TYPE_MISMATCH,
    UNKNOWN_TAG,
)
from runtime_data.sources.about import CpuAbout
from runtime_data.sources.s7 import requests
from runtime_data.sources.s7.addresses import Address, parse
from runtime_data.sources.s7.connection import Connection
from runtime_data.sources.s7.requests import WriteItem
from runtime_data.sources.source import Changed, SourceStatus, has_changed
from runtime_data.sources.tree import nodes_below
from runtime_data.values import Scalar, TagInfo, Value, now

STATE_PERIOD = 2.0
"""Seconds for which the operating state counts."""
_NO_CHECKSUM = (
    "The S7 protocol gives no checksum of the whole program: define a source of the kind webapi for this CPU."
)
_NO_BACKUP = "The S7 protocol makes no backup: upload the station, or define a source of the kind webapi for this CPU."
_CODES = {
    0x03: (
        "s7.access_denied",
        "The CPU does not allow it: allow PUT/GET communication in its protection settings.",
        ACCESS_DENIED,
    ),
    0x05: ("s7.address_not_found", "The CPU has no such address: the area or data block is shorter.", UNKNOWN_TAG),
    0x0A: (
        "s7.address_not_found",
        "The CPU has no such data block, or the block has optimized access: give it standard access.",
        UNKNOWN_TAG,
    ),
}
"""What the code of an item means: a code of ours, a sentence, a quality."""


class S7Source:
    """A CPU. Any thread but the event loop's."""

    kind = "s7"
    real = True
    atomic = False

    def __init__(
        self,
        name: str,
        connection: Connection,
        symbols: Mapping[str, str],
        *,
        absolute: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read and write the tags of a CPU.

        Args:
            name: The source's name.
            connection: To the CPU.
            symbols: Addresses by the names of tags.
            absolute: Whether addresses are tags, too.
            clock: Gives seconds.
        """
        self.name, self.connection, self._clock = name, connection, clock
        self._absolute = absolute
        self._symbols = dict(symbols)
        self._folded = {fold(each): each for each in symbols}
        self._state, self._state_until = "", 0.0

    def status(self) -> SourceStatus:
        """Return how the CPU is."""
        try:
            state = self.connection.state()
        except Problem as problem:
            return SourceStatus("failed", problem.message)
        return SourceStatus("connected", "", state)

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags, in as few requests as they fit into."""
        addresses = {path: self._try_address(path) for path in paths}
        wanted = [each.range for each in addresses.values() if isinstance(each, Address)]
        try:
            contents = self._contents(wanted) if wanted else {}
            status = OUT_OF_SERVICE.code if wanted and self._is_stopped() else GOOD.code
        except Problem as problem:
            return [self._lost(path, addresses[path], problem) for path in paths]
        at = now()
        return [self._value(path, addresses[path], contents, status, at) for path in paths]

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags, in the order given; see Source."""
        del atomic  # the runtime asks only where the source is atomic
        with self.connection.lock:
            ready: dict[str, WriteItem] = {}
            errors: dict[str, Detail | None] = dict.fromkeys((path for path, _ in values), None)
            differing = self._differing(expected)
            for path, value in values:
                try:
                    ready[path] = self._item(path, value)
                except Problem as problem:
                    errors[path] = Detail(problem.code, problem.message, self._place(path))
                else:
                    if path in differing:
                        errors[path] = differing[path]
                        del ready[path]
            try:
                codes = self.connection.write(list(ready.values())) if ready else []
            except Problem as problem:
                errors |= {path: Detail(problem.code, problem.message, self._place(path)) for path in ready}
                return [errors[path] for path, _ in values]
            errors |= {path: self._refusal(path, code) for path, code in zip(ready, codes, strict=True)}
        return [errors[path] for path, _ in values]

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag: its address says it.

        Raises:
            Problem: It is no address, and no name of the list.
        """
        address = self._address(path)
        return self._info(self._folded.get(fold(path), address.path), address)

    def tags(self) -> list[TagInfo]:
        """Return the tags of the list: a CPU does not give a list of its own by this protocol."""
        return [self._info(name, parse(address)) for name, address in self._symbols.items()]

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes of the list below a path.

        Raises:
            Problem: There is no such path.
        """
        return nodes_below(
            self.name, {name: self._info(name, parse(at)) for name, at in self._symbols.items()}, path, depth
        )

    def leaves(self) -> list[TagInfo]:
        """Return the tags of the list."""
        return self.tags()

    def follow(self, changed: Changed) -> Callable[[], None] | None:
        """Return None: the CPU has to be polled."""
        del changed
        return None

    def about(self) -> CpuAbout:
        """Return what the CPU says of itself.

        Raises:
            Problem: It cannot be reached.
        """
        order, firmware = self.connection.order()
        return CpuAbout(order, firmware, no_checksum=_NO_CHECKSUM, no_backup=_NO_BACKUP)

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _contents(self, wanted: Sequence[Range]) -> dict[Range, bytes | int]:
        """Return the bytes of ranges, or why there are none: of a part of a merged range that failed, asked for alone."""
        with self.connection.lock:
            merged = requests.merge(wanted, self.connection.room)
            found = dict(zip(merged, self.connection.read(merged), strict=True))
            contents, alone = dict[Range, bytes | int](), list[Range]()
            at = 0
            for each in sorted(set(wanted)):
                while not _covers(merged[at], each):
                    at += 1
                whole = found[merged[at]]
                if isinstance(whole, bytes):
                    begin = each.start - merged[at].start
                    contents[each] = whole[begin : begin + each.length]
                elif merged[at] == each:
                    contents[each] = whole
                else:
                    alone.append(each)
            if alone:
                contents |= zip(alone, self.connection.read(alone), strict=True)
        return contents

    def _is_stopped(self) -> bool:
        if self._clock() >= self._state_until:
            self._state = self.connection.state()
            self._state_until = self._clock() + STATE_PERIOD
        return self._state == "Stop"

    def _differing(self, expected: Mapping[str, Scalar]) -> dict[str, Detail]:
        if not expected:
            return {}
        values = self.read(list(expected))
        return {
            path: has_changed(f"{self.name}:{path}") if value.error is None else value.error
            for path, value in zip(expected, values, strict=True)
            if value.error is not None or not data_types.equal(value.data_type, expected[path], value.value, value.text)
        }

    def _item(self, path: str, value: Scalar) -> WriteItem:
        address = self._address(path)
        content = byte_values.encode(address.data_type, data_types.accept(address.data_type, value))
        if len(content) > self.connection.room:
            msg = f"{len(content)} bytes do not fit into one request of this CPU: declare a shorter text."
            raise Problem("s7.too_long", msg)
        return WriteItem(address, content)

    def _address(self, path: str) -> Address:
        name = self._folded.get(fold(path))
        if name is None and not self._absolute:
            raise not_found("tag", f"{self.name}:{path}", [f"{self.name}:{each}" for each in self._symbols])
        return parse(path if name is None else self._symbols[name])

    def _try_address(self, path: str) -> Address | Problem:
        try:
            return self._address(path)
        except Problem as problem:
            return problem

    def _value(
        self, path: str, address: Address | Problem, contents: Mapping[Range, bytes | int], status: int, at: int
    ) -> Value:
        name = f"{self.name}:{path}"
        if isinstance(address, Problem):
            error = Detail(address.code, address.message, self._place(path))
            return Value(name, None, status=UNKNOWN_TAG.code, source_time=at, server_time=at, error=error)
        content = contents[address.range]
        if isinstance(content, int):
            quality = _CODES[content][2] if content in _CODES else BAD
            return Value(name, None, address.data_type, quality.code, at, at, error=self._refusal(path, content))
        try:
            raw = byte_values.decode(address.data_type, content, address.bit or 0)
        except Problem as problem:
            error = Detail(problem.code, problem.message, self._place(path))
            return Value(name, None, address.data_type, TYPE_MISMATCH.code, at, at, error=error)
        value, text = data_types.publish(address.data_type, raw)
        if value is None:
            status = max(status, NOT_A_NUMBER.code)
        return Value(name, value, address.data_type, status, at, at, "", text)

    def _lost(self, path: str, address: Address | Problem, why: Problem) -> Value:
        if isinstance(address, Problem):
            return self._value(path, address, {}, 0, now())
        error = Detail(why.code, why.message, self._place(path))
        return Value(f"{self.name}:{path}", None, status=NO_COMMUNICATION.code, server_time=now(), error=error)

    def _refusal(self, path: str, code: int) -> Detail | None:
        if code == requests.GOOD:
            return None
        name, text, _ = _CODES.get(code, ("s7.refused", f"The CPU refuses it with the code 16#{code:02X}.", BAD))
        return Detail(name, text, self._place(path))

    def _place(self, path: str) -> Place:
        return Place(object=f"{self.name}:{path}")

    def _info(self, name: str, address: Address) -> TagInfo:
        shown = name.rpartition(".")[2] if name in self._symbols else name
        tag = f"{self.name}:{name}"
        return TagInfo(tag, shown, address.data_type, writable=address.writable, area=address.range.area)


def _covers(outer: Range, inner: Range) -> bool:
    same = (outer.area, outer.block) == (inner.area, inner.block)
    return same and outer.start <= inner.start and inner.start + inner.length <= outer.start + outer.length
