"""Names the values of texts that have few: of the object model's enums, and of what else TIA Portal has a closed list for.

A field of such a type remains a text. Its schema has a name and the list; the service checks requests where it uses
them, as before, so that it takes other spellings and what a newer TIA Portal adds. The manifest has the members of each
version (`openness_bridge/manifest/data`), and `tests/openness_bridge/test_enumerations.py` compares them.
"""

from __future__ import annotations

from typing import Annotated

import msgspec


def one_of(title: str, *values: str) -> msgspec.Meta:
    """Describe a text that is one of some values.

    Args:
        title: Its name in descriptions of the API, unique for these values.
        values: All that answers have, spelled as there.
    """
    return msgspec.Meta(title=title, extra_json_schema={"enum": list(values)})


def values_of(kind: object) -> tuple[str, ...]:
    """Return the values of a type that `one_of` describes."""
    metas = getattr(kind, "__metadata__", ())
    return next(tuple(m.extra_json_schema["enum"]) for m in metas if "enum" in (m.extra_json_schema or {}))


AccessControl = Annotated[
    str, one_of("AccessControl", "Disabled", "EnabledWithAccessControl", "EnabledWithAccessControlViaAccessLevel")
]
"""Who decides about access to a CPU."""

AccessLevel = Annotated[
    str,
    one_of("AccessLevel", "None", "FullAccessIncludingFailsafe", "FullAccess", "ReadAccess", "HMIAccess", "NoAccess"),
]
"""What a CPU allows without a password, the least strict first."""

AddressDirection = Annotated[str, one_of("AddressDirection", "None", "Input", "Output", "Substitute", "Diagnosis")]
"""What the addresses of a module are for."""

BlockKind = Annotated[
    str, one_of("BlockKind", "OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB", "TechnologicalInstanceDB")
]
"""The kind of a program block: its type in the object model."""

ChannelDirection = Annotated[str, one_of("ChannelDirection", "None", "Input", "Output", "Complex")]
"""Whether a channel of a module reads, writes, or both."""

ChannelKind = Annotated[str, one_of("ChannelKind", "None", "Analog", "Digital", "Technology")]
"""What a channel of a module handles."""

CompileState = Annotated[str, one_of("CompileState", "Success", "Information", "Warning", "Error")]
"""The outcome of a compile, or of one of its messages."""

DetailComparison = Annotated[str, one_of("DetailComparison", "NotCompared", "ObjectsDifferent", "ObjectsIdentical")]
"""How a property of two compared objects differs."""

DisplayFormat = Annotated[
    str,
    one_of(
        "DisplayFormat",
        *("Undef", "Any_pointer", "BCD", "Bin", "Bool", "Character", "Character_sequence", "Date", "DATE_AND_TIME"),
        *("DEC_sequence", "DEC_signed", "DEC_unsigned", "Hex", "Block_number", "Octal", "Pointer", "Float", "Counter"),
        *("SIMATIC_Time", "String", "Time", "TIME_OF_DAY", "Unicode_character", "Unicode_character_sequence"),
        "Unicode_string",
    ),
]
"""How a watch or force table shows a value."""

GlobalLibraryKind = Annotated[str, one_of("GlobalLibraryKind", "System", "Corporate", "User")]
"""Who manages a global library."""

IpProtocol = Annotated[
    str, one_of("IpProtocol", "None", "Project", "Dhcp", "UserProgram", "OtherPath", "ViaIoController")
]
"""Where an interface gets its IP address from."""

MasterCopyMode = Annotated[str, one_of("MasterCopyMode", "ThrowIfExists", "Rename", "Replace")]
"""What a master copy does where its name is used already."""

CleanUpMode = Annotated[str, one_of("CleanUpMode", "PreserveDefaultVersionOfUnusedTypes", "DeleteUnusedTypes")]
"""What a clean-up of a library removes."""

MasterSecret = Annotated[str, one_of("MasterSecret", "None", "WithPassword", "WithoutPassword")]
"""Whether a password protects the confidential configuration data of a CPU, and whether TIA Portal knows it."""

MemoryLayout = Annotated[str, one_of("MemoryLayout", "Standard", "Optimized")]
"""How a data block is in the memory."""

NetKind = Annotated[
    str,
    one_of(
        "NetKind",
        *("Unknown", "Profibus", "Mpi", "Ethernet", "Asi", "Ptp", "Link", "PcInternal", "ProfibusIntegrated", "Wan"),
        "ProfidriveIntegrated",
    ),
]
"""The type of a subnet or interface."""

