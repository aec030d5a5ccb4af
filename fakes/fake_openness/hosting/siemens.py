"""The namespaces below Siemens.Engineering of a version, with the types of the simulated TIA Portal."""

from __future__ import annotations

from typing import Any

from fake_dotnet.objects import Type
from fake_openness.core import reflection
from fake_openness.hosting.lacking import lacking_type, listed_enum
from fake_openness.installation import Installation


def namespaces(installation: Installation) -> dict[str, dict[str, Any]]:
    """Return the types by namespace and name."""
    version = installation.machine.version
    found: dict[str, dict[str, Any]] = {"Siemens": {}}
    for kind in reflection.domain(version).all_types():
        found.setdefault(kind.Namespace, {})[kind.Name] = _class(kind, installation)
    for made in installation.types.values():
        known: Type = reflection.type_in(made, version)
        if known.Namespace.startswith(reflection.ROOT) and known.Name == made.__name__:
            found.setdefault(known.Namespace, {}).setdefault(known.Name, made)
    for name in list(found):
        parts = name.split(".")
        for end in range(1, len(parts)):
            found.setdefault(".".join(parts[:end]), {})
    return found


def _class(kind: reflection.Type, installation: Installation) -> Any:
    made = installation.types.get(kind.Name)
    if made is not None:
        return made
    return listed_enum(kind) if kind.IsEnum and kind._members() else lacking_type(kind.Name)
