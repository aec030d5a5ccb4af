"""The modules clr, pythonnet and clr_loader: any path or name of an assembly of TIA Portal shows its namespaces."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import PureWindowsPath
from types import ModuleType
from typing import Any

from fake_dotnet.objects import Type, type_of
from fake_openness.core import reflection
from fake_openness.core.versions import KNOWN, TiaVersion

_NAMED = re.compile(r"\bPortal[ _]V(\d+(?:[._]\d+)?)\b")
LOADERS = ("AddReference", "AddReferenceByName", "AddReferenceToFile", "AddReferenceToFileAndPath")


def modules(version: TiaVersion, show_siemens: Callable[[], None]) -> tuple[dict[str, ModuleType], type[Any]]:
    """Return the modules, and System.Reflection.Assembly.

    Args:
        version: The simulated version.
        show_siemens: Called when an assembly of TIA Portal is loaded.
    """
    domain = reflection.domain(version)
    warned: set[str] = set()

    def load(name: str) -> reflection.Assembly:
        """Load an assembly by its path or name."""
        stem = _stem(name)
        for other in versions_named(name) - {version.text} - warned:
            warned.add(other)
            sys.stderr.write(
                f"{name} is of V{other}, and V{version.text} is simulated: choose it with --version V{other}.\n"
            )
        if stem.startswith(reflection.ROOT):
            show_siemens()
        found = (each for each in domain.GetAssemblies() if each.GetName().Name == stem)
        return next(found, reflection.Assembly(stem, []))

    def get_type(kind: type[Any]) -> Type:
        return reflection.type_in(kind, version) if kind.__module__.startswith("fake_openness") else type_of(kind)

    def nothing(*_: Any, **__: Any) -> None:
        """Choose a runtime: there is one."""

    clr, pythonnet, loader = ModuleType("clr"), ModuleType("pythonnet"), ModuleType("clr_loader")
    vars(clr).update(dict.fromkeys(LOADERS, load), GetClrType=get_type, setPreload=nothing)
    vars(pythonnet).update(load=nothing, set_runtime=nothing, set_runtime_from_env=nothing, unload=nothing)
    vars(loader).update(dict.fromkeys(("get_netfx", "get_coreclr", "get_mono"), nothing))
    loads = {name: staticmethod(load) for name in ("LoadFrom", "LoadFile", "Load", "UnsafeLoadFrom")}
    assembly = type("Assembly", (reflection.Assembly,), loads)
    return {"clr": clr, "pythonnet": pythonnet, "clr_loader": loader}, assembly


def versions_named(text: str) -> set[str]:
    """Return the versions in paths of TIA Portal such as Portal V18, as far as they are known."""
    return {each.replace("_", ".") for each in _NAMED.findall(text)} & set(KNOWN)


def _stem(name: str) -> str:
    """Return the simple name of an assembly, of a path or of a full name with version and key."""
    last = PureWindowsPath(name.partition(",")[0]).name
    return last[:-4] if last.lower().endswith((".dll", ".exe")) else last