ProgrammingLanguage = Annotated[
    str,
    one_of(
        "ProgrammingLanguage",
        *("Undef", "STL", "LAD", "FBD", "SCL", "DB", "GRAPH", "CPU_DB", "CFC", "SFC", "FBD_IEC", "LAD_IEC", "SDB"),
        *("S7_PDIAG", "RSE", "F_STL", "F_LAD", "F_FBD", "F_DB", "F_LAD_LIB", "F_FBD_LIB", "FCP", "FLD", "ProDiag"),
        *("ProDiag_OB", "Motion_DB", "F_CALL", "CEM"),
    ),
]
"""The language of a block or network, as TIA Portal names it."""

ReferenceAccess = Annotated[
    str,
    one_of(
        "ReferenceAccess",
        *("Undefined", "Read", "Write", "RW", "Unknown", "Definition", "Declaration", "Interface", "Jump", "Monitor"),
        *("Modify", "Force", "Call", "UC", "CC", "MultiInstance", "InstanceDB", "Open", "Interlock", "Supervision"),
        *("Actions", "Transition", "ReadAndSymbol", "WriteAndSymbol", "ReadWriteAndSymbol", "InstanceAndSymbol"),
        *("MultiinstanceAndSymbol", "ProDiagSupervision", "DefaultValue", "ArrayBoundary", "StringLength", "TypeAlarm"),
        *("InstanceAlarm", "Parameterinstance", "ParameterinstanceAndSymbol", "CreateReference"),
        "CreateReferenceAndSymbol",
    ),
]
"""How a place uses an object; clients get Multiinstance as MultiInstance."""

ReferenceFilter = Annotated[
    str,
    one_of("ReferenceFilter", "AllObjects", "ObjectsWithReferences", "ObjectsWithoutReferences", "UnusedObjects"),
]
"""Which objects a list of cross references has."""

ReferenceKind = Annotated[
    str,
    one_of(
        "ReferenceKind",
        *("Uses", "UsedBy", "Undefined", "TypeInstance", "InstanceType", "Assigns", "MemberGroup", "GroupMember"),
        *("Defines", "DefinedBy", "OverlapsWith", "Scope", "Unknown"),
    ),
]
"""The direction of a cross reference."""

Trigger = Annotated[
    str,
    one_of(
        "Trigger",
        *("Permanent", "PermanentAtStart", "OnceOnlyAtStart", "PermanentAtEnd", "OnceOnlyAtEnd", "PermanentAtStop"),
        *("OnceOnlyAtStop", "Undef"),
    ),
]
"""When a watch table reads or writes a value."""

TypeVersionState = Annotated[str, one_of("TypeVersionState", "InWork", "Committed")]
"""Whether a version of a library type can still change."""

HardwareImportMode = Annotated[
    str, one_of("HardwareImportMode", "MoveToParkingLot", "OverwriteTiaDevice", "RetainTiaDevice")
]
"""What an import of hardware does with a device that exists."""

InterfaceSection = Annotated[
    str, one_of("InterfaceSection", "Input", "Output", "InOut", "Static", "Temp", "Constant", "Return")
]
"""A section of the interface of a block."""

MessageSeverity = Annotated[str, one_of("MessageSeverity", "Error", "Warning", "Information")]
"""How grave a message of the compiler is."""

NewBlockKind = Annotated[str, one_of("NewBlockKind", "OB", "FB", "FC", "DB", "GlobalDB", "InstanceDB", "ArrayDB")]
"""The kind of a new block; DB is a GlobalDB."""

ObjectKind = Annotated[
    str,
    one_of(
        "ObjectKind",
        *("OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB", "TechnologicalInstanceDB"),
        *("UDT", "TagTable", "WatchTable", "ForceTable", "Opaque"),
    ),
]
"""The kind of an object of a program, as the JSON form of SimaticML has it."""

Retention = Annotated[str, one_of("Retention", "Retain", "NonRetain", "SetInIDB")]
"""Whether a member keeps its value when the CPU has no power."""

SourceLanguage = Annotated[
    str, one_of("SourceLanguage", "LAD", "FBD", "SCL", "STL", "GRAPH", "DB", "F_LAD", "F_FBD", "F_DB")
]
"""The language of a new block."""

UseFilter = Annotated[str, one_of("UseFilter", "all", "used", "unused", "unreachable")]
"""Which objects of a program a list has: unused is what nothing uses, unreachable what no organization block reaches."""

WatchFormat = Annotated[str, one_of("WatchFormat", "", *values_of(DisplayFormat))]
"""The display format of a row; empty for a comment."""

WatchTrigger = Annotated[str, one_of("WatchTrigger", "", *values_of(Trigger))]
"""The trigger of a row; empty for a comment, and where the table has none."""
