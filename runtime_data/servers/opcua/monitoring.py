"""Monitored items: only tags that a client monitors are read, and only their changes are given to asyncua.

All clients share one listener of the runtime. Its newest values go to the server's thread in one batch a period; the next
batch waits until the one before was taken, so that nothing queues up.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from asyncua import ua

from engineering_api import background
from runtime_data.latest import OVERTAKEN
from runtime_data.servers.opcua.address_space import Nodes, Variable
from runtime_data.servers.opcua.home import Home
from runtime_data.subscriptions import Listener, Newest
from runtime_data.values import Value

if TYPE_CHECKING:
    from runtime_data.servers.opcua.sessions import Session

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Values that are given to asyncua before other requests get their turn."""
_DENIED = ua.StatusCodes.BadUserAccessDenied
Item = tuple[int, int]
"""The numbers of a subscription and of one of its monitored items."""


class Feeder:
    """Listens to tags on the service's loop, and hands their newest values over to the server's."""

    def __init__(self, home: Home, monitoring: Monitoring) -> None:
        """Begin without tags; on the service's loop."""
        self._home, self._monitoring = home, monitoring
        self._newest = Newest()
        self._listener: Listener = home.runtime.subscriptions.open(self._newest.add, self._newest.end)
        self._task = background.begin(self._run())

    def add(self, tags: Iterable[str]) -> None:
        """Listen to further tags."""
        self._home.runtime.subscriptions.add(self._listener, tags, self._home.settings.period / 1000)

    def catch_up(self, tags: Iterable[str]) -> None:
        """Take what a new item has read of tags."""
        self._home.runtime.subscriptions.catch_up(self._listener, tags)

    def remove(self, tags: Sequence[str]) -> None:
        """Listen to some tags no more."""
        self._home.runtime.subscriptions.remove(self._listener, tags)
        self._newest.drop(tags)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._task.cancel()
        self._home.runtime.subscriptions.leave(self._listener)

    async def _run(self) -> None:
        async for values in self._newest:
            try:
                await asyncio.wrap_future(
                    asyncio.run_coroutine_threadsafe(self._monitoring.push(values), self._monitoring.loop)
                )
            except Exception:  # one bad batch must not end the others
                log.exception("%d values could not be given to clients of OPC UA", len(values))
            await asyncio.sleep(self._home.settings.period / 1000)


