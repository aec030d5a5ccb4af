"""A request whose client hung up is counted and logged as cancelled, one that failed as failed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

import pytest

from engineering_api.app import catalogue
from engineering_api.observability.metrics import Metrics
from engineering_api.observability.requests import Requests

SCOPE = {"type": "http", "method": "POST", "path": "/mcp", "headers": []}


class Counted(Metrics):
    """Metrics that keep the statuses."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[int] = []

    def request(self, _operation: str, status: int, _seconds: float) -> None:
        self.statuses.append(status)


async def hung_up(*_: Any) -> None:
    """Answer nothing: nobody reads it."""


async def cancelled(*_: Any) -> None:
    raise asyncio.CancelledError


async def broken(*_: Any) -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    ("inner", "status", "word", "level"),
    [
        (hung_up, 499, "cancelled", logging.INFO),
        (cancelled, 499, "cancelled", logging.INFO),
        (broken, 500, "failed", logging.WARNING),
    ],
)
def test_a_request_without_an_answer_was_cancelled_unless_it_failed(
    caplog: pytest.LogCaptureFixture, inner: Any, status: int, word: str, level: int
) -> None:
    counted = Counted()
    requests = Requests(inner, catalogue(), counted, lambda: 0.0)
    with caplog.at_level(logging.INFO), suppress(RuntimeError, asyncio.CancelledError):
        asyncio.run(requests(SCOPE, None, None))
    assert counted.statuses == [status]
    (record,) = [each for each in caplog.records if each.name.endswith("observability.requests")]
    assert (record.levelno, word in record.getMessage()) == (level, True)
