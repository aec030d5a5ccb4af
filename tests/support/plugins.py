"""Installed packages with plugins, in a folder of the test. Loaded for all tests by tests/conftest.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ROOT

Install = Callable[[str], None]
Declare = Callable[[str, str, str, str], None]
Tia = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """The folder that packages are installed into."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    return folder


@pytest.fixture
def install(plugins: Path, tmp_path: Path) -> Install:
    """Return what installs an example of examples/plugins."""

    def run(name: str) -> None:
        source = shutil.copytree(ROOT / "examples" / "plugins" / name, tmp_path / name)
        options = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", plugins)
        subprocess.run([sys.executable, "-m", "pip", "install", *options, source], check=True, cwd=tmp_path)

    return run


@pytest.fixture
def declare(plugins: Path) -> Declare:
    """Return what installs a package with one module and one entry point: package, group, name, code."""

    def write(package: str, group: str, name: str, code: str) -> None:
        (plugins / f"{package}.py").write_text(code, encoding="utf-8")
        about = plugins / f"{package}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n", encoding="utf-8")
        lines = f"[simatic_engineering_api.{group}]\n{name} = {package}:PLUGIN\n"
        (about / "entry_points.txt").write_text(lines, encoding="utf-8")

    return write


@pytest.fixture
def tia(plugins: Path, tmp_path: Path) -> Tia:
    """Return what runs `tia` with the plugins."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "fakes", plugins)))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "engineering_api", *arguments]
        environment = os.environ | {"PYTHONPATH": path, "TIA_DATA_DIR": str(tmp_path / "data")}
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)

    return run
