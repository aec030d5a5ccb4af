"""The report on the OPC UA server runs in its short form, and its figures are sound."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.reports.opcua import make, measure


@pytest.mark.slow
def test_all_changes_arrive() -> None:
    found = asyncio.run(measure(1000, 3))
    assert 500 < found["changes"] < 2000  # each of 1,000 tags changes each second; the machine may be busy
    assert found["memory"] > 0 and found["bulk"] > 1000 and found["median"] <= found["worst"]


@pytest.mark.slow
def test_nodes_are_made_in_linear_time() -> None:
    few, many = (min(asyncio.run(make(count)) for _ in range(3)) for count in (1000, 8000))
    assert many < 30 * few
