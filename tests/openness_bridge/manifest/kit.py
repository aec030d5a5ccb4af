"""What the fake has, seen as the manifest sees the real model: public types and members by their .NET names."""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from fake_openness import install
from fake_openness.core.objects import _Lacking
from openness_bridge.manifest.reading import Manifest, TypeEntry, read, versions
from openness_bridge.manifest.signatures import Kind

VERSIONS = versions()
LATEST = VERSIONS[-1]
OF_NET = {
    "List", "Byte", "Int32", "UInt16", "UInt32", "String", "DateTime", "CultureInfo", "SecureString", "Guid", "Version", "Type", "FileInfo",
    "DirectoryInfo", "ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException", "KeyNotFoundException",
    "KeyValuePair", "Dictionary", "Object", "Enum", "AppDomain", "Int16", "Int64", "UInt64", "MethodInfo",
}  # fmt: skip
"""Types of .NET itself that the fake brings along."""
OF_EVERY_OBJECT = {"ToString", "GetType", "Equals", "GetHashCode", "HasFlag", "InnerException"}
DEVIATIONS = Path(__file__).with_name("deviations.csv")


@cache
def fake_types(version: str) -> dict[str, type[Any]]:
    """The Openness types of the simulated version by simple name."""
    return {name: kind for name, kind in install(version).types.items() if name not in OF_NET}


def public(kind: type[Any], version: str) -> set[str]:
    """The public members that a type of the fake has in a version."""
    found = {name for base in kind.__mro__ for name in _names(base) if name[0].isupper()}
    if issubclass(kind, Enum):
        return {name.rstrip("_") for name in found & set(kind.__members__) if not _combined(kind, name)}
    own = {name for name in found if name.startswith("Fake")}  # says so itself, for tests; the bridge may not use it
    return {name for name in found - OF_EVERY_OBJECT - own if _is_there(kind, name, version)}


def real(manifest: Manifest, simple_name: str) -> dict[str, TypeEntry]:
    """The types of the real model that a simple name of the fake stands for."""
    return {entry.name: entry for entry in manifest.find_by_simple_name(simple_name)}


def real_members(manifest: Manifest, simple_name: str) -> set[str]:
    """The names of their members that are used as such; attributes and services have other ways."""
    other = {Kind.SERVICE, Kind.ATTRIBUTE, Kind.CONSTRUCTOR}
    return {
        member.name
        for name in real(manifest, simple_name)
        for member in manifest.members(name)
        if member.kind not in other
    }


@cache
def real_enum_members(simple_name: str) -> set[str]:
    """The members of an enum in any version: an enum of the fake has those of all versions."""
    return {name for version in VERSIONS for name in real_members(read(version), simple_name)}


def deviations() -> dict[tuple[str, str], str]:
    """What the fake has although the manifest does not, and why."""
    with DEVIATIONS.open(encoding="utf-8", newline="") as file:
        return {(row["type"], member): row["why"] for row in csv.DictReader(file) for member in row["member"].split()}


def invented(version: str) -> Iterator[tuple[str, str]]:
    """Type and member of what the fake of a version has and the manifest lacks; "" for a whole type."""
    manifest = read(version)
    for name, kind in fake_types(version).items():
        if not real(manifest, name):
            yield name, ""
            continue
        known = real_enum_members(name) if issubclass(kind, Enum) else real_members(manifest, name)
        yield from ((name, member) for member in public(kind, version) - known)


def _names(base: type[Any]) -> set[str]:
    """The names that a class defines; fields are annotations, or assigned when an object is made."""
    return (
        set(vars(base))
        | set(getattr(base, "__annotations__", {}))
        | _assigned(base.__module__).get(base.__name__, set())
    )


@cache
def _assigned(module: str) -> dict[str, set[str]]:
    """The names that the classes of a module assign to self."""
    if not module.startswith(("fake_dotnet.", "fake_openness.", "fake_plcsim.")):
        return {}
    tree = ast.parse(Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8"))
    return {
        node.name: {
            inner.attr
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute)
            and isinstance(inner.ctx, ast.Store)
            and isinstance(inner.value, ast.Name)
            and inner.value.id == "self"
        }
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def _is_there(kind: type[Any], name: str, version: str) -> bool:
    since = getattr(kind, "_EXISTS_FROM", {}).get(name, "0")
    until = getattr(kind, "_GONE_FROM", {}).get(name, "99")
    nearest = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    return float(since) <= float(version) < float(until) and not isinstance(nearest, _Lacking)


def _combined(kind: type[Enum], name: str) -> bool:
    """Whether a member of flags is there for Python only: it has the bits of several others."""
    number = kind[name].value
    others = [
        member.value for member in kind if member.name != name and isinstance(member.value, int) and member.value > 0
    ]
    is_flags = any(base.__name__ == "NetFlags" for base in kind.__mro__)
    return is_flags and sum(1 for each in others if number & each == each and each != number) > 1
