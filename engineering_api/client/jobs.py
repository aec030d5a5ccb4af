"""A job that keeps running while the program does something else."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from engineering_api.client import answers, talk
from engineering_api.client.access import Access
from engineering_api.client.options import Options
from engineering_api.operations.jobs import JobRecord

T = TypeVar("T")


class Leads(Protocol):
    """What a job needs of a client: one exchange with the server after the other."""

    server: Access
    options: Options

    def lead(self, conversation: talk.Talk[T]) -> T:
        """Lead a talk with the server to its end."""


class AsyncLeads(Protocol):
    """What a job needs of a client on an event loop."""

    server: Access
    options: Options

    async def lead(self, conversation: talk.Talk[T]) -> T:
        """Lead a talk with the server to its end."""


class Job(Generic[T]):
    """A job on the server, by whose end there is a result.

    Attributes:
        id: Its id; `client.job(id)` finds it again, from another program too.
    """

    def __init__(self, client: Leads, job_id: str, kind: type[T]) -> None:
        """Know where it runs and what its result is."""
        self._client, self.id, self._kind = client, job_id, kind

    def state(self) -> JobRecord:
        """Ask for its state.

        Raises:
            Problem: The server knows it no more.
        """
        return self._client.lead(talk.read_job(self.id, self._client.server, self._client.options))

    @property
    def progress(self) -> int:
        """How far it is, in percent, asked for now."""
        return self.state().progress

    def cancel(self) -> JobRecord:
        """Ask it to stop; what it changed is undone.

        Raises:
            Problem: It has ended already.
        """
        return self._client.lead(talk.cancel(self.id, self._client.server, self._client.options))

    def result(self) -> T:
        """Wait for its end and get its result.

        Raises:
            Problem: What made it fail; or job.cancelled.
        """
        last = self._client.lead(talk.follow(self.id, self._client.server, self._client.options))
        return answers.result(last, self._kind)


class AsyncJob(Generic[T]):
    """A job on the server, by whose end there is a result.

    Attributes:
        id: Its id; `client.job(id)` finds it again, from another program too.
    """

    def __init__(self, client: AsyncLeads, job_id: str, kind: type[T]) -> None:
        """Know where it runs and what its result is."""
        self._client, self.id, self._kind = client, job_id, kind

    async def state(self) -> JobRecord:
        """Ask for its state.

        Raises:
            Problem: The server knows it no more.
        """
        return await self._client.lead(talk.read_job(self.id, self._client.server, self._client.options))

    async def progress(self) -> int:
        """Return how far it is, in percent, asked for now."""
        return (await self.state()).progress

    async def cancel(self) -> JobRecord:
        """Ask it to stop; what it changed is undone.

        Raises:
            Problem: It has ended already.
        """
        return await self._client.lead(talk.cancel(self.id, self._client.server, self._client.options))

    async def result(self) -> T:
        """Wait for its end and get its result.

        Raises:
            Problem: What made it fail; or job.cancelled.
        """
        last = await self._client.lead(talk.follow(self.id, self._client.server, self._client.options))
        return answers.result(last, self._kind)
