"""The simulated PLCSIM Advanced: its API as an object model, over virtual CPUs.

`install` gives the types of one simulated computer by their .NET names, which is all that a caller may use. What the
stand-in has beyond the real API begins with an underscore (`IInstance._load`).
"""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from fake_dotnet.objects import Type, finds_types
from fake_dotnet.system import DateTime, EnumClass
from fake_plcsim import absolute_access, areas, enums, errors, insight, instance, simulated_io, structs
from fake_plcsim.manager import static_class
from fake_plcsim.runtime import Runtime
from fake_plcsim.structs import NetArray

_MODULES: tuple[ModuleType, ...] = (enums, errors, structs, areas, instance, insight, simulated_io, absolute_access)
_NOT_OF_THE_API = {"Struct", "Field", "NetArray", "SPlace", "SProgramFacts"}


def install(runtime: Runtime | None = None) -> dict[str, Any]:
    """Return the types of a computer's PLCSIM Advanced by their .NET names.

    Args:
        runtime: The computer's runtime manager; by default a new one.
    """
    types: dict[str, Any] = {
        name: value
        for module in _MODULES
        for name, value in vars(module).items()
        if inspect.isclass(value) and name[0].isupper() and value.__module__ == module.__name__
    }
    for name in _NOT_OF_THE_API:
        types.pop(name, None)
    return types | {
        "SimulationRuntimeManager": static_class(runtime or Runtime()),
        "Array": NetArray,
        "DateTime": DateTime,
        "Enum": EnumClass,
    }


def _find_type(kind: type) -> Type | None:
    return None if kind.__name__.startswith("_") else Type(f"Siemens.Simatic.Simulation.Runtime.{kind.__name__}")


finds_types("fake_plcsim", _find_type)
