"""Reads namespaces, types, enums and services of the loaded Openness assemblies by reflection.

It needs a portal only to ask an object which services it offers.
Facts: docs/facts/openness.md#attributes-and-services, docs/facts/openness.md#reflection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from openness_bridge import likeness
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, first_line
from openness_bridge.lookup import locate_plc
from openness_bridge.model import Model
from openness_bridge.portal.portal import Session

ROOT = "Siemens.Engineering"
SERVICE = f"{ROOT}.IEngineeringService"
CATEGORIES = {
    "Online": f"{ROOT}.Online",
    "Online configurations": f"{ROOT}.Online.Configurations",
    "Connection": f"{ROOT}.Connection",
    "Download": f"{ROOT}.Download",
    "Download configurations": f"{ROOT}.Download.Configurations",
    "Upload": f"{ROOT}.Upload",
    "Upload configurations": f"{ROOT}.Upload.Configurations",
}
"""The types of online access, download and upload, and the namespace of each."""


TypeKind = Annotated[str, one_of("TypeKind", "class", "interface", "enum", "struct", "delegate")]


class TypeInfo(msgspec.Struct, rename="camel", frozen=True):
    """A public type.

    Attributes:
        kind: class, interface, enum, struct or delegate.
        is_service: Whether GetService can return it.
    """

    name: str
    full_name: str
    namespace: str
    kind: TypeKind
    assembly: str
    is_service: bool


class NamespaceInfo(msgspec.Struct, rename="camel", frozen=True):
    """A namespace and how many public types it has."""

    name: str
    types: int
    classes: int
    interfaces: int
    enums: int
    assemblies: list[str]


class EnumValue(msgspec.Struct, rename="camel", frozen=True):
    """A member of an enum."""

    name: str
    value: int


class TypeDetails(TypeInfo, frozen=True):
    """A public type with its base, interfaces and values.

    Attributes:
        base: The class that it extends.
        interfaces: Those that it has, inherited ones too.
        values: Of an enum.
    """

    base: str | None
    interfaces: list[str]
    values: list[EnumValue]


class EnumInfo(msgspec.Struct, rename="camel", frozen=True):
    """An enum with its members, in the order of their values."""

    name: str
    full_name: str
    values: list[EnumValue]


class Category(msgspec.Struct, rename="camel", frozen=True):
    """The types of one purpose."""

    name: str
    namespace: str
    types: list[TypeInfo]


class ServiceInfo(msgspec.Struct, rename="camel", frozen=True):
    """A service that an object offers."""

    name: str
    full_name: str
    namespace: str


class ServiceList(msgspec.Struct, rename="camel", frozen=True):
    """The services of an object.

    Attributes:
        of: The object's type.
    """

    device: str
    name: str
    of: str
    services: list[ServiceInfo]


def namespaces(model: Model) -> list[NamespaceInfo]:
    """Return the namespaces with their numbers of types, by name."""
    spaces: dict[str, list[TypeInfo]] = {}
    for info in types(model):
        spaces.setdefault(info.namespace, []).append(info)
    return [_namespace(name, infos) for name, infos in sorted(spaces.items())]


def types(model: Model, part: str = "", kind: str | None = None) -> list[TypeInfo]:
    """Return the public types whose full name contains a text, without regard to case, by name."""
    key = part.casefold()
    found = [_info(each, assembly) for each, assembly in _list_types(model) if key in str(each.FullName).casefold()]
    return sorted((info for info in found if kind in (None, info.kind)), key=lambda info: info.full_name)


def search(model: Model, name: str) -> list[TypeDetails]:
    """Return the types of a simple or full name; a name occurs in several namespaces.

    Raises:
        Problem: There is none.
    """
    return [_details(model, each, assembly) for each, assembly in _find_types(model, name)]


def enum_values(model: Model, name: str) -> EnumInfo:
    """Return the members of an enum, by its simple or full name.

    Raises:
        Problem: There is no such type, several have the name, or it is no enum.
    """
    found = _find_types(model, name)
    enums = [each for each, _ in found if each.IsEnum]
    place = Place(object=name)
    if not enums:
        msg = f"'{found[0][0].FullName}' is not an enum: GET /api/diagnostic/types?kind=enum lists all."
        raise Problem("type.no_enum", msg, place=place)
    if len(enums) > 1:
        msg = f"Several enums are called '{name}': {', '.join(sorted(str(each.FullName) for each in enums))}. Use a full name."
        raise Problem("type.ambiguous", msg, kind=Kind.CONFLICT, place=place)
    return EnumInfo(str(enums[0].Name), str(enums[0].FullName), _values(model, enums[0]))


def providers(model: Model) -> list[TypeInfo]:
    """Return the types that GetService can be asked for, by name."""
    return [info for info in types(model) if info.is_service]


def online_download_types(model: Model) -> list[Category]:
    """Return the types of online access, connections, download and upload."""
    known = types(model)
    return [
        Category(name, namespace, [info for info in known if info.namespace == namespace])
        for name, namespace in CATEGORIES.items()
    ]


def plc_services(session: Session, device: str) -> ServiceList:
    """Return the services that a PLC's program offers. On the portal's thread.

    Raises:
        Problem: No such device, or it has no program.
    """
    return _list_services(session, device, locate_plc(session, device).software)


def cpu_services(session: Session, device: str) -> ServiceList:
    """Return the services that a PLC's CPU offers. On the portal's thread.

    Raises:
        Problem: No such device, or it has no program.
    """
    return _list_services(session, device, locate_plc(session, device).cpu)


def _list_services(session: Session, device: str, obj: Any) -> ServiceList:
    infos = session.model.IEngineeringServiceProvider(obj).GetServiceInfos()
    services = [ServiceInfo(str(i.Type.Name), str(i.Type.FullName), str(i.Type.Namespace)) for i in infos]
    return ServiceList(device, str(obj.Name), type(obj).__name__, sorted(services, key=lambda each: each.full_name))


def _list_types(model: Model) -> Iterator[tuple[Any, str]]:
    """Yield every public type of the loaded Openness assemblies, and the assembly's name."""
    for assembly in model.AppDomain.CurrentDomain.GetAssemblies():
        name = str(assembly.GetName().Name)
        if name == ROOT or name.startswith(f"{ROOT}."):
            for each in _types_of(assembly, name):
                yield each, name


