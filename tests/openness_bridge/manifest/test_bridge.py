"""The bridge uses nothing that the real object model lacks. Names are held against all types, for the source has no types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openness_bridge.manifest.reading import OPENNESS, PLCSIM, read, versions
from openness_bridge.manifest.signatures import Kind
from tests.openness_bridge.manifest.bridge_walk import Use, uses
from tests.openness_bridge.manifest.net import NET_MEMBERS, NET_TYPES

OF_WINDOWS = {"ProcessIdToSessionId"}
"""What the bridge calls of Windows itself."""
OF_THE_FAKE = {
    "SimulationInsight": "asked for with has(): whoever has it is a simulated runtime",
    "SimulationIo": "asked for with has(); only plcsim/simulated_io.py uses it",
}
"""What only the fake has, and how the bridge does without."""
OF_INSIGHT = {"ReadAlarms", "ReadAlarmEvents", "ReadAlarmNames", "AcknowledgeAlarms"}
"""Members of SimulationInsight that the bridge uses."""


def known() -> dict[str, set[str]]:
    """Names of the real models in any version by kind of use."""
    members, attributes, types = set[str](), set[str](), set[str]()
    for product in (OPENNESS, PLCSIM):
        for version in versions(product):
            for entry in read(version, product).types.values():
                types.add(entry.simple_name)
                of_attributes = [member for member in entry.own.values() if member.kind is Kind.ATTRIBUTE]
                attributes.update(member.name for member in of_attributes)
                members.update(member.name for member in entry.own.values() if member.kind is not Kind.ATTRIBUTE)
    return {
        "type": types | NET_TYPES | set(OF_THE_FAKE),
        "member": members | types | NET_MEMBERS | OF_WINDOWS | OF_INSIGHT,
        "attribute": members | attributes,
    }


def strange(found: Iterator[Use]) -> list[Use]:
    real = known()
    return sorted(
        use for use in found if use.name not in real[use.kind] and not use.place.startswith("simulated_io.py:")
    )


@pytest.mark.slow
def test_the_bridge_uses_nothing_that_is_not_there() -> None:
    assert strange(uses()) == []


def test_the_walk_sees_what_the_bridge_uses() -> None:
    found = {(use.kind, use.name) for use in uses()}
    assert {("type", "ICompilable"), ("member", "CreateWithItem"), ("member", "HardwareCatalog")} <= found
    assert len([use for use in found if use[0] == "member"]) > 300


def test_a_member_that_is_not_there_would_be_seen() -> None:
    assert strange(iter([Use("member", "CreateOB", "blocks.py:1")])) == [Use("member", "CreateOB", "blocks.py:1")]
