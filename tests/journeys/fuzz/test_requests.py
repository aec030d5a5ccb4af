"""Random requests of both versions of the API, near to what works and against the document.

No answer is a server's error or is not documented; what the document calls valid is accepted, and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from engineering_api.web.openapi.document import FORMS
from tests.journeys.fuzz.cases import EXCLUDED, Target, check, check_agreement, mangled, near, send, targets
from tests.support.state.api import CATALOGUE
from tests.support.state.needs import first_of, need
from tests.support.state.stage import Stage

RESOURCES = sorted({op.name.partition(".")[0] for op in CATALOGUE if op.name not in EXCLUDED})
VERSIONS = (1, 2)
VALID = {GenerationMode.POSITIVE: 1}
INVALID = {GenerationMode.NEGATIVE: 1}
FEW = VALID | INVALID
"""One version of an operation gets a valid request and the other an invalid one: both are bound by the same code."""
MANY = {GenerationMode.POSITIVE: 24, GenerationMode.NEGATIVE: 8}
ODD_EXAMPLES = 12


def try_out(played: Stage, target: Target, values: dict[str, str], examples: dict[GenerationMode, int]) -> int:
    """Send random requests to a route. Returns how many."""
    sent = 0
    for mode, count in examples.items():
        try:
            sent += run_all(played, target.label, near(target, mode, values), count)
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, f"{target.label}: no request fits the document"  # takes anything
    return sent


def run_all(played: Stage, what: str, cases: st.SearchStrategy[Any], count: int) -> int:
    """Send so many cases, which depend on the name alone. Returns how many were sent."""
    sent = 0

    @seed(what)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(cases)
    def run(case: object) -> None:
        nonlocal sent
        answer = send(played.http, case)
        check(case, answer)
        check_agreement(case, answer)
        sent += 1

    run()
    return sent


def of_resource(resource: str, api: int) -> list[Target]:
    """The routes of a resource."""
    return [target for target in targets(api) if target.op.name.partition(".")[0] == resource]


@pytest.mark.parametrize(
    "resource",
    [each if number % 5 == 0 else pytest.param(each, marks=pytest.mark.slow) for number, each in enumerate(RESOURCES)],
)
def test_a_few_requests_for_each_operation(played: Stage, resource: str) -> None:
    mine: dict[str, dict[int, Target]] = {}
    for api in VERSIONS:
        for target in of_resource(resource, api):
            if target.is_first:
                mine.setdefault(target.op.name, {})[api] = target
    played.restore()
    for name, routes in sorted(mine.items()):
        for api, target in sorted(routes.items()):
            valid = (len(name) + api) % 2 == 0
            sent = try_out(played, target, {}, FEW if len(routes) == 1 else VALID if valid else INVALID)
            assert sent or not valid  # some operations take anything


@pytest.mark.exploration
@pytest.mark.timeout(600)
@pytest.mark.parametrize("api", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_many_requests_where_the_example_works(played: Stage, resource: str, api: int) -> None:
    for target in of_resource(resource, api):
        asked = need(target.op.name)
        played.restore()
        assert try_out(played, target, first_of(asked, played.http), MANY)


@pytest.mark.exploration
@pytest.mark.timeout(600)
@pytest.mark.parametrize("resource", RESOURCES)
def test_examples_with_odd_values(played: Stage, resource: str) -> None:
    for target in of_resource(resource, 1):
        if target.is_first and target.op.example:
            asked = need(target.op.name)
            played.restore()
            run_all(played, target.label, mangled(target, first_of(asked, played.http)), ODD_EXAMPLES)


def test_what_is_left_out_is_named_with_its_reason() -> None:
    assert set(EXCLUDED) <= {op.name for op in CATALOGUE}
    assert {target.op.name for target in targets()} == {op.name for op in CATALOGUE} - set(EXCLUDED)
    below = {op.name for op in CATALOGUE if any(FORMS[2].routes(op))}
    assert {target.op.name for target in targets(2)} == below - set(EXCLUDED)
