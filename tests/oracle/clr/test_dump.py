"""The dump of each version's double is the manifest that the double was made from: nothing is lost on the way and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openness_bridge.manifest import reading
from openness_bridge.manifest.compare import compare
from tests.oracle.clr import building

FIRST, *BETWEEN, LAST = reading.versions()


@pytest.mark.slow
@pytest.mark.skipif(bool(building.missing()), reason=f"{building.missing()} is not installed")
@pytest.mark.parametrize(
    "version", [FIRST, *(pytest.param(each, marks=pytest.mark.exploration) for each in BETWEEN), LAST]
)
def test_the_dump_of_a_double_is_its_manifest(version: str, tmp_path: Path) -> None:
    options = [word for path in building.build(version) for word in ("--assembly", str(path))]
    out = tmp_path / "dump.json"
    more = ["--tia-version", version, "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "engineering_api", "manifest", "dump", *options, *more],
        env={**os.environ, "PYTHONNET_RUNTIME": "mono", "MONO_THREADS_SUSPEND": "preemptive"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    dumped = reading.merge([json.loads(out.read_text(encoding="utf-8"))])
    known = reading.read(version)
    assert [str(each) for each in compare(known, dumped)] == []
    assert {name: dumped.assembly_of(name) for name in dumped.types} == {
        name: known.assembly_of(name) for name in known.types
    }
