"""The list of Openness types, held against what the simulated versions publish."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from fake_dotnet import system
from fake_dotnet.system import NetEnum
from fake_openness import install
from fake_openness.core import reflection
from fake_openness.core.versions import KNOWN, TiaVersion

OWN = {
    # .NET's own, or parts of the machinery that are visible because they are classes
    "List",
    "ArgumentException",
    "ArgumentNullException",
    "ArgumentOutOfRangeException",
    "KeyNotFoundException",
    "KeyValuePair",
    "Dictionary",
    "MethodInfo",
    "Object",
    "Assembly",
    "AssemblyName",
    "AppDomain",
    "Domain",
    "EnumValue",
    "SystemType",
    "Type",
    "EngineeringServiceInfo",
}
UNLISTED = {
    # named by manuals of later versions without their namespace
    "ConfigurationAccessibleDevice",
    "CreateOrReleaseDependenciesMode",
    "DownloadCertificateSelections",
    "LibraryImportOptions",
    "OnlineAuthenticationConfiguration",
    "OnlineCredentials",
    "TransferResultMessage",
    "TransferResultState",
    "TypeCreateTransferResults",
    "UserType",
    "VersionCreateTransferResults",
}


def published(version: str) -> dict[str, Any]:
    """The stand-in's Openness types."""
    types = install(version).types
    of_system = {name for name, value in vars(system).items() if inspect.isclass(value)}
    return {name: kind for name, kind in types.items() if name not in OWN | of_system}


def listed(version: str) -> dict[str, list[reflection.Type]]:
    domain = reflection.domain(TiaVersion.of(version))
    names: dict[str, list[reflection.Type]] = {}
    for assembly in domain.GetAssemblies():
        for kind in assembly.GetExportedTypes():
            names.setdefault(kind.Name, []).append(kind)
    return names


@pytest.mark.parametrize("version", ["17", "21"])
def test_what_the_stand_in_publishes_is_in_the_list(version: str) -> None:
    known = listed(version)
    unknown = {name for name, kind in published(version).items() if name not in known}
    assert unknown <= UNLISTED, sorted(unknown - UNLISTED)


def test_exceptions_of_the_comparison_are_still_exceptions() -> None:
    latest = listed("21")
    assert {name for name in UNLISTED if name in latest} == set()


@pytest.mark.parametrize("version", KNOWN)
def test_enums_have_the_listed_numbers(version: str) -> None:
    known = listed(version)
    enums = {n: k for n, k in published(version).items() if issubclass(k, NetEnum) and n in known}
    wrong = {name for name, kind in enums.items() if not any(_agrees(kind, each) for each in known[name])}
    assert wrong == set()


def _agrees(kind: type[NetEnum], listed: reflection.Type) -> bool:
    """Whether the members that both have are the same numbers."""
    mine = {member.rstrip("_"): int(value.value) for member, value in kind.__members__.items()}
    return all(mine.get(value.ToString(), int(value)) == int(value) for value in listed._members())


def test_later_versions_only_add_types() -> None:
    names: set[str] = set()
    for version in KNOWN:
        now = {kind.FullName for kinds in listed(version).values() for kind in kinds}
        assert names <= now, version
        names = now


def test_numbers_of_types_are_those_of_the_assemblies() -> None:
    read = {version: [kind for kinds in listed(version).values() for kind in kinds] for version in ("15.1", "16", "17")}
    counts = {version: sum(kind._row.basis == "D" for kind in kinds) for version, kinds in read.items()}
    assert counts == {"15.1": 578, "16": 1075, "17": 1274}


def test_assemblies_are_split_since_v21() -> None:
    def names(version: str) -> set[str]:
        return {assembly.GetName().Name for assembly in reflection.domain(TiaVersion.of(version)).GetAssemblies()}

    assert names("20") == {
        "mscorlib",
        "Siemens.Engineering",
        "Siemens.Engineering.Hmi",
        "Siemens.Engineering.HmiUnified",
    } - {"Siemens.Engineering.HmiUnified"}
    assert {"Siemens.Engineering.Base", "Siemens.Engineering.Step7", "Siemens.Engineering.WinCC"} < names("21")


def test_members_that_a_later_version_brought_are_absent_before() -> None:
    def names(version: str) -> list[str]:
        kind = reflection.domain(TiaVersion.of(version)).find("Siemens.Engineering.ImportOptions")
        assert kind is not None
        return reflection.Enum.GetNames(kind)

    assert names("17") == ["None", "Override"]
    assert names("18") == ["None", "Override", "SkipInactiveCultures", "ActivateInactiveCultures"]


def test_kinds_bases_and_interfaces() -> None:
    domain = reflection.domain(TiaVersion.of("17"))
    fb = domain.find("Siemens.Engineering.SW.Blocks.FB")
    assert fb is not None and fb.BaseType is not None
    assert fb.BaseType.FullName == "Siemens.Engineering.SW.Blocks.CodeBlock"
    assert "Siemens.Engineering.IEngineeringObject" in {each.FullName for each in fb.GetInterfaces()}
    state = domain.find("Siemens.Engineering.Online.OnlineState")
    assert state is not None and state.BaseType is not None
    assert (state.IsEnum, state.IsClass, state.IsValueType, state.BaseType.FullName) == (
        True,
        False,
        True,
        "System.Enum",
    )
    handler = domain.find("Siemens.Engineering.Download.DownloadConfigurationDelegate")
    assert handler is not None and handler.BaseType is not None
    assert handler.BaseType.FullName == "System.MulticastDelegate"
    compilable = domain.find("Siemens.Engineering.Compiler.ICompilable")
    assert compilable is not None
    assert (compilable.IsInterface, compilable.BaseType) == (True, None)
