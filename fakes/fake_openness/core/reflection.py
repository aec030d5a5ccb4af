"""The .NET reflection of the Openness assemblies: their types, as data/types.csv lists them.

The list was read from the assemblies of V15.1, V16 and V17 (basis D); of later versions, and of Unified panels, it
has, besides, the types that manuals and public sources name (basis N), and not all there are. Nested and generic types
and the types of add-ins are not in it. Facts: docs/facts/openness.md#assemblies, docs/facts/openness.md#reflection.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fake_dotnet import objects
from fake_dotnet.objects import NetObject
from fake_dotnet.system import EnumClass, NetEnum, members_of
from fake_openness.core.versions import KNOWN, TiaVersion

ROOT = "Siemens.Engineering"
_SYSTEM_BASES = {
    "enum": "System.Enum",
    "struct": "System.ValueType",
    "delegate": "System.MulticastDelegate",
    "class": "System.Object",
}
_ASSEMBLIES_FROM_V21 = {"HmiUnified": "WinCCUnified", "Hmi": "WinCC", "SW": "Step7", "Cax": "Step7", "Safety": "Safety"}
"""First part of a namespace and the assembly that has it since V21; Base has the others."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the list: names below Siemens.Engineering."""

    type: str
    kind: str
    since: str
    basis: str
    bases: tuple[str, ...]
    members: tuple[tuple[str, int, str], ...]


class EnumValue(int, NetObject):
    """A boxed value of an enum that is known by reflection only."""

    _name: str
    _type: Type

    def ToString(self) -> str:
        """Return the member's name."""
        return self._name

    def _own_type(self) -> Type:
        """Return the enum."""
        return self._type


class AssemblyName(NetObject):
    """System.Reflection.AssemblyName."""

    def __init__(self, name: str) -> None:
        """Keep the simple name."""
        self.Name = name


class Type(objects.Type):
    """System.Type of an Openness type."""

    def __init__(self, row: _Row, domain: Domain) -> None:
        """Describe a line of the list."""
        super().__init__(f"{ROOT}.{row.type}")
        self._row, self._domain = row, domain

    @property
    def IsEnum(self) -> bool:
        """Whether it is an enum."""
        return self._row.kind == "enum"

    @property
    def IsInterface(self) -> bool:
        """Whether it is an interface."""
        return self._row.kind == "interface"

    @property
    def IsValueType(self) -> bool:
        """Whether it is a struct or an enum."""
        return self._row.kind in {"enum", "struct"}

    @property
    def IsClass(self) -> bool:
        """Whether it is a class or a delegate."""
        return self._row.kind in {"class", "delegate"}

    @property
    def BaseType(self) -> Type | SystemType | None:
        """The class that it extends; None for an interface."""
        if self.IsInterface:
            return None
        classes = [base for base in self._bases() if not base.IsInterface]
        return classes[0] if classes else SystemType(_SYSTEM_BASES[self._row.kind])

    @property
    def Assembly(self) -> Assembly:
        """The assembly that has it."""
        return next(
            each
            for each in self._domain.GetAssemblies()
            if each.GetName().Name == _assembly(self, self._domain.version)
        )

    def GetInterfaces(self) -> list[Type]:
        """Return the Openness interfaces that it has, inherited ones too."""
        found: dict[str, Type] = {}
        for base in self._bases():
            inherited = [base] if base.IsInterface else []
            found |= {each.FullName: each for each in (*inherited, *base.GetInterfaces())}
        return list(found.values())

    def _bases(self) -> list[Type]:
        known = (self._domain.find(f"{ROOT}.{base}") for base in self._row.bases)
        return [base for base in known if base is not None]

    def _members(self) -> list[EnumValue]:
        return [
            _enum_value(self, name, value)
            for name, value, since in self._row.members
            if self._domain.version.has(since)
        ]


class SystemType(objects.Type):
    """A type of .NET itself that an Openness type extends."""


class Assembly(NetObject):
    """System.Reflection.Assembly."""

    def __init__(self, name: str, types: list[Type]) -> None:
        """Hold its public types."""
        self._name, self._types = name, types

    def GetName(self) -> AssemblyName:
        """Return its name."""
        return AssemblyName(self._name)

    def GetExportedTypes(self) -> list[Type]:
        """Return its public types."""
        return list(self._types)


