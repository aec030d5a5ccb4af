"""Chooses the object model: the real Siemens.Engineering or a stand-in with the same types.

This is the only module that names clr. Everything else receives a `Model` and
uses types by their .NET names, so it cannot know which of the two it has.
Facts: openness-map 1 (assemblies, registry, load order).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from openness_bridge.errors import Problem

NAMESPACES = (
    "Siemens.Engineering",
    "Siemens.Engineering.HW",
    "Siemens.Engineering.HW.Features",
    "Siemens.Engineering.HW.HardwareCatalog",
    "Siemens.Engineering.Cax",
    "Siemens.Engineering.Compiler",
    "Siemens.Engineering.CrossReference",
    "Siemens.Engineering.SW",
    "Siemens.Engineering.SW.Blocks",
    "Siemens.Engineering.SW.Blocks.Interface",
    "Siemens.Engineering.SW.ExternalSources",
    "Siemens.Engineering.SW.Tags",
    "Siemens.Engineering.SW.Types",
    "Siemens.Engineering.SW.WatchAndForceTables",
    "System",
    "System.Collections.Generic",
    "System.IO",
    "System.Globalization",
    "System.Security",
)
STANDIN = "fakes.openness"
KEY = r"SOFTWARE\Siemens\Automation\Openness"


class Model:
    """The types of one object model, as attributes by their simple .NET names."""

    def __init__(self, version: str, find: Callable[[str], Any], backend: str) -> None:
        """Look types up with `find`, which raises KeyError for one that is not there.

        Args:
            version: The TIA Portal version, such as "20".
            find: Type by simple name.
            backend: Where the types come from: told to people, never asked by the bridge.
        """
        self.version, self.backend = version, backend
        self._find = find
        self._known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """The type of that name.

        Raises:
            Problem: This version of the object model has no such type.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._known[name]
        except KeyError:
            pass
        try:
            return self._known.setdefault(name, self._find(name))
        except KeyError:
            msg = f"TIA Portal V{self.version} has no type {name}: use a newer version for this operation."
            raise Problem("tia.type_missing", msg, status=501) from None

    def has(self, name: str) -> bool:
        """Whether this version has a type."""
        try:
            getattr(self, name)
        except Problem:
            return False
        return True


def load(backend: str = "auto", version: str | None = None) -> Model:
    """Load an object model.

    Args:
        backend: "openness" for the installed TIA Portal, "fake" for the stand-in, "auto" for the
            installed one where there is one and the stand-in elsewhere.
        version: TIA Portal version such as "20"; by default the newest installed one, or 20.

    Raises:
        Problem: The backend or version is not to be had here.
    """
    if backend == "auto":
        backend = "openness" if installed_versions() else "fake"
    if backend == "fake":
        return _load_standin(version or "20")
    if backend == "openness":
        return _load_openness(version)
    raise Problem("backend.unknown", f"The backend '{backend}' is not known: use auto, fake or openness.", status=400)


def _load_standin(version: str) -> Model:
    try:
        installation = importlib.import_module(STANDIN).install(version)
    except ValueError as error:
        raise Problem("backend.version", str(error), status=400) from error
    types: dict[str, Any] = installation.types
    return Model(installation.machine.version.text, types.__getitem__, "fake")


def installed_versions() -> list[str]:
    """The TIA Portal versions whose Openness is installed here, oldest first; none off Windows."""
    if sys.platform != "win32":
        return []
    import winreg

    found: list[str] = []
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY) as root:
            found.extend(winreg.EnumKey(root, index) for index in range(winreg.QueryInfoKey(root)[0]))
    except OSError:
        return []
    return sorted((key.removesuffix(".0") for key in found if key[:1].isdigit()), key=float)


def assembly_paths(version: str) -> list[Path]:
    """The Openness assemblies of an installed version, by the registry.

    Raises:
        Problem: The version is not installed, or this is not Windows.
    """
    if sys.platform != "win32":
        msg = "The backend 'openness' needs Windows with an installed TIA Portal; use --backend fake here."
        raise Problem("backend.not_windows", msg, status=501)
    import winreg

    major = version if "." in version else f"{version}.0"
    public = f"{major}.0.0" if major.count(".") == 1 else major
    for key in (rf"{KEY}\{major}\PublicAPI\{public}", rf"{KEY}\{major}\PublicAPI\{public}\net48"):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
                values = [winreg.EnumValue(handle, i)[1] for i in range(winreg.QueryInfoKey(handle)[1])]
        except OSError:
            continue
        paths = [Path(value) for value in values if isinstance(value, str) and value.lower().endswith(".dll")]
        if paths:
            return paths
    msg = f"TIA Portal Openness V{version} is not installed. Installed: {', '.join(installed_versions()) or 'none'}."
    raise Problem("backend.version", msg, status=501)


def _load_openness(version: str | None) -> Model:
    chosen = version or (installed_versions() or ["20"])[-1]
    paths = assembly_paths(chosen)
    import clr

    for path in paths:
        clr.AddReference(str(path))

    def find(name: str) -> Any:
        for namespace in NAMESPACES:
            with suppress(ImportError):  # an older version does not have every namespace
                found = getattr(importlib.import_module(namespace), name, None)
                if found is not None:
                    return found
        raise KeyError(name)

    return Model(chosen, find, "openness")
