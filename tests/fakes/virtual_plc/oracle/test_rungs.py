"""Rungs of contacts, parallel branches and coils against their meaning, for all values of the contacts."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import rungs
from tests.support.examples import examples

CONTACTS, COILS = "abcd", "pqrs"
ROWS = list(product((False, True), repeat=len(CONTACTS)))

contact = st.builds(
    lambda name, negated: {"contact": f"#{name}", "negated": True} if negated else {"contact": f"#{name}"},
    st.sampled_from(CONTACTS + COILS),
    st.booleans(),
)
series = st.recursive(
    st.lists(contact, min_size=1, max_size=3),
    lambda inner: st.builds(
        lambda before, ways, behind: [*before, {"any": ways}, *behind],
        st.lists(contact, max_size=2),
        st.lists(inner, min_size=2, max_size=3),
        st.lists(contact, max_size=1),
    ),
    max_leaves=5,
)
output = st.builds(
    lambda kind, name: {kind: f"#{name}"}, st.sampled_from(["coil", "set", "reset"]), st.sampled_from(COILS)
)
rung = st.builds(
    lambda conditions, outputs, ways: [*conditions, *outputs, *([{"branch": ways}] if ways else [])],
    series,
    st.lists(output, min_size=1, max_size=2),
    st.lists(st.builds(lambda one, out: [one, out], contact, output), max_size=2),
)


def flow(parts: list[dict[str, Any]], power: bool, values: dict[str, bool]) -> bool:
    """Let power flow through parts in series; coils write values. Return whether it comes out."""
    for part in parts:
        match part:
            case {"contact": name}:
                power = power and values[name[1:]] != part.get("negated", False)
            case {"any": ways}:
                power = any(flow(each, power, values) for each in ways)
            case {"branch": ways}:
                for each in ways:
                    flow(each, power, values)
            case {"coil": name}:
                values[name[1:]] = power
            case {"set": name} | {"reset": name}:
                if power:
                    values[name[1:]] = "set" in part
    return power


@pytest.mark.parametrize("tier", TIERS)
@examples(8)
@given(st.lists(rung, min_size=1, max_size=4))
def test_power_flows_through_series_and_branches(tier: str, networks: list[list[dict[str, Any]]]) -> None:
    columns = {name: ("Bool", [row[at] for row in ROWS]) for at, name in enumerate(CONTACTS)}
    found = rungs(tier, columns, dict.fromkeys(COILS, "Bool"), *([each] for each in networks))
    for at, row in enumerate(ROWS):
        values = dict(zip(CONTACTS, row, strict=True)) | dict.fromkeys(COILS, False)
        for network in networks:
            flow(network, True, values)
        assert {name: found[name][at] for name in COILS} == {name: values[name] for name in COILS}
