"""A source that is an OPC UA server. asyncua runs in a separate thread; the runtime's threads wait for it there."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from asyncua import ua

from engineering_api import background
from engineering_api.security.targets import Targets
from openness_bridge.errors import Detail, Kind, Place, Problem, not_found
from runtime_data import data_types
from runtime_data.opcua import certificates
from runtime_data.opcua.threads import LoopThread
from runtime_data.quality import NO_COMMUNICATION, UNKNOWN_TAG
from runtime_data.sources.opcua.catalogue import AT_ONCE, DEEPEST, Catalogue, Leaf
from runtime_data.sources.opcua.link import Link, Target
from runtime_data.sources.opcua.settings import OpcuaConnection
from runtime_data.sources.opcua.values import from_server, refusal, to_server
from runtime_data.sources.source import Changed, SourceStatus, has_changed
from runtime_data.values import Scalar, TagInfo, Value, now

log = logging.getLogger(__name__)
T = TypeVar("T")
MANY = 2000
"""Monitored tags of one connection, as long as there are more connections: asyncua's client falls behind at 6,000 changes/s."""
CHECK = 1.0
"""Seconds between two looks whether the server is there."""
BROWSING = 60.0
"""Seconds that all nodes of a server may take."""


class OpcuaSource:
    """Tags of an OPC UA server. Any thread but the event loop's."""

    kind = "opcua"
    real = True
    atomic = False

    def __init__(self, name: str, connection: OpcuaConnection, targets: Targets, folder: Path) -> None:
        """Connect when somebody asks first.

        Args:
            name: The source's name.
            connection: Where and how.
            targets: Which hosts are allowed.
            folder: Where the certificate of this service is kept.
        """
        self.name, self._connection = name, connection
        self._target = Target(
            connection,
            lambda: certificates.own(folder, "client"),
            lambda: targets.resolve_here(connection.host, connection.port),
        )
        self._starting = threading.Lock()
        self._running: LoopThread | None = None
        self._closed = False
        self._catalogue = Catalogue(name, connection.root)
        self._links: list[Link] = []
        self._watched: dict[Changed, frozenset[str]] = {}
        self._paths: dict[ua.NodeId, str] = {}
        self._news: asyncio.Event | None = None
        self._lost = True
        self._keeping: asyncio.Task[None] | None = None

    # -- the protocol ---------------------------------------------------------------------

    def status(self) -> SourceStatus:
        """Return whether the server answers."""
        try:
            self._wait(self._check())
        except Problem as problem:
            return SourceStatus("failed", problem.message)
        return SourceStatus("connected")

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags."""
        try:
            return self._wait(self._read(list(paths)))
        except Problem as problem:
            return [self._without(path, NO_COMMUNICATION.code, problem) for path in paths]

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags; see Source. The runtime asks for all or none only where a source can."""
        del atomic
        try:
            return self._wait(self._write(list(values), dict(expected)))
        except Problem as problem:
            return [Detail(problem.code, problem.message, Place(object=f"{self.name}:{path}")) for path, _ in values]

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is none, or the server cannot be reached.
        """
        found = self._wait(self._find([path])).get(path)
        if found is None:
            raise not_found("tag", f"{self.name}:{path}", [])
        return found.info(f"{self.name}:{path}", path.rpartition(".")[2])

    def tags(self) -> list[TagInfo]:
        """Return all tags that have a value.

        Raises:
            Problem: The server cannot be reached, or has too many nodes.
        """
        return [each for each in self.browse("", DEEPEST) if each.has_value]

    def leaves(self) -> list[TagInfo]:
        """Return all tags that have a value; raises as tags."""
        return self.tags()

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path.

        Raises:
            Problem: There is no such path, the server cannot be reached, or has too many nodes.
        """

        async def browse() -> list[TagInfo]:
            return await self._with_client(lambda client: self._catalogue.browse(client, path, depth))

        return self._wait(browse(), BROWSING)

    def follow(self, changed: Changed) -> Callable[[], None]:
        """Say each change of the tags that `watch` names."""
        self._thread.loop.call_soon_threadsafe(self._watch, changed, frozenset[str]())
        return lambda: self._post(self._watched_no_more, changed)

    def watch(self, changed: Changed, paths: Sequence[str]) -> None:
        """Monitor tags for a function that follows the source, and no others for it."""
        self._post(self._watch, changed, frozenset(paths))

    def close(self) -> None:
        """End the connections."""
        with self._starting:
            self._closed = True
            thread, self._running = self._running, None
        if thread is not None:
            with suppress(Exception):
                thread.submit(self._end()).result(5.0)
            thread.stop()

    # -- between the threads ----------------------------------------------------------------

    @property
    def _thread(self) -> LoopThread:
        with self._starting:
            if self._closed:
                raise Problem("runtime.source_away", f"The source {self.name} was removed.", kind=Kind.UNAVAILABLE)
            if self._running is None:
                self._running = LoopThread(f"OPC UA {self.name}")
                self._running.submit(self._begin()).result()
            return self._running

    def _wait(self, work: Coroutine[Any, Any, T], patience: float = 0.0) -> T:
        """Run something in the source's thread, and wait for it.

        Raises:
            Problem: It fails, or takes too long.
        """
        try:
            future = self._thread.submit(work)
        except Problem:
            work.close()
            raise
        try:
            return future.result(patience or 4 * self._connection.timeout)
        except Late:
            future.cancel()
            msg = f"The OPC UA server {self._connection.host} did not answer in time."
            raise Problem("runtime.source_away", msg, kind=Kind.UNAVAILABLE) from None

    def _post(self, work: Callable[..., None], *given: object) -> None:
        thread = self._running
        if thread is not None:
            with suppress(RuntimeError):  # it ends at this moment
                thread.loop.call_soon_threadsafe(work, *given)

    # -- in the source's thread -------------------------------------------------------------

    async def _begin(self) -> None:
        self._news = asyncio.Event()
        self._links = [Link(self._target, self._hear)]
        self._keeping = background.begin(self._keep())

    async def _end(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
        for each in self._links:
            await each.close()

    async def _check(self) -> None:
        await self._links[0].check()

    async def _with_client(self, use: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        """Use the first connection; one that fails meanwhile is dropped, and made again for who asks next.

        Raises:
            Problem: The server cannot be reached.
        """
        link = self._links[0]
        was_connected = link.is_connected
        client = await link.client()
        if not was_connected:
            self._catalogue.forget()
        try:
            return await use(client)
        except Problem:
            raise
        except ua.UaStatusCodeError as error:
            if error.code in _LOST:
                await link.lose(error)
            raise Problem("runtime.opcua_status", f"The OPC UA server answers {error}.", kind=Kind.REFUSED) from error
        except Exception as error:
            await link.lose(error)
            raise Problem("runtime.source_away", link.message, kind=Kind.UNAVAILABLE) from error

    async def _find(self, paths: Sequence[str]) -> dict[str, Leaf]:
        return await self._with_client(lambda client: self._catalogue.find(client, paths))

    async def _read(self, paths: Sequence[str]) -> list[Value]:
        async def read(client: Any) -> list[Value]:
            leaves = await self._catalogue.find(client, paths)
            there = [path for path in paths if path in leaves]
            found: dict[str, Value] = {}
            for at in range(0, len(there), AT_ONCE):
                part = there[at : at + AT_ONCE]
                values = await client.uaclient.read_attributes(
                    [leaves[path].id for path in part], ua.AttributeIds.Value
                )
                for path, value in zip(part, values, strict=True):
                    found[path] = from_server(f"{self.name}:{path}", leaves[path], value)
            missing = Problem("tag.not_found", "The OPC UA server has no such node.")
            return [found.get(path) or self._without(path, UNKNOWN_TAG.code, missing) for path in paths]

        return await self._with_client(read)

    async def _write(self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar]) -> list[Detail | None]:
        there = dict(zip(expected, await self._read(list(expected)), strict=True)) if expected else {}
        leaves = await self._find([path for path, _ in values])
        errors: list[Detail | None] = []
        ready: list[tuple[int, Leaf, Any]] = []
        for number, (path, given) in enumerate(values):
            tag = f"{self.name}:{path}"
            errors.append(None)
            value = there.get(path)
            if path not in leaves:
                errors[-1] = Detail("tag.not_found", "The OPC UA server has no such node.", Place(object=tag))
            elif value is not None and not data_types.equal(value.data_type, expected[path], value.value, value.text):
                errors[-1] = value.error or has_changed(tag)
            else:
                try:
                    ready.append((number, leaves[path], to_server(leaves[path], given)))
                except Problem as problem:
                    errors[-1] = Detail(problem.code, problem.message, Place(object=tag))
        if ready:
            ids, data = [leaf.id for _, leaf, _ in ready], [value for _, _, value in ready]
            results = await self._with_client(
                lambda client: client.uaclient.write_attributes(ids, data, ua.AttributeIds.Value)
            )
            for (number, _, _), status in zip(ready, results, strict=True):
                errors[number] = None if status.is_good() else refusal(f"{self.name}:{values[number][0]}", status)
        return errors

    # -- monitored tags -----------------------------------------------------------------------

    def _watch(self, changed: Changed, paths: frozenset[str]) -> None:
        self._watched[changed] = paths
        if self._news is not None:
            self._news.set()

    def _watched_no_more(self, changed: Changed) -> None:
        self._watched.pop(changed, None)
        if self._news is not None:
            self._news.set()

    async def _keep(self) -> None:
        """Monitor what is watched, and look whether the server is there, for as long as somebody watches."""
        assert self._news is not None  # noqa: S101 - _begin made it
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK if self._watched else None):
                    await self._news.wait()
            is_new = self._news.is_set()
            self._news.clear()
            wanted = sorted(frozenset().union(*self._watched.values()))
            try:
                await self._monitor(wanted, is_new=is_new)
            except Problem as problem:
                self._lose(wanted, problem)
            except Exception:  # the next look may succeed
                log.exception("The tags of the OPC UA server %s cannot be monitored", self._connection.host)

    async def _monitor(self, wanted: Sequence[str], *, is_new: bool) -> None:
        for each in self._links if wanted else ():
            if each.is_connected or each is self._links[0]:
                await each.check()
        if not (is_new or self._lost or any(not each.is_connected for each in self._links)):
            return
        leaves = await self._find(wanted) if wanted else {}
        self._paths = {leaf.id: path for path, leaf in leaves.items()}
        count = max(1, min(self._connection.connections, -(-len(leaves) // MANY)))
        while len(self._links) < count:
            self._links.append(Link(self._target, self._hear))
        while len(self._links) > count:
            await self._links.pop().close()
        ids = list(self._paths)
        for number, link in enumerate(self._links):
            if not ids and not link.is_connected:
                continue
            refused = await link.monitor(dict.fromkeys(ids[number::count]))
            for key, status in refused.items():
                path = self._paths[key]
                error = refusal(f"{self.name}:{path}", status)
                self._tell([Value(f"{self.name}:{path}", None, status=status.value, server_time=now(), error=error)])
        self._lost = False

    def _lose(self, paths: Sequence[str], problem: Problem) -> None:
        """Say that all tags are of a server that is away."""
        self._lost = True
        self._tell([self._without(path, NO_COMMUNICATION.code, problem) for path in paths])

    def _hear(self, key: ua.NodeId, found: ua.DataValue) -> None:
        path = self._paths.get(key)
        if path is not None:
            leaf = Leaf(key, ua.VariantType.Null, is_array=False, writable=False)
            self._tell([from_server(f"{self.name}:{path}", leaf, found)])

    def _tell(self, values: Sequence[Value]) -> None:
        for changed in list(self._watched):
            changed(values)

    def _without(self, path: str, status: int, why: Problem) -> Value:
        name = f"{self.name}:{path}"
        return Value(
            name, None, status=status, server_time=now(), error=Detail(why.code, why.message, Place(object=name))
        )


_LOST = {
    ua.StatusCodes.BadConnectionClosed,
    ua.StatusCodes.BadSessionClosed,
    ua.StatusCodes.BadSessionIdInvalid,
    ua.StatusCodes.BadSessionNotActivated,
    ua.StatusCodes.BadSecureChannelClosed,
    ua.StatusCodes.BadSecureChannelIdInvalid,
    ua.StatusCodes.BadTimeout,
}
