"""A change that is cancelled changes nothing; one that has made a change already is completed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.features.tags import tag_tables_operations
from engineering_api.operations.context import Context
from engineering_api.operations.progress import Progress
from openness_bridge.errors import Problem
from tests.engineering_api.features.tools.undo_kit import DEVICE, ME, ON, Plant
from tests.support.service import settings
from tests.support.stopping import stopping_at
from tests.support.whole_project import differences

PATIENCE = 60.0


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    given = settings(tmp_path_factory.mktemp("cancel"))
    with TestClient(create_app(given)) as http:
        made = Plant(http, given.workspace)
        made.build()
        yield made


@pytest.fixture(scope="module")
def before(plant: Plant) -> dict[str, Any]:
    return plant.state()


FIVE = "".join(f'FUNCTION_BLOCK "Part{n}"\nBEGIN\n  "Lamp" := "Start";\nEND_FUNCTION_BLOCK\n' for n in range(5))


def test_a_cancelled_tool_changes_nothing_and_reports_it(plant: Plant, before: dict[str, Any]) -> None:
    kept = plant.ok("list_snapshots")["result"]
    for number in (1, 8, 20):
        with stopping_at(number):
            answer = plant.call("write_scl", **ON, scl=FIVE)
        assert (answer.code, answer.structured["error"].get("details", [])) == ("tool.cancelled", []), number
        assert "Nothing was changed." in answer.text
        assert differences(before, plant.state()) == {}
        assert plant.ok("list_snapshots")["result"] == kept


def test_a_tool_whose_client_hangs_up_is_stopped_before_the_next_one_runs(plant: Plant, before: dict[str, Any]) -> None:
    async def hang_up() -> None:
        loop = asyncio.get_running_loop()
        call = loop.create_task(plant.toolbox.call("write_scl", ON | {"scl": FIVE}, ME, writing=True))

        def leave(progress: Progress) -> None:
            loop.call_soon_threadsafe(call.cancel)
            deadline = time.monotonic() + PATIENCE
            while not progress._stopped and time.monotonic() < deadline:
                time.sleep(0.005)

        with stopping_at(8, leave):
            with pytest.raises(asyncio.CancelledError):
                await call
            answer = await plant.toolbox.call("list_blocks", ON, ME)
            assert not answer.is_error
            assert (await plant.toolbox.call("tags.add", ON | {"name": "After"}, ME, writing=True)).structured[
                "change"
            ]["created"] == []

    plant.http.blocking_portal.call(hang_up)
    plant.apply("tags.delete", ON | {"tableName": "Default tag table", "tagName": "After"})
    assert differences(before, plant.state()) == {}


def test_a_call_that_fails_in_the_middle_lists_what_it_left(plant: Plant, before: dict[str, Any]) -> None:
    op = catalogue().of(tag_tables_operations.create)

    def half(ctx: Context, request: tag_tables_operations.Create) -> None:
        op_run(ctx, request)
        raise Problem("tag_table.half", "The second half was refused.")

    op_run = op.run
    object.__setattr__(op, "run", half)
    try:
        answer = plant.call("tag_tables.create", **ON, name="Half")
    finally:
        object.__setattr__(op, "run", op_run)
    details = [each["message"] for each in answer.structured["error"]["details"]]
    assert details == [f"The tagTable 'Half' of '{DEVICE}' was created."]
    (change_id,) = re.findall(r"changeId '(\w+)'", answer.text)
    plant.ok("undo_change", changeId=change_id)
    assert differences(before, plant.state()) == {}
