"""Methods of the fake take as many arguments as one of the real overloads, and only what the real model lets be set can be."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from inspect import Parameter, unwrap
from typing import Any

import pytest

from openness_bridge.manifest.reading import read
from openness_bridge.manifest.signatures import Kind, Member
from tests.openness_bridge.manifest.kit import LATEST, VERSIONS, deviations, fake_types, public, real


def shared(version: str) -> Iterator[tuple[str, str, Any, list[Member]]]:
    """Type, member, what the fake has for it and the real members of that name."""
    manifest = read(version)
    for name, kind in fake_types(version).items():
        if issubclass(kind, Enum):
            continue
        members = [member for each in real(manifest, name) for member in manifest.members(each)]
        for member in public(kind, version):
            found = next((vars(base)[member] for base in kind.__mro__ if member in vars(base)), None)
            if (name, member) not in deviations():
                yield name, member, found, [each for each in members if each.name == member]


def accepted(found: Any) -> range | None:
    """How many arguments a method of the fake takes; None for what is no plain method or takes any number."""
    function = getattr(found, "_function", found)
    function = (
        unwrap(getattr(function, "__func__", function)) if callable(function) or hasattr(found, "__func__") else None
    )
    if not inspect.isfunction(function):
        return None
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if any(each.kind is Parameter.VAR_POSITIONAL for each in parameters):
        return None
    return range(sum(each.default is Parameter.empty for each in parameters), len(parameters) + 1)


@pytest.mark.parametrize("version", VERSIONS)
def test_methods_take_as_many_arguments_as_a_real_overload(version: str) -> None:
    wrong = []
    for name, member, found, members in shared(version):
        overloads = [len(each.parameters) for each in members if each.kind is Kind.METHOD]
        takes = accepted(found)
        if takes is not None and not any(count in takes for count in overloads):
            wrong.append((name, member, takes, overloads))
    assert wrong == []


def test_only_what_is_writable_can_be_set() -> None:
    """In the latest version; in older ones the fake lets some names be set that became writable later."""
    settable = [
        (name, member, members)
        for name, member, found, members in shared(LATEST)
        if isinstance(found, property) and found.fset is not None
    ]
    assert len(settable) > 50
    writable = {Kind.PROPERTY, Kind.EVENT}
    assert [
        (name, member)
        for name, member, members in settable
        if not any(
            each.kind in writable and (each.writable or each.kind is Kind.EVENT or each.type == "?") for each in members
        )
    ] == []


def test_a_wrong_number_of_arguments_would_be_seen() -> None:
    assert accepted(lambda self, a, b=1: None) == range(1, 3)
    assert accepted(lambda self, *a: None) is None
    assert accepted(property(lambda self: 1)) is None


ALIASES = {
    "CreateFrom",
    "Export",
    "Open",
    "OpenWithUpgrade",
    "ApplyConfiguration",
    "GenerateBlocksFromSource",
    "Find",
    "Create",
}
"""Methods that are one function here for overloads with different names, or whose names are used otherwise in them."""


def test_parameters_have_the_names_of_the_manifest() -> None:
    """Self-description shows them: docs/facts/openness.md#attributes-and-services."""
    wrong = []
    for name, member, found, members in shared(LATEST):
        function = getattr(found, "_function", None)
        overloads = [[each.name for each in one.parameters] for one in members if one.kind is Kind.METHOD]
        if function is None or member in ALIASES or not overloads:
            continue
        names = [each.name for each in list(inspect.signature(unwrap(function)).parameters.values())[1:]]
        if accepted(found) is not None and not any(each[: len(names)] == names for each in overloads):
            wrong.append((name, member, names, overloads))
    assert wrong == []
