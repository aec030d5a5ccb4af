"""PLCSIM Advanced through pythonnet: a part of the tests and the oldest API by default, the whole where slow tests run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.clr.running import MISSING, through_net
from tests.oracle.clr.sections import reached, through

pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"PLCSIM ADVANCED WAS NOT RUN THROUGH .NET: {MISSING} is not installed (see docs/clr-double.md)",
)
PART = (
    "tests/oracle/clr/plcsim_versions.py",
    "tests/fakes/fake_plcsim/test_values.py",
    "tests/openness_bridge/test_plcsim.py::test_after_a_download_the_list_is_refreshed_once",
    "tests/openness_bridge/test_plcsim.py::test_members_of_enums_by_name",
    "tests/engineering_api/features/simulation/test_simulation.py::test_an_instance_through_its_states",
    "tests/engineering_api/features/simulation/test_simulation.py::test_cycles_time_and_steps",
)
HELD = (
    "tests/fakes/fake_plcsim",
    "tests/openness_bridge/test_plcsim.py",
    "tests/engineering_api/features/simulation/test_simulation.py",
    "tests/engineering_api/features/plc_tests",
    "tests/engineering_api/features/watch/test_watch_tables.py",
    "tests/engineering_api/features/online/test_online.py",
)
"""What is held to run through .NET as a whole: instances, live values, time, traces, watch tables, downloads, PLC tests."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_part_runs_through_net(tmp_path: Path) -> None:
    through_net("20", *PART, seconds=500, notes=tmp_path)
    assert {"simulation_instances.create", "simulation_time.run_cycles"} <= reached(tmp_path)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("version", ["1.0", pytest.param("6.0", marks=pytest.mark.slow)])
def test_other_api_versions_run_through_net(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_TEST_CLR_PLCSIM", version)
    through_net("20", "tests/oracle/clr/plcsim_versions.py", seconds=500)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_is_held_runs_through_net(tmp_path: Path) -> None:
    through_net("20", "-n", "auto", *HELD, seconds=1700, notes=tmp_path)
    assert through(plcsim=True) - reached(tmp_path) == set()
