"""A preview shows the language, the size and the users of what a call replaces, and no LAD block becomes SCL without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.engineering_api.features.tools.undo_kit import LADDER, ON, TABLE, Plant
from tests.support.service import CPU, FIRMWARE, settings

SMALL = 'FUNCTION "Ladder" : Void\nBEGIN\n  "Lamp" := "Start";\nEND_FUNCTION\n'
CALLER = 'FUNCTION "Caller" : Void\nBEGIN\n  "Ladder"();\nEND_FUNCTION\n'


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    given = settings(tmp_path_factory.mktemp("consequences"))
    with TestClient(create_app(given)) as http:
        made = Plant(http, given.workspace)
        made.ok("create_project", name="Plant")
        made.ok("add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_1")
        made.ok("call_operation", operation="tag_tables.create", arguments=ON | {"name": "Conveyor"})
        for name in ("Start", "Lamp"):
            made.ok("create_tag", **TABLE, name=name, dataType="Bool")
        made.ok("blocks.create", **ON, **LADDER)
        made.ok("write_scl", **ON, scl=CALLER)
        made.compile()
        yield made


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("write_scl", ON | {"scl": SMALL, "overwrite": True}),
        ("import_scl", ON | {"sclContent": SMALL}),
        ("set_block_content", ON | {"blockName": "Ladder", "sourceText": SMALL}),
    ],
)
def test_a_text_that_replaces_another_language_needs_a_preview(
    plant: Plant, tool: str, arguments: dict[str, Any]
) -> None:
    kept = plant.ok("list_snapshots")["result"]
    refused = plant.call(tool, **arguments)
    assert refused.code == "change.needs_preview"
    if "overwrite" not in arguments:  # the flag alone needs a preview, before anything is read
        assert "'Ladder' (LAD, " in refused.text and "used by Caller" in refused.text
    loss = plant.ok("preview_change", tool=tool, arguments=arguments)["loss"]
    (touched,) = loss["touched"]
    assert (touched["name"], touched["language"], touched["usedBy"]) == ("Ladder", "LAD", ["Caller"])
    assert touched["lines"] > 1
    assert plant.ok("list_snapshots")["result"] == kept


def test_a_deletion_names_the_users(plant: Plant) -> None:
    loss = plant.ok("preview_change", tool="delete_block", arguments=ON | {"blockName": "Ladder"})["loss"]
    assert [each["usedBy"] for each in loss["touched"]] == [["Caller"]]


def test_tools_that_replace_by_a_text_are_destructive(plant: Plant) -> None:
    from tests.engineering_api.features.tools.undo_kit import ME

    tools = {tool.name: tool for tool in plant.toolbox.tools(ME, everything=True)}
    assert all(tools[name].destructive for name in ("write_scl", "import_scl", "set_block_content"))
    assert not tools["create_tag"].destructive
