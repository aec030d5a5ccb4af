"""How a call is made: the same options for every operation."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engineering_api.operations.jobs import JobRecord

PATIENCE = 330.0
"""Seconds: a little more than the server holds a waiting request before it answers with a job."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How calls are made; `client.using(...)` gives a client with some of them changed.

    Attributes:
        instance: Process id of the portal to use, where the server is attached to several.
        timeout: Seconds to wait for an answer. A job is waited for without a limit.
        retries: How often a call is repeated that surely did nothing: a read that was cut off, or a refusal that names the
            time to come again.
        progress: Called with each new state of a job that the client waits for.
        filter: Which entries of a list, such as "name~Motor*".
        sort: By which fields a list is sorted; a minus before a name turns the order round.
        page: Which page of a list, from 1.
        page_size: How many entries a page has.
        if_match: The ETag that what is edited must still have.
        wait: Seconds after which the server is to answer with a job.
    """

    instance: int | None = None
    timeout: float = PATIENCE
    retries: int = 3
    progress: Callable[[JobRecord], None] | None = None
    filter: str | None = None
    sort: str | None = None
    page: int | None = None
    page_size: int | None = None
    if_match: str | None = None
    wait: float | None = None

    def headers(self) -> dict[str, str]:
        """Return what goes into the request's headers."""
        given = {"X-TIA-Instance": self.instance, "If-Match": self.if_match}
        return {name: str(value) for name, value in given.items() if value is not None}

    def query(self) -> dict[str, str]:
        """Return what the request's query has in addition to the operation's fields."""
        given = {
            "filter": self.filter,
            "sort": self.sort,
            "page": self.page,
            "pageSize": self.page_size,
            "wait": self.wait,
        }
        return {name: text(value) for name, value in given.items() if value is not None}


def text(value: object) -> str:
    """Return a value as text of a path or a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)
