"""Programs that speak: the design specification, the assistant without a provider, and MCP's own description."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names


def example(w: Walk, name: str) -> dict[str, Any]:
    return dict(w.catalogue.named(name).example)


def a_design_becomes_a_program(w: Walk) -> None:
    assert w.read("design_spec.get_schema")
    spec = json.loads(json.dumps(example(w, "design_spec.load")).replace("PLC_1", "PLC_D"))
    w.between("design_spec.load", spec, lambda: None)
    assert w.read("design_spec.get_model")["name"] == "Pump"
    with w.unchanged("devices.list_"):
        assert w.read("design_spec.generate", {})
        assert w.read("design_spec.plan", {})
    made = w.changes("design_spec.generate_and_import", {}, seen="devices.list_", look=len)
    assert made.answer["failed"] == 0
    blocks = names(w.peek("blocks.list_", {"deviceName": "PLC_D"}))
    assert {each["name"] for each in made.answer["results"] if each["kind"] == "FB"} <= set(blocks)
    assert w.peek("design_spec.generate_and_import", {})["created"] == 0
    w.peek("projects.save")
    tested = w.between("design_spec.run_tests", {}, lambda: None).answer
    assert tested["passed"] == tested["total"]
    w.changes(
        "design_spec.load_separate", {"name": "Pumps"}, seen="design_spec.get_model", look=lambda model: model["name"]
    )
    w.changes("design_spec.delete_model", seen="system.audit")


def without_a_provider_it_says_so(w: Walk) -> None:
    project = {"projectKey": "walk"}
    asked = w.changes(
        "assistant.chat",
        project | {"message": "How do I import tags from Excel?"},
        seen="assistant.history",
        by=project,
    )
    said = w.read("assistant.history", project)
    turn = {"turnId": asked.answer["turnId"]}
    while w.read("assistant.turn", turn)["status"] == "busy":
        pass
    answer = w.peek("assistant.turn", turn)["response"]["content"]
    assert "No language model is set up" in answer
    assert "import-xlsx-sync" in answer
    assert [each["role"] for each in said][:1] == ["user"]
    lamp = {"blockName": "Lamp", "description": "A lamp."}
    w.refuses("assistant.write_block", PLC | lamp, 422, "assistant.no_provider")
    w.refuses("assistant.models", {}, 422, "assistant.no_provider")
    w.changes("assistant.save_settings", {"maxRounds": 3}, seen="assistant.settings")
    assert w.read("assistant.settings")["maxRounds"] == 3
    w.between("assistant.stop", project, lambda: None)
    assert w.changes("assistant.forget", project, seen="assistant.history", by=project).after == []


def what_mcp_says_of_itself(w: Walk) -> None:
    info = w.read("mcp.info")
    assert len(info["tools"]) > 10
    assert w.read("mcp.config", {})
    assert w.read("mcp.sessions") == []
    w.refuses("mcp.session", {"sessionId": "none"}, 404, "mcp.session_not_found")
    w.between("mcp.cleanup", {}, lambda: None)
    assert w.read("mcp.instance")
    assert {part["name"] for part in w.read("mcp.project_state")["parts"]} >= set(names(w.peek("blocks.list_", PLC)))


CHAPTERS = (a_design_becomes_a_program, without_a_provider_it_says_so, what_mcp_says_of_itself)
