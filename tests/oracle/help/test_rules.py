"""Each rule of the help's pages is in the state that its row gives."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.help.rules import PAGES, STATES, Rule, list_rules, read_rules
from tests.oracle.help.verdicts import contradiction


@pytest.mark.parametrize("name", PAGES)
def test_rules_are_held(name: str) -> None:
    """A row that is `contradicted` must still deviate, so that the page of counts is true."""
    decided = (each for each in read_rules(name) if each.check != "-")
    found = ((each, contradiction(each)) for each in decided if each.state != "open")
    assert [f"{each.id}: {text or 'held'}" for each, text in found if bool(text) == (each.state == "held")] == []


def test_rows_are_complete() -> None:
    rules = list(list_rules())
    assert [name for name, count in Counter(each.id for each in rules).items() if count > 1] == []
    assert [each.id for each in rules if not _is_complete(each)] == []


def _is_complete(rule: Rule) -> bool:
    reason = bool(rule.why) == (rule.state != "held")
    program = bool(rule.body) == (rule.check != "-")
    known = rule.state in STATES and rule.check in ("accepted", "refused", "value", "-")
    return known and reason and program and bool(rule.expected) == (rule.check == "value") and bool(rule.rule)
