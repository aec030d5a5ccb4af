"""What is built has what is generated, or nothing is built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.supply_chain.installed import ROOT

METHODS = "engineering_api/client/resources/__init__.py"
OPENAPI = "docs/openapi.json"
INDEXES = ("engineering_api/documentation/codes.json", "engineering_api/cli/commands.json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that is built as this one is."""
    (tmp_path / "LICENSES").mkdir()
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE", "LICENSES/Apache-2.0.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("engineering_api/__init__.py", "engineering_api/client/__init__.py", METHODS, OPENAPI, *INDEXES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('VERSION = "1"\n', encoding="utf-8")
    (tmp_path / "fakes").mkdir()
    return tmp_path


def setup(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of setuptools."""
    return subprocess.run(
        [sys.executable, "setup.py", "-q", *command], capture_output=True, text=True, check=False, cwd=project
    )


def test_what_is_generated_is_built(project: Path) -> None:
    done = setup(project, "build_py", "--build-lib", "built")
    assert done.returncode == 0, done.stderr
    assert {METHODS, "engineering_api/openapi.json", *INDEXES} <= {
        file.relative_to(project / "built").as_posix() for file in (project / "built").rglob("*")
    }


@pytest.mark.parametrize("name", [METHODS, OPENAPI, *INDEXES])
def test_nothing_is_built_without_what_is_generated(project: Path, name: str) -> None:
    (project / name).unlink()
    done = setup(project, "build_py", "--build-lib", "built")
    assert done.returncode
    assert f"error: {name} must be generated first: run python3 dev.py generate" in done.stderr
    assert not list((project / "built").rglob("*.py"))


@pytest.mark.slow
def test_a_wheel_can_be_built_from_the_source_distribution(project: Path) -> None:
    done = setup(project, "sdist", "--formats", "gztar")
    assert done.returncode == 0, done.stderr
    (archive,) = (project / "dist").iterdir()
    shutil.unpack_archive(archive, project / "unpacked", filter="data")
    (unpacked,) = (project / "unpacked").iterdir()
    done = setup(unpacked, "build_py", "--build-lib", "built")
    assert done.returncode == 0, done.stderr
    assert (unpacked / "built" / METHODS).is_file()


@pytest.mark.parametrize("name", ["conveyor", "first-start"])
def test_the_examples_of_the_demonstration_are_built(project: Path, name: str) -> None:
    sources = sorted(file for file in (ROOT / "examples" / name).rglob("*") if file.is_file())
    shutil.copytree(ROOT / "examples" / name, project / "examples" / name)
    done = setup(project, "build_py", "--build-lib", "built")
    assert done.returncode == 0, done.stderr
    copies = project / "built" / "engineering_api"
    assert len(sources) > 5
    for file in sources:
        assert (copies / file.relative_to(ROOT)).read_bytes() == file.read_bytes()
