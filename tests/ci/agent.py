"""A build agent for tests: a copy of the fixture repository, where `tia` is this checkout and nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import ROOT
from tests.ci.steps import ADDRESS, FIXTURE, Step

PYTHON = """#!/bin/sh
# a virtual environment is a folder with these programs; pip notes what it would install
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "{programs}"/* "$3/bin" ;;
  "-m pip") shift 2; echo "$@" >> "{installed}" ;;
  *) exec "{interpreter}" "$@" ;;
esac
"""
TIA = """#!/bin/sh
PYTHONPATH="{root}:{root}/fakes" exec "{interpreter}" -P -m engineering_api "$@"
"""


class Agent:
    """Runs steps in a folder."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.reports = self.repository / "reports"
        shutil.copytree(FIXTURE, self.repository)
        self._installed, self._path, self._programs = folder / "installed", folder / "path", folder / "programs"
        self._programs.mkdir()
        (folder / "runner").mkdir()
        for name, text in (("python", PYTHON), ("python3", PYTHON), ("tia", TIA)):
            places = {"programs": self._programs, "installed": self._installed, "root": ROOT}
            (self._programs / name).write_text(text.format(interpreter=sys.executable, **places), encoding="utf-8")
            (self._programs / name).chmod(0o755)
        self._environment = os.environ | {
            "RUNNER_TEMP": str(folder / "runner"),
            "RUNNER_OS": "Linux",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_PATH": str(self._path),
            "HOME": str(folder),
        }

    def run(self, step: Step) -> subprocess.CompletedProcess[str]:
        """Run a step as build servers do: end at the first command that fails."""
        folders = [*(self._path.read_text(encoding="utf-8").split() if self._path.exists() else []), self._programs]
        path = os.pathsep.join([*map(str, folders), self._environment["PATH"]])
        given = {name: ADDRESS if value == "ADDRESS" else value for name, value in step.environment.items()}
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step.script],
            cwd=self.repository,
            env={**self._environment, **given, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def installed(self) -> list[str]:
        """Return what pip was asked for, one line each."""
        return self._installed.read_text(encoding="utf-8").splitlines()

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file of the repository."""
        file = self.repository / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
