"""Makes the manifest's form of real assemblies, by reflection: `tia manifest dump` on a computer with a licence.

Reflection cannot show which services GetService offers, nor attributes that only GetAttribute knows: they are missing.
As in the files that were written by hand, a type has its own members only: what a base or interface has is not
repeated, nor are the members that every collection has for its element. Works on any assembly and any CLR.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from openness_bridge.manifest.signatures import Kind, Member, Parameter

WORDS = {
    "System.String": "string", "System.Boolean": "bool", "System.Object": "object", "System.Void": "",
    "System.Int32": "int", "System.Int64": "long", "System.Int16": "short", "System.SByte": "sbyte",
    "System.UInt32": "uint", "System.UInt64": "ulong", "System.UInt16": "ushort", "System.Byte": "byte",
    "System.Single": "float", "System.Double": "double", "System.Decimal": "decimal", "System.Char": "char",
}  # fmt: skip
_OF_OBJECT = {"ToString", "Equals", "GetHashCode", "GetType", "GetEnumerator", "Finalize", "BeginInvoke", "EndInvoke"}
_OF_COLLECTIONS = {"Count", "IsReadOnly", "Contains", "IndexOf", "Any"}
_COLLECTIONS = {"IEngineeringComposition", "IEngineeringAssociation"}
_NO_BASES = {"System.Object", "System.ValueType", "System.Enum", "System.MulticastDelegate"}
_LISTS = ("documented", "inferred", "unverified")


def document(assemblies: Iterable[Any], *, product: str, version: str, root: str, assembly: str) -> dict[str, Any]:
    """Return the manifest's document of loaded assemblies.

    Args:
        assemblies: System.Reflection.Assembly objects.
        product: Their product, for people.
        version: Their version, such as "20".
        root: The namespace whose public types are described.
        assembly: The usual assembly; the types of others are listed.
    """
    described: dict[str, Any] = {}
    elsewhere: dict[str, list[str]] = {}
    for each in assemblies:
        name = str(each.GetName().Name)
        for found in each.GetExportedTypes():
            if not _is_of(found, root) or found.IsNested:
                continue
            short = type_name(found, root)
            described[short] = _describe(found, root)
            if name != assembly:
                elsewhere.setdefault(name, []).append(short)
    return {
        "product": product,
        "version": version,
        "root": root,
        "assembly": assembly,
        "assemblies": {name: sorted(types) for name, types in sorted(elsewhere.items())},
        "types": dict(sorted(described.items())),
    }


def type_name(found: Any, root: str) -> str:
    """Return a System.Type as the manifest writes it."""
    if found.IsByRef:
        return type_name(found.GetElementType(), root)
    if found.IsArray:
        return f"{type_name(found.GetElementType(), root)}[]"
    if found.IsGenericParameter:
        return str(found.Name)
    name = f"{found.Namespace}.{found.Name}".partition("`")[0]
    if found.IsGenericType:
        return f"{name.removeprefix(f'{root}.')}<{', '.join(type_name(each, root) for each in found.GetGenericArguments())}>"
    return WORDS.get(name, name.removeprefix(f"{root}."))


def format_document(made: dict[str, Any]) -> str:
    """Return a document as text: one line for each member, so that differences can be read."""
    heads = {key: value for key, value in made.items() if key != "types"}
    lines = [f" {json.dumps(key)}: {_value(value)}," for key, value in heads.items()]
    types = [f"  {json.dumps(name)}: {{{_entry(entry)}}}" for name, entry in made["types"].items()]
    return "{\n" + "\n".join(lines) + '\n "types": {\n' + ",\n".join(types) + "\n }\n}\n"


# -- types ----------------------------------------------------------------------------


def _describe(found: Any, root: str) -> dict[str, Any]:
    kind = _kind(found)
    entry: dict[str, Any] = {"kind": kind}
    if kind == "enum":
        if any(str(each.GetType().FullName) == "System.FlagsAttribute" for each in found.GetCustomAttributes(False)):
            entry["flags"] = True
        members = [str(member) for member in _numbers(found)]
        return entry | ({"documented": members} if members else {})
    if bases := _bases(found, root):
        entry["bases"] = bases
    if lines := [str(member) for member in _own(found, root, kind)]:
        entry["documented"] = lines
    return entry


def _is_of(found: Any, root: str) -> bool:
    return f"{found.Namespace}.".startswith(f"{root}.")


def _kind(found: Any) -> str:
    if found.IsInterface:
        return "interface"
    if found.IsEnum:
        return "enum"
    if found.IsValueType:
        return "struct"
    return "delegate" if str(found.BaseType.FullName) == "System.MulticastDelegate" else "class"


def _bases(found: Any, root: str) -> list[str]:
    """Return the base class and the interfaces that neither it nor another of them has."""
    base = found.BaseType
    direct = [] if base is None or str(base.FullName) in _NO_BASES else [base]
    interfaces = list(found.GetInterfaces())
    having = [each for each in (base, *interfaces) if each is not None]
    inherited = {_identity(each) for other in having for each in other.GetInterfaces()}
    direct += [each for each in interfaces if each.IsPublic and _identity(each) not in inherited]
    return [type_name(each, root) for each in direct]


def _identity(found: Any) -> str:
    return str(found.ToString())


# -- members --------------------------------------------------------------------------


def _numbers(found: Any) -> Iterator[Member]:
    fields = [each for each in found.GetFields() if each.IsStatic]
    for each in sorted(fields, key=lambda field: int(field.GetRawConstantValue())):
        yield Member(Kind.VALUE, str(each.Name), number=int(each.GetRawConstantValue()))


def _own(found: Any, root: str, kind: str) -> Iterator[Member]:
    named = partial(type_name, root=root)
    bases = [each for each in (found.BaseType, *found.GetInterfaces()) if each is not None and _is_of(each, root)]
    inherited = {(member.key, member.writable) for base in bases for member in _list_members(base, named)}
    hidden = _OF_OBJECT | (_OF_COLLECTIONS if _is_collection(found) else set())
    for member in _list_members(found, named, constructors=kind in {"class", "struct"}):
        if member.name not in hidden and (member.key, member.writable) not in inherited:
            yield member


def _is_collection(found: Any) -> bool:
    return any(str(each.Name) in _COLLECTIONS for each in found.GetInterfaces())


def _list_members(found: Any, named: Any, *, constructors: bool = False) -> Iterator[Member]:
    """Yield the public members that a type declares itself."""
    mine = [each for each in found.GetMembers() if _identity(each.DeclaringType) == _identity(found)]
    for each in mine:
        match str(each.MemberType):
            case "Property" if not list(each.GetIndexParameters()):
                yield _property(each, named)
            case "Method" if not each.IsSpecialName:
                generic = tuple(str(one.Name) for one in each.GetGenericArguments())
                returned = named(each.ReturnType)
                parameters = tuple(_parameters(each, named))
                yield Member(Kind.METHOD, str(each.Name), returned, parameters, generic, static=bool(each.IsStatic))
            case "Constructor" if constructors:
                yield Member(Kind.CONSTRUCTOR, "new", parameters=tuple(_parameters(each, named)))
            case "Event":
                yield Member(Kind.EVENT, str(each.Name), named(each.EventHandlerType))
            case "Field" if not each.IsSpecialName:
                yield Member(Kind.FIELD, str(each.Name), named(each.FieldType), static=bool(each.IsStatic))


def _property(each: Any, named: Any) -> Member:
    reader, writer = each.GetGetMethod(), each.GetSetMethod()
    static = bool((reader if reader is not None else writer).IsStatic)
    return Member(Kind.PROPERTY, str(each.Name), named(each.PropertyType), writable=writer is not None, static=static)


def _parameters(method: Any, named: Any) -> Iterator[Parameter]:
    for each in method.GetParameters():
        passing = "" if not each.ParameterType.IsByRef else "out" if each.IsOut else "ref"
        yield Parameter(str(each.Name), named(each.ParameterType), passing)


# -- text -----------------------------------------------------------------------------


def _value(value: Any) -> str:
    return json.dumps(value, indent=2).replace("\n", "\n ") if isinstance(value, dict) else json.dumps(value)


def _entry(entry: dict[str, Any]) -> str:
    parts = []
    for key, value in entry.items():
        if key in _LISTS and " = " not in value[0]:
            parts.append(f'"{key}": [\n   ' + ",\n   ".join(json.dumps(line) for line in value) + "]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return ", ".join(parts)
