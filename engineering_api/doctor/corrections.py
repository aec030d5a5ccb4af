"""What the doctor may correct itself: changes that grant this program nothing but what its user has, and can be undone.

Who belongs to a group is for an administrator to decide; the doctor says only how.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from engineering_api.doctor.checks import tia_versions
from engineering_api.doctor.system import System
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.firewall import WhitelistEntry, allow

Write = Callable[[str, str], WhitelistEntry]


def whitelist(system: System, write: Write = allow) -> str:
    """Put the interpreter on the whitelist of each installed TIA Portal.

    Raises:
        Problem: The process is not elevated.
    """
    if not system.administrator():
        msg = "Only administrators can write the whitelist in the registry: run this command in an elevated terminal."
        raise Problem("firewall.needs_administrator", msg, kind=Kind.FORBIDDEN)
    entries = [write(str(system.executable), version) for version in tia_versions(system)]
    written = dict.fromkeys(key for entry in entries for key in entry.keys)
    return f"Wrote {', '.join(written)}. To undo, delete these keys."


def pythonnet(system: System) -> str:
    """Install pythonnet into this environment.

    Raises:
        Problem: pip could not.
    """
    if system.run([sys.executable, "-m", "pip", "install", "pythonnet>=3.1"]):
        msg = "pip could not install pythonnet: see its output above. Without a network, install it from a wheel."
        raise Problem("doctor.pip_failed", msg)
    return "Installed pythonnet. To undo: python -m pip uninstall pythonnet."


CORRECTIONS: dict[str, Callable[[System], str]] = {"whitelist": whitelist, "pythonnet": pythonnet}
