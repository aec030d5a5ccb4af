"""Makes a project with one PLC in a temporary portal, for what is tried on a CPU alone."""

from __future__ import annotations

from pathlib import Path

from openness_bridge.hardware import catalog, devices
from openness_bridge.portal.portal import Session
from openness_bridge.project import projects

DEVICE = "PLC_1"


def create_plc(session: Session, folder: Path, project: str, cpu: str) -> str:
    """Create a project with a CPU. On the portal's thread.

    Args:
        session: The portal.
        folder: The folder for the project.
        project: The project's name.
        cpu: Order number of the CPU, with its firmware behind a slash; without one the newest.

    Returns:
        The PLC's name.

    Raises:
        Problem: The catalogue of this version has no such CPU.
    """
    projects.create(session, folder, project)
    number, _, firmware = cpu.partition("/")
    entry = catalog.resolve(session, number, firmware or None)
    devices.add(session, entry.type_identifier, DEVICE, None, "")
    return DEVICE
