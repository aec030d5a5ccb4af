"""What the code imports is declared in pyproject.toml, what is declared is imported, and versions have bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.imports import imported
from tests.supply_chain.installed import packages, requirements
from tests.supply_chain.policy import policy

PACKAGES = ["engineering_api", "runtime_data", "openness_bridge", "simatic_xml", "fakes"]
AROUND = ["tests", "benchmarks", "examples"]
DOTNET = {"system", "opennessdouble"}
"""Namespaces that pythonnet makes importable."""
GENERATED = {"simatic-engineering-api-client"}
"""What a test of clients generates before it runs a program that imports it."""

declared = policy().declared


def _names(wanted: list[Requirement]) -> set[str]:
    return {canonicalize_name(each.name) for each in wanted}


def _strange(folders: list[str], known: set[str]) -> dict[frozenset[str], Path]:
    """What is imported and not known, with a file each."""
    return {names: file for names, file in imported(*folders).items() if not names & known}


@pytest.mark.slow
def test_what_the_packages_import_is_declared() -> None:
    assert _strange(PACKAGES, _names(requirements()) | declared.undeclared.keys()) == {}


def test_what_is_declared_is_imported() -> None:
    unused = _names(requirements()).difference(*imported(*PACKAGES))
    assert unused == declared.not_imported.keys()


@pytest.mark.slow
def test_tests_and_benchmarks_import_only_what_is_installed_for_them() -> None:
    assert _strange(AROUND, packages(tools=True).keys() | _names(requirements(tools=True)) | DOTNET | GENERATED) == {}


def test_each_version_of_the_service_has_bounds() -> None:
    bounds = {canonicalize_name(each.name): {part.operator for part in each.specifier} for each in requirements()}
    assert not [name for name, operators in bounds.items() if ">=" not in operators]
    assert {name for name, operators in bounds.items() if "<" not in operators} == declared.unbounded.keys()
