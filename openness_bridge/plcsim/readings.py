"""Tags that are read again and again: found once, and again when the tag list is another one.

Facts: docs/facts/plcsim-advanced.md#tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from openness_bridge.errors import Detail, Problem
from openness_bridge.plcsim.runtime import Handle
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.tags import ensure_list, find_tags, is_outdated, signal_array, update_list
from openness_bridge.plcsim.values import Scalar, from_api

ATTEMPTS = 3
"""How often a reading begins again because a program was downloaded meanwhile."""


class Found(NamedTuple):
    """A tag with its value."""

    tag: Tag
    value: Scalar


class _Prepared(NamedTuple):
    """What the API is given.

    Attributes:
        version: The tag list's, of which it is made.
        problems: Why a tag cannot be read, by the name as it was asked for.
        found: The entries of the others.
        signals: What the API fills in; a reading takes a turn with the instance, so it is not filled by two at once.
    """

    version: int
    problems: dict[str, Detail]
    found: dict[str, Tag]
    signals: Any


class Reading:
    """Several tags of an instance. Any thread.

    Attributes:
        handle: The instance.
    """

    def __init__(self, handle: Handle, tags: Sequence[str]) -> None:
        """Read these tags."""
        self.handle, self._tags = handle, tuple(tags)
        self._prepared: _Prepared | None = None

    def read(self) -> list[Found | Detail]:
        """Return the value of each tag, all of one moment, or why it has none.

        Raises:
            Problem: The API refuses to read.
        """
        for attempt in range(1, ATTEMPTS + 1):
            prepared = self._prepare()
            try:
                values = self._values(prepared)
            except Problem:
                if attempt == ATTEMPTS or not self._is_another_list(prepared):
                    raise
                continue
            both = {name: Found(tag, value) for (name, tag), value in zip(prepared.found.items(), values, strict=True)}
            answers: dict[str, Found | Detail] = {**prepared.problems, **both}
            return [answers[name] for name in self._tags]
        raise AssertionError

    def _prepare(self) -> _Prepared:
        prepared, handle = self._prepared, self.handle
        if prepared is None or prepared.version != handle.tags.version or (prepared.problems and is_outdated(handle)):
            ensure_list(handle)
            version = handle.tags.version
            problems, found = find_tags(handle, self._tags)
            signals = signal_array(handle, [(tag.name, None) for tag in found.values()])
            prepared = self._prepared = _Prepared(version, problems, found, signals)
        return prepared

    def _values(self, prepared: _Prepared) -> list[Scalar]:
        if not prepared.found:
            return []
        with self.handle.use() as api:
            signals = api.ReadSignals(prepared.signals)
            tags = prepared.found.values()
            return [
                from_api(signal.DataValue, tag.primitive_type, tag.data_type)
                for signal, tag in zip(signals, tags, strict=True)
            ]

    def _is_another_list(self, prepared: _Prepared) -> bool:
        """Return whether the tag list is another one than the reading was prepared with; one out of date is read again."""
        if is_outdated(self.handle):
            update_list(self.handle)
        return self.handle.tags.version != prepared.version
