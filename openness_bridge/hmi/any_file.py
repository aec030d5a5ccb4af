"""Imports a SimaticML file of a classic panel by its content, for clients that send all files of a folder to one route."""

from __future__ import annotations

from pathlib import Path

from openness_bridge.hmi import panels, screens, tags
from openness_bridge.hmi.putting import Put
from openness_bridge.portal.portal import Session


def import_file(session: Session, device: str, path: Path, folder: str, *, override: bool) -> list[Put]:
    """Import the screens, the tag tables or the connections of a SimaticML file; returns them.

    Raises:
        Problem: TIA Portal refuses the file, or it has something else; then nothing is imported.
    """
    kinds = {str(element.tag) for element in panels.elements(path.read_bytes())}
    if kinds == {"Hmi.Tag.TagTable"}:
        return tags.import_file(session, device, path, folder, override=override)
    if kinds == {"Hmi.Communication.Connection"}:
        return tags.import_connections(session, device, path, override=override)
    return screens.import_file(session, device, path, folder, override=override)
