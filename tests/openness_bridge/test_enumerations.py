"""The named values: those of enums and types of the object model are the ones that the manifest has in any version."""

from __future__ import annotations

import pytest

from openness_bridge import enumerations
from openness_bridge.enumerations import values_of
from openness_bridge.manifest import reading

ENUMS = {
    "AccessControl": "HW.Features.PlcAccessControlConfiguration",
    "AccessLevel": "HW.PlcProtectionAccessLevel",
    "AddressDirection": "HW.AddressIoType",
    "ChannelDirection": "HW.ChannelIoType",
    "ChannelKind": "HW.ChannelType",
    "CleanUpMode": "Library.Types.CleanUpMode",
    "CompileState": "Compiler.CompilerResultState",
    "DetailComparison": "Library.Compare.DetailCompareStatus",
    "DisplayFormat": "SW.WatchAndForceTables.PlcWatchAndForceTableDisplayFormat",
    "GlobalLibraryKind": "Library.GlobalLibraryType",
    "HardwareImportMode": "Cax.CaxImportOptions",
    "IpProtocol": "HW.IpProtocolSelection",
    "MasterCopyMode": "Library.MasterCopies.MasterCopyMode",
    "MasterSecret": "HW.MasterSecretConfiguration",
    "MemoryLayout": "SW.Blocks.MemoryLayout",
    "NetKind": "HW.NetType",
    "ProgrammingLanguage": "SW.Blocks.ProgrammingLanguage",
    "ReferenceAccess": "CrossReference.Access",
    "ReferenceFilter": "CrossReference.CrossReferenceFilter",
    "ReferenceKind": "CrossReference.ReferenceType",
    "Trigger": "SW.WatchAndForceTables.PlcWatchAndForceTablePreDefinedTrigger",
    "TypeVersionState": "Library.Types.LibraryTypeVersionState",
}
SPELLED = {"Multiinstance": "MultiInstance"}
"""Members that clients get in another spelling (openness_bridge/program/cross_references.py)."""
ABSTRACT = {"CodeBlock", "DataBlock"}


def members(enum: str) -> set[str]:
    found = {
        member.name
        for version in reading.versions()
        for member in reading.read(version).members(enum)
        if enum in reading.read(version).types
    }
    return {SPELLED.get(each, each) for each in found}


@pytest.mark.parametrize(("name", "enum"), ENUMS.items(), ids=ENUMS)
def test_an_enumeration_has_all_members_of_all_versions(name: str, enum: str) -> None:
    assert set(values_of(getattr(enumerations, name))) == members(enum) != set()


def test_the_kinds_of_blocks_are_the_types_of_blocks() -> None:
    found = {
        entry.simple_name
        for version in reading.versions()
        for name, entry in reading.read(version).types.items()
        if any(base.name == "SW.Blocks.PlcBlock" for base in reading.read(version).lineage(name))
    }
    assert set(values_of(enumerations.BlockKind)) == found - ABSTRACT - {"PlcBlock"}


def test_no_value_is_listed_twice() -> None:
    kinds = [getattr(enumerations, name) for name in ENUMS]
    assert all(len(values_of(kind)) == len(set(values_of(kind))) for kind in kinds)
