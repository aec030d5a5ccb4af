"""Random requests, near to what works and against the document: no error of a server, nothing that is not documented."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.journeys.fuzz.cases import EXCLUDED, Target, check, mangled, near, send, targets
from tests.support.state.api import CATALOGUE
from tests.support.state.needs import first_of, need, operations
from tests.support.state.stage import Stage

RESOURCES = sorted({target.op.name.partition(".")[0] for target in targets()})
FEW = {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 1}
MANY = {GenerationMode.POSITIVE: 24, GenerationMode.NEGATIVE: 8}
ODD_EXAMPLES = 12


def try_out(played: Stage, target: Target, values: dict[str, str], examples: dict[GenerationMode, int]) -> int:
    """Send random requests to a route. Returns how many."""
    sent = 0
    for mode, count in examples.items():
        try:
            sent += run_all(played, near(target, mode, values), count)
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, f"{target.label}: no request fits the document"  # takes anything
    return sent


def run_all(played: Stage, cases: st.SearchStrategy[Any], count: int) -> int:
    """Send so many cases. Returns how many were sent."""
    sent = 0

    @seed(1)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(cases)
    def run(case: object) -> None:
        nonlocal sent
        check(case, send(played.http, case))
        sent += 1

    run()
    return sent


@pytest.mark.parametrize(
    "resource",
    [each if number % 5 == 0 else pytest.param(each, marks=pytest.mark.slow) for number, each in enumerate(RESOURCES)],
)
def test_a_few_requests_for_each_operation(played: Stage, resource: str) -> None:
    mine = [target for target in targets() if target.op.name.partition(".")[0] == resource and target.is_first]
    played.restore({target.op.name for target in mine})
    assert all(try_out(played, target, {}, FEW) for target in mine)


@pytest.mark.exploration
@pytest.mark.timeout(600)
@pytest.mark.parametrize("resource", RESOURCES)
def test_many_requests_where_the_example_works(played: Stage, resource: str) -> None:
    for target in targets():
        if target.op.name.partition(".")[0] == resource:
            asked = need(target.op.name)
            played.restore({target.op.name, *operations(asked)})
            assert try_out(played, target, first_of(asked, played.http), MANY)


@pytest.mark.exploration
@pytest.mark.timeout(600)
@pytest.mark.parametrize("resource", RESOURCES)
def test_examples_with_odd_values(played: Stage, resource: str) -> None:
    for target in targets():
        if target.op.name.partition(".")[0] == resource and target.is_first and target.op.example:
            asked = need(target.op.name)
            played.restore({target.op.name, *operations(asked)})
            run_all(played, mangled(target, first_of(asked, played.http)), ODD_EXAMPLES)


def test_what_is_left_out_is_named_with_its_reason() -> None:
    assert set(EXCLUDED) <= {op.name for op in CATALOGUE}
    assert {target.op.name for target in targets()} == {op.name for op in CATALOGUE} - set(EXCLUDED)
