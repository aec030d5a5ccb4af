"""CPU time of the commands' starts, compared with `python -c pass`: `python -m benchmarks.start`.

The commands run in turns, so that other load meets all of them; the median of the rounds counts. CPU time includes that of
the operating system and of child processes. It runs on Linux and macOS: Windows has no `resource`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figures import Figure, run

PLUGIN = "engineering_api.features.plc_tests.pytest_plugin"
SOURCE = """FUNCTION "Half" : Void
VAR_INPUT
    value : Int;
END_VAR
VAR_OUTPUT
    half : Int;
END_VAR
BEGIN
    #half := #value / 2;
END_FUNCTION
"""
TESTS = """tests:
  - name: half of 8
    block: Half
    steps:
      - {write: {value: 8}, expect: {half: 4}}
"""
GOALS = {"tia --help": 15, "tia scl check FILE": 10, "tia test FILE": 40}
BARE, PYTEST = "python -c pass", "pytest, empty folder"
NOTHING_COLLECTED = 5
"""Exit code of pytest in a folder without tests."""


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the measured commands by their names; a folder holds the files that they read."""
    (folder / "half.scl").write_text(SOURCE, encoding="utf-8")
    (folder / "half.plctest.yaml").write_text(TESTS, encoding="utf-8")
    (folder / "empty").mkdir(exist_ok=True)
    tia = ["-m", "engineering_api"]
    found = {
        BARE: ["-c", "pass"],
        "import simatic_xml": ["-c", "import simatic_xml"],
        "tia --help": [*tia, "--help"],
        "tia scl check FILE": [*tia, "scl", "check", str(folder / "half.scl")],
        "tia test FILE": [*tia, "test", str(folder / "half.plctest.yaml"), "--backend", "fake"],
    }
    if find_spec("pytest") is not None:
        pytest = [
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(folder / "empty"),
            str(folder / "empty"),
        ]
        found |= {PYTEST: pytest, f"{PYTEST}, with the plugin": [*pytest, "-p", PLUGIN]}
    return found


def cpu_seconds(arguments: Sequence[str], folder: Path) -> float:
    """Run Python with arguments. Return the CPU time in seconds of the process and its children.

    Raises:
        RuntimeError: The command fails; with its output.
    """
    import resource  # Windows has none

    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "XDG_DATA_HOME": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, NOTHING_COLLECTED if "pytest" in arguments else 0}:
        raise RuntimeError(f"{arguments} ends with {done.returncode}: {done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_of(rounds: int) -> dict[str, float]:
    """Return the median CPU time in seconds of each command."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = commands(folder)
        for arguments in measured.values():
            cpu_seconds(arguments, folder)  # writes the bytecode
        taken: dict[str, list[float]] = {each: [] for each in measured}
        for _ in range(rounds):
            for each, arguments in measured.items():
                taken[each].append(cpu_seconds(arguments, folder))
    return {each: statistics.median(times) for each, times in taken.items()}


def measure(short: bool) -> Iterator[Figure]:
    """Run each command some times."""
    seconds = seconds_of(1 if short else 11)
    with_plugin = seconds.pop(f"{PYTEST}, with the plugin", None)
    alone = seconds.pop(PYTEST, 0.0)
    for each, taken in seconds.items():
        if each != BARE:
            yield Figure(each, BARE, taken / seconds[BARE], at_most=GOALS.get(each))
    if with_plugin:
        yield Figure("pytest with the plugin, no tests", "pytest alone", with_plugin / alone, at_most=1.1)


if __name__ == "__main__":
    run(measure)
