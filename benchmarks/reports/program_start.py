"""Downloading a program of 500 function blocks in a new process: nothing is kept, all of it is, or one block was edited since.

    python -m benchmarks.reports.program_start

Each download compiles what has changed, types, generates code and loads a virtual CPU, in the simulated TIA Portal. The
processes open one saved project; what they keep goes into a folder of the benchmark. Each figure is the least computing
time of several processes, without the start of Python and the imports.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, run, seconds
from benchmarks.program_load import sources
from fake_openness import install
from simatic_xml.caching import disk_cache
from tests.fakes.fake_openness.online_kit import Rig
from virtual_plc import instructions, python_tier

COUNT = 500
EDITED = "block_7"
IMPORTED = (instructions, python_tier)
"""What a download imports at its first use."""


def measure(short: bool) -> Iterator[Figure]:
    """Download in new processes."""
    with tempfile.TemporaryDirectory() as folder:
        new, compiled = _make_projects(Path(folder))
        rounds = 2 if short else 5
        first = min(_download(new, Path(folder, f"cache{number}")) for number in range(rounds))
        unchanged = min(_download(compiled, Path(folder, "cache0")) for _ in range(rounds))
        edited = min(_download(compiled, Path(folder, "cache0"), EDITED) for _ in range(rounds))
    name = f"download in a new process, {COUNT} FBs"
    yield Figure(f"{name} unchanged", "the first download", unchanged / first, at_most=0.2, is_steady=True)
    yield Figure(f"{name} and one edited", "the first download", edited / first, at_most=0.3, is_steady=True)
    yield Figure(f"{name} unchanged, in time", "300 ms", unchanged / 0.3, at_most=1)


def _make_projects(folder: Path) -> tuple[Path, Path]:
    """Return the files of two projects of the program: one with blocks that nobody has compiled, and the other."""
    rig = Rig(folder / "new")
    rig.generate("".join(sources(COUNT).values()))
    rig.project.Save()
    new = Path(str(rig.project.Path.FullName))
    rig.project.SaveAs(rig.types["DirectoryInfo"](str(folder / "compiled")))
    rig.compile()
    rig.project.Save()
    compiled = Path(str(rig.project.Path.FullName))
    rig.project.Close()
    rig.manager.Shutdown()
    return new, compiled


def _download(project: Path, cache: Path, edited: str = "") -> float:
    command = [sys.executable, "-m", "benchmarks.reports.program_start", "--download", str(project), str(cache), edited]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout))


class _Opened(Rig):
    """A rig of a saved project."""

    def __init__(self, file: Path) -> None:
        self.folder = file.parent
        self.installation = install("20")
        self.types = self.installation.types
        self.portal = self.types["TiaPortal"]()
        self.project = self.portal.Projects.Open(self.types["FileInfo"](str(file)))
        self._files = itertools.count()
        self.manager = self.installation.plcsim["SimulationRuntimeManager"]
        self.instance = self.manager.RegisterInstance("Twin")
        self.instance.PowerOn(10_000)


def _child(project: str, cache: str, edited: str) -> None:
    disk_cache.configure(Path(cache), Path(f"{cache}.secret"), 1 << 30)
    rig = _Opened(Path(project))
    if edited:
        rig.generate(sources(COUNT)[edited].replace("/ 2.0", "/ 3.0"))
    found: list[Any] = []
    taken = seconds(lambda: found.append(rig.load()))
    if found[0].ErrorCount:
        raise SystemExit("The download failed.")
    sys.stdout.write(json.dumps(taken))
    rig.manager.Shutdown()


if __name__ == "__main__":
    if "--download" in sys.argv:
        sys.exit(_child(*sys.argv[sys.argv.index("--download") + 1 :]))
    run(measure)
