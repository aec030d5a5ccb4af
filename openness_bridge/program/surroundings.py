"""Reads what a text of a program refers to: the objects of its PLC, with their declarations as far as these are known.

TIA Portal exports no inconsistent block. Of such a block the text counts that this service imported or generated it from,
otherwise the last state read.
"""

from __future__ import annotations

from dataclasses import dataclass

from openness_bridge.portal.portal import Session
from openness_bridge.program import program_reading
from openness_bridge.program.program_reading import Report, Unread
from simatic_xml.program.draft import Around


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The program around a text, at one moment.

    Attributes:
        around: Its objects.
        unread: The objects whose declarations are not known, and why; others that use them cannot be checked completely.
    """

    around: Around
    unread: list[Unread]


def read(session: Session, device: str, report: Report | None = None) -> Surroundings:
    """Return the program of a PLC as it is now. The first reading exports all of it; on the portal's thread.

    Raises:
        Problem: No such PLC.
    """
    reading = program_reading.read(session, device, report)
    texts = ((key, origin.declared.get(key)) for key, origin in reading.imported.items())
    declared = {key: item for key, item in texts if item is not None}
    items = {item.name.casefold(): item for item in reading.items}
    unread = [each for each in reading.unread if each.name.casefold() not in items.keys() | declared.keys()]
    return Surroundings(Around((items | declared).values(), reading.cpu), unread)
