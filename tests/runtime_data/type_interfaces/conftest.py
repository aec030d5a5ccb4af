"""One CPU with an S7 server for all modules, because a start costs more than all values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime_data import absolute
from runtime_data.absolute import Change
from runtime_data.sources.s7.connection import Connection
from runtime_data.sources.s7.source import S7Source
from tests.runtime_data.servers.s7.kit import Served, serve
from tests.runtime_data.type_interfaces.program import BLOCK, image, workspace


@pytest.fixture(scope="package")
def cpu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A CPU that has the value of each case."""
    with serve(tmp_path_factory.mktemp("types"), program=workspace()) as served:
        content, _ = image()
        handle = served.plant.simulation.handle("PLC_1")
        absolute.change(handle, [Change("DataBlock", BLOCK, 0, b"\xff" * len(content), content)])
        yield served


@pytest.fixture
def source(cpu: Served) -> Iterator[S7Source]:
    """A source that reads this CPU by S7 communication."""
    connection = Connection(lambda: ["127.0.0.1"], cpu.server.port, 0, 1, "basic", lambda: 0.0)
    made = S7Source("CPU", connection, {}, clock=lambda: 0.0)
    yield made
    made.close()
