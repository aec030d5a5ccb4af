"""The client for programs on an event loop; it has the same methods and conversations as the blocking one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, Self, TypeVar

import httpx

from engineering_api.client import answers, calls, streams, talk
from engineering_api.client.answers import UNTYPED, Answer
from engineering_api.client.call import Call
from engineering_api.client.connection import Connection
from engineering_api.client.jobs import AsyncJob
from engineering_api.client.options import Options
from engineering_api.client.resources import AsyncResources
from engineering_api.client.streams import LiveValues, Message
from engineering_api.operations.dry_run import DryRun
from engineering_api.operations.events import Event
from engineering_api.operations.fields import Request
from engineering_api.operations.streaming.beats import STALE

T = TypeVar("T")


class AsyncClient(Connection, AsyncResources):
    """A server of this service, with a typed method to be awaited for each of its operations.

    What the server refuses is raised as the `Problem` that it is there, with code, place and details. A connection is kept
    open: use the client in an `async with` block, or close it.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        options: Options | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """Speak to a server; arguments as those of Client.

        Raises:
            Problem: The environment is not usable.
        """
        super().__init__(url, key, options)
        self._http = http or httpx.AsyncClient()

    async def __aenter__(self) -> Self:
        """Keep the connection open while the block runs."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def call(self, operation: str, /, **arguments: Any) -> Any:
        """Run any operation by its name and get plain Python values.

        Raises:
            Problem: It was refused, or failed.
        """
        return await self.run(operation, calls.bind_arguments(calls.operation(operation), arguments), UNTYPED)

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to any route and get plain Python values; a job is waited for.

        Args:
            method: GET, POST, PUT or DELETE.
            path: With its query; names in it encoded.
            body: What is sent as JSON.

        Raises:
            Problem: It was refused, or failed.
        """
        call = calls.plain(method, path, body, self.options)
        return await self.lead(talk.fetch(call, self.server, self.options, UNTYPED))

    async def answer(self, operation: str, /, **arguments: Any) -> Answer:
        """Run any operation by its name and get the whole answer: data, message, ETag, headers. A job is not waited for.

        Raises:
            Problem: It was refused.
        """
        op = calls.operation(operation)
        call = calls.waiting(op, calls.bind_arguments(op, arguments), self.options)
        return answers.answer(await self.lead(talk.exchange(call, self.server, self.options)))

    async def preview(self, operation: str, /, **arguments: Any) -> DryRun:
        """Ask what an operation would do; it does nothing.

        Raises:
            Problem: It would be refused, as far as that can be known.
        """
        op = calls.operation(operation)
        call = calls.trying(op, calls.bind_arguments(op, arguments), self.options)
        return await self.lead(talk.fetch(call, self.server, self.options, DryRun))

    async def submit(self, operation: str, /, **arguments: Any) -> AsyncJob[Any]:
        """Start any operation by its name as a job.

        Raises:
            Problem: It was refused.
        """
        return await self.start(operation, calls.bind_arguments(calls.operation(operation), arguments), UNTYPED)

    def job(self, job_id: str) -> AsyncJob[Any]:
        """Return a job that was started before."""
        return AsyncJob(self, job_id, UNTYPED)

    async def run(self, operation: str, request: Request, kind: type[T]) -> T:
        """Run an operation with its request, and wait for the result; as call, typed.

        Raises:
            Problem: It was refused, or failed.
        """
        call = calls.waiting(calls.operation(operation), request, self.options)
        return await self.lead(talk.fetch(call, self.server, self.options, kind))

    async def start(self, operation: str, request: Request, kind: type[T]) -> AsyncJob[T]:
        """Start an operation with its request as a job; as submit, typed.

        Raises:
            Problem: It was refused.
        """
        call = calls.call_as_job(calls.operation(operation), request, self.options)
        return AsyncJob(self, await self.lead(talk.begin(call, self.server, self.options)), kind)

    async def events(self, after: int | None = None) -> AsyncIterator[Event]:
        """Yield everything that happens on the server, as it happens, until the server ends.

        Args:
            after: Number of the last event that was seen: what happened since comes first.

        Raises:
            Problem: It was refused, or the connection broke.
        """
        async for message in self._stream(streams.events(after)):
            yield streams.event_of(message)

    def simulation_values(
        self, tags: Iterable[str], *, instance: str | None = None, period: float = 0.5, change_only: bool = False
    ) -> AsyncIterator[LiveValues]:
        """Yield values of tags of a simulated PLC, over and over.

        Args:
            tags: Their names.
            instance: Name of the simulated PLC, where there are several.
            period: Seconds from one reading to the next.
            change_only: Only the values that changed.

        Raises:
            Problem: They cannot be read, or not any more; client.stale after three seconds without a sign of the server.
        """
        return self._values(streams.call_for_simulation(tags, instance, period, change_only=change_only))

    def online_values(
        self, device_name: str, tags: Iterable[str], *, period: float = 0.5, change_only: bool = False
    ) -> AsyncIterator[LiveValues]:
        """Yield values of tags of a PLC that is online, over and over; arguments and errors as simulation_values."""
        return self._values(streams.online(device_name, tags, period, change_only=change_only))

    def watched_values(
        self, device_name: str, table_name: str, *, period: float = 0.5, change_only: bool = False
    ) -> AsyncIterator[LiveValues]:
        """Yield values of the rows of a watch table, over and over; arguments and errors as simulation_values."""
        return self._values(streams.call_for_watch_table(device_name, table_name, period, change_only=change_only))

    async def lead(self, conversation: talk.Talk[T]) -> T:
        """Carry a conversation: send what it yields, pause where it asks to, return its result."""
        reply: talk.Reply = conversation.send, None
        while True:
            advance, given = reply
            try:
                step = advance(given)
            except StopIteration as end:
                result: T = end.value
                return result
            reply = await self._reply(conversation, step)

    async def _reply(self, conversation: talk.Talk[Any], step: talk.Step) -> talk.Reply:
        if isinstance(step, float):
            await asyncio.sleep(step)
            return conversation.send, None
        try:
            return conversation.send, await self._http.send(step)
        except httpx.TransportError as error:
            return conversation.throw, error

    async def _values(self, call: Call) -> AsyncIterator[LiveValues]:
        async for message in self._stream(call):
            yield streams.values_of(message)

    async def _stream(self, call: Call) -> AsyncIterator[Message]:
        request = talk.build_stream_request(call, self.server, self.options)
        reader = streams.Reader()
        try:
            response = await self._http.send(request, stream=True)
            try:
                if response.is_error:
                    await response.aread()
                    answers.open_envelope(response)
                request.extensions["timeout"]["read"] = STALE
                async for line in response.aiter_lines():
                    if message := reader.feed(line):
                        yield message
            finally:
                await response.aclose()
        except httpx.ReadTimeout:
            raise streams.stale() from None
        except httpx.TransportError as error:
            raise talk.unreachable(self.server.url, error) from None
