"""Chooses the object model: the real Siemens.Engineering or a stand-in with the same types.

This is the only module that names clr. Everything else receives a `Model` and
uses types by their .NET names, so it cannot know which of the two it has. PLCSIM Advanced has a separate object model,
`Model.plcsim`. Facts: docs/facts/openness.md#assemblies (assemblies, registry, load order).
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from simatic_xml.versions import DEFAULT_PORTAL

NAMESPACES = (
    "Siemens.Engineering",
    "Siemens.Engineering.HW",
    "Siemens.Engineering.HW.Features",
    "Siemens.Engineering.HW.HardwareCatalog",
    "Siemens.Engineering.Cax",
    "Siemens.Engineering.Compiler",
    "Siemens.Engineering.Compare",
    "Siemens.Engineering.Connection",
    "Siemens.Engineering.CrossReference",
    "Siemens.Engineering.Download",
    "Siemens.Engineering.Download.Configurations",
    "Siemens.Engineering.Hmi",
    "Siemens.Engineering.Hmi.Globalization",
    "Siemens.Engineering.HmiUnified",
    "Siemens.Engineering.HmiUnified.UI.Controls",
    "Siemens.Engineering.HmiUnified.UI.Dynamization",
    "Siemens.Engineering.HmiUnified.UI.Dynamization.Tag",
    "Siemens.Engineering.HmiUnified.UI.Shapes",
    "Siemens.Engineering.HmiUnified.UI.Widgets",
    "Siemens.Engineering.Library",
    "Siemens.Engineering.Library.Compare",
    "Siemens.Engineering.Library.MasterCopies",
    "Siemens.Engineering.Library.Types",
    "Siemens.Engineering.Online",
    "Siemens.Engineering.Online.Configurations",
    "Siemens.Engineering.Safety.Download.Configurations",
    "Siemens.Engineering.SW",
    "Siemens.Engineering.SW.Blocks",
    "Siemens.Engineering.SW.Blocks.Interface",
    "Siemens.Engineering.SW.ExternalSources",
    "Siemens.Engineering.SW.TechnologicalObjects",
    "Siemens.Engineering.SW.TechnologicalObjects.Motion",
    "Siemens.Engineering.SW.Tags",
    "Siemens.Engineering.SW.Types",
    "Siemens.Engineering.SW.WatchAndForceTables",
    "Siemens.Engineering.Umac",
    "Siemens.Engineering.Upload",
    "Siemens.Engineering.Upload.Configurations",
    "System",
    "System.Collections.Generic",
    "System.IO",
    "System.Globalization",
    "System.Security",
)
ASSEMBLIES = frozenset(
    f"Siemens.Engineering{part}"
    for part in ("", ".Hmi", ".Base", ".Step7", ".WinCC", ".WinCC.Extension", ".WinCCUnified", ".Safety", ".Startdrive")
)
"""The assemblies that are loaded: those with types that the bridge uses, none of add-ins and of other products."""
STANDIN = "fake_openness"
KEY = r"SOFTWARE\Siemens\Automation\Openness"
_SPLIT_SINCE = 21.0
FOLDER_VARIABLE = "TIA_OPENNESS_PATH"
"""Environment variable: the folder of the assemblies, used instead of the registry."""


def load(backend: str = "auto", version: str | None = None) -> Model:
    """Load an object model.

    Args:
        backend: "openness" for the installed TIA Portal, "fake" for the stand-in, "auto" for the
            installed one where there is one and the stand-in elsewhere.
        version: TIA Portal version such as "20"; by default the newest installed one, or 20.

    Raises:
        Problem: The backend or version is not available here.
    """
    if backend == "auto":
        backend = "openness" if installed_versions() else "fake"
    if backend == "fake":
        return _load_standin(version or DEFAULT_PORTAL)
    if backend == "openness":
        return _load_openness(version)
    raise Problem(
        "backend.unknown", f"The backend '{backend}' does not exist: use auto, fake or openness.", kind=Kind.INVALID
    )


def _load_standin(version: str) -> Model:
    standin = importlib.import_module(STANDIN)
    try:
        text: str = standin.version_text(version)
    except ValueError as error:
        raise Problem("backend.version", str(error), kind=Kind.INVALID) from error
    computer = _Once(lambda: standin.install(text))
    return Model(
        text,
        lambda name: computer.get().types[name],
        "fake",
        plcsim=lambda: plcsim_model(computer.get().plcsim.__getitem__, "fake"),
    )


def hosting() -> Any:
    """Return what shows the stand-in to programs for pythonnet: `main` of `tia run`, and `activate`."""
    return importlib.import_module(f"{STANDIN}.hosting")


class _Once:
    """Something that is made when a thread first needs it, as a TIA Portal starts when it is first used."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._lock = make, threading.Lock()

    def get(self) -> Any:
        with self._lock:
            if not hasattr(self, "_made"):
                self._made = self._make()
            return self._made


