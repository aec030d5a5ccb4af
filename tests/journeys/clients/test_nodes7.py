"""nodes7, the client of Node-RED's node for S7, works with the S7 server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.journeys.clients.tools import NODE, needs_node, run
from tests.runtime_data.plant import VIEWER
from tests.runtime_data.servers.s7.kit import serve

SCRIPT = Path(__file__).with_name("s7.cjs")


@needs_node
@pytest.mark.slow
def test_nodes7_reads_and_writes(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        answer = json.loads(run("node", SCRIPT, served.server.port, folder=tmp_path, NODE_PATH=str(NODE)).stdout)
        tags = ["PLC_1:Plant.speed", "PLC_1:Plant.count", "PLC_1:Plant.total", "PLC_1:Plant.running", "PLC_1:Flag"]
        found = asyncio.run(served.plant.runtime.read(VIEWER, tags))
    before, after = answer["before"], answer["after"]
    assert not before["bad"] and not after["bad"]
    assert before["values"]["SPEED"] == 0 and len(before["values"]["LIST"]) == 100
    names = ("SPEED", "COUNT", "TOTAL", "RUNNING", "FLAG")
    assert [after["values"][each] for each in names] == [12.5, -3, 70_000, True, True]
    assert [each.value for each in found] == [12.5, -3, 70_000, True, True]
