"""`dev.py test --changed` takes the tests that are near to a change, and not those that reach it through what joins everything."""

from __future__ import annotations

from pathlib import PurePosixPath

import grimp
import pytest

from tests.support import changed


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*changed.PACKAGES, cache_dir=str(changed.ROOT / ".import_linter_cache"))


@pytest.mark.parametrize(
    ("file", "chosen", "left_out"),
    [
        ("simatic_xml/diff/lines.py", "tests/simatic_xml/test_diff.py", "tests/engineering_api/test_start.py"),
        ("engineering_api/cli/everyday/importing.py", "tests/engineering_api/cli", "tests/simatic_xml/test_diff.py"),
        ("fakes/virtual_plc/cpu/services.py", "tests/fakes/virtual_plc/instructions/test_cpu.py", "tests/console"),
        ("simatic_xml/instructions/control.json", "tests/simatic_xml/instructions", "tests/console"),
        ("tests/support/pace.py", "tests/reliability/limits/test_hostile_files.py", "tests/simatic_xml/test_diff.py"),
        ("console/style.css", "tests/console", "tests/documentation"),
    ],
)
def test_the_tests_near_to_a_file(graph: grimp.ImportGraph, file: str, chosen: str, left_out: str) -> None:
    found = changed.choose([PurePosixPath(file)], graph)
    assert chosen in found and left_out not in found


def test_what_joins_all_is_known(graph: grimp.ImportGraph) -> None:
    assert set(changed.JOINING) <= graph.modules