class Monitoring:
    """Who monitors what. In the server's event loop only.

    Attributes:
        loop: That loop.
        items: The session and the variable of each monitored item.
    """

    def __init__(self, home: Home, nodes: Nodes, subscriptions: Any) -> None:
        """Monitor these nodes.

        Args:
            home: The service.
            nodes: The variables.
            subscriptions: asyncua's service of subscriptions.
        """
        self.loop = asyncio.get_running_loop()
        self._home, self._nodes, self._subscriptions = home, nodes, subscriptions
        self._feeder: Feeder | None = None
        self._values: dict[str, Value] = {}
        self._followers: dict[str, set[ua.NodeId]] = {}
        self.items: dict[Item, tuple[Session, Variable]] = {}
        self._rules = home.runtime.rules.rules

    async def feed(self, feeder: Feeder) -> None:
        """Get values from there, also of what is monitored already."""
        self._feeder = feeder
        if known := list(self._followers):
            self._home.post(lambda: feeder.add(known))

    async def prepare(self, session: Session, wanted: Sequence[Any]) -> dict[int, Any]:
        """Read what is monitored, so that it has a first value; return the status of items that are refused, by their identity.

        Args:
            session: Who asks.
            wanted: What asyncua is asked to monitor.
        """
        ours = [(each, found) for each in wanted if (found := self._variable_of(each)) is not None]
        refused: dict[int, Any] = {}
        taken = sum(len(each.tags) for _, each in self.items.values())
        fitting = []
        for each, variable in ours:
            if each.ItemToMonitor.IndexRange:
                refused[id(each)] = ua.StatusCode(ua.StatusCodes.BadIndexRangeInvalid)
            elif (taken := taken + len(variable.tags)) > self._home.settings.max_items:
                refused[id(each)] = ua.StatusCode(ua.StatusCodes.BadTooManyMonitoredItems)
            else:
                fitting.append((each, variable))
        values = await session.values_of([variable for _, variable in fitting])
        for (each, variable), value in zip(fitting, values, strict=True):
            if value.StatusCode.value == _DENIED:
                refused[id(each)] = value.StatusCode
            elif variable.id in self._nodes.variables and not _is_older(value, self._nodes.value(variable.id).value):
                self._nodes.value(variable.id).value = value
        return refused

    def note(self, session: Session, params: Any, results: Sequence[Any]) -> None:
        """Follow the tags of items that are monitored now."""
        new: list[str] = []
        known: list[str] = []
        for each, result in zip(params.ItemsToCreate, results, strict=True):
            variable = self._variable_of(each)
            if variable is None or not result.StatusCode.is_good():
                continue
            self.items[params.SubscriptionId, result.MonitoredItemId] = (session, variable)
            for tag in variable.tags:
                followers = self._followers.setdefault(tag, set())
                (known if followers else new).append(tag)
                followers.add(variable.id)
        if new and self._feeder is not None:
            self._home.post(partial(self._feeder.add, new))
        if known and self._feeder is not None:
            self._home.post(partial(self._feeder.catch_up, known))

    async def push(self, values: Sequence[Value]) -> None:
        """Give changed values to the items that monitor them."""
        changed: dict[ua.NodeId, None] = {}
        for each in values:
            self._values[each.tag] = each
            changed.update(dict.fromkeys(self._followers.get(each.tag, ())))
        for number, key in enumerate(changed):
            variable = self._nodes.variables.get(key)
            if variable is not None:
                attribute = self._nodes.value(key)
                value = variable.data_value([self._values.get(tag) for tag in variable.tags])
                if _is_older(value, attribute.value):
                    continue  # a new item has read a newer one meanwhile, which comes with the next batch
                attribute.value = value
                for handle, tell in list(attribute.datachange_callbacks.items()):
                    await tell(handle, attribute.value)
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)

    async def sweep(self) -> None:
        """Forget items that are gone, end those that a rule keeps from their user now, and follow no tag for nothing."""
        services = {number: each.monitored_item_srv for number, each in self._subscriptions.subscriptions.items()}
        for item in list(self.items):
            if item[0] not in services or item[1] not in services[item[0]]._monitored_items:  # noqa: SLF001 - asyncua tells nobody that a session has ended
                del self.items[item]
        if (rules := self._home.runtime.rules.rules) is not self._rules:
            self._rules = rules
            await self._obey(services)
        self._unfollow({variable.id: variable for _, variable in self.items.values()})

    def tags_of(self, session: Session) -> int:
        """Return how many tags a session monitors. Any thread."""
        return sum(len(variable.tags) for owner, variable in list(self.items.values()) if owner is session)

    async def _obey(self, services: dict[int, Any]) -> None:
        refuse = self._home.runtime.rules.refuse_read
        for (subscription, number), (session, variable) in list(self.items.items()):
            if session.login is None or not any(refuse(session.login.caller, tag) for tag in variable.tags):
                continue
            service = services[subscription]
            handle = service._monitored_items[number].callback_handle  # noqa: SLF001
            await service.datachange_callback(handle, ua.DataValue(StatusCode=ua.StatusCode(_DENIED)))
            service.delete_monitored_items([number])
            del self.items[subscription, number]

    def _unfollow(self, needed: dict[ua.NodeId, Variable]) -> None:
        gone = []
        for tag, followers in list(self._followers.items()):
            followers &= needed.keys()
            if not followers:
                gone.append(tag)
                del self._followers[tag]
                self._values.pop(tag, None)
        if gone and self._feeder is not None:
            self._home.post(partial(self._feeder.remove, gone))

    def _variable_of(self, wanted: Any) -> Variable | None:
        of = wanted.ItemToMonitor
        return self._nodes.variables.get(of.NodeId) if of.AttributeId == ua.AttributeIds.Value else None


def _is_older(value: Any, than: Any) -> bool:
    """Return whether a value was read before another one; not where the clock was set back."""
    if value.ServerTimestamp is None or than is None or than.ServerTimestamp is None:
        return False
    return dt.timedelta() < than.ServerTimestamp - value.ServerTimestamp < dt.timedelta(microseconds=OVERTAKEN)