def _types_of(assembly: Any, name: str) -> list[Any]:
    try:
        return list(assembly.GetExportedTypes())
    except Exception as error:
        msg = (
            f"The types of {name} cannot be read ({first_line(error)}): check that TIA Portal is installed completely."
        )
        raise Problem("type.unreadable", msg, kind=Kind.UNSUPPORTED, place=Place(object=name)) from error


def _find_types(model: Model, name: str) -> list[tuple[Any, str]]:
    key = name.casefold()
    known = list(_list_types(model))
    found = [pair for pair in known if key in {str(pair[0].Name).casefold(), str(pair[0].FullName).casefold()}]
    if found:
        return found
    names = {str(each.Name).casefold(): str(each.Name) for each, _ in known}
    near = likeness.find_near(key.rpartition(".")[2], names, 3, 0.7)
    hint = (
        f"Did you mean {' or '.join(names[each] for each in near)}?" if near else "GET /api/diagnostic/types lists all."
    )
    msg = f"TIA Portal V{model.version} has no type '{name}'. {hint}"
    raise Problem("type.not_found", msg, kind=Kind.MISSING, place=Place(object=name))


def _info(each: Any, assembly: str) -> TypeInfo:
    return TypeInfo(**_common(each, assembly))


def _details(model: Model, each: Any, assembly: str) -> TypeDetails:
    base = each.BaseType
    return TypeDetails(
        **_common(each, assembly),
        base=None if base is None else str(base.FullName),
        interfaces=sorted(str(i.FullName) for i in each.GetInterfaces()),
        values=_values(model, each) if each.IsEnum else [],
    )


def _common(each: Any, assembly: str) -> dict[str, Any]:
    offered = any(str(i.FullName) == SERVICE for i in each.GetInterfaces())
    return {
        "name": str(each.Name),
        "full_name": str(each.FullName),
        "namespace": str(each.Namespace),
        "kind": _kind(each),
        "assembly": assembly,
        "is_service": offered,
    }


def _kind(each: Any) -> str:
    if each.IsEnum:
        return "enum"
    if each.IsInterface:
        return "interface"
    if each.IsValueType:
        return "struct"
    return "delegate" if str(each.BaseType and each.BaseType.FullName) == "System.MulticastDelegate" else "class"


def _values(model: Model, kind: Any) -> list[EnumValue]:
    names, values = model.Enum.GetNames(kind), model.Enum.GetValues(kind)
    return [EnumValue(str(name), int(value)) for name, value in zip(names, values, strict=True)]


def _namespace(name: str, infos: list[TypeInfo]) -> NamespaceInfo:
    kinds = Counter(info.kind for info in infos)
    assemblies = sorted({info.assembly for info in infos})
    return NamespaceInfo(name, len(infos), kinds["class"], kinds["interface"], kinds["enum"], assemblies)
