"""Tags of the service itself: orders of an ERP, handshakes, results of a push. Their values survive a restart.

A value is on the disk before its write is answered and before anybody reads it, so a crash loses nothing that somebody has
seen. Values of tags without `retain` are never stored.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Detail, Kind, Place, Problem, not_found
from runtime_data import data_types
from runtime_data.quality import INITIAL_VALUE, UNKNOWN_TAG
from runtime_data.sources.group_commit import GroupCommit
from runtime_data.sources.source import Changed, SourceStatus, has_changed, not_tried
from runtime_data.sources.tree import nodes_below
from runtime_data.values import Scalar, TagInfo, Value, now

KIND = "memory_tag"
LARGEST_TEXT = 500
"""Characters of a unit or a description."""
MOST_TAGS = 10_000
_PATH = re.compile(r"[\w-]{1,100}(\.[\w-]{1,100}){0,9}")


class MemoryTag(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A tag of the service.

    Attributes:
        path: Its name below the source; points part folders.
        data_type: An elementary type, String[n] or WString[n].
        value: Its value; None before the first write.
        text: As of values.
        time: When it was written; microseconds since 1970, UTC.
        minimum: The smallest value that is accepted.
        maximum: The largest value that is accepted.
        unit: Its unit.
        description: What it is for.
        retain: Whether its value survives a restart; one that changes all the time need not.
    """

    path: str
    data_type: str
    value: Any = None
    text: str = ""
    time: int = 0
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    description: str = ""
    retain: bool = True


