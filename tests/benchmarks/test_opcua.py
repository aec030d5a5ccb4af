"""The report on the OPC UA server runs in its short form, and its figures are sound."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def report() -> ModuleType:
    """The report: imported for these tests alone, since it brings an OPC UA client."""
    return importlib.import_module("benchmarks.reports.opcua")


@pytest.mark.slow
def test_all_changes_arrive(report: ModuleType) -> None:
    found = asyncio.run(report.measure(1000, 3))
    assert 500 < found["changes"] < 2000  # each of 1,000 tags changes each second; the machine may be busy
    assert found["memory"] > 0 and found["bulk"] > 1000 and found["median"] <= found["worst"]


@pytest.mark.slow
def test_nodes_are_made_in_linear_time(report: ModuleType) -> None:
    few, many = (min(asyncio.run(report.make(count)) for _ in range(3)) for count in (1000, 8000))
    assert many < 30 * few
