"""The bridge and the service through pythonnet: a part by default, the whole where slow tests run.

Each run is a process of its own: it has one runtime with the assemblies of one version, and Mono's end is not pytest's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.clr import building
from tests.oracle.clr.running import MISSING, through_net
from tests.oracle.clr.sections import reached, through

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"THE BRIDGE WAS NOT RUN THROUGH .NET: {MISSING} is not installed (see docs/clr-double.md)"
)
FEATURES = "tests/engineering_api/features"
PART = (
    "tests/oracle/clr/strictness.py",
    "tests/openness_bridge/test_program_reading.py",
    f"{FEATURES}/projects/test_projects.py::test_only_one_project_at_a_time",
    f"{FEATURES}/tags/test_tags.py::test_tag_has_the_shape_of_the_contract",
    f"{FEATURES}/tags/test_tags.py::test_refused_update_changes_nothing",
    f"{FEATURES}/blocks/test_blocks.py::test_export_and_import_through_files",
    f"{FEATURES}/blocks/test_blocks.py::test_a_taken_name_is_refused_and_nothing_changes",
    f"{FEATURES}/blocks/test_documents.py",
)
ELSEWHERE = (
    *(
        f"{FEATURES}/{name}"
        for name in (
            "assistant",
            "files",
            "jobs",
            "mcp",
            "pipelines",
            "webhooks",
        )
    ),
    f"{FEATURES}/source_control/test_hostile_git.py",
    f"{FEATURES}/source_control/test_uploaded_repositories.py",
    f"{FEATURES}/tags/files",
    "tests/openness_bridge/calls",
    "tests/openness_bridge/manifest",
    f"{FEATURES}/online/test_real_cpu.py",
    f"{FEATURES}/simulation/test_addresses.py",
)
"""Tests that start processes of their own, which use the fake, or that need little of a portal."""
HELD = (
    "tests/fakes/fake_plcsim",
    "tests/openness_bridge",
    FEATURES,
    *(f"--ignore={path}" for path in ELSEWHERE),
)
"""What through.tsv takes its tests from. CI runs those and every sixteenth of the others."""

PROGRAM = tuple(
    f"{FEATURES}/{name}"
    for name in (
        "blocks/test_blocks.py",
        "tags/test_constants.py",
        "tags/test_tags.py",
        "devices/test_devices_network.py",
    )
)
SAMPLES = {
    "16": PROGRAM,
    "17": PROGRAM,
    "18": PROGRAM,
    "19": (
        *PROGRAM,
        f"{FEATURES}/hmi/test_hmi.py::test_screens_of_a_unified_panel_are_made_and_filled",
    ),
    "21": (
        f"{FEATURES}/blocks/test_blocks.py",
        f"{FEATURES}/blocks/test_documents.py",
        f"{FEATURES}/tags/test_tag_tables.py",
    ),
}
"""What runs on the versions between, on an old one, where attributes need a cast, and on the one with several assemblies."""
BETWEEN = {"17", "18"}
"""Versions that differ from V16 and V19 in members that the fake has by version; run by hand (-m exploration)."""


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
def test_a_part_runs_through_net(tmp_path: Path) -> None:
    through_net("21", *PART, seconds=500, notes=tmp_path)
    assert {"projects.create", "devices.add"} <= reached(tmp_path).keys()


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("version", "modules"),
    [pytest.param(*each, marks=pytest.mark.exploration if each[0] in BETWEEN else ()) for each in SAMPLES.items()],
)
def test_a_sample_of_the_sections_runs_on_other_versions(version: str, modules: tuple[str, ...]) -> None:
    through_net(version, "-n", "auto", "tests/oracle/clr/strictness.py", *modules, seconds=1400)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_is_held_runs_through_net(tmp_path: Path) -> None:
    through_net("20", "-n", "auto", *HELD, seconds=1700, notes=tmp_path, part=True)
    assert through().keys() - reached(tmp_path).keys() == set()