class Domain(NetObject):
    """The application domain with the assemblies of one TIA version."""

    def __init__(self, version: TiaVersion) -> None:
        """Load the types that the version has."""
        self.version = version
        self._types = {made.FullName: made for row in _rows() if version.has(row.since) for made in (Type(row, self),)}

    def GetAssemblies(self) -> list[Assembly]:
        """Return the loaded assemblies, that of .NET itself included."""
        parts: dict[str, list[Type]] = {}
        for kind in self._types.values():
            parts.setdefault(_assembly(kind, self.version), []).append(kind)
        return [Assembly("mscorlib", []), *(Assembly(name, types) for name, types in parts.items())]

    def all_types(self) -> Iterator[Type]:
        """Yield every type of the version."""
        yield from self._types.values()

    def find(self, full_name: str) -> Type | None:
        """Return the type of that name."""
        return self._types.get(full_name)

    def service(self, name: str) -> Type:
        """Return the type of a service that an object offers, by its simple name.

        Raises:
            KeyError: The list does not have it.
        """
        for kind in self._types.values():
            if kind.Name == name and (kind.IsInterface or _is_service(kind)):
                return kind
        raise KeyError(name)


class Enum(EnumClass):
    """System.Enum, which takes types known by reflection, too."""

    @staticmethod
    def GetNames(enumType: type[NetEnum] | objects.Type) -> list[str]:
        """Return the names of an enum's members."""
        if isinstance(enumType, Type) and enumType._python is None:
            return [value.ToString() for value in enumType._members()]
        return EnumClass.GetNames(enumType)

    @staticmethod
    def GetValues(enumType: type[NetEnum] | objects.Type) -> list[Any]:
        """Return the values of an enum's members, in the same order."""
        if isinstance(enumType, Type) and enumType._python is None:
            return enumType._members()
        return list(members_of(enumType).values())


_UNLISTED = {
    "AuthenticationType": "Online.Configurations",
    "ConfigurationAccessibleDevice": "Connection",
    "CreateOrReleaseDependenciesMode": "Library.Types",
    "DownloadCertificateSelections": "Download.Configurations",
    "LibraryImportOptions": "Library.Types",
    "OnlineAuthenticationConfiguration": "Online.Configurations",
    "OnlineCredentials": "Online.Configurations",
    "TransferResultMessage": "Cax",
    "TransferResultState": "Cax",
    "TypeCreateTransferResults": "Library.Types",
    "UserType": "Online.Configurations",
    "VersionCreateTransferResults": "Library.Types",
}
"""Types of the fake that the list lacks, and their namespaces, which no assembly confirmed."""


def type_in(kind: type, version: TiaVersion) -> objects.Type:
    """Return the type of a class of the fake in a version."""
    return next((found for each in kind.__mro__ if (found := _found(each, version)) is not None), objects.type_of(kind))


@cache
def _found(kind: type, version: TiaVersion) -> objects.Type | None:
    namespace = _UNLISTED.get(kind.__name__)
    if not kind.__module__.startswith("fake_openness.") or kind.__name__.startswith("_"):
        return None
    if namespace is not None and not (kind.__name__ == "AuthenticationType" and issubclass(kind, NetEnum)):
        return objects.Type(f"{ROOT}.{namespace}.{kind.__name__}")
    is_enum = issubclass(kind, NetEnum)
    known = [row for row in _rows() if row.type.rpartition(".")[2] == kind.__name__ and (row.kind == "enum") is is_enum]
    if not known:
        return None
    made = Type(known[0], domain(version))
    made._python = kind
    return made


objects.finds_types("fake_openness", lambda kind: _found(kind, TiaVersion.of(KNOWN[-1])))


@cache
def domain(version: TiaVersion) -> Domain:
    """Return the application domain of a version."""
    return Domain(version)


def app_domain(version: TiaVersion) -> type[Any]:
    """Return System.AppDomain of a process that has loaded a version's assemblies."""
    return type("AppDomain", (), {"CurrentDomain": domain(version)})


@cache
def _rows() -> tuple[_Row, ...]:
    with files("fake_openness").joinpath("data/types.csv").open(encoding="utf-8") as file:
        return tuple(
            _Row(
                line["type"],
                line["kind"],
                line["since"],
                line["basis"],
                tuple(line["bases"].split()),
                tuple(_members(line["members"])),
            )
            for line in csv.DictReader(file)
        )


def _members(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield the members written as Name=1, or Name=1@19 for one since V19."""
    for member in text.split():
        name, _, rest = member.partition("=")
        value, _, since = rest.partition("@")
        yield name, int(value), since or "0"


def _enum_value(kind: Type, name: str, value: int) -> EnumValue:
    made = EnumValue(value)
    made._type, made._name = kind, name
    return made


def _is_service(kind: Type) -> bool:
    return any(each.Name == "IEngineeringService" for each in kind.GetInterfaces())


def _assembly(kind: Type, version: TiaVersion) -> str:
    """Return the assembly of a type; the values of classic HMI have a separate one in every version."""
    extension = kind.Namespace == f"{ROOT}.Hmi" and kind.Name != "HmiTarget"
    if not version.has("21"):
        return f"{ROOT}.Hmi" if extension else ROOT
    first = kind._row.type.partition(".")[0]
    return f"{ROOT}.{'WinCC.Extension' if extension else _ASSEMBLIES_FROM_V21.get(first, 'Base')}"
