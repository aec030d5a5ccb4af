"""Commands: only what the administrator's file lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.errors import Problem
from runtime_data.ignition import commands
from tests.runtime_data.ignition.plant import Plant, plant_in, until
from tests.support.service import KEY

LISTED = {
    "reset": {"writes": [{"path": "[PLC_1]Data/on", "value": True}, {"path": "[PLC_1]Plant/Status", "value": 0}]},
    "setpoint": {"writes": [{"path": "[PLC_1]Plant/Setpoint", "argument": "value"}]},
    "report": {"pipeline": "Report", "arguments": ["shift"]},
    "lost": {"pipeline": "Not there"},
}


def write(folder: Path, content: Any) -> Path:
    file = folder / "commands.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path, ignition_commands=write(tmp_path, LISTED)) as made:
        yield made


def test_a_command_writes_its_tags(plant: Plant) -> None:
    done = plant.post("/api/cmd", {"command": "reset", "args": {}})
    assert done == {
        "status": "completed",
        "results": [
            {"path": "[PLC_1]Data/on", "success": True, "quality": "Good"},
            {"path": "[PLC_1]Plant/Status", "success": True, "quality": "Good"},
        ],
    }
    found = plant.get("/api/tags", path=["[PLC_1]Data/on", "[PLC_1]Plant/Status"])
    assert {name: each["value"] for name, each in found.items()} == {"on": True, "Status": 0}


def test_a_command_takes_only_its_arguments(plant: Plant) -> None:
    _ = plant.post("/api/cmd", {"command": "setpoint", "args": {"value": 77}})
    assert plant.get("/api/tags", path="[PLC_1]Plant/Setpoint")["Setpoint"]["value"] == 77
    for arguments in ({}, {"value": 1, "other": 2}, {"value": [1]}, {"value": None}):
        assert plant.refused(400, "POST", "/api/cmd", {"command": "setpoint", "args": arguments})


def test_a_command_begins_a_pipeline(plant: Plant) -> None:
    steps = [{"name": "Look", "action": "GET /api/instance/version", "params": {}}]
    definition = {"name": "Report", "steps": steps, "variables": {"shift": None}}
    headers = {"X-API-Key": KEY}
    saved = plant.http.post("/api/pipelines", json=definition, headers=headers)
    assert saved.status_code == 200, saved.text
    begun = plant.post("/api/cmd", {"command": "report", "args": {"shift": "early"}})
    assert begun["status"] == "accepted"

    def ended() -> bool:
        job = plant.http.get(f"/api/jobs/{begun['jobId']}", headers=headers).json()["data"]
        return bool(job["completedAt"])

    until(ended)
    found = plant.http.get(f"/api/pipelines/executions/{begun['executionId']}", headers=headers).json()["data"]
    assert found["status"] == "Completed", found


def test_what_is_not_listed(plant: Plant) -> None:
    assert "TIA_IGNITION_COMMANDS" in plant.refused(404, "POST", "/api/cmd", {"command": "format", "args": {}})
    assert plant.refused(400, "POST", "/api/cmd", {"args": {}}) == "Missing 'command' field"
    assert plant.refused(404, "POST", "/api/cmd", {"command": "lost"})


def test_without_a_file_there_are_no_commands(tmp_path: Path) -> None:
    with plant_in(tmp_path) as plant:
        assert plant.refused(404, "POST", "/api/cmd", {"command": "reset", "args": {}})


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        {"a": {}},
        {"a": {"writes": [{"path": "[P]x", "value": 1}], "pipeline": "P"}},
        {"a": {"writes": [{"path": "[P]x"}]}},
        {"a": {"writes": [{"path": "[P]x", "value": 1, "argument": "b"}]}},
        {"a": {"writes": [{"path": "[P", "value": 1}]}},
        {"a": {"pipeline": "P", "command": "rm"}},
        " " * (commands.LARGEST + 1),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(Problem) as refused:
        commands.load(write(tmp_path, content))
    assert refused.value.code == "settings.ignition"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        commands.load(tmp_path / "nothing.json")
