"""The checks: each examines one need of Openness or the service, and says its state, why it matters, what to do.

Facts: docs/facts/openness.md#rights-and-firewall (registry, group, session 0, firewall),
docs/facts/plcsim-advanced.md#assembly (PLCSIM Advanced); the number of .NET Framework 4.8 in the registry
is Microsoft's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from engineering_api.doctor.system import System
from openness_bridge.errors import Problem
from openness_bridge.portal.firewall import entry_for
from openness_bridge.portal.loader import KEY, load
from openness_bridge.portal.plcsim_loader import KEY as PLCSIM_KEY

State = Annotated[Literal["ok", "note", "warning", "error", "not applicable"], msgspec.Meta(title="CheckState")]
GROUP = "Siemens TIA Openness"
NET_KEY = r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full"
NET_48 = 528040
OLDEST, NEWEST = 15.1, 21.0
LEAST_PYTHON = (3, 11)


class Finding(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """The result of a check.

    Attributes:
        check: The need that was checked.
        state: error: it cannot work; warning: it works with limits; note: only some routes need it.
        text: The result, and why it matters.
        advice: What to do; empty when nothing is to be done.
        correction: Name of the one that `tia doctor --fix` can make; empty when the user has to make it.
    """

    check: str
    state: State
    text: str
    advice: str = ""
    correction: str = ""


Check = Callable[[System], Finding]


def tia_versions(system: System) -> list[str]:
    """Return the TIA Portal versions whose Openness the registry lists, oldest first."""
    found = [key.removesuffix(".0") for key in system.keys(KEY) if key[:1].isdigit()]
    return sorted(found, key=float)


def openness(system: System) -> Finding:
    """Check which TIA Portal can be used."""
    name, found = "TIA Portal Openness", tia_versions(system)
    if not found:
        return Finding(
            name,
            "error",
            "The registry lists no Openness: the service finds no TIA Portal that it can use.",
            "Install TIA Portal V15.1 or later with the option 'TIA Portal Openness' (setup > Change), or use "
            "`tia serve --backend fake`.",
        )
    usable = [version for version in found if OLDEST <= float(version) <= NEWEST]
    missing = [str(path) for version in usable for path in _assemblies(system, version) if not path.exists()]
    if not usable:
        return Finding(
            name,
            "error",
            f"Only V{', V'.join(found)} is installed; the service can use V{OLDEST:g} to V{NEWEST:g}.",
            "Install one of these versions.",
        )
    if missing:
        return Finding(
            name,
            "error",
            f"The registry names files that do not exist: {', '.join(missing)}.",
            "Repair the installation of TIA Portal.",
        )
    return Finding(name, "ok", f"V{', V'.join(usable)} can be used; without --tia-version the service uses the newest.")


def _assemblies(system: System, version: str) -> Iterator[Path]:
    root = rf"{KEY}\{version if '.' in version else version + '.0'}\PublicAPI"
    for api in system.keys(root):
        for key in (rf"{root}\{api}", rf"{root}\{api}\net48"):
            for value in system.values(key).values():
                if isinstance(value, str) and value.lower().endswith(".dll"):
                    yield Path(value)


def group(system: System) -> Finding:
    """Check whether the user may use Openness."""
    name = f"Group {GROUP}"
    if GROUP.casefold() in (each.casefold() for each in system.groups()):
        return Finding(name, "ok", f"'{system.user}' belongs to it.")
    members = system.members(GROUP)
    if members is None:
        return Finding(
            name,
            "error",
            "The group does not exist: the setup of Openness creates it.",
            "Install or repair the option 'TIA Portal Openness'.",
        )
    if system.user.casefold() in (each.casefold() for each in members):
        return Finding(
            name,
            "error",
            f"'{system.user}' was added to it, but this session began before that.",
            "Sign out of Windows and in again.",
        )
    return Finding(
        name,
        "error",
        f"'{system.user}' does not belong to it, so TIA Portal refuses every connection.",
        f'As administrator: net localgroup "{GROUP}" "{system.user}" /add - then sign out and in again.',
    )


def firewall(system: System) -> Finding:
    """Check whether TIA Portal lets this interpreter in without a question."""
    name, versions = "Openness firewall", tia_versions(system)
    if not versions:
        return Finding(name, "note", "No TIA Portal is installed, so there is no whitelist to check.")
    advice = "Run `tia doctor --fix` as administrator, or answer 'Yes to all' in TIA Portal when it asks."
    listed = [(version, _find_on_whitelist(system, version)) for version in versions]
    unlisted = [version for version, state in listed if state is None]
    changed = [version for version, state in listed if state is False]
    if changed:
        text = f"{system.executable} was changed after it was put on the whitelist of V{', V'.join(changed)}, for example by an update of Python"
        return Finding(name, "warning", f"{text}: TIA Portal asks its user again.", advice, "whitelist")
    if unlisted:
        text = f"{system.executable} is not on the whitelist of V{', V'.join(unlisted)}"
        return Finding(
            name,
            "warning",
            f"{text}: TIA Portal asks its user at the first connection, and a service waits for the answer.",
            advice,
            "whitelist",
        )
    return Finding(name, "ok", f"{system.executable} is on the whitelist.")


def _find_on_whitelist(system: System, version: str) -> bool | None:
    """Return whether the interpreter as it is now has all entries that a version needs; None where one is missing."""
    wanted = entry_for(system.executable, version)
    hashes = [system.values(key).get("FileHash") for key in wanted.keys]
    return None if None in hashes else all(each == wanted.file_hash for each in hashes)


def session(system: System) -> Finding:
    """Check whether portals with a user interface can be used."""
    name = "Windows session"
    if system.user.casefold() == "system":
        return Finding(
            name,
            "error",
            "This runs as LocalSystem, which TIA Portal refuses.",
            "Run it as a user of the group, in an interactive session.",
        )
    if system.session() == 0:
        return Finding(
            name,
            "warning",
            "This runs in session 0, as a service: portals on the screen cannot be attached "
            "to or launched, only ones without user interface.",
            "Start `tia serve` from the desktop or by a task 'only when the user is logged on'.",
        )
    return Finding(name, "ok", f"This runs in session {system.session()}, which has a desktop.")


def bitness(system: System) -> Finding:
    """Check whether the interpreter can load the assemblies."""
    if system.bits == 64:
        return Finding("Python is 64 bit", "ok", f"{system.executable} has 64 bits.")
    return Finding(
        "Python is 64 bit",
        "error",
        f"{system.executable} has {system.bits} bits; TIA Portal's assemblies need 64.",
        "Install the 64-bit Python from python.org and create the virtual environment again.",
    )


def dot_net(system: System) -> Finding:
    """Check whether .NET Framework 4.8 is there."""
    name, found = ".NET Framework 4.8", system.values(NET_KEY).get("Release")
    if isinstance(found, int) and found >= NET_48:
        return Finding(name, "ok", f"Release {found}.")
    return Finding(
        name,
        "error",
        "It is not installed; TIA Portal's assemblies need it.",
        "Install .NET Framework 4.8 from Microsoft; Windows 10 1903 and later have it.",
    )


def python_net(system: System) -> Finding:
    """Check whether Python can load .NET."""
    found = system.version("pythonnet")
    if found is None:
        return Finding(
            "pythonnet",
            "error",
            "It is not installed: Python cannot load TIA Portal's assemblies.",
            "Run `tia doctor --fix`, or python -m pip install pythonnet.",
            "pythonnet",
        )
    if system.variable("PYTHONNET_RUNTIME") not in {"", "default", "netfx"}:
        return Finding(
            "pythonnet",
            "error",
            "PYTHONNET_RUNTIME chooses another runtime than .NET Framework.",
            "Remove the variable PYTHONNET_RUNTIME.",
        )
    return Finding("pythonnet", "ok", f"Version {found}.")


def plcsim(system: System) -> Finding:
    """Check whether programs can be tested on virtual controllers."""
    path = system.values(PLCSIM_KEY).get("Path")
    if isinstance(path, str) and Path(path).exists():
        return Finding("PLCSIM Advanced", "ok", path)
    return Finding(
        "PLCSIM Advanced",
        "note",
        "It is not installed: the routes of PLCSIM Simulation answer 501 on this TIA Portal.",
        "Install S7-PLCSIM Advanced where programs are to run, or test them with --backend fake.",
    )


def python(system: System) -> Finding:
    """Check whether Python is new enough."""
    shown = ".".join(str(part) for part in system.python)
    if system.python >= LEAST_PYTHON:
        return Finding("Python", "ok", f"{shown} at {system.executable}.")
    return Finding("Python", "error", f"{shown} is too old.", "Install Python 3.11 or later.")


def stand_in(_: System) -> Finding:
    """Check whether the simulated TIA Portal loads."""
    try:
        model = load("fake")
    except (ImportError, Problem) as error:
        return Finding("Simulated TIA Portal", "error", f"It cannot be loaded: {error}.", "Install the package again.")
    return Finding("Simulated TIA Portal", "ok", f"V{model.version}, with `tia serve --backend fake`.")


def git(system: System) -> Finding:
    """Check whether a git program is there."""
    found = system.program("git")
    if found is not None:
        return Finding("git", "ok", str(found))
    return Finding("git", "note", "There is no git program: the routes of Source Control need one.", "Install git.")


def data_folder(system: System) -> Finding:
    """Check whether the service can keep its files."""
    from engineering_api.settings import default_data_dir

    folder = Path(system.variable("TIA_DATA_DIR") or default_data_dir())
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return Finding("Data folder", "ok", str(folder))
    return Finding(
        "Data folder", "error", f"{folder} cannot be written.", "Name another in TIA_DATA_DIR or with --data-dir."
    )


def plugins(_: System) -> Finding:
    """Check whether each installed plugin can be used."""
    from engineering_api.doctor.plugins import installed

    used, refused = installed()
    if refused:
        return Finding("Plugins", "warning", " ".join(refused), "Correct or uninstall its package: docs/plugins.md.")
    return Finding("Plugins", "ok", f"Used: {', '.join(used)}." if used else "None is installed.")


EVERYWHERE: tuple[Check, ...] = (python, stand_in, git, data_folder, plugins)
WINDOWS: dict[str, Check] = {
    "TIA Portal Openness": openness,
    f"Group {GROUP}": group,
    "Openness firewall": firewall,
    "Windows session": session,
    "Python is 64 bit": bitness,
    ".NET Framework 4.8": dot_net,
    "pythonnet": python_net,
    "PLCSIM Advanced": plcsim,
}


def on_windows(system: System) -> list[Finding]:
    """Return what a real TIA Portal needs; elsewhere only that it needs Windows."""
    if system.name == "Windows":
        return [check(system) for check in WINDOWS.values()]
    return [
        Finding(name, "not applicable", f"Only Windows has this; this computer runs {system.name}.") for name in WINDOWS
    ]


def examine(system: System) -> list[Finding]:
    """Return all findings."""
    return [*(check(system) for check in EVERYWHERE), *on_windows(system)]
