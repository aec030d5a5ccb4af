"""Modules can be read one after another: few of them import each other in a circle, and no folder is crowded.

An import counts wherever it stands: at the top of a module, in a function, or under TYPE_CHECKING. A package that does not
keep the limits yet has limits of its own, those that hold today.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import ROOT
from tests.structure.graphs import Graph, graph_of, modules_of, reached

GENERATED = ROOT / "engineering_api" / "client" / "resources"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package has to keep: files in one circle, modules in one folder, folders from the package down to a module."""

    circle: int = 10
    modules: int = 25
    folders: int = 4


PACKAGES = {
    "engineering_api": Limits(),
    "runtime_data": Limits(),
    "openness_bridge": Limits(),
    "simatic_xml": Limits(),
    "fakes/fake_dotnet": Limits(),
    "fakes/fake_openness": Limits(),
    "fakes/fake_plcsim": Limits(),
    "fakes/virtual_plc": Limits(),
}


def circles(graph: Graph) -> set[frozenset[str]]:
    """The sets of modules of which each imports, in the end, all the others."""
    below = {module: reached(graph, module) for module in graph}
    found = {frozenset(other for other in below[module] if module in below[other]) for module in graph}
    return found - {frozenset()}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_of_imports_is_large(package: str) -> None:
    large = [sorted(each) for each in circles(graph_of(ROOT / package)) if len(each) > PACKAGES[package].circle]
    assert large == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_crowded(package: str) -> None:
    files = modules_of(ROOT / package).values()
    own = [file.parent for file in files if file.name != "__init__.py" and file.parent != GENERATED]
    crowded = {folder for folder in own if own.count(folder) > PACKAGES[package].modules}
    assert crowded == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_deep(package: str) -> None:
    modules = modules_of(ROOT / package).values()
    deep = [file for file in modules if len(file.relative_to(ROOT / package).parts) > PACKAGES[package].folders]
    assert deep == []


def test_an_import_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    package = tmp_path / "plant"
    (package / "pumps").mkdir(parents=True)
    (package / "__init__.py").write_text("NAME = 'plant'\n")
    (package / "pumps" / "__init__.py").write_text("from . import valve\n")
    (package / "pumps" / "valve.py").write_text("from ..tank import Tank\nimport json\n")
    (package / "tank.py").write_text("def fill():\n    from plant.pipe import flow\n")
    (package / "pipe.py").write_text("if TYPE_CHECKING:\n    import plant.pumps.valve\n")
    (package / "alone.py").write_text("from plant import NAME\nfrom plant import tank\n")
    graph = graph_of(package)
    assert graph["plant.alone"] == {"plant", "plant.tank"}
    assert graph["plant.pumps"] == {"plant.pumps.valve"}
    assert circles(graph) == {frozenset({"plant.pumps.valve", "plant.tank", "plant.pipe"})}
