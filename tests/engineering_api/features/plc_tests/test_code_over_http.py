"""A request over HTTP executes no Python file, also where the server could read it."""

from __future__ import annotations

from pathlib import Path

from tests.engineering_api.features.plc_tests import programs
from tests.support.service import Client

RUN = "/api/plc-tests/actions/run-sync"
TESTS = """
tests:
- name: own
  block: Scale
  models: {m: {type: "plant.py:Model", bind: {x: raw}}}
  steps: [{run: 1}]
"""


def test_a_model_of_a_python_file_is_refused_and_not_executed(client: Client, workspace: Path) -> None:
    (workspace / "plant.py").write_text(f"open({str(workspace / 'executed')!r}, 'w').close()\n")
    (workspace / "own.plctest.yaml").write_text(TESTS)
    sources = [{"name": "scale.scl", "content": programs.SCALE}]
    for body in ({"tests": TESTS}, {"testPaths": ["own.plctest.yaml"]}):
        report = client.ok("POST", RUN, body | {"sources": sources})
        assert report["failed"] == 1
        assert "runs only where you run the tests yourself" in report["results"][0]["error"]
    assert not (workspace / "executed").exists()


def test_a_built_in_model_runs(client: Client) -> None:
    tests = TESTS.replace('"plant.py:Model"', "Tank").replace("{x: raw}", "{raw: raw}, values: {level: 2}")
    tests = tests.replace("{run: 1}", "{run: 1, expect: {raw: 27648}}")
    report = client.ok("POST", RUN, {"tests": tests, "sources": [{"name": "s.scl", "content": programs.SCALE}]})
    assert report["passed"] == 1, report["results"][0]["error"]
