"""Imports a SimaticML file of a classic panel by its content, for clients that send all files of a folder to one route."""

from __future__ import annotations

from pathlib import Path

from openness_bridge.hmi import screens, tags
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.hmi.putting import Put, names_of
from openness_bridge.portal.portal import Session


def import_file(
    session: Session, device: str, path: Path, elements: list[Element], folder: str, *, override: bool
) -> list[Put]:
    """Import the screens, the tag tables or the connections of a SimaticML file; returns them. As `screens.import_file`.

    Raises:
        Problem: TIA Portal refuses the file, or it has something else; then nothing is imported.
    """
    kinds = {str(element.tag) for element in elements}
    if kinds == {"Hmi.Tag.TagTable"}:
        return tags.import_file(session, device, path, names_of(elements), folder, override=override)
    if kinds == {"Hmi.Communication.Connection"}:
        return tags.import_connections(session, device, path, names_of(elements), override=override)
    return screens.import_file(session, device, path, elements, folder, override=override)
