"""Finds the API of an installed PLCSIM Advanced: by the registry, else where its setup puts it.

It is independent of TIA Portal and its version. Facts: docs/facts/plcsim-advanced.md#assembly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.portal.loader import finder, plcsim_model

NAMESPACES = ("Siemens.Simatic.Simulation.Runtime", "System")
ASSEMBLY = "Siemens.Simatic.Simulation.Runtime.Api.x64.dll"
KEY = r"SOFTWARE\Wow6432Node\Siemens\Shared Tools\PLCSIMADV_SimRT"
FOLDER = r"Common Files\Siemens\PLCSIMADV"
FOLDER_VARIABLE = "TIA_PLCSIM_PATH"
"""Environment variable: an installation folder, the only one that is searched."""


def load() -> Model:
    """Return the object model of the installed PLCSIM Advanced, of its newest API.

    Raises:
        Problem: It is not installed, or its runtime manager cannot be reached.
    """
    paths = assembly_paths(list(_roots()))
    if not paths:
        msg = "PLCSIM Advanced is not installed on this computer: install it, or use --backend fake."
        raise Problem("plcsim.not_installed", msg, kind=Kind.UNSUPPORTED)
    find = finder(paths[-1:], NAMESPACES)
    try:
        return plcsim_model(find, "plcsim")
    except Exception as error:
        text = str(getattr(error, "Message", error))
        msg = f"The runtime manager of PLCSIM Advanced cannot be reached ({text}): start it in an interactive session."
        raise Problem("plcsim.not_running", msg, kind=Kind.UNAVAILABLE) from error


def assembly_paths(roots: list[Path]) -> list[Path]:
    """Return the API assemblies below installation folders, the oldest version first."""
    found = {path for root in roots for path in root.glob(f"API/*/{ASSEMBLY}")}
    return sorted(found, key=lambda path: _version(path.parent.name))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _roots() -> Iterator[Path]:
    if named := os.environ.get(FOLDER_VARIABLE):
        yield Path(named)
        return
    if sys.platform != "win32":
        return
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY) as key:
            yield Path(str(winreg.QueryValueEx(key, "Path")[0]))
    except OSError:
        pass  # not in the registry: look where the setup puts it
    for variable in ("ProgramFiles(x86)", "ProgramFiles"):
        if variable in os.environ:
            yield Path(os.environ[variable]) / FOLDER
