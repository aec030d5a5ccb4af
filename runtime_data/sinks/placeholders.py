"""Placeholders of templates: what they name, and their values in one push. There are no expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from openness_bridge.errors import Problem
from runtime_data.answer_programs import Programs, program_of
from runtime_data.sinks.definition import duration
from runtime_data.values import Value, moment

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_MODE = re.compile(r"[A-Za-z]\w{0,39}")
_OF_TAG = ("tag", "quality", "time", "online")
_ALONE = ("now", "key", "sink")
SHIFT = "shift"
_SHIFT_PARTS = ("", "begin", "end")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder.

    Attributes:
        kind: tag, quality, time, online, history, alarm, shift, now, key or sink.
        name: The tag, the field of the alarm, or the part of the shift; empty without one.
        mode: Of history: the name of the aggregate.
        length: Of history: microseconds before the moment; 0 for the time of the shift.
    """

    kind: str
    name: str = ""
    mode: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What one push knows.

    Attributes:
        key: Its idempotency key.
        sink: The name of its sink.
        time: When its trigger fired; microseconds since 1970, UTC.
        values: The values of tags, by the names of the template.
        aggregates: What the history says, by its placeholder.
        alarm: The fields of the alarm's event that fired; empty for other triggers.
        shift: The name of the shift that has ended; empty for other triggers.
        shift_begin: When it began.
        programs: By source whether its CPU executes the project's program.
    """

    key: str
    sink: str
    time: int
    values: Mapping[str, Value] = field(default_factory=dict)
    aggregates: Mapping[Placeholder, Any] = field(default_factory=dict)
    alarm: Mapping[str, Any] = field(default_factory=dict)
    shift: str = ""
    shift_begin: int = 0
    programs: Programs = field(default_factory=dict)

    def value(self, placeholder: Placeholder) -> Any:
        """Return the value of a placeholder, as JSON has it, None where it is not known."""
        name = placeholder.name
        if placeholder.kind in _OF_TAG:
            value = self.values[name]
            online = program_of(self.programs, value.tag)
            known = {"quality": value.quality, "time": written(value.source_time), "online": online}
            return known.get(placeholder.kind, value.value)
        if placeholder.kind == SHIFT:
            begin = self.shift_begin or self.time
            return {"": self.shift, "begin": written(begin), "end": written(self.time)}[name]
        if placeholder.kind == "history":
            return self.aggregates.get(placeholder)
        if placeholder.kind == "alarm":
            return self.alarm.get(name)
        return {"now": written(self.time), "key": self.key, "sink": self.sink}[placeholder.kind]


Parts = tuple[str | Placeholder, ...]


def parse(text: str) -> Parts:
    """Return the texts and placeholders of a text, in their order; {{ and }} are braces.

    Raises:
        Problem: A placeholder is none.
    """
    found: list[str | Placeholder] = []
    end = 0
    for part in _PART.finditer(text):
        found.append(text[end : part.start()])
        end = part.end()
        if part[0] in {"{{", "}}"}:
            found.append(part[0][0])
        elif part[1] is None:
            raise _wrong(part[0], "A brace has no partner: write {{ or }} for one that is sent.")
        else:
            found.append(_read(part[1]))
    return tuple(each for each in (*found, text[end:]) if each != "")


def fill(parts: Parts, facts: Facts) -> Any:
    """Return what a text becomes: the value itself where a placeholder is alone, otherwise a text."""
    if len(parts) == 1 and isinstance(parts[0], Placeholder):
        return facts.value(parts[0])
    return "".join(each if isinstance(each, str) else as_text(facts.value(each)) for each in parts)


def find_placeholders(template: Any) -> Iterator[Placeholder]:
    """Yield the placeholders of a template of any form.

    Raises:
        Problem: One is none.
    """
    if isinstance(template, str):
        yield from (each for each in parse(template) if isinstance(each, Placeholder))
    elif isinstance(template, dict):
        for name, value in template.items():
            yield from find_placeholders(name)
            yield from find_placeholders(value)
    elif isinstance(template, list):
        for value in template:
            yield from find_placeholders(value)


def as_text(value: Any) -> str:
    """Return a value within a text: true, 1.5, nothing for null, JSON for lists and objects."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def tag_of(placeholder: Placeholder) -> str:
    """Return the tag whose present value a placeholder needs; empty where it needs none."""
    return placeholder.name if placeholder.kind in _OF_TAG else ""


def written(time: int) -> str:
    """Return a time in microseconds as RFC 3339 writes it."""
    return moment(time).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read(text: str) -> Placeholder:
    kind, _, rest = text.partition(":")
    if kind in _OF_TAG and rest:
        return Placeholder(kind, rest)
    if kind in _ALONE and not rest:
        return Placeholder(kind)
    if kind == "alarm" and rest.isidentifier():
        return Placeholder(kind, rest)
    if kind == SHIFT and rest in _SHIFT_PARTS:
        return Placeholder(kind, rest)
    if kind == "history":
        return _read_history(text, rest)
    raise _wrong(
        text,
        "There are tag:NAME, quality:NAME, time:NAME, online:NAME, history:NAME,MODE,DURATION, alarm:FIELD, shift, shift:begin, "
        "shift:end, now, key and sink; write {{ and }} for braces that are sent.",
    )


def _read_history(text: str, rest: str) -> Placeholder:
    tag, _, others = rest.rpartition(",")
    name, _, mode = tag.rpartition(",")
    if not name or not _MODE.fullmatch(mode):
        raise _wrong(text, "A history has a tag, a mode and a duration, as in {history:PLC_1:Count,max,8h}.")
    return Placeholder("history", name, mode, 0 if others == SHIFT else duration(others))


def _wrong(text: str, why: str) -> Problem:
    return Problem("sink.placeholder", f"'{text}' is not a placeholder. {why}")