def plcsim_model(find: Callable[[str], Any], backend: str) -> Model:
    """Return the object model of PLCSIM Advanced, whose version the runtime manager reports."""
    number = int(find("SimulationRuntimeManager").Version)
    return Model(f"{number >> 16}.{number & 0xFFFF}", find, backend, product="PLCSIM Advanced")


def installed_versions() -> list[str]:
    """Return the TIA Portal versions whose Openness is installed here, oldest first; none off Windows."""
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
    """Return the Openness assemblies of an installed version.

    The environment's folder counts first, then the registry, then the folder of a usual installation.

    Raises:
        Problem: The version is not installed, or this is not Windows.
    """
    if named := os.environ.get(FOLDER_VARIABLE):
        return _assemblies_in(Path(named))
    if sys.platform != "win32":
        msg = "The backend 'openness' needs Windows with an installed TIA Portal; use --backend fake here."
        raise Problem("backend.not_windows", msg, kind=Kind.UNSUPPORTED)
    import winreg

    major = version if "." in version else f"{version}.0"
    public = f"{major}.0.0" if major.count(".") == 1 else major
    for key in (rf"{KEY}\{major}\PublicAPI\{public}", rf"{KEY}\{major}\PublicAPI\{public}\net48"):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
                values = [winreg.EnumValue(handle, i)[1] for i in range(winreg.QueryInfoKey(handle)[1])]
        except OSError:
            continue
        if paths := used_assemblies(Path(value) for value in values if isinstance(value, str)):
            return paths
    if paths := used_assemblies(sorted(usual_folder(version).glob("*.dll"))):
        return paths
    msg = f"TIA Portal Openness V{version} is not installed. Installed: {', '.join(installed_versions()) or 'none'}."
    raise Problem("backend.version", msg, kind=Kind.UNSUPPORTED)


def used_assemblies(paths: Iterable[Path]) -> list[Path]:
    """Return the files of assemblies that are loaded; V21 has those of add-ins in the same folder."""
    return [path for path in paths if path.suffix.lower() == ".dll" and path.stem in ASSEMBLIES]


def usual_folder(version: str) -> Path:
    """Return where the assemblies of a version are in a usual installation, without the registry."""
    programs = Path(os.environ.get("PROGRAMW6432") or os.environ.get("PROGRAMFILES") or r"C:\Program Files")
    public = programs / "Siemens" / "Automation" / f"Portal V{version}" / "PublicAPI" / f"V{version}"
    return public / "net48" if float(version) >= _SPLIT_SINCE else public


def _assemblies_in(folder: Path) -> list[Path]:
    found = used_assemblies(sorted(folder.glob("*.dll")))
    if not found:
        msg = (
            f"{FOLDER_VARIABLE} is {folder}, which has no Siemens.Engineering*.dll: name the folder of the assemblies."
        )
        raise Problem("backend.version", msg, kind=Kind.UNSUPPORTED)
    return found


def _load_openness(version: str | None) -> Model:
    chosen = version or (installed_versions() or [DEFAULT_PORTAL])[-1]
    paths = assembly_paths(chosen)
    from openness_bridge.portal import plcsim_loader

    find = finder(paths, NAMESPACES)
    return Model(chosen, find, "openness", plcsim=plcsim_loader.load)


def finder(assemblies: Iterable[Path], namespaces: Iterable[str]) -> Callable[[str], Any]:
    """Load assemblies; returns a function that finds their types by simple name, or raises KeyError."""
    import clr

    for path in assemblies:
        clr.AddReference(str(path))

    def find(name: str) -> Any:
        for namespace in namespaces:
            with suppress(ImportError):  # an older version does not have every namespace
                found = getattr(importlib.import_module(namespace), name, None)
                if found is not None:
                    return found
        raise KeyError(name)

    return find


def assemblies(paths: Iterable[Path]) -> list[Any]:
    """Load assemblies; returns them as System.Reflection.Assembly."""
    import clr

    return [clr.AddReference(str(path)) for path in paths]
