"""The base of the generated methods: a resource belongs to a client, which runs its operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.operations.fields import Request

T = TypeVar("T")


class Runs(ABC):
    """What runs operations: a client."""

    @abstractmethod
    def run(self, operation: str, request: Request, kind: type[T]) -> T:
        """Run an operation with its request, and wait for the result.

        Raises:
            Problem: It was refused, or failed.
        """

    @abstractmethod
    def start(self, operation: str, request: Request, kind: type[T]) -> Job[T]:
        """Start an operation with its request as a job.

        Raises:
            Problem: It was refused.
        """


class AsyncRuns(ABC):
    """What runs operations on an event loop."""

    @abstractmethod
    async def run(self, operation: str, request: Request, kind: type[T]) -> T:
        """Run an operation with its request, and wait for the result.

        Raises:
            Problem: It was refused, or failed.
        """

    @abstractmethod
    async def start(self, operation: str, request: Request, kind: type[T]) -> AsyncJob[T]:
        """Start an operation with its request as a job.

        Raises:
            Problem: It was refused.
        """


class Resource:
    """The operations of one kind of thing."""

    def __init__(self, client: Runs) -> None:
        """Use a client."""
        self._client = client


class AsyncResource:
    """The operations of one kind of thing, to be awaited."""

    def __init__(self, client: AsyncRuns) -> None:
        """Use a client."""
        self._client = client
