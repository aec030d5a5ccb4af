"""Reads and checks a definition as a whole: every error at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from engineering_api.operations.binding import bind_document
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data.parts import read_part, shift
from runtime_data.sinks import answers, bodies
from runtime_data.sinks.definition import Common, Definition, Trigger, duration, size
from runtime_data.sinks.neighbours import MODES
from runtime_data.sinks.placeholders import Placeholder, find_placeholders, tag_of
from runtime_data.sinks.timing import Timing
from runtime_data.sinks.transport import TransportKind, find_kind
from runtime_data.values import split

LARGEST_SPOOL = 10 << 30
SHORTEST_PERIOD, LONGEST_PERIOD = 50_000, 3600 * 10**6
"""Microseconds from one reading of a tag to the next."""
_COMMON = tuple(each.encode_name for each in msgspec.structs.fields(Common))


class Sending(msgspec.Struct, frozen=True):
    """What `send` of a definition says.

    Attributes:
        kind: The kind of transport.
        common: What all kinds have.
        form: What this kind has; its secrets are as in the definition.
        tags: The tags whose present values a push has, each once.
        histories: The placeholders that ask the history.
        names_programs: Whether the body names programs.
    """

    kind: TransportKind
    common: Common
    form: Any
    tags: tuple[str, ...]
    histories: tuple[Placeholder, ...]
    names_programs: bool


def read_send(send: dict[str, Any]) -> Sending:
    """Read `send` of a definition.

    Raises:
        Problem: It is none of its kind; pointers begin with /send.
    """
    common = read_part(Common, {name: send[name] for name in _COMMON if name in send}, "/send")
    kind = find_kind(common.kind)
    form = read_part(kind.form, {name: each for name, each in send.items() if name not in _COMMON}, "/send")
    found = _placeholders(common)
    tags = dict.fromkeys(tag for tag in (*common.tags, *kind.tags(form), *(tag_of(each) for each in found)) if tag)
    histories = dict.fromkeys(each for each in found if each.kind == "history")
    return Sending(kind, common, form, tuple(tags), tuple(histories), any(each.kind == "online" for each in found))


def _placeholders(common: Common) -> list[Placeholder]:
    try:
        bodies.require_form(common.body)
        return list(find_placeholders(common.body.template))
    except Problem as problem:
        raise _at("/send/body/template", problem) from None


def require_valid(definition: Definition, *, history: bool, alarms: bool) -> Sending:
    """Refuse a definition that could not work; return how it sends.

    Args:
        definition: With open secrets.
        history: Whether there is a history that can be asked.
        alarms: Whether there are alarms.

    Raises:
        Problem: It has errors; all of them are its details.
    """
    bind_document(_any(Definition), msgspec.to_builtins(definition))
    sending = read_send(definition.send)
    found = [*_all(definition, sending, history=history, alarms=alarms)]
    if found:
        msg = f"The sink has {len(found)} errors, first: {found[0].message}" if len(found) > 1 else found[0].message
        raise Problem("sink.invalid", msg, kind=Kind.INVALID, place=found[0].place, details=found)
    return sending


def _all(definition: Definition, sending: Sending, *, history: bool, alarms: bool) -> Iterator[Detail]:
    for index, trigger in enumerate(definition.when):
        yield from _trigger(trigger, f"/when/{index}", alarms=alarms)
    yield from (shift(each, "/send") for each in _of_kind(sending))
    if sending.histories and not history:
        msg = "This service keeps no history, so a body cannot have parts of it."
        yield Detail("sink.history", msg, Place(pointer="/send/body/template"))
    for each in sending.histories:
        if each.mode.casefold() not in MODES:
            msg = f"'{each.mode}' is not a mode of the history: write {', '.join(MODES.values())}."
            yield Detail("sink.history", msg, Place(pointer="/send/body/template"))
    if any(each.length == 0 for each in sending.histories) and not all(each.shift for each in definition.when):
        msg = "The length of a history is `shift` only where every trigger is the end of a shift."
        yield Detail("sink.shift", msg, Place(pointer="/send/body/template"))
    for tag in sending.tags:
        yield from _tag(tag, "/send/body/template")
    yield from _tag(definition.answer.status, "/answer/status")
    for tag, path in definition.answer.body.items():
        yield from _tag(tag, "/answer/body")
        yield from _caught("/answer/body", partial(answers.require_path, path))
    if not 0 < size(definition.spool.size) <= LARGEST_SPOOL:
        yield Detail("sink.size", f"A spool has up to {LARGEST_SPOOL >> 30}GiB.", Place(pointer="/spool/size"))


def _trigger(trigger: Trigger, pointer: str, *, alarms: bool) -> Iterator[Detail]:
    for name in ("rising", "falling", "deadband", "condition", "ack"):
        if getattr(trigger, name) and not trigger.change:
            yield Detail("sink.trigger", f"{name} belongs to a change.", Place(pointer=f"{pointer}/{name}"))
    if trigger.ack and (trigger.falling or trigger.deadband):
        msg = "A tag that is set back to false fires when it rises: ack goes neither with falling nor with deadband."
        yield Detail("sink.trigger", msg, Place(pointer=f"{pointer}/ack"))
    if trigger.deadband and (trigger.rising or trigger.falling):
        msg = "A deadband goes neither with rising nor with falling."
        yield Detail("sink.trigger", msg, Place(pointer=f"{pointer}/deadband"))
    if trigger.alarm is not None and not alarms:
        yield Detail("sink.alarms", "This service has no alarms.", Place(pointer=f"{pointer}/alarm"))
    yield from _tag(trigger.change, f"{pointer}/change")
    yield from _tag(trigger.condition, f"{pointer}/condition")
    yield from _caught(pointer, lambda: Timing(trigger))
    if not SHORTEST_PERIOD <= duration(trigger.period) <= LONGEST_PERIOD:
        yield Detail("sink.period", "A period is 50ms to 1h.", Place(pointer=f"{pointer}/period"))


def _of_kind(sending: Sending) -> list[Detail]:
    return sending.kind.check(sending.form)


def _tag(tag: str, pointer: str) -> Iterator[Detail]:
    if tag:
        yield from _caught(pointer, lambda: split(tag))


def _caught(pointer: str, work: Callable[[], Any]) -> Iterator[Detail]:
    try:
        work()
    except Problem as problem:
        yield Detail(problem.code, problem.message, Place(pointer=pointer))


def _at(pointer: str, problem: Problem) -> Problem:
    return Problem(problem.code, problem.message, kind=Kind.INVALID, place=Place(pointer=pointer))


def _any(struct: type[Any]) -> type[Any]:
    return struct
