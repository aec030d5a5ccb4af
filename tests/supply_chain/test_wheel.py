"""What is built has what is generated: a build generates what is missing, or fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.supply_chain.installed import ROOT

METHODS = "engineering_api/client/resources/__init__.py"
INDEXES = ("engineering_api/documentation/codes.json", "engineering_api/cli/commands.json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that is built as this one is."""
    (tmp_path / "LICENSES").mkdir()
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE", "LICENSES/Apache-2.0.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("engineering_api/__init__.py", "engineering_api/client/__init__.py", METHODS, *INDEXES):
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
    assert {METHODS, *INDEXES} <= {
        file.relative_to(project / "built").as_posix() for file in (project / "built").rglob("*")
    }


@pytest.mark.parametrize("name", [METHODS, *INDEXES])
def test_nothing_is_built_where_what_is_missing_cannot_be_generated(project: Path, name: str) -> None:
    (project / name).unlink()
    done = setup(project, "build_py", "--build-lib", "built")
    assert done.returncode
    assert f"error: {name} cannot be generated: run python3 dev.py generate, then build again" in done.stderr
    assert not list((project / "built").rglob("*.py"))


@pytest.mark.parametrize("name", [METHODS, *INDEXES])
def test_a_build_generates_what_is_missing(project: Path, name: str) -> None:
    (project / name).unlink()
    generator = project / "engineering_api" / "generation.py"
    generator.write_text(f"open({name!r}, 'w').write('made by the build')", encoding="utf-8")
    done = setup(project, "build_py", "--build-lib", "built")
    assert done.returncode == 0, done.stderr
    built = project / "built" / name
    assert built.read_text(encoding="utf-8") == "made by the build"


@pytest.mark.slow
def test_a_wheel_is_built_from_a_tree_as_git_has_it(tmp_path: Path) -> None:
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    ):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    done = setup(tmp_path, "build_py", "--build-lib", "built")
    assert done.returncode == 0, done.stderr
    assert all((tmp_path / "built" / name).is_file() for name in (METHODS, *INDEXES))


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
