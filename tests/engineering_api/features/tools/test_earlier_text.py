"""The text of a block that is not consistent is from an earlier import, and every place that shows it marks it."""

from __future__ import annotations

import re
from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.tools.resources import EARLIER
from tests.engineering_api.features.tools.undo_kit import ON, TABLE, Plant
from tests.support.service import CPU, FIRMWARE, settings

LAMP = 'FUNCTION_BLOCK "Shine"\nVAR\n  n : Int;\nEND_VAR\nBEGIN\n  "Lamp" := TRUE;\nEND_FUNCTION_BLOCK\n'
BLOCK = ON | {"blockName": "Shine"}
URI = "tia://devices/PLC_1/blocks/Shine"


def test_a_text_of_before_a_rename_is_marked_until_the_block_is_compiled(tmp_path: Path) -> None:
    given = settings(tmp_path)
    with TestClient(create_app(given)) as http:
        plant = Plant(http, given.workspace)
        plant.ok("create_project", name="Plant")
        plant.ok("add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_1")
        plant.ok("call_operation", operation="tag_tables.create", arguments=ON | {"name": "Conveyor"})
        plant.ok("create_tag", **TABLE, name="Lamp", dataType="Bool", logicalAddress="%Q0.0")
        plant.ok("write_scl", **ON, scl=LAMP)
        assert marks(plant) == ('"Lamp"', False, "", {False})
        plant.ok("update_tag", **TABLE, tagName="Lamp", newName="Lamp2")
        assert marks(plant) == ('"Lamp"', True, EARLIER, {True})
        plant.ok("compile_device", **ON)
        assert marks(plant) == ('"Lamp2"', False, "", {False})


def marks(plant: Plant) -> tuple[str, bool, str, set[bool]]:
    """The tag in the text, and what block content, resource and search say of the text."""
    content = plant.look("blocks.get_content", BLOCK)
    answer = plant.call("read_resource", uri=URI)
    page = answer.structured["result"]
    assert answer.text.endswith(page["text"]) and answer.text.startswith(page["note"])
    assert page["text"] == content["sourceText"]
    found = [*plant.look("projects.search", {"query": "n"}), *plant.look("projects.search", {"query": "Shine"})]
    found = [each for each in found if "Shine" in (each["name"], each["container"])]
    (tag,) = re.findall(r'"Lamp2?"', content["sourceText"])
    return tag, content["isEarlier"], page["note"], {each["isEarlier"] for each in found}
