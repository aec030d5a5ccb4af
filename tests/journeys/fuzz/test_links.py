"""From answer to answer along the links of the OpenAPI document: what was made is read, changed and deleted again."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings

from engineering_api import VERSION
from engineering_api.operations.terms import Mode
from engineering_api.web.openapi.document import describe
from engineering_api.web.openapi.links import links, method_name, to_job
from tests.journeys.fuzz.cases import EXCLUDED, check, fitted, send
from tests.support.state.api import CATALOGUE
from tests.support.state.needs import first_of, need
from tests.support.state.stage import Stage

LINKS = links(CATALOGUE)
RESOURCES = sorted({name.partition(".")[0] for name in LINKS})
FEW = ("blocks", "history", "jobs", "tag_tables", "tags", "udts")
"""The resources whose links are tried every time; the exploration tries all."""
BEFORE = {"jobs": "jobs.get", "pipelines": "pipelines.get", "webhooks": "webhooks.get"}
"""Operations whose need a resource begins with, where there is nothing to go on from otherwise."""
STEPS = 6
Answered = Counter[tuple[str, bool, int]]
"""How often an operation answered with a status, and whether a link led to it."""


@cache
def document() -> dict[str, Any]:
    """The whole document, without the links to jobs: every answer has them, and nothing else would be tried."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(describe(CATALOGUE, VERSION)))
    assert made["components"]["responses"]["Accepted"].pop("links") == to_job(CATALOGUE)
    return made


def linked(resource: str) -> set[str]:
    """The operations of a resource that have links, or that links lead to."""
    names = {*LINKS, *(name for each in LINKS.values() for name in each)}
    return {name for name in names if name.partition(".")[0] == resource} - set(EXCLUDED)


def walk(played: Stage, resource: str, walks: int) -> Answered:
    """Go along the links of a resource, each time from the common state."""
    names, asked, answered = linked(resource), need(BEFORE.get(resource, resource)), Answered()
    wanted = {method_name(name) for name in names}
    kept = {
        path: {method: op for method, op in methods.items() if op["operationId"] in wanted}
        for path, methods in document()["paths"].items()
    }
    part = document() | {"paths": {path: methods for path, methods in kept.items() if methods}}

    class Walk(schemathesis.openapi.from_dict(part).as_state_machine()):
        def setup(self) -> None:
            played.restore()
            first_of(asked, played.http)

        def step(self, given: Any) -> Any:
            fitted(given.case, keep_path=given.transition is not None)
            output = super().step(given)
            answered[given.case.operation.label, given.transition is not None, output.response.status_code] += 1
            return output

        def call(self, case: Any, **_: Any) -> Any:
            return schemathesis.Response.from_any(send(played.http, case))

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            check(case, response)

    seed(1)(Walk)
    Walk.run(
        settings=settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
    )
    return answered


def test_every_link_leads_to_an_operation_and_fills_its_path() -> None:
    for source, made in LINKS.items():
        for name, link in made.items():
            target = CATALOGUE.named(name)
            assert target is not None, (source, name)
            route = next(route for route in target.routes if route.mode is Mode.WAIT)
            assert set(link["parameters"]) == {f"path.{parameter}" for parameter in route.parameters}


@pytest.mark.parametrize("resource", [FEW[0], *(pytest.param(each, marks=pytest.mark.slow) for each in FEW[1:])])
def test_a_short_walk(played: Stage, resource: str) -> None:
    assert walk(played, resource, 4).total()


LONE = {
    "mcp": "No client of MCP is connected, so that no session leads on.",
    "libraries_global": "Which library is a field of the query or the body, and links fill paths.",
}
"""Resources whose links lead nowhere in the state of the examples, and why."""


@pytest.mark.exploration
@pytest.mark.timeout(600)
@pytest.mark.parametrize("resource", RESOURCES)
def test_long_walks(played: Stage, resource: str) -> None:
    answered = walk(played, resource, 25)
    if resource in LONE:
        assert answered.total(), LONE[resource]
        return
    assert any(is_linked and status == 200 for _, is_linked, status in answered), answered
