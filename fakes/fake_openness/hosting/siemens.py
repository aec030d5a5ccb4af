"""The namespaces below Siemens.Engineering of a version, with the types of the simulated TIA Portal."""

from __future__ import annotations

from typing import Any

from fake_dotnet.objects import Type
from fake_openness.core import reflection
from fake_openness.hosting.lacking import listed
from fake_openness.hosting.ledger import Ledger
from fake_openness.hosting.modules import Namespace
from fake_openness.installation import Installation


def namespaces(installation: Installation, ledger: Ledger) -> dict[str, Namespace]:
    """Return the namespaces by name; types that only the list of types has are made when a program asks for them."""
    version, types = installation.machine.version, installation.types
    found = {"Siemens": Namespace("Siemens", {}, ledger)}

    def at(name: str) -> Namespace:
        if name not in found:
            at(name.rpartition(".")[0])
            found[name] = Namespace(name, {}, ledger)
        return found[name]

    for kind in reflection.domain(version).all_types():
        made = types.get(kind.Name)
        at(_namespace(kind)).add(kind.Name, listed(kind) if made is None else _known(made))
    for made in types.values():
        known = reflection.type_in(made, version)
        if known.FullName.startswith(reflection.ROOT) and known.Name == made.__name__:
            at(_namespace(known)).add(known.Name, _known(made))
    return found


def _namespace(kind: Type) -> str:
    return kind.FullName.rpartition(".")[0]


def _known(made: Any) -> Any:
    return lambda: made
