"""The pytest plugin: the fixture plc, test files as tests, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.features.plc_tests import plc, pytest_plugin
from engineering_api.features.plc_tests.reports import problem_text
from openness_bridge.errors import Detail, Place, Problem
from tests.engineering_api.features.plc_tests import programs

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "no:plc_tests", "-p", "engineering_api.features.plc_tests.pytest_plugin", "-p", "no:cacheprovider")
"""Loaded by its module, whether or not the package is installed with its entry point."""
PYTHON = """
import pytest

from openness_bridge.errors import Problem

def test_whole(plc):
    plc["Plant.start"] = True
    assert plc.until(lambda: plc["Plant.run"], within="2s") == pytest.approx(1.0, abs=0.02)
    assert plc["Plant.state"] == {"on": True}
    assert plc.now == pytest.approx(1.0, abs=0.02)
    plc.wait("100ms")
    plc.run(3)
    assert plc["Plant.total"] == 5 * 114

def test_begins_again(plc):
    assert plc["Plant.total"] == 0 and plc.state == "run" and plc.cycle == 0.01
    plc.cycle = 0.1
    plc.write({"Plant.start": True})
    assert plc.until(lambda: plc["Plant.run"], "2s") == pytest.approx(1.0)
    plc.stop()
    assert plc.state == "stop"
    with pytest.raises(Problem):
        plc.run()
    plc.start()
    plc.restart()
    plc.power_cycle()
    assert plc.until(lambda: True, "1s") == 0.0
    with pytest.raises(AssertionError, match="within 50 ms"):
        plc.until(lambda: False, "50ms")

@pytest.mark.plc_block("Motor")
@pytest.mark.parametrize("speed", [1, 7])
def test_block(plc, speed):
    plc["speed"] = speed
    plc.run(10)
    assert plc["total"] == 10 * speed
    with pytest.raises(Problem, match="no tag"):
        plc["nothing"]
"""


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load what a run within this process would load again each time, and forget at its end."""
    assert plc and pytest_plugin
    CliRunner().invoke(main, ["test", str(programs.put(tmp_path_factory.mktemp("loaded"))), "--coverage"])


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Iterator[Path]:
    programs.put(pytester.path)
    (pytester.path / "test_plant.py").write_text(PYTHON)
    yield pytester.path


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*PLUGIN, *arguments)


def test_files_and_functions_are_run(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, "-v")
    result.assert_outcomes(passed=9)
    result.stdout.fnmatch_lines(
        ["*blocks.plctest.yaml::Scale halves PASSED*", "*test_plant.py::test_block[[]7[]] PASSED*"]
    )


def test_failures_are_sentences(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "whole.plctest.yaml").write_text(
        "tests:\n- {name: wrong, steps: [{expect: {Plant.level: 1}}]}\n- {name: s, skip: later, steps: [{}]}\n"
    )
    result = run(pytester, "whole.plctest.yaml", "-rs")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["whole.plctest.yaml:2: Step 1: Plant.level is 21.0, expected 1.0."])


def test_errors_of_a_test_file_are_told_when_it_is_collected(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "whole.plctest.yaml").write_text("tests:\n- {name: wrong, stepz: [{}]}\n")
    result = run(pytester, "whole.plctest.yaml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*whole.plctest.yaml:2: /tests/0/stepz: 'stepz' is not known here*"])


def test_coverage_and_diagrams_are_written(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, "--plc-output", "out")
    result.assert_outcomes(passed=9)
    result.stdout.fnmatch_lines(["*coverage of the PLC program*", "all blocks *11/11 100.0%*"])
    written = {each.name for each in (folder / "out").iterdir()}
    assert {"coverage.html", "coverage.txt", "Plant-starts.svg"} <= written


def test_the_program_is_named_by_options_or_configuration(pytester: pytest.Pytester, folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (folder / "whole.plctest.yaml").rename(inner / "whole.plctest.yaml")
    result = run(pytester, "inner")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*There is no source in*"])
    run(pytester, "inner", "--plc-sources", ".").assert_outcomes(passed=1)
    pytester.makeini("[pytest]\nplc_sources = .\nplc_backend = fake\n")
    run(pytester, "inner").assert_outcomes(passed=1)


def test_a_program_with_errors_fails_each_test_and_is_prepared_once(pytester: pytest.Pytester, folder: Path) -> None:
    text = programs.MOTOR.replace("#starts + 1", "#strats + 1") + programs.SCALE
    (folder / "b_motor.scl").write_text(text)
    at = text.find("#strats")
    place = f"b_motor.scl:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}: "
    result = run(pytester, "blocks.plctest.yaml", "test_plant.py")
    result.assert_outcomes(failed=4, errors=4)
    result.stdout.fnmatch_lines([f"*{place}*strats*"])
    assert "pytest_plugin.py" not in result.stdout.str() and "Traceback" not in result.stdout.str()


def test_compile_errors_are_the_lines_of_tia_test(pytester: pytest.Pytester, folder: Path) -> None:
    wrong = programs.MOTOR.replace("#starts + 1", "#strats + 1 + #total2")
    (folder / "b_motor.scl").write_text(wrong + programs.SCALE)
    printed = CliRunner().invoke(main, ["test", str(folder / "blocks.plctest.yaml"), "--backend", "fake"])
    causes = [
        line.partition(" error plc_test.compile: ")[2] for line in printed.stdout.splitlines() if " error " in line
    ]
    assert len(causes) == 2 and "strats" in causes[0] and "total2" in causes[1]
    shown = run(
        pytester, "blocks.plctest.yaml", "test_plant.py::test_block", "--plc-backend", "fake", "-rN"
    ).stdout.str()
    assert all(shown.count(each) >= 4 + 2 for each in causes)


def test_a_failure_within_the_fixture_shows_the_line_of_the_test_alone(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "test_plant.py").write_text(
        "def test_name(plc):\n    plc['nothing'] = 1\ndef test_time(plc):\n    plc.until(lambda: False, '50ms')\n"
    )
    result = run(pytester, "test_plant.py")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["test_plant.py:2: Problem", "test_plant.py:4: AssertionError"])
    assert "engineering_api" not in result.stdout.str().replace(
        "<engineering_api.features.plc_tests.plc.Plc object", ""
    )


def test_a_cause_begins_with_its_place_in_a_file() -> None:
    details = [
        Detail("a", "wrong", Place(path="src/motor.scl", line=7, column=12)),
        Detail("a", "src/motor.scl:8: named in the message", Place(path="src/motor.scl", line=8)),
        Detail("a", "without a file", Place(line=9)),
    ]
    assert problem_text.lines(Problem("code", "Two causes.", details=details)) == [
        "Two causes. [code]",
        "  src/motor.scl:7:12: wrong",
        "  src/motor.scl:8: named in the message",
        "  without a file",
    ]


@pytest.mark.slow
def test_a_session_without_plc_tests_loads_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it():\n    pass\n")
    pytester.makeconftest(
        "import atexit, sys\n"
        "OWN = ('engineering_api', 'runtime_data', 'openness_bridge', 'simatic_xml', 'fake_', 'virtual_plc', 'msgspec', 'yaml')\n"
        "atexit.register(lambda: print('LOADED', *sorted(each for each in sys.modules if each.startswith(OWN))))\n"
    )
    result = pytester.runpytest_subprocess(*PLUGIN, "-p", "no:schemathesis")
    result.assert_outcomes(passed=1)
    plugin = pytest_plugin.__name__.split(".")
    packages = " ".join(".".join(plugin[:depth]) for depth in range(1, len(plugin) + 1))
    result.stdout.fnmatch_lines([f"LOADED {packages}"])
