"""Reading, writing and listening, over a virtual CPU and the service's own tags."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from openness_bridge.errors import Problem
from runtime_data.quality import INITIAL_VALUE, OUT_OF_SERVICE, UNKNOWN_TAG
from runtime_data.rules import Rule
from runtime_data.runtime import Write
from runtime_data.subscriptions import Newest
from tests.runtime_data.plant import OPERATOR, VIEWER, Plant, plant_in


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


@pytest.fixture
def cpu(plant: Plant) -> Plant:
    plant.start_cpu()
    return plant


def test_values_of_a_virtual_cpu(cpu: Plant) -> None:
    start, speed, nothing = asyncio.run(cpu.runtime.read(VIEWER, ["Flag", "plc_1:Data.motor.speed", "PLC_1:nope"]))
    assert (start.tag, start.value, start.data_type, start.quality) == ("PLC_1:Flag", False, "Bool", "Good")
    assert (speed.tag, speed.value) == ("PLC_1:Data.motor.speed", 1.5)
    assert nothing.value is None and nothing.status == UNKNOWN_TAG.code and nothing.error is not None


def test_an_unchanged_value_keeps_its_source_time(cpu: Plant) -> None:
    (first,) = asyncio.run(cpu.runtime.read(VIEWER, ["Flag"]))
    (again,) = asyncio.run(cpu.runtime.read(VIEWER, ["Flag"]))
    assert first.source_time == again.source_time
    asyncio.run(cpu.runtime.write(OPERATOR, [Write("Flag", True)]))
    (changed,) = asyncio.run(cpu.runtime.read(VIEWER, ["Flag"]))
    assert changed.value is True and changed.source_time > first.source_time


def test_a_cpu_in_stop_is_out_of_service(cpu: Plant) -> None:
    with cpu.simulation.handle("PLC_1").use() as api:
        api.Stop(60_000)
    (value,) = asyncio.run(cpu.runtime.read(VIEWER, ["Flag"]))
    assert value.status == OUT_OF_SERVICE.code


def test_writes_are_checked_one_by_one(cpu: Plant) -> None:
    writes = [Write("Flag", True), Write("Data.motor.speed", "quick"), Write("nope", 1)]
    done, mistyped, missing = asyncio.run(cpu.runtime.write(OPERATOR, writes, verify=True))
    assert done.error is None and done.verified and done.before is not None and done.before.value is False
    assert mistyped.error is not None and missing.error is not None
    with pytest.raises(Problem):
        asyncio.run(cpu.runtime.write(OPERATOR, [Write("PLC_9:x", 1)]))


def test_all_or_none(cpu: Plant) -> None:
    cpu.memory(note="String[10]")
    writes = [Write("Flag", True), Write("Data.motor.speed", "quick")]
    first, second = asyncio.run(cpu.runtime.write(OPERATOR, writes, atomic=True))
    assert first.error is not None and first.error.code == "runtime.not_tried"
    assert second.error is not None
    assert asyncio.run(cpu.runtime.read(VIEWER, ["Flag"]))[0].value is False
    with pytest.raises(Problem) as refused:
        asyncio.run(cpu.runtime.write(OPERATOR, [Write("Flag", True), Write("memory:note", "x")], atomic=True))
    assert refused.value.code == "runtime.atomic"


def test_expected_values_are_compared(cpu: Plant) -> None:
    (refused,) = asyncio.run(cpu.runtime.write(OPERATOR, [Write("Flag", True, expected=True)]))
    assert refused.error is not None and refused.error.code == "runtime.changed"
    (done,) = asyncio.run(cpu.runtime.write(OPERATOR, [Write("Flag", True, expected=False)]))
    assert done.error is None


def test_rules_for_tags(cpu: Plant) -> None:
    (refused,) = asyncio.run(cpu.runtime.write(VIEWER, [Write("Flag", True)]))
    assert refused.error is not None and refused.error.code == "runtime.write_denied"
    cpu.rules.replace([Rule("PLC_1:Data.*", ["olga"], ["operator"], minimum=0, maximum=100)])
    (hidden,) = asyncio.run(cpu.runtime.read(VIEWER, ["Data.motor.speed"]))
    assert hidden.error is not None and hidden.error.code == "runtime.read_denied"
    (high,) = asyncio.run(cpu.runtime.write(OPERATOR, [Write("Data.motor.speed", 101)]))
    assert high.error is not None and high.error.code == "runtime.range"
    (good,) = asyncio.run(cpu.runtime.write(OPERATOR, [Write("Data.motor.speed", 100)]))
    assert good.error is None


def test_tags_of_the_service_survive_a_restart(plant: Plant, tmp_path: Path) -> None:
    memory = plant.memory(order="String[20]", count="DInt")
    (fresh,) = memory.read(["count"])
    assert fresh.status == INITIAL_VALUE.code
    assert memory.write([("order", "A-17"), ("count", "16#10")], {}, atomic=True) == [None, None]
    plant.close()
    with plant_in(tmp_path) as again:
        order, count = again.sources.find("memory").read(["order", "count"])
        assert (order.value, count.value) == ("A-17", 16)


def test_listeners_get_what_changes(cpu: Plant) -> None:
    cpu.memory(count="DInt")

    async def listen() -> None:
        news = Newest()
        with cpu.runtime.subscriptions.listen(["PLC_1:Flag", "memory:count"], news.add, 0.02):
            seen: dict[str, object] = {}
            while len(seen) < 2:
                seen |= {value.tag: value.value for value in await news.take()}
            assert seen == {"PLC_1:Flag": False, "memory:count": None}
            await cpu.runtime.write(OPERATOR, [Write("Flag", True), Write("memory:count", 3)])
            while seen != {"PLC_1:Flag": True, "memory:count": 3}:
                seen |= {value.tag: value.value for value in await news.take()}

    asyncio.run(asyncio.wait_for(listen(), 60))


def test_the_tree_of_tags(cpu: Plant) -> None:
    top = {node.name: node for node in asyncio.run(cpu.runtime.browse("PLC_1"))}
    assert top["Flag"].has_value and not top["Flag"].has_children
    assert top["Data"].has_children
    below = asyncio.run(cpu.runtime.browse("PLC_1", "Data.motor"))
    assert "PLC_1:Data.motor.speed" in {node.tag for node in below}
