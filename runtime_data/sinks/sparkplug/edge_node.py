"""An edge node of Sparkplug B: what it publishes, with which numbers, and what commands to it mean. It sends nothing itself.

Facts: docs/facts/sparkplug.md#births-and-deaths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.program_identity import ProgramState
from runtime_data.answer_programs import Programs, program_of
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug.metric_values import fields_for, kind_of, quality_of, written_value
from runtime_data.sinks.sparkplug.payload import DataType, Metric, Payload, PropertySet, PropertyValue
from runtime_data.values import Scalar, Value, now

NAMESPACE = "spBv1.0"
REBIRTH = "Node Control/Rebirth"
BD_SEQ = "bdSeq"
NUMBERS = 256
"""Sequence numbers: 0 to 255, then 0 again."""
NOBODY: Programs = {}
"""Where nobody has compared the programs: they are unknown."""
Message = tuple[str, bytes]
"""A topic and a payload."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that is published.

    Attributes:
        tag: source:path.
        name: The name of the metric.
        device: The device that it belongs to; empty for the node itself.
        alias: The number by which messages name the metric after its birth.
    """

    tag: str
    name: str
    device: str
    alias: int


@dataclass(slots=True)
class Command:
    """What a command asks for: a rebirth, and values for tags."""

    rebirth: bool = False
    writes: list[tuple[str, Scalar]] = field(default_factory=list)


class EdgeNode:
    """An edge node with its devices. One thread at a time."""

    def __init__(self, group: str, node: str, tags: Sequence[Tag]) -> None:
        """Begin before the first connection."""
        self.group, self.node = group, node
        self._tags = {each.tag.casefold(): each for each in tags}
        self._devices = sorted({each.device for each in tags if each.device})
        self._by_name = {(each.device, each.name): each for each in tags}
        self._by_alias = {each.alias: each for each in tags}
        self._kinds: dict[str, DataType] = {}
        self._data_types: dict[str, str] = {}
        self._about: dict[str, tuple[int, ProgramState]] = {}
        self._bd_seq, self._seq = -1, 0
        self.born = False

    @property
    def tags(self) -> list[str]:
        """The tags that it publishes."""
        return [each.tag for each in self._tags.values()]

    def will(self) -> Message:
        """Return the death message for the next connection, which has the next number."""
        self.born = False
        self._bd_seq = (self._bd_seq + 1) % NUMBERS
        return self.death()

    def death(self) -> Message:
        """Return the death message of this connection."""
        at = now() // 1000
        return self._topic("NDEATH"), sparkplug.pack(Payload(timestamp=at, metrics=[self._bd(at)]))

    def births(self, values: Mapping[str, Value], programs: Programs = NOBODY) -> list[Message]:
        """Return the birth of the node and those of its devices, with the present values.

        Args:
            values: Those of all tags, by tag.
            programs: By source whether its CPU executes the project's program.
        """
        self._seq, at = 0, now() // 1000
        given = {each.alias: self._birth(each, values[each.tag], at, programs) for each in self._tags.values()}
        rebirth = Metric(name=REBIRTH, timestamp=at, datatype=DataType.BOOLEAN, boolean_value=False)
        control = [self._bd(at), rebirth]
        found = [self._message("NBIRTH", "", [*self._of("", given), *control])]
        found += [self._message("DBIRTH", device, self._of(device, given)) for device in self._devices]
        self.born = True
        return found

    def needs_birth(self, values: Sequence[Value]) -> bool:
        """Return whether values do not fit the types of the last birth."""
        return any(
            value.value is not None and kind_of(value) is not self._kinds.get(value.tag.casefold())
            for value in values
            if value.tag.casefold() in self._tags
        )

    def data(
        self, values: Sequence[Value], time: int, *, historical: bool, programs: Programs = NOBODY
    ) -> list[Message]:
        """Return messages with values, one for the node and one for each device that has some.

        Args:
            values: Tags that the node does not have are left out.
            time: Microseconds since 1970, UTC, where a value has no time.
            historical: Whether they are older than the present values that a birth had.
            programs: As of births; those of values of the past are not known.
        """
        found: dict[str, list[Metric]] = {}
        for value in sorted(values, key=lambda each: each.source_time):
            each = self._tags.get(value.tag.casefold())
            if each is not None:
                metric = self._datum(each, value, time, programs, historical=historical)
                found.setdefault(each.device, []).append(metric)
        return [self._message("DDATA" if device else "NDATA", device, found[device]) for device in sorted(found)]

    def command_topics(self) -> list[str]:
        """Return the topics of commands to the node and to its devices."""
        return [self._topic("NCMD"), *(self._topic("DCMD", device) for device in self._devices)]

    def command(self, topic: str, payload: bytes) -> Command:
        """Return what a message on one of the topics of commands asks for.

        Raises:
            Problem: It is no message, or one of its values has not the type of its metric.
        """
        parts = topic.split("/")
        device, found = parts[4] if len(parts) > 4 else "", Command()
        for metric in sparkplug.unpack(payload).metrics:
            if metric.name == REBIRTH and not device:
                found.rebirth |= metric.boolean_value is True
                continue
            each = self._by_alias.get(metric.alias or 0) or self._by_name.get((device, metric.name or ""))
            if each is None or each.device != device:
                what = metric.name or f"with the alias {metric.alias}"
                msg = f"This edge node has no metric {what}: read the names and aliases in its birth message."
                raise Problem("sink.sparkplug_metric", msg, kind=Kind.INVALID)
            kind = sparkplug.data_type(metric.datatype) or self._kinds.get(each.tag.casefold(), DataType.UNKNOWN)
            data_type = self._data_types.get(each.tag.casefold(), "")
            found.writes.append((each.tag, written_value(kind, sparkplug.value_of(kind, metric), data_type)))
        return found

    def _birth(self, each: Tag, value: Value, at: int, programs: Programs) -> Metric:
        known = self._kinds.get(each.tag.casefold(), DataType.STRING)
        kind = self._kinds[each.tag.casefold()] = (
            kind_of(value) if value.data_type or value.value is not None else known
        )
        self._data_types[each.tag.casefold()] = value.data_type
        about = self._about[each.tag] = quality_of(value), program_of(programs, each.tag)
        more = {"engUnit": PropertyValue(type=DataType.STRING, string_value=value.unit)} if value.unit else {}
        return Metric(
            name=each.name,
            alias=each.alias,
            timestamp=value.source_time // 1000 or at,
            datatype=kind,
            properties=_properties(*about, more),
            **fields_for(kind, value),
        )

    def _datum(self, each: Tag, value: Value, time: int, programs: Programs, *, historical: bool) -> Metric:
        """Return a value after the birth: by alias, with quality and program where one has changed, or the quality is not good."""
        about = quality_of(value), program_of(programs, value.tag)
        is_news = about != self._about.get(each.tag) or about[0] != sparkplug.GOOD
        self._about[each.tag] = about
        return Metric(
            alias=each.alias,
            timestamp=(value.source_time or time) // 1000,
            is_historical=True if historical else None,
            properties=_properties(*about, {}) if is_news else None,
            **fields_for(self._kinds[each.tag.casefold()], value),
        )

    def _of(self, device: str, given: Mapping[int, Metric]) -> list[Metric]:
        mine = [given[each.alias] for each in self._tags.values() if each.device == device]
        return sorted(mine, key=lambda each: each.timestamp or 0)

    def _message(self, verb: str, device: str, metrics: list[Metric]) -> Message:
        payload = Payload(timestamp=now() // 1000, metrics=metrics, seq=self._seq)
        self._seq = (self._seq + 1) % NUMBERS
        return self._topic(verb, device), sparkplug.pack(payload)

    def _topic(self, verb: str, device: str = "") -> str:
        return "/".join([NAMESPACE, self.group, verb, self.node, *([device] if device else [])])

    def _bd(self, at: int) -> Metric:
        return Metric(name=BD_SEQ, timestamp=at, datatype=DataType.INT64, long_value=self._bd_seq)


def _properties(quality: int, online: ProgramState, more: dict[str, PropertyValue]) -> PropertySet:
    given: dict[str, Any] = {
        "Quality": PropertyValue(type=DataType.INT32, int_value=quality),
        "Online": PropertyValue(type=DataType.STRING, string_value=online),
        **more,
    }
    return PropertySet(keys=list(given), values=list(given.values()))
