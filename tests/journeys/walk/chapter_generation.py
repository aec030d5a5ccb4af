"""Blocks from JSON and templates, and tests of the program."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.chapter_program import FB
from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names


def mixer(w: Walk) -> dict[str, Any]:
    """The sequence as the operation's own example has it."""
    return dict(w.catalogue.named("block_generation.generate_graph").example)


def blocks_come_from_json(w: Walk) -> None:
    with w.unchanged("blocks.list_", PLC):
        made = w.between(
            "block_generation.generate_only",
            FB | {"name": "Json1", "exportPath": "generated/Json1.xml"},
            lambda: w.files("generated"),
        )
        assert made.appeared == ["generated/Json1.xml"]
        graph = {
            name: value
            for name, value in mixer(w).items()
            if name not in {"deviceName", "folder", "override", "compile"}
        }
        drawn = w.between(
            "block_generation.generate_graph_only",
            graph | {"exportPath": "generated/Mixer.xml"},
            lambda: w.files("generated"),
        )
        assert drawn.appeared == ["generated/Mixer.xml"]
    ways: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("generate_and_import", FB | {"name": "Json2"}, "Json2"),
        ("import_only", {"importFilePath": "generated/Json1.xml"}, "Json1"),
        ("generate_graph", mixer(w), "Mixer"),
        ("generate_from_design", {"objects": [FB | {"name": "Json3"}]}, "Json3"),
        (
            "bulk_import_",
            {"files": ["generated/Json1.xml"], "override": True, "mode": "each", "folder": "Again"},
            "Json1",
        ),
        (
            "instantiate",
            {"templateName": "motor", "parameters": {"blockName": "Pump", "instanceName": "Pump_1"}},
            "Pump",
        ),
    )
    for verb, arguments, wanted in ways:
        if verb == "bulk_import_":
            w.peek("blocks.delete", PLC | {"blockName": "Json1"})
        made = w.changes(f"block_generation.{verb}", PLC | arguments, seen="blocks.list_", by=PLC)
        assert wanted in names(made.appeared), verb


def templates_are_there(w: Walk) -> None:
    known = w.read("block_generation.templates")
    assert w.read("block_generation.get_template", {"templateName": "motor"}) in known
    filled = w.read("block_generation.fill_template", {"templateName": "motor", "parameters": {"blockName": "Valve7"}})
    assert "Valve7" in str(filled["files"])


TEST = {
    "name": "Follows",
    "steps": [{"write": {"Start": True}, "waitMs": 50, "assert": {"Running": {"expected": True}}}],
}


def the_program_is_tested(w: Walk) -> None:
    assert w.read("plc_tests.get_schema")
    w.peek("online.download", PLC | {"pcInterface": "PLCSIM", "scope": "HardwareAndSoftware"})
    w.peek("simulation.connect", {"instance": "PLC_1"})
    w.peek("simulation_instances.run", {"name": "PLC_1"})
    w.changes("plc_tests.save", TEST, seen="plc_tests.list_stored")
    assert w.read("plc_tests.get", {"name": "Follows"})["steps"][0]["waitMs"] == 50
    ran = w.changes("plc_tests.run_stored", {"testName": "Follows"}, seen="plc_tests.results")
    assert (ran.answer["total"], ran.answer["passed"]) == (1, 1)
    w.peek("projects.save")
    whole = w.between("plc_tests.run_on_device", PLC, lambda: None)
    assert whole.answer["passed"] == w.read("plc_tests.results")["passed"]
    text = "tests:\n- name: Follows\n  steps:\n  - write: {Start: true}\n    expect: {Running: true}\n"
    by_hand = w.between("plc_tests.run", PLC | {"tests": text}, lambda: None)
    assert by_hand.answer["passed"] == 1
    newest, *earlier = w.read("plc_test_runs.list_")
    assert (newest["id"], newest["passed"], len(earlier)) == (by_hand.answer["run"], 1, 2)
    assert w.read("plc_test_runs.get", {"id": newest["id"]})["summary"] == newest
    assert w.read("plc_test_runs.suites") == []
    w.changes("plc_tests.delete", {"name": "Follows"}, seen="plc_tests.list_stored")
    assert w.read("plc_tests.list_stored") == []


CHAPTERS = (blocks_come_from_json, templates_are_there, the_program_is_tested)
