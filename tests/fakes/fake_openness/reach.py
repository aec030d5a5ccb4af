"""Everything that a program reaches from a portal through properties, services and the items of collections."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getattr_static
from typing import Any

from fake_dotnet.lists import NetList
from fake_openness.core.objects import EngineeringObject


def reach(root: Any) -> Iterator[Any]:
    """Yield objects and lists, each once; a collection with its first five items."""
    waiting, seen = [root], set[int]()
    kept = []  # no other object gets the identity of one that was seen
    while waiting:
        found = waiting.pop()
        if id(found) in seen or not isinstance(found, EngineeringObject | NetList):
            continue
        seen.add(id(found))
        kept.append(found)
        yield found
        if hasattr(type(found), "__getitem__"):
            waiting += [item for item, _ in zip(found, range(5), strict=False)]
        if len(kept) < 3000:
            waiting += [*_properties(found), *_offered(found)]


def _properties(found: Any) -> Iterator[Any]:
    for name in dir(type(found)):
        if name[0].isupper() and isinstance(getattr_static(type(found), name), property) and name != "Parent":
            try:
                yield getattr(found, name)
            except Exception:  # noqa: BLE001, S112 - what this version, CPU or licence does not have
                continue


def _offered(found: Any) -> Iterator[Any]:
    if isinstance(found, EngineeringObject):
        yield from (make() for make in found._services().values())
