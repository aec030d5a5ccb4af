"""A client's session: reads, writes, monitors and asks for history in the right of its user."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.server.internal_session import InternalSession

from engineering_api.operations.caller import Caller
from openness_bridge.errors import Detail, Problem
from runtime_data.opcua.statuses import status_name
from runtime_data.opcua.types import from_ua, is_bytes
from runtime_data.runtime import Write
from runtime_data.servers.opcua.address_space import Nodes, Variable
from runtime_data.servers.opcua.alarm_events import AlarmEvents
from runtime_data.servers.opcua.historian import Historian
from runtime_data.servers.opcua.home import Home, Login
from runtime_data.servers.opcua.monitoring import Monitoring

log = logging.getLogger(__name__)
MOST = 10_000
"""Nodes of one request, as the server says in its OperationLimits."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Surroundings:
    """What sessions use.

    Attributes:
        home: The service.
        nodes: The nodes of the source; this and the following are there before the server listens.
        monitoring: Who follows which tags.
        historian: Answers questions about the past.
        alarms: Sends alarms as events.
    """

    home: Home
    nodes: Nodes = field(init=False)
    monitoring: Monitoring = field(init=False)
    historian: Historian = field(init=False)
    alarms: AlarmEvents = field(init=False)


class Session(InternalSession):
    """A session.

    Attributes:
        login: Whose it is; None until it is activated.
        certificate: The certificate of the client that made it, as DER; empty on an open channel.
        since: When it was made.
    """

    iserver: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        """Make a session whose token nobody can guess."""
        super().__init__(*given, **named)
        self.iserver.unregister_external_session(self)
        self.auth_token = ua.NodeId(secrets.token_bytes(32), 0, ua.NodeIdType.ByteString)
        self.iserver.register_external_session(self)
        self._around: Surroundings = self.iserver.around
        self.login: Login | None = None
        self._welcome: Login | None = None
        self.certificate = b""
        self.since = dt.datetime.now(dt.UTC)

    # -- who it is ----------------------------------------------------------------------

    def require_same_client(self, certificate: bytes) -> None:
        """Refuse a client that goes on with the session of another one.

        Raises:
            ServiceError: Its certificate is another one.
        """
        if certificate != self.certificate:
            raise ServiceError(ua.StatusCodes.BadSecurityChecksFailed)

    def welcome(self, login: Login) -> None:
        """Say whose session the next activation makes it.

        Raises:
            ServiceError: It is another user's.
        """
        if self.login is not None and self.login.caller.name != login.caller.name:
            raise ServiceError(ua.StatusCodes.BadIdentityChangeNotSupported)
        self._welcome = login

    def activate_session(self, params: Any, peer_certificate: bytes | None) -> Any:
        """Activate it for who was welcomed.

        Raises:
            ServiceError: Nobody was.
        """
        login, self._welcome = self._welcome, None
        if login is None:
            raise ServiceError(ua.StatusCodes.BadIdentityTokenRejected)
        result = super().activate_session(params, peer_certificate)
        self.login = login
        return result

    @property
    def caller(self) -> Caller:
        """Whose it is.

        Raises:
            ServiceError: Nobody's: it is not activated.
        """
        if self.login is None:
            raise ServiceError(ua.StatusCodes.BadSessionNotActivated)
        return self.login.caller

    # -- values -------------------------------------------------------------------------

    async def read(self, params: Any) -> list[Any]:
        """Read attributes; the values of tags come from the runtime, all of one moment."""
        return await self._parted(params.NodesToRead, self._is_value, self._read_values, self._reader(params))

    def _reader(self, params: Any) -> Callable[[list[Any]], Awaitable[list[Any]]]:
        def read(rest: list[Any]) -> Awaitable[list[Any]]:
            return super(Session, self).read(
                ua.ReadParameters(MaxAge=params.MaxAge, TimestampsToReturn=params.TimestampsToReturn, NodesToRead=rest)
            )

        return read

    async def _read_values(self, wanted: list[Any]) -> list[Any]:
        variables = [self._around.nodes.variables[each.NodeId] for each in wanted]
        found = await self.values_of(variables)
        return [
            ua.DataValue(StatusCode=ua.StatusCode(ua.StatusCodes.BadIndexRangeInvalid)) if each.IndexRange else value
            for each, value in zip(wanted, found, strict=True)
        ]

    async def values_of(self, variables: Sequence[Variable]) -> list[Any]:
        """Return the present values of variables, as this session's user may see them."""
        tags = list(dict.fromkeys(tag for each in variables for tag in each.tags))
        try:
            values = await self._around.home.read(self.caller, tags)
        except Problem as problem:
            return [ua.DataValue(StatusCode=_status(problem)) for _ in variables]
        return [each.data_value([values[tag] for tag in each.tags]) for each in variables]

    async def write(self, params: Any) -> list[Any]:
        """Write values of tags; nothing else can be written."""

        async def rest(wanted: list[Any]) -> list[Any]:
            found = await super(Session, self).write(ua.WriteParameters(wanted))
            unknown = ua.StatusCode(ua.StatusCodes.BadNodeIdUnknown)
            return [
                status if each.NodeId in self.aspace else unknown for each, status in zip(wanted, found, strict=True)
            ]

        return await self._parted(params.NodesToWrite, self._is_value, self._write_values, rest)

    async def _write_values(self, wanted: list[Any]) -> list[Any]:
        results: list[Any] = [None] * len(wanted)
        waiting: list[tuple[int, list[Write]]] = []
        for number, each in enumerate(wanted):
            try:
                waiting.append((number, self._writes(each)))
            except Problem as problem:
                results[number] = _status(problem)
            except ServiceError as error:
                results[number] = ua.StatusCode(error.code)
            except Exception:
                log.exception("A value for %s cannot be written", each.NodeId.to_string())
                results[number] = ua.StatusCode(ua.StatusCodes.BadTypeMismatch)
        while waiting:  # a tag that is written twice in one request is written twice, in the order asked
            turn: list[tuple[int, list[Write]]] = []
            later: list[tuple[int, list[Write]]] = []
            seen: set[str] = set()
            for at, part in waiting:
                tags = {each.tag for each in part}
                (turn if seen.isdisjoint(tags) else later).append((at, part))
                seen |= tags
            waiting = later
            statuses = await self._write_turn([part for _, part in turn])
            for (at, _), status in zip(turn, statuses, strict=True):
                results[at] = status
        return results

    async def _write_turn(self, parts: list[list[Write]]) -> list[Any]:
        try:
            done = iter(await self._around.home.write(self.caller, [each for part in parts for each in part]))
        except Problem as problem:
            return [_status(problem) for _ in parts]
        found = []
        for part in parts:
            errors = [error for _ in part if (error := next(done).error) is not None]
            found.append(_status(errors[0]) if errors else ua.StatusCode())
        return found

    def _writes(self, wanted: Any) -> list[Write]:
        """Return what a write of a node means for its tags.

        Raises:
            ServiceError: The value is not of the node's type, or comes with a status or an index range.
            Problem: It is not in the range of the type.
        """
        variable = self._around.nodes.variables[wanted.NodeId]
        value, entry = wanted.Value, variable.entry
        if not entry.writable:
            raise ServiceError(ua.StatusCodes.BadNotWritable)
        if wanted.IndexRange or (value.StatusCode is not None and not value.StatusCode.is_good()):
            raise ServiceError(ua.StatusCodes.BadWriteNotSupported)
        variant = value.Value
        if variant is None or variant.VariantType != variable.type or variant.Value is None:
            raise ServiceError(ua.StatusCodes.BadTypeMismatch)
        if not entry.dimensions:
            if isinstance(variant.Value, list) and not is_bytes(entry.data_type):
                raise ServiceError(ua.StatusCodes.BadTypeMismatch)
            return [Write(entry.tags[0], from_ua(entry.data_type, variant.Value))]
        elements = list(_flat(variant.Value))
        if len(elements) != len(entry.tags):
            raise ServiceError(ua.StatusCodes.BadTypeMismatch)
        return [Write(tag, from_ua(entry.data_type, each)) for tag, each in zip(entry.tags, elements, strict=True)]

    def _is_value(self, wanted: Any) -> bool:
        return wanted.AttributeId == ua.AttributeIds.Value and wanted.NodeId in self._around.nodes.variables

    async def _parted(
        self,
        wanted: Sequence[T],
        is_ours: Callable[[T], bool],
        ours: Callable[[list[T]], Awaitable[list[R]]],
        others: Callable[[list[T]], Awaitable[list[R]]],
    ) -> list[R]:
        """Return the results of two ways to answer parts of a request, in the order asked."""
        if len(wanted) > MOST:
            raise ServiceError(ua.StatusCodes.BadTooManyOperations)
        marks = [is_ours(each) for each in wanted]
        mine = [each for each, mark in zip(wanted, marks, strict=True) if mark]
        rest = [each for each, mark in zip(wanted, marks, strict=True) if not mark]
        first = iter(await ours(mine) if mine else [])
        second = iter(await others(rest) if rest else [])
        return [next(first if mark else second) for mark in marks]

    # -- subscriptions ------------------------------------------------------------------

    async def create_monitored_items(self, params: Any) -> list[Any]:
        """Monitor nodes: tags that the user may read, as long as there is room."""
        self._require_own([params.SubscriptionId])
        refusals = await self._around.monitoring.prepare(self, params.ItemsToCreate)

        async def refused(items: list[Any]) -> list[Any]:
            return [ua.MonitoredItemCreateResult(StatusCode=refusals[id(each)]) for each in items]

        async def create(items: list[Any]) -> list[Any]:
            part = ua.CreateMonitoredItemsParameters(params.SubscriptionId, params.TimestampsToReturn, items)
            return await super(Session, self).create_monitored_items(part)

        results = await self._parted(params.ItemsToCreate, lambda each: id(each) in refusals, refused, create)
        self._around.monitoring.note(self, params, results)
        return results

    async def modify_monitored_items(self, params: Any) -> list[Any]:
        """Change monitored items of an own subscription."""
        self._require_own([params.SubscriptionId])
        return await super().modify_monitored_items(params)

    async def set_monitoring_mode(self, params: Any) -> list[Any]:
        """Change the mode of monitored items of an own subscription."""
        self._require_own([params.SubscriptionId])
        return await super().set_monitoring_mode(params)

    async def set_publishing_mode(self, params: Any) -> list[Any]:
        """Let own subscriptions publish, or not."""
        self._require_own(params.SubscriptionIds)
        return await super().set_publishing_mode(params)

    async def delete_monitored_items(self, params: Any) -> list[Any]:
        """Delete monitored items of an own subscription."""
        self._require_own([params.SubscriptionId])
        return await super().delete_monitored_items(params)

    async def delete_subscriptions(self, ids: list[int]) -> list[Any]:
        """Delete own subscriptions."""
        self._require_own(ids)
        return await super().delete_subscriptions(ids)

    async def transfer_subscriptions(self, params: Any, callback: Any) -> list[Any]:
        """Take over subscriptions of another session of the same user.

        Raises:
            ServiceError: One is another user's.
        """
        users = {each.session_id: each.login.caller for each in self.iserver.sessions if each.login is not None}
        for each in params.SubscriptionIds:
            found = self.subscription_service.subscriptions.get(int(each))
            owner = users.get(found.session_id) if found is not None else None
            if found is not None and (owner is None or owner.name != self.caller.name):
                raise ServiceError(ua.StatusCodes.BadUserAccessDenied)
        return await super().transfer_subscriptions(params, callback)

    def _require_own(self, ids: Iterable[int]) -> None:
        for each in ids:
            found = self.subscription_service.subscriptions.get(each)
            if found is not None and found.session_id != self.session_id:
                raise ServiceError(ua.StatusCodes.BadSubscriptionIdInvalid)

    # -- what else there is ---------------------------------------------------------------

    async def history_read(self, params: Any) -> list[Any]:
        """Read values of the past, or aggregates of them."""
        if len(params.NodesToRead) > MOST:
            raise ServiceError(ua.StatusCodes.BadTooManyOperations)
        if params.ReleaseContinuationPoints:  # they hold nothing that could be released
            return [ua.HistoryReadResult() for _ in params.NodesToRead]
        return [
            await self._history_of(params.HistoryReadDetails, each, number)
            for number, each in enumerate(params.NodesToRead)
        ]

    async def _history_of(self, details: Any, wanted: Any, number: int) -> Any:
        """Return the history of a node; an error of it must not harm the other nodes of the request."""
        try:
            return await self._around.historian.read(self.caller, details, wanted, number)
        except ServiceError:
            raise
        except Exception:
            log.exception("The history of %s cannot be read", wanted.NodeId.to_string())
            return ua.HistoryReadResult(StatusCode=ua.StatusCode(ua.StatusCodes.BadInternalError))

    async def history_update(self, params: Any) -> list[Any]:
        """Refuse to change the past."""
        del params
        raise ServiceError(ua.StatusCodes.BadServiceUnsupported)

    async def call(self, params: list[Any]) -> list[Any]:
        """Acknowledge alarms, or ask for all that are active."""
        results: list[Any] = []
        for each in params:
            own = await self._around.alarms.call(self, each)
            results += [own] if own is not None else await super().call([each])
            await asyncio.sleep(0)
        return results

    async def browse_next(self, parameters: Any) -> list[Any]:
        """Refuse: `browse` has answered everything, so there is no continuation point."""
        points = parameters.ContinuationPoints or []
        return [ua.BrowseResult(StatusCode=ua.StatusCode(ua.StatusCodes.BadContinuationPointInvalid)) for _ in points]


def _flat(value: Any) -> Iterable[Any]:
    if not isinstance(value, list):
        yield value
        return
    for each in value:
        yield from _flat(each)


def _status(error: Detail | Problem) -> Any:
    return ua.StatusCode(getattr(ua.StatusCodes, status_name(error)))
