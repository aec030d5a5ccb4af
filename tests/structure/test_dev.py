"""dev.py generates what is missing or old, and only then."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests import ROOT

SOURCE = "engineering_api/features/tags.py"
METHODS = "engineering_api/client/resources/tags.py"
CHANGES: dict[str, Callable[[Path], object]] = {
    "a source changed": lambda root: (root / SOURCE).write_text("other", encoding="utf-8"),
    "a source is new": lambda root: (root / "simatic_xml").mkdir() or (root / "simatic_xml/x.py").touch(),
    "a source is gone": lambda root: (root / SOURCE).unlink(),
    "a generated file changed": lambda root: (root / METHODS).write_text("other", encoding="utf-8"),
    "a generated file is gone": lambda root: (root / "docs/openapi.json").unlink(),
    "nobody knows": lambda root: (root / "build/generated").unlink(),
}


class Project:
    """A small project, and how often something was generated in it."""

    def __init__(self, dev: ModuleType, root: Path) -> None:
        self.dev, self.root, self.runs = dev, root, 0
        (root / SOURCE).parent.mkdir(parents=True)
        (root / SOURCE).write_text("a source", encoding="utf-8")

    def generate(self, *command: object) -> None:
        """What stands for a run of the generator."""
        assert [str(part) for part in command[1:3]] == ["-m", "engineering_api.generation"]
        self.runs += 1
        for name in (METHODS, "docs/api/README.md", "docs/openapi.json"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(name, encoding="utf-8")

    def complete(self) -> int:
        """Complete the project. Gives how often something was generated until now."""
        assert self.dev.complete(Path(sys.executable)) == Path(sys.executable)
        return self.runs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    spec = spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    dev = module_from_spec(spec)
    spec.loader.exec_module(dev)
    made = Project(dev, tmp_path)
    for name, value in {"HERE": tmp_path, "STAMP": tmp_path / "build" / "generated", "run": made.generate}.items():
        monkeypatch.setattr(dev, name, value)
    return made


def test_what_is_missing_is_generated_once(project: Project) -> None:
    assert [project.complete(), project.complete()] == [1, 1]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_old_is_generated_again(project: Project, change: Callable[[Path], object]) -> None:
    project.complete()
    change(project.root)
    assert [project.complete(), project.complete()] == [2, 2]


def test_what_has_no_part_in_it_changes_nothing(project: Project) -> None:
    project.complete()
    for name in ("docs/contract.tsv", "docs/client.md", "engineering_api/__pycache__/tags.pyc"):
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text("new", encoding="utf-8")
    assert project.complete() == 1
