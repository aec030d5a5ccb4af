"""Alarms of the service as events of OPC UA's alarms and conditions, and what clients do about them: acknowledge, refresh.

asyncua has no conditions as nodes, so a client learns of an alarm by its events, as an HMI does.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from asyncua import ua
from asyncua.common.events import Event

from engineering_api.operations.terms import Right
from openness_bridge.errors import Problem
from runtime_data.alarms.alarm import Alarm, AlarmEvent
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import ALL
from runtime_data.opcua.names import identifier, steps_of
from runtime_data.servers.opcua.address_space import GROUPS, S7
from runtime_data.servers.opcua.home import Home
from runtime_data.values import moment, split

if TYPE_CHECKING:
    from runtime_data.servers.opcua.sessions import Session

_IDS = ua.ObjectIds
_ACKNOWLEDGE = ua.NodeId(_IDS.AcknowledgeableConditionType_Acknowledge)
_REFRESHES = {ua.NodeId(_IDS.ConditionType_ConditionRefresh): 1, ua.NodeId(_IDS.ConditionType_ConditionRefresh2): 2}
_PREFIX = "alarm:"
OPERATION = "runtime_servers.acknowledge"
LONGEST = 1000
"""Characters of a comment."""


class AlarmEvents:
    """Sends alarms to those who subscribed to the events of the server. In the server's event loop only."""

    def __init__(self, home: Home, subscriptions: Any) -> None:
        """Send to the subscriptions of asyncua's service."""
        self._home, self._subscriptions = home, subscriptions

    async def send(self, line: AlarmEvent, sessions: list[Session]) -> None:
        """Send a line of the journal to each subscription whose user may know of the alarm."""
        event = self._event(line.alarm, line.number, line.time, line.comment, line.user)
        may = {each.session_id: each.login.caller for each in sessions if each.login is not None}
        for each in list(self._subscriptions.subscriptions.values()):
            caller = may.get(each.session_id)
            if caller is not None and self._alarms.shows(line, ALL, caller):
                await each.monitored_item_srv.trigger_event(event)

    async def call(self, session: Session, wanted: Any) -> Any:
        """Do what a client calls; None where that is not about alarms."""
        given = [each.Value for each in wanted.InputArguments or []]
        if wanted.MethodId == _ACKNOWLEDGE:
            return await self._acknowledge(session, wanted.ObjectId, given)
        if wanted.MethodId in _REFRESHES:
            if len(given) != _REFRESHES[wanted.MethodId]:
                return _result(ua.StatusCodes.BadArgumentsMissing)
            return await self._refresh(session, *given)
        return None

    @property
    def _alarms(self) -> Alarms:
        return self._home.service.part(Alarms)

    async def _acknowledge(self, session: Session, condition: Any, given: list[Any]) -> Any:
        if len(given) != 2:
            return _result(ua.StatusCodes.BadArgumentsMissing)
        event, comment = given
        name = condition.Identifier if isinstance(condition.Identifier, str) else ""
        if condition.NamespaceIndex != GROUPS or not name.startswith(_PREFIX):
            return _result(ua.StatusCodes.BadNodeIdUnknown)
        if session.caller.right < Right.OPERATE:
            return _result(ua.StatusCodes.BadUserAccessDenied)
        occurrence = bytes(event or b"").decode("utf-8", "replace").rpartition(":")[0]
        if not occurrence:
            return _result(ua.StatusCodes.BadEventIdUnknown)
        text = (getattr(comment, "Text", None) or "")[:LONGEST]
        return _result(await self._home.ask(self._do_acknowledge(session, occurrence, text)))

    async def _do_acknowledge(self, session: Session, occurrence: str, comment: str) -> int:
        """Acknowledge on the service's loop; return the status code."""
        caller = session.caller
        try:
            (outcome,) = await self._alarms.acknowledge([occurrence], caller.name, comment, caller)
            code = "ok" if outcome.error is None else outcome.error.code
            await self._home.service.audit.event(
                OPERATION, code, caller.name, caller.address, server="opcua", id=occurrence, comment=comment
            )
        except Problem:
            return ua.StatusCodes.BadUnexpectedError
        if outcome.error is None:
            return ua.StatusCodes.Good
        gone = outcome.error.code == "runtime.alarm_not_found"
        return ua.StatusCodes.BadEventIdUnknown if gone else ua.StatusCodes.BadConditionBranchAlreadyAcked

    async def _refresh(self, session: Session, subscription: int, item: int | None = None) -> Any:
        found = self._subscriptions.subscriptions.get(subscription)
        if found is None or found.session_id != session.session_id:
            return _result(ua.StatusCodes.BadSubscriptionIdInvalid)
        service, caller = found.monitored_item_srv, session.caller

        async def active() -> list[Alarm]:
            return self._alarms.active(ALL, caller)

        alarms = await self._home.ask(active())
        await _mark(service, _IDS.RefreshStartEventType, item)
        for each in alarms:
            await service.trigger_event(
                self._event(each, 0, each.raised_at or each.cleared_at, each.comment, each.user), item
            )
        await _mark(service, _IDS.RefreshEndEventType, item)
        return _result(ua.StatusCodes.Good)

    def _event(self, alarm: Alarm, number: int, time: int, comment: str, user: str) -> Event:
        kinds, at = ua.VariantType, moment(time)
        text = alarm.texts.get("en-US") or next(iter(alarm.texts.values()), alarm.name)
        source, path = split(alarm.tag)
        made = Event()
        for name, value, kind in (
            ("EventId", f"{alarm.id}:{number}".encode(), kinds.ByteString),
            ("EventType", ua.NodeId(_IDS.AlarmConditionType), kinds.NodeId),
            ("SourceNode", ua.NodeId(identifier(steps_of(path)), S7), kinds.NodeId),
            ("SourceName", f"{source}:{path}", kinds.String),
            ("Time", at, kinds.DateTime),
            ("ReceiveTime", dt.datetime.now(dt.UTC), kinds.DateTime),
            ("Message", ua.LocalizedText(text), kinds.LocalizedText),
            ("Severity", max(1, alarm.priority), kinds.UInt16),
            ("NodeId", ua.NodeId(_PREFIX + alarm.name, GROUPS), kinds.NodeId),
            ("ConditionClassId", ua.NodeId(_IDS.ProcessConditionClassType), kinds.NodeId),
            ("ConditionClassName", ua.LocalizedText("ProcessConditionClassType"), kinds.LocalizedText),
            ("ConditionName", alarm.name, kinds.String),
            ("BranchId", ua.NodeId(), kinds.NodeId),
            ("Retain", alarm.active or not alarm.acknowledged, kinds.Boolean),
            ("EnabledState", ua.LocalizedText("Disabled" if alarm.out_of_service else "Enabled"), kinds.LocalizedText),
            ("EnabledState/Id", not alarm.out_of_service, kinds.Boolean),
            ("Quality", ua.StatusCode(alarm.status), kinds.StatusCode),
            ("Comment", ua.LocalizedText(comment), kinds.LocalizedText),
            ("ClientUserId", user, kinds.String),
            (
                "AckedState",
                ua.LocalizedText("Acknowledged" if alarm.acknowledged else "Unacknowledged"),
                kinds.LocalizedText,
            ),
            ("AckedState/Id", alarm.acknowledged, kinds.Boolean),
            ("ActiveState", ua.LocalizedText("Active" if alarm.active else "Inactive"), kinds.LocalizedText),
            ("ActiveState/Id", alarm.active, kinds.Boolean),
            ("SuppressedOrShelved", alarm.hidden, kinds.Boolean),
        ):
            made.add_property(name, value, kind)
        return made


