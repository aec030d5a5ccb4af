"""The rules that the description does not express are still rules, and it still calls their examples valid."""

from __future__ import annotations

import msgspec
import pytest

from engineering_api.documentation.calls import call
from engineering_api.operations.terms import Mode
from tests.journeys.fuzz.agreement import INVALID, described, require_agreement
from tests.journeys.fuzz.unexpressed import RULES, Unexpressed
from tests.support.state.api import CATALOGUE, send
from tests.support.state.needs import Need, filled, first_of, need
from tests.support.state.stage import Stage


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.example[0]}")
def test_a_rule_that_is_not_described_is_needed(played: Stage, rule: Unexpressed) -> None:
    name, arguments = rule.example
    op, needed = CATALOGUE.named(name), Need() if rule.alone else need(name)
    assert op is not None
    played.restore()
    known = first_of(needed, played.http)
    route = next(each for each in op.routes if each.mode is Mode.WAIT)
    answer = send(played.http, call(route, msgspec.json.decode(filled(msgspec.json.encode(arguments).decode(), known))))
    assert described(1, route.method, route.path).fault(answer.request) == ""
    assert answer.status_code == INVALID, answer.text
    error = answer.json()["error"]
    assert rule.covers(name, error["code"], (error.get("place") or {}).get("pointer") or ""), error
    require_agreement(1, name, route.method, route.path, answer)
