"""The fake of PLCSIM Advanced has nothing that its API lacks, and whatever drives it uses nothing that the API lacks."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import engineering_api
import openness_bridge
from fake_plcsim import insight, install
from fake_plcsim.runtime import Runtime
from openness_bridge.manifest.reading import PLCSIM, Manifest, read, versions
from openness_bridge.manifest.signatures import Kind
from tests.openness_bridge.manifest.bridge_walk import Use, used
from tests.openness_bridge.manifest.net import NET_MEMBERS, NET_TYPES

OF_THE_FAKE = {
    "SimulationInsight": "what only a simulated controller tells; asked for with has()",
    "AbsoluteAccess": "data blocks by address, which the API does not have; asked for with has()",
    "SimulationIo": "forces and faults of a simulated controller; asked for with has()",
    "SimulationIoException": "what SimulationIo refuses",
}
ONLY_SIMULATED = "simulated_io.py"
"""The module that drives SimulationIo and nothing else."""
OF_NET = {"Dispose"}
"""Of System.IDisposable."""
DRIVERS = sorted(
    (
        *(each for each in Path(openness_bridge.__file__).parent.glob("plcsim/*.py") if each.name != ONLY_SIMULATED),
        Path(openness_bridge.__file__).parent / "online/watch_values.py",
        Path(engineering_api.__file__).parent / "features/plc_tests/benches/controller.py",
    )
)
"""Modules that drive PLCSIM Advanced and nothing else of .NET."""
LACKING = {"RemoteConnect": "no other computer is simulated, so one of three ways to name it is enough"}
_NOT_MEMBERS = {Kind.CONSTRUCTOR}


def members(manifest: Manifest, name: str) -> set[str]:
    """Names of the members of a type."""
    return {each.name for each in manifest.members(name) if each.kind not in _NOT_MEMBERS}


def everywhere(name: str) -> set[str]:
    """Names of the members that a type has in any version: the fake has the enums of all."""
    known = (read(version, PLCSIM) for version in versions(PLCSIM))
    return {member for manifest in known for member in members(manifest, name)}


def public(kind: Any) -> set[str]:
    """The public members that a type of the fake has."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {name.rstrip("_") for name in kind.__members__}
    bases = (*kind.__mro__, *(base for base in type(kind).__mro__ if base.__module__.startswith("fake_plcsim.")))
    return {name for base in bases for name in vars(base) if name[0].isupper()} - NET_MEMBERS


def invented(version: str) -> Iterator[tuple[str, str]]:
    """Type and member of what the fake has and the API of a version lacks; "" for a whole type."""
    major, minor = version.split(".")
    manifest = read(version, PLCSIM)
    for name, kind in install(Runtime((int(major), int(minor)))).items():
        if name in NET_TYPES | set(OF_THE_FAKE):
            continue
        if not everywhere(name):
            yield name, ""
            continue
        known = members(manifest, name) if not _is_enum(kind) else everywhere(name)
        yield from ((name, member) for member in sorted(public(kind) - known - OF_NET))


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


@pytest.mark.parametrize("version", [each for each in versions(PLCSIM) if float(each) > 1])
def test_the_fake_invents_nothing(version: str) -> None:
    assert list(invented(version)) == []


def test_the_fake_has_what_api_version_1_calls_otherwise_too() -> None:
    assert list(invented("1.0")) == [("IInstance", "RunToNextSyncPoint")]


def test_methods_take_as_many_arguments_as_an_overload() -> None:
    wrong = []
    manifest = read(versions(PLCSIM)[-1], PLCSIM)
    for name, kind in install().items():
        for member in manifest.members(name) if name in manifest.types else ():
            method = getattr(kind, member.name, None)
            if member.kind is Kind.METHOD and member.name not in LACKING and inspect.isroutine(method):
                given = [None] * (sum(each.passing != "out" for each in member.parameters) + inspect.isfunction(method))
                if not _takes(method, given):
                    wrong.append(f"{name}.{member}")
    assert wrong == []


def _takes(method: Any, given: list[None]) -> bool:
    try:
        inspect.signature(method).bind(*given)
    except TypeError:
        return False
    return True


@cache
def _strange() -> list[Use]:
    types = {name for version in versions(PLCSIM) for name in read(version, PLCSIM).types}
    known = {each for name in types for each in everywhere(name)} | types | NET_TYPES | NET_MEMBERS | OF_NET
    known |= {*OF_THE_FAKE, *vars(insight.SimulationInsight)}
    return [use for path in DRIVERS for use in used(path) if use.name not in known]


def test_what_drives_it_uses_nothing_that_is_not_there() -> None:
    assert _strange() == []


def test_the_walk_sees_what_is_used() -> None:
    found = {use.name for path in DRIVERS for use in used(path)}
    assert {"UpdateTagList", "ReadSignals", "WriteByte", "SIPSuite4", "RunToNextSyncPoint", "OperatingState"} <= found


def test_a_member_that_is_not_there_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = install()["IInstance"]
    monkeypatch.setattr(kind, "Rename", lambda self: None, raising=False)
    assert ("IInstance", "Rename") in set(invented("6.0"))
