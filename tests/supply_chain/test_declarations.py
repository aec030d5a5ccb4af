"""What the code imports is declared in pyproject.toml, what is declared is imported, and versions have bounds."""

from __future__ import annotations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply_chain.imports import imported
from supply_chain.installed import packages, requirements
from supply_chain.policy import policy

PACKAGES = ["engineering_api", "openness_bridge", "simatic_xml", "fakes"]
AROUND = ["tests", "benchmarks", "examples", "supply_chain"]
DOTNET = {"system", "opennessdouble"}
"""Namespaces that pythonnet makes importable."""

declared = policy().declared


def _names(wanted: list[Requirement]) -> set[str]:
    return {canonicalize_name(each.name) for each in wanted}


def test_what_the_packages_import_is_declared() -> None:
    undeclared = imported(*PACKAGES).keys() - _names(requirements(tools=False)) - declared.undeclared.keys()
    assert not {name: imported(*PACKAGES)[name] for name in undeclared}


def test_what_is_declared_is_imported() -> None:
    unused = _names(requirements(tools=False)) - imported(*PACKAGES).keys()
    assert unused == declared.not_imported.keys()


def test_tests_and_benchmarks_import_only_what_is_installed_for_them() -> None:
    there = packages(tools=True).keys() | _names(requirements(tools=True)) | DOTNET
    assert not imported(*AROUND).keys() - there


def test_each_version_of_the_service_has_bounds() -> None:
    bounds = {
        canonicalize_name(each.name): {part.operator for part in each.specifier} for each in requirements(tools=False)
    }
    assert not [name for name, operators in bounds.items() if ">=" not in operators]
    assert {name for name, operators in bounds.items() if "<" not in operators} == declared.unbounded.keys()
