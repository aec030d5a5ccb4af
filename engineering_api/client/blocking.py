"""The client for programs that wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar

import httpx

from engineering_api.client import answers, calls, leading, streams, talk
from engineering_api.client.answers import UNTYPED, Answer
from engineering_api.client.call import Call
from engineering_api.client.connection import Connection
from engineering_api.client.jobs import Job
from engineering_api.client.options import Options
from engineering_api.client.resources import Resources
from engineering_api.client.streams import LiveValues, Message
from engineering_api.operations.dry_run import DryRun
from engineering_api.operations.events import Event
from engineering_api.operations.fields import Request
from engineering_api.operations.streaming.beats import STALE

T = TypeVar("T")


class Client(Connection, Resources):
    """A server of this service, with a typed method for each of its operations.

    What the server refuses is raised as the `Problem` that it is there, with code, place and details. A connection is kept
    open: use the client in a `with` block, or close it.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        options: Options | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        """Speak to a server.

        Args:
            url: Its address; by default TIA_URL, or the first server that runs on this computer.
            key: The API key; by default TIA_API_KEY, or what this computer knows.
            options: How calls are made.
            http: The connection, where a proxy or certificates need one of one's own.

        Raises:
            Problem: The environment is not usable.
        """
        super().__init__(url, key, options)
        self._http = http or httpx.Client()

    def __enter__(self) -> Self:
        """Keep the connection open while the block runs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def call(self, operation: str, /, **arguments: Any) -> Any:
        """Run any operation by its name and get plain Python values.

        Raises:
            Problem: It was refused, or failed.
        """
        return self.run(operation, calls.bind_arguments(calls.operation(operation), arguments), UNTYPED)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to any route and get plain Python values; a job is waited for.

        Args:
            method: GET, POST, PUT or DELETE.
            path: With its query; names in it encoded.
            body: What is sent as JSON.

        Raises:
            Problem: It was refused, or failed.
        """
        call = calls.plain(method, path, body, self.options)
        return self.lead(talk.fetch(call, self.server, self.options, UNTYPED))

    def answer(self, operation: str, /, **arguments: Any) -> Answer:
        """Run any operation by its name and get the whole answer: data, message, ETag, headers. A job is not waited for.

        Raises:
            Problem: It was refused.
        """
        op = calls.operation(operation)
        call = calls.waiting(op, calls.bind_arguments(op, arguments), self.options)
        return answers.answer(self.lead(talk.exchange(call, self.server, self.options)))

    def preview(self, operation: str, /, **arguments: Any) -> DryRun:
        """Ask what an operation would do; it does nothing.

        Raises:
            Problem: It would be refused, as far as that can be known.
        """
        op = calls.operation(operation)
        call = calls.trying(op, calls.bind_arguments(op, arguments), self.options)
        return self.lead(talk.fetch(call, self.server, self.options, DryRun))

    def submit(self, operation: str, /, **arguments: Any) -> Job[Any]:
        """Start any operation by its name as a job.

        Raises:
            Problem: It was refused.
        """
        return self.start(operation, calls.bind_arguments(calls.operation(operation), arguments), UNTYPED)

    def job(self, job_id: str) -> Job[Any]:
        """Return a job that was started before."""
        return Job(self, job_id, UNTYPED)

    def run(self, operation: str, request: Request, kind: type[T]) -> T:
        """Run an operation with its request, and wait for the result; as call, typed.

        Raises:
            Problem: It was refused, or failed.
        """
        call = calls.waiting(calls.operation(operation), request, self.options)
        return self.lead(talk.fetch(call, self.server, self.options, kind))

    def start(self, operation: str, request: Request, kind: type[T]) -> Job[T]:
        """Start an operation with its request as a job; as submit, typed.

        Raises:
            Problem: It was refused.
        """
        call = calls.call_as_job(calls.operation(operation), request, self.options)
        return Job(self, self.lead(talk.begin(call, self.server, self.options)), kind)

    def events(self, after: int | None = None) -> Iterator[Event]:
        """Yield everything that happens on the server, as it happens, until the server ends.

        Args:
            after: Number of the last event that was seen: what happened since comes first.

        Raises:
            Problem: It was refused, or the connection broke.
        """
        return map(streams.event_of, self._stream(streams.events(after)))

    def simulation_values(
        self, tags: Iterable[str], *, instance: str | None = None, period: float = 0.5, change_only: bool = False
    ) -> Iterator[LiveValues]:
        """Yield values of tags of a simulated PLC, over and over.

        Args:
            tags: Their names.
            instance: Name of the simulated PLC, where there are several.
            period: Seconds from one reading to the next.
            change_only: Only the values that changed.

        Raises:
            Problem: They cannot be read, or not any more; client.stale after three seconds without a sign of the server.
        """
        call = streams.call_for_simulation(tags, instance, period, change_only=change_only)
        return map(streams.values_of, self._stream(call))

    def online_values(
        self, device_name: str, tags: Iterable[str], *, period: float = 0.5, change_only: bool = False
    ) -> Iterator[LiveValues]:
        """Yield values of tags of a PLC that is online, over and over; arguments and errors as simulation_values."""
        call = streams.online(device_name, tags, period, change_only=change_only)
        return map(streams.values_of, self._stream(call))

    def watched_values(
        self, device_name: str, table_name: str, *, period: float = 0.5, change_only: bool = False
    ) -> Iterator[LiveValues]:
        """Yield values of the rows of a watch table, over and over; arguments and errors as simulation_values."""
        call = streams.call_for_watch_table(device_name, table_name, period, change_only=change_only)
        return map(streams.values_of, self._stream(call))

    def lead(self, conversation: talk.Talk[T]) -> T:
        """Carry a conversation: send what it yields, pause where it asks to, return its result."""
        return leading.lead(conversation, self._http)

    def _stream(self, call: Call) -> Iterator[Message]:
        request = talk.build_stream_request(call, self.server, self.options)
        reader = streams.Reader()
        try:
            response = self._http.send(request, stream=True)
            try:
                if response.is_error:
                    response.read()
                    answers.open_envelope(response)
                request.extensions["timeout"]["read"] = STALE
                for line in response.iter_lines():
                    if message := reader.feed(line):
                        yield message
            finally:
                response.close()
        except httpx.ReadTimeout:
            raise streams.stale() from None
        except httpx.TransportError as error:
            raise talk.unreachable(self.server.url, error) from None
