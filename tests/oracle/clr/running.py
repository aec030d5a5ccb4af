"""Runs tests through pythonnet, each run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import ROOT
from tests.oracle.clr import building

MISSING = building.missing()


def through_net(version: str, *arguments: str, seconds: float, notes: Path | None = None, part: bool = False) -> str:
    """The last lines of a run that must pass; with `part` it takes a part of the tests, as the plugin chooses."""
    environment = os.environ | {"TIA_TEST_BACKEND": "clr", "TIA_TEST_CLR_VERSION": version}
    environment |= {"TIA_TEST_RECORD": str(notes)} if notes else {}
    environment |= {"TIA_TEST_PART": "1"} if part else {}
    plugins = ("-p", "tests.oracle.clr.plugin", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *plugins, "-q", "-m", "not slow and not exploration", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    told = "\n".join(done.stdout.splitlines()[-60:])
    assert done.returncode == 0, told + done.stderr
    assert " passed" in told
    return told
