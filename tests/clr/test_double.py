"""The bridge and the service through pythonnet: a part by default, the whole where slow tests run.

Each run is a process of its own: it has one runtime with the assemblies of one version, and Mono's end is not pytest's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clr import building
from tests.clr.sections import reached, through

ROOT = Path(__file__).parents[2]
MISSING = building.missing()
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"THE BRIDGE WAS NOT RUN THROUGH .NET: {MISSING} is not installed (see docs/clr-double.md)"
)
PART = (
    "tests/clr/strictness.py",
    "tests/bridge/test_program_reading.py",
    "tests/api/test_projects.py::test_only_one_project_at_a_time",
    "tests/api/test_tags.py::test_tag_has_the_shape_of_the_contract",
    "tests/api/test_tags.py::test_refused_update_changes_nothing",
    "tests/api/test_blocks.py::test_export_and_import_through_files",
    "tests/api/test_blocks.py::test_a_taken_name_is_refused_and_nothing_changes",
    "tests/api/test_documents.py",
)

ELSEWHERE = ("mcp", "online", "plc_tests", "server", "simulation", "transport", "watch_tables")
"""Modules of the API that start processes of their own, which are on the stand-in, or that PLCSIM's run has."""
HELD = (
    "tests/bridge",
    "--ignore=tests/bridge/test_plcsim.py",
    "tests/api",
    *(f"--ignore=tests/api/test_{name}.py" for name in ELSEWHERE),
)
"""What is held to run through .NET as a whole."""

SAMPLES = {
    "16": tuple(f"tests/api/test_{name}.py" for name in ("blocks", "constants", "devices_network", "tags")),
    "21": tuple(f"tests/api/test_{name}.py" for name in ("blocks", "documents", "tag_tables")),
}
"""What runs on an old version, where attributes need a cast, and on the one that is split into several assemblies."""


def through_net(version: str, *arguments: str, seconds: float, notes: Path | None = None) -> str:
    """The last lines of a run that must pass."""
    environment = os.environ | {"TIA_TEST_BACKEND": "clr", "TIA_TEST_CLR_VERSION": version}
    environment |= {"TIA_TEST_RECORD": str(notes)} if notes else {}
    plugins = ("-p", "tests.clr.plugin", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *plugins, "-q", "-m", "not slow and not exploration", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    told = "\n".join(done.stdout.splitlines()[-60:])
    assert done.returncode == 0, told + done.stderr
    assert " passed" in told
    return told


@pytest.mark.parametrize("version", ["15.1", "20", "21"])
def test_the_manifest_of_a_version_compiles(version: str) -> None:
    host, *assemblies = building.build(version)
    assert host.is_file()
    assert all(each.is_file() for each in assemblies)


def test_v21_is_split_as_the_real_one_is() -> None:
    _, *one = building.build("20")
    _, *several = building.build("21")
    assert {each.stem for each in one} == {"Siemens.Engineering", "Siemens.Engineering.Hmi"}
    assert {"Siemens.Engineering.Base", "Siemens.Engineering.Step7", "Siemens.Engineering.WinCC"} <= {
        each.stem for each in several
    }


@pytest.mark.timeout(600)
@pytest.mark.parametrize("version", [pytest.param("20", marks=pytest.mark.slow), "21"])
def test_a_part_runs_through_net(version: str, tmp_path: Path) -> None:
    through_net(version, *PART, seconds=500, notes=tmp_path)
    assert {"projects.create", "devices.add"} <= reached(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("version", "modules"), SAMPLES.items())
def test_a_sample_of_the_sections_runs_on_other_versions(version: str, modules: tuple[str, ...]) -> None:
    through_net(version, "-n", "auto", "tests/clr/strictness.py", *modules, seconds=1400)


@pytest.mark.slow
@pytest.mark.timeout(5400)
def test_what_is_held_runs_through_net(tmp_path: Path) -> None:
    through_net("20", "-n", "auto", *HELD, seconds=5300, notes=tmp_path)
    assert through(plcsim=False) - reached(tmp_path) == set()
