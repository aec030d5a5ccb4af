"""The tests mirror the packages, and take fixtures and helper modules from each other, never test modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

TESTS = ROOT / "tests"
PACKAGES = {
    "console": ROOT / "console",
    "engineering_api": ROOT / "engineering_api",
    "openness_bridge": ROOT / "openness_bridge",
    "runtime_data": ROOT / "runtime_data",
    "simatic_xml": ROOT / "simatic_xml",
    "fakes/fake_openness": ROOT / "fakes" / "fake_openness",
    "fakes/fake_plcsim": ROOT / "fakes" / "fake_plcsim",
    "fakes/virtual_plc": ROOT / "fakes" / "virtual_plc",
}
AROUND = {
    "benchmarks",
    "ci",
    "contract",
    "documentation",
    "journeys",
    "mutation",
    "oracle",
    "reliability",
    "structure",
    "supply_chain",
    "support",
}
"""Folders for what concerns several packages."""


def modules() -> list[Path]:
    return sorted(TESTS.rglob("*.py"))


def imports_of_tests(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
            for name in (*(node.module or "").split("."), *(each.name for each in node.names)):
                if name == "conftest" or (name.startswith("test_") and (module.parent / f"{name}.py").exists()):
                    yield f"{module.relative_to(TESTS)}: {name}"


@pytest.mark.slow
def test_no_module_imports_a_test_module() -> None:
    assert [found for module in modules() for found in imports_of_tests(module)] == []


def test_the_top_has_the_packages_and_what_concerns_several() -> None:
    folders = {each.name for each in TESTS.iterdir() if each.is_dir() and each.name != "__pycache__"}
    assert folders == {name.partition("/")[0] for name in PACKAGES} | AROUND


@pytest.mark.parametrize("package", PACKAGES)
def test_folders_of_tests_are_folders_of_the_package(package: str) -> None:
    allowed = {"calls", "files", "fixtures", "oracle", "programs", "recordings", "type_interfaces"}
    tested = {path.parent.relative_to(TESTS / package) for path in (TESTS / package).rglob("test_*.py")}
    unknown = {str(each) for each in tested if not (PACKAGES[package] / each).is_dir() and each.name not in allowed}
    assert unknown == set()
