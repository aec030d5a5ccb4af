"""The programs of others that these tests run. `python3 dev.py clients` installs them into build/clients."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.web.openapi.document import describe
from tests import ROOT

INSTALLED = ROOT / "build" / "clients"
NODE = INSTALLED / "node" / "node_modules"
PYTHON = INSTALLED / "python" / "bin"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not NODE.is_dir(),
    reason="NO CLIENT IN JAVASCRIPT OR TYPESCRIPT WAS RUN: install node, then run python3 dev.py clients",
)
needs_python = pytest.mark.skipif(
    not PYTHON.is_dir(), reason="NO GENERATED PYTHON CLIENT WAS RUN: run python3 dev.py clients"
)


def write_description(folder: Path) -> Path:
    """Write the description of version 2."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(json.loads(msgspec.json.encode(describe(catalogue(), VERSION, 2)))), encoding="utf-8")
    return file


def run(*command: object, folder: Path, seconds: float = 900, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program that must end with success."""
    path = os.pathsep.join((str(PYTHON), str(NODE / ".bin"), os.environ["PATH"]))
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {"PATH": path} | variables,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done
