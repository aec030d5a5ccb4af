"""Designs of equipment: loaded, judged, generated, brought into a project, run on the virtual CPU, changed."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from engineering_api.design import reading
from tests.api.conftest import Client

EXAMPLES = Path(__file__).parents[2] / "examples" / "designs"
DESIGNS = sorted(each.name for each in EXAMPLES.glob("*.design.yaml"))
LOAD, PARTS = "/api/design-spec/load", "/api/design-spec/load-separate"
MODEL, GENERATE = "/api/design-spec/model", "/api/design-spec/generate"
PLAN, IMPORT = "/api/design-spec/plan", "/api/design-spec/generate-and-import"
TEST = "/api/design-spec/actions/test"
Json = dict[str, Any]


def example(name: str) -> Json:
    return reading.data_of((EXAMPLES / name).read_text(encoding="utf-8"), reading.Mistakes())


def by_status(applied: Json) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in applied["results"]:
        found.setdefault(each["status"], []).append(each["name"])
    return found


@pytest.mark.parametrize("name", DESIGNS)
def test_an_example_is_generated_compiled_and_passes_its_tests_and_a_second_time_changes_nothing(
    project: Client, name: str
) -> None:
    loaded = project.ok("POST", LOAD, {"content": (EXAMPLES / name).read_text(encoding="utf-8")})
    assert (loaded["complete"], loaded["findings"], loaded["warnings"]) == (True, [], [])
    first = project.ok("POST", IMPORT, {})
    assert (first["failed"], first["created"]) == (0, len(first["results"]) - 1)
    for compiled in first["compilations"].values():
        assert [each for each in compiled["diagnostics"] if each["severity"] != "Information"] == []
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", TEST, {})
    assert [each["error"] for each in report["results"] if not each["passed"]] == []
    assert report["passed"] == report["total"] > len(first["tests"])
    second = project.ok("POST", IMPORT, {})
    assert set(by_status(second)) == {"unchanged"}
    assert second["compilations"] == {}
