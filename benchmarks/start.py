"""CPU time of the commands' starts, as ratios to `python -c pass` in the same run: `python -m benchmarks.start [--short]`.

The commands run in turns, so that other load meets all of them; the median of the rounds counts. CPU time includes that of
the operating system and of child processes. Goals: 15 for `tia --help` and `tia scl check`, and 1.1 for pytest's plugin
compared with pytest alone. It runs on Linux and macOS: Windows has no `resource`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

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


def measure(rounds: int) -> dict[str, float]:
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


def table(seconds: dict[str, float]) -> list[str]:
    """Return the lines of the report: each command, its CPU time and its ratio to Python's start."""
    lines = [f"{'command':40} {'ms':>7} {'ratio':>7}"]
    lines += [f"{each:40} {taken * 1000:7.0f} {taken / seconds[BARE]:7.1f}" for each, taken in seconds.items()]
    with_plugin = f"{PYTEST}, with the plugin"
    if with_plugin in seconds:
        lines.append(
            f"{'the plugin, compared with pytest alone':40} {'':7} {seconds[with_plugin] / seconds[PYTEST]:7.2f}"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="how often each command runs")
    parser.add_argument("--short", action="store_true", help="one round, for CI")
    given = parser.parse_args(arguments)
    print("\n".join(table(measure(1 if given.short else given.rounds))))


if __name__ == "__main__":
    main()
