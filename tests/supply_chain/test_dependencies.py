"""docs/dependencies.md lists the dependencies of pyproject.toml, each with its extra."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from engineering_api.extras import DISTRIBUTION, PURPOSES, SERVICE, Extra
from openness_bridge.errors import Kind, Problem
from tests.supply_chain.installed import ROOT, TEST, left_out, project
from tests.supply_chain.lock import pins

PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| ([a-z0-9]*) ?\| (\d+\.\d) \| \S.* \|$", re.MULTILINE)
EXTRAS = {name: lines for name, lines in project()["optional-dependencies"].items() if name != TEST}


def test_the_page_lists_each_dependency_with_its_extra_once() -> None:
    declared = [("", line) for line in project()["dependencies"]]
    declared += [(extra, line) for extra, lines in EXTRAS.items() for line in lines]
    wanted = [(canonicalize_name(Requirement(line).name), extra) for extra, line in declared]
    assert sorted((name, extra) for name, extra, _ in ROW.findall(PAGE)) == sorted(wanted)


def test_the_page_and_the_messages_know_each_extra() -> None:
    assert set(PURPOSES) == set(EXTRAS)
    shown = re.findall(rf'pip install "{DISTRIBUTION}\[service(?:,([a-z0-9]+))?\] @ ADDRESS"', PAGE)
    assert {extra or SERVICE for extra in shown} == set(EXTRAS)
    assert project()["name"] == DISTRIBUTION


def test_no_lock_file_of_the_service_has_what_nobody_imports() -> None:
    locked = {pin.name for pin in pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    assert left_out()
    assert not locked & (left_out() | {"faker", "pydantic", "werkzeug"})
    names = {canonicalize_name(each) for each in re.findall(r"[A-Za-z-]+", PAGE)}
    assert left_out() <= names


def test_a_missing_package_is_reported_with_its_extra_and_a_missing_own_module_as_it_is() -> None:
    with (
        pytest.raises(Problem, match=re.escape(f'pip install "{DISTRIBUTION}[service,gateway] @ ADDRESS"')) as found,
        Extra("gateway"),
    ):
        import_module("a_queue_that_nobody_has.redis")
    assert (found.value.code, found.value.kind) == ("package.extra_missing", Kind.UNSUPPORTED)
    with pytest.raises(ModuleNotFoundError, match="engineering_api"), Extra("gateway"):
        import_module("engineering_api.nothing")
