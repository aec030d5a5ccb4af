"""A server of its own on a loopback port, for all tests of the client."""

import itertools
from collections.abc import Iterator

import pytest

from engineering_api.client import Client
from tests.support.service import CPU, FIRMWARE, KEY

numbers = itertools.count(1)


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    """A client with an open project that has one CPU, PLC_1; the project is closed in the end."""
    with Client(url, KEY) as made:
        made.projects.create(name=f"Conveyor {next(numbers)}")
        made.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")
        yield made
        made.projects.close(discard=True)
