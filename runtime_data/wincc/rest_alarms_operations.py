"""WinCC: messages and their lists, at the routes of /WinCCRestService/alarmLogging.

Lists of messages go through filters that are configured in WinCC. Here there are the filter `All` and one for each class.
Facts: docs/facts/wincc.md#alarm-logging.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import Response

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.web.identify import Call
from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind
from runtime_data.alarms.definition import ORDERED, AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.alarms.texts import choose
from runtime_data.wincc import alarms, names, tags
from runtime_data.wincc.requests import MOST_TAGS, named, number, time
from runtime_data.wincc.rest_service import PAGED, answer, missing, page, rest_endpoint

section = Section("WinCC")
HISTORY = {"maxValues": "At most so many.", "begin": "The first moment.", "end": "The first moment not included."}
NO_SUCH = {"MessageType": "message type", "MessageBlock": "message block", "MessageGroup": "message group"}


# -- configuration ------------------------------------------------------------------------


@rest_endpoint(section, "GET alarmLogging/Messages", query=PAGED)
async def list_messages(ctx: Context, request: Call) -> Response[bytes]:
    """List the messages that are defined."""
    language = alarms.language_of(request)
    return page(request, _definitions(ctx), lambda each: _definition(each, language))


@rest_endpoint(section, "GET alarmLogging/Message/{number}")
async def find_message(ctx: Context, request: Call) -> Response[bytes]:
    """Get a message by its number."""
    wanted = named(request, "number")
    found = next((each for each in _definitions(ctx) if wanted == str(each.number) and each.number), None)
    if found is None:
        raise missing("message", wanted)
    return answer(_definition(found, alarms.language_of(request)))


@rest_endpoint(section, "GET alarmLogging/MessageClasses", query=PAGED)
async def list_classes(ctx: Context, request: Call) -> Response[bytes]:
    """List the classes of the messages."""
    return page(request, _classes(ctx), lambda name: {names.CLASS_NAME: name})


@rest_endpoint(section, "GET alarmLogging/MessageClass/{name}")
async def find_class(ctx: Context, request: Call) -> Response[bytes]:
    """Get a class of messages."""
    return answer({names.CLASS_NAME: _one_of(_classes(ctx), named(request), "message class")})


@rest_endpoint(section, "GET alarmLogging/LimitValues", query=PAGED)
async def list_limits(ctx: Context, request: Call) -> Response[bytes]:
    """List the tags with limits that raise messages."""
    limits = _limits(ctx)
    return page(request, list(limits), lambda tag: _limit_values(tag, limits[tag]))


@rest_endpoint(section, "GET alarmLogging/LimitValue/{tag}")
async def find_limits(ctx: Context, request: Call) -> Response[bytes]:
    """Get the limits of a tag that raise messages."""
    limits = _limits(ctx)
    tag = _one_of(list(limits), await tags.locate_tag(ctx, named(request, "tag")), "limit value")
    return answer(_limit_values(tag, limits[tag]))


@rest_endpoint(
    section,
    "GET alarmLogging/MessageTypes",
    "GET alarmLogging/MessageBlocks",
    "GET alarmLogging/MessageGroups",
    query=PAGED,
)
async def list_none(_: Context, request: Call) -> Response[bytes]:
    """List message types, blocks or groups: there are none."""
    return page(request, [])


@rest_endpoint(
    section,
    "GET alarmLogging/MessageType/{name}",
    "GET alarmLogging/MessageBlock/{name}",
    "GET alarmLogging/MessageGroup/{name}",
)
async def find_none(_: Context, request: Call) -> Response[bytes]:
    """Refuse a message type, block or group: there are none."""
    raise missing(NO_SUCH[request.scope["path"].split("/")[3]], named(request))


@rest_endpoint(section, "GET alarmLogging/RestFilters", query=PAGED)
async def list_filters(ctx: Context, request: Call) -> Response[bytes]:
    """List the filters of lists of messages."""
    return page(request, [names.ALL, *_classes(ctx)], lambda name: {names.FILTER_NAME: name})


@rest_endpoint(section, "GET alarmLogging/RestFilter/{filter}")
async def find_filter(ctx: Context, request: Call) -> Response[bytes]:
    """Get a filter of lists of messages."""
    found = _one_of([names.ALL, *_classes(ctx)], named(request, "filter"), "filter")
    return answer({names.FILTER_NAME: found})


# -- lists --------------------------------------------------------------------------------


@rest_endpoint(section, "GET alarmLogging/MessageList/{filter}", query=PAGED)
async def list_pending(ctx: Context, request: Call) -> Response[bytes]:
    """List the messages that are pending or wait for an acknowledgement."""
    found = alarms.list_active(ctx, _wanted(ctx, request, hidden="without"))
    language = alarms.language_of(request)
    return page(request, found, lambda each: _message(each, language))


@rest_endpoint(
    section, "GET alarmLogging/ShortTermArchive/{filter}", "GET alarmLogging/LongTermArchive/{filter}", query=HISTORY
)
async def list_archive(ctx: Context, request: Call) -> Response[bytes]:
    """List what happened to messages, the newest first."""
    language = alarms.language_of(request)
    events = await _events(ctx, request, _wanted(ctx, request), number(request, "maxValues", 1000, least=1))
    return answer([_event(each, language) for each in events])


@rest_endpoint(section, "GET alarmLogging/HitList/{filter}", query=HISTORY)
async def list_hits(ctx: Context, request: Call) -> Response[bytes]:
    """List how often messages came, the most frequent first."""
    wanted = _wanted(ctx, request, kinds=(EventKind.RAISED,))
    events = await _events(ctx, request, wanted, MOST_TAGS)
    counted = Counter((each.alarm.number, each.alarm.name) for each in events)
    shown = counted.most_common(number(request, "maxValues", 1000, least=1))
    return answer([{names.NUMBER: key[0], names.MESSAGE: key[1], names.COUNT: count} for key, count in shown])


@rest_endpoint(section, "GET alarmLogging/LockList/{filter}", query=PAGED)
async def list_locked(ctx: Context, request: Call) -> Response[bytes]:
    """List the messages that are out of service."""
    return _hidden(ctx, request, locked=True)


@rest_endpoint(
    section, "GET alarmLogging/Hidelist/{filter}", "GET alarmLogging/HiddenMessageList/{filter}", query=PAGED
)
async def list_hidden(ctx: Context, request: Call) -> Response[bytes]:
    """List the messages that are shelved or suppressed."""
    return _hidden(ctx, request, locked=False)


def _hidden(ctx: Context, request: Call, *, locked: bool) -> Response[bytes]:
    found = alarms.list_active(ctx, _wanted(ctx, request, hidden="only"))
    language = alarms.language_of(request)
    shown = [each for each in found if each.out_of_service is locked]
    return page(request, shown, lambda each: _message(each, language))


async def _events(ctx: Context, request: Call, wanted: AlarmFilter, limit: int) -> list[AlarmEvent]:
    return await alarms.list_journal(ctx, time(request, "begin"), time(request, "end"), wanted, limit)


def _wanted(ctx: Context, request: Call, **more: Any) -> AlarmFilter:
    """Return the filter that the path names.

    Raises:
        Problem: There is none of this name.
    """
    name = _one_of([names.ALL, *_classes(ctx)], named(request, "filter"), "filter")
    return AlarmFilter(classes=() if name == names.ALL else (name,), **more)


def _definitions(ctx: Context) -> list[AlarmDefinition]:
    return ctx.service.part(Alarms).definitions(ctx.caller)


def _classes(ctx: Context) -> list[str]:
    return list(dict.fromkeys(each.alarm_class for each in _definitions(ctx)))


def _limits(ctx: Context) -> dict[str, list[AlarmDefinition]]:
    found: dict[str, list[AlarmDefinition]] = {}
    for each in _definitions(ctx):
        if each.trigger in ORDERED:
            found.setdefault(each.tag, []).append(each)
    return found


def _one_of(known: list[str], name: str, kind: str) -> str:
    """Return a known name, without regard to case.

    Raises:
        Problem: There is none.
    """
    found = next((each for each in known if each.casefold() == name.casefold()), None)
    if found is None:
        raise missing(kind, name)
    return found


# -- forms --------------------------------------------------------------------------------


def _definition(definition: AlarmDefinition, language: str) -> dict[str, Any]:
    return {
        names.NUMBER: definition.number,
        names.MESSAGE: definition.name,
        names.CLASS_NAME: definition.alarm_class,
        names.PRIORITY: definition.priority,
        names.TEXT: choose(definition.texts, language, definition.name),
        names.VARIABLE: definition.tag,
    }


def _limit_values(tag: str, definitions: list[AlarmDefinition]) -> dict[str, Any]:
    limits = [{names.NUMBER: each.number, "trigger": each.trigger, "limit": each.limit} for each in definitions]
    return {names.VARIABLE: tag, names.LIMITS: limits}


def _message(alarm: Alarm, language: str) -> dict[str, Any]:
    return {
        names.NUMBER: alarm.number,
        names.MESSAGE: alarm.name,
        names.CLASS_NAME: alarm.alarm_class,
        names.PRIORITY: alarm.priority,
        names.STATE: names.MESSAGE_STATES_OF_ALARMS.get(alarm.state, 0),
        names.TEXT: alarms.text_of(alarm, language),
        names.VARIABLE: alarm.tag,
        names.VALUE: alarm.value,
        names.TIMESTAMP: alarms.printed_time(alarm.raised_at),
        names.USER: alarm.user,
        names.COMMENT: alarm.comment,
    }


def _event(event: AlarmEvent, language: str) -> dict[str, Any]:
    return _message(event.alarm, language) | {
        names.STATE: names.MESSAGE_STATES.get(event.kind, 0),
        names.TIMESTAMP: alarms.printed_time(event.time),
        names.USER: event.user,
        names.COMMENT: event.comment,
    }