async def _mark(service: Any, kind: int, item: int | None) -> None:
    """Send the begin or the end of a refresh to the monitored items of a subscription, whatever they filter.

    Facts: OPC 10000-9, ConditionRefresh: both are exempt from filters.
    """
    event, items = _marker(kind), service._monitored_items  # noqa: SLF001 - asyncua would filter them
    wanted = service._monitored_events.get(event.emitting_node, ()) if item is None else (item,)  # noqa: SLF001
    for number in wanted:
        if (known := items.get(number)) is not None:
            fields = ua.EventFieldList(known.client_handle, event.to_event_fields(known.filter.SelectClauses))
            await service.isub.enqueue_event(number, fields, known.queue_size)


def _marker(kind: int) -> Event:
    made, now = Event(), dt.datetime.now(dt.UTC)
    made.add_property("EventId", str(now.timestamp()).encode(), ua.VariantType.ByteString)
    made.add_property("EventType", ua.NodeId(kind), ua.VariantType.NodeId)
    made.add_property("SourceNode", ua.NodeId(_IDS.Server), ua.VariantType.NodeId)
    made.add_property("SourceName", "Server", ua.VariantType.String)
    made.add_property("Time", now, ua.VariantType.DateTime)
    made.add_property("ReceiveTime", now, ua.VariantType.DateTime)
    made.add_property("Message", ua.LocalizedText(""), ua.VariantType.LocalizedText)
    made.add_property("Severity", 1, ua.VariantType.UInt16)
    return made


def _result(code: int) -> Any:
    return ua.CallMethodResult(StatusCode=ua.StatusCode(code))