class MemorySource:
    """Tags that the service keeps. Any thread but the event loop's."""

    kind = "memory"
    real = False
    atomic = True

    def __init__(self, name: str, definitions: RuntimeDefinitions) -> None:
        """Keep the tags of this source among these definitions."""
        self.name = name
        self._definitions, self._kind = definitions, f"{KIND}:{name}"
        self._lock = threading.RLock()
        self._tags = {tag.path.casefold(): tag for tag in definitions.all(self._kind, MemoryTag).values()}
        self._followers: list[Changed] = []
        self._version = 1
        self._pending: dict[str, MemoryTag] = {}
        self._commits = GroupCommit(self._lock, self._store, self._publish, self._pending.clear)

    def define(self, tag: MemoryTag) -> TagInfo:
        """Add a tag, or change one: it keeps its value where the type is the same and the limits allow the value.

        The tag's own value is the one that it has until somebody writes it.

        Raises:
            Problem: The name or the type cannot be one, the limits are none, there are too many tags, or the value is not of
                the type.
        """
        tag = self._sound(tag)
        with self._commits.hold():
            known = self._tags.get(tag.path.casefold())
            if known is None and len(self._tags) >= MOST_TAGS:
                msg = f"{self.name} has {MOST_TAGS} tags already: define another memory source."
                raise Problem("runtime.too_many", msg, kind=Kind.CONFLICT)
            if known is not None:
                tag = _keeping(tag, known)
            self._definitions.put(self._kind, tag.path, tag)
            self._version += 1
            self._publish([[tag]])
            return self._info(tag)

    def undefine(self, path: str) -> TagInfo:
        """Remove a tag.

        Raises:
            Problem: There is none.
        """
        with self._commits.hold():
            tag = self._tag(path)
            self._definitions.remove(self._kind, tag.path)
            del self._tags[path.casefold()]
            self._version += 1
            self._tell([path])
            return self._info(tag)

    def clear(self) -> None:
        """Remove all tags."""
        with self._commits.hold():
            self._definitions.remove_all(self._kind)
            paths = [tag.path for tag in self._tags.values()]
            self._tags.clear()
            self._version += 1
            self._tell(paths)

    def tags(self) -> list[TagInfo]:
        """Return all tags."""
        with self._lock:
            return [self._info(tag) for tag in self._tags.values()]

    def close(self) -> None:
        """Store what waits."""
        with self._commits.hold():
            pass

    def status(self) -> SourceStatus:
        """Return that it is connected: it always is."""
        return SourceStatus("connected")

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags."""
        with self._lock:
            return [self._value(path) for path in paths]

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags; see Source. What is retained is on the disk when this returns."""
        with self._lock:
            prepared = [self._prepare(path, value, expected) for path, value in values]
            if atomic and any(isinstance(each, Detail) for each in prepared):
                return [
                    each if isinstance(each, Detail) else not_tried(f"{self.name}:{each.path}") for each in prepared
                ]
            done = [each for each in prepared if isinstance(each, MemoryTag)]
            if not any(tag.retain or tag.path.casefold() in self._pending for tag in done):
                self._publish([done])
                return [each if isinstance(each, Detail) else None for each in prepared]
            self._pending |= {tag.path.casefold(): tag for tag in done}
            batch = self._commits.add(done)
        try:
            self._commits.wait(batch)
        except Problem as problem:
            return [
                each
                if isinstance(each, Detail)
                else Detail(problem.code, problem.message, Place(object=f"{self.name}:{each.path}"))
                for each in prepared
            ]
        return [each if isinstance(each, Detail) else None for each in prepared]

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is none.
        """
        with self._lock:
            return self._info(self._tag(path))

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path."""
        with self._lock:
            return nodes_below(self.name, {tag.path: self._info(tag) for tag in self._tags.values()}, path, depth)

    def leaves(self) -> list[TagInfo]:
        """Return all tags."""
        with self._lock:
            return [self._info(tag) for tag in self._tags.values()]

    def version(self) -> int:
        """Return how often tags were defined or removed."""
        return self._version

    def follow(self, changed: Changed) -> Callable[[], None]:
        """Say each change at once."""
        with self._lock:
            self._followers.append(changed)
        return lambda: self._unfollow(changed)

    def _unfollow(self, changed: Changed) -> None:
        with self._lock:
            self._followers.remove(changed)

    def _tell(self, paths: Sequence[str]) -> None:
        """Say the values of tags to all who follow."""
        if self._followers:
            changed = [self._value(path) for path in paths]
            for follower in list(self._followers):
                follower(changed)

    def _prepare(self, path: str, value: Scalar, expected: Mapping[str, Scalar]) -> MemoryTag | Detail:
        try:
            tag = self._tag(path)
            tag = self._pending.get(path.casefold(), tag)
            if path in expected and not data_types.equal(tag.data_type, expected[path], tag.value, tag.text):
                return has_changed(f"{self.name}:{path}")
            return msgspec.structs.replace(_with(tag, value), time=now())
        except Problem as problem:
            return Detail(problem.code, problem.message, Place(object=f"{self.name}:{path}"))

    @staticmethod
    def _sound(tag: MemoryTag) -> MemoryTag:
        """Return a definition with its type as TIA Portal spells it and its value as it is published."""
        if _PATH.fullmatch(tag.path) is None:
            msg = f"'{tag.path}' cannot be a tag's path: write up to ten names of letters, digits, _ and -, with points between them."
            raise Problem("runtime.tag", msg, kind=Kind.INVALID)
        tag = msgspec.structs.replace(tag, data_type=data_types.spelled(tag.data_type))
        data_types.require_limits(tag.data_type, tag.minimum, tag.maximum)
        return tag if tag.value is None else _with(tag, tag.value)

    def _store(self, writes: Sequence[Sequence[MemoryTag]]) -> None:
        """Store the newest value of each tag in one transaction."""
        newest = {tag.path: tag for tags in writes for tag in tags}
        self._definitions.put_all(self._kind, {path: tag for path, tag in newest.items() if tag.retain})

    def _publish(self, writes: Sequence[Sequence[MemoryTag]]) -> None:
        """Let everybody read what was written, write by write."""
        for tags in writes:
            for tag in tags:
                key = tag.path.casefold()
                self._tags[key] = tag
                if self._pending.get(key) is tag:
                    del self._pending[key]
            self._tell([tag.path for tag in tags])

    def _tag(self, path: str) -> MemoryTag:
        found = self._tags.get(path.casefold())
        if found is None:
            raise not_found("tag", f"{self.name}:{path}", [f"{self.name}:{tag.path}" for tag in self._tags.values()])
        return found

    def _value(self, path: str) -> Value:
        name = f"{self.name}:{path}"
        try:
            tag = self._tag(path)
        except Problem as problem:
            error = Detail(problem.code, problem.message, Place(object=name))
            return Value(name, None, status=UNKNOWN_TAG.code, server_time=now(), error=error)
        if not tag.time:
            return Value(name, tag.value, tag.data_type, INITIAL_VALUE.code, 0, now(), tag.unit, tag.text)
        return Value(name, tag.value, tag.data_type, 0, tag.time, now(), tag.unit, tag.text)

    def _info(self, tag: MemoryTag) -> TagInfo:
        return TagInfo(
            f"{self.name}:{tag.path}",
            tag.path.rpartition(".")[2],
            tag.data_type,
            unit=tag.unit,
            minimum=tag.minimum,
            maximum=tag.maximum,
            description=tag.description,
        )


def _with(tag: MemoryTag, value: Scalar) -> MemoryTag:
    """Return a tag with another value.

    Raises:
        Problem: It is not of the type, or outside the limits.
    """
    data_types.require_within(tag.data_type, value, tag.minimum, tag.maximum, tag.path)
    published, text = data_types.publish(tag.data_type, data_types.accept(tag.data_type, value))
    return msgspec.structs.replace(tag, value=published, text=text)


def _keeping(tag: MemoryTag, known: MemoryTag) -> MemoryTag:
    """Return a definition under the name of the tag that it replaces, with its value where that can be."""
    tag = msgspec.structs.replace(tag, path=known.path)
    if known.data_type != tag.data_type or not known.time:
        return tag
    try:
        return msgspec.structs.replace(_with(tag, known.text if known.value is None else known.value), time=known.time)
    except Problem:
        return tag
