"""A program whose objects use each other."""

from __future__ import annotations

from simatic_xml.model import Tag, TagTable, UserConstant
from tests.fakes.fake_openness.plc import Plant
from tests.simatic_xml.program.plant import CONSTANTS, SOURCE, TAGS


def halves(text: str) -> tuple[str, str]:
    """Data type and address or value."""
    first, _, second = text.partition(" ")
    return first, second


def fill(plant: Plant) -> Plant:
    """Put the sample program into the PLC."""
    tags = [Tag(name, *halves(text)) for name, text in TAGS.items()]
    constants = [UserConstant(name, *halves(text)) for name, text in CONSTANTS.items()]
    plant.put(TagTable("Signals", tags, constants))
    source = SOURCE.replace('ORGANIZATION_BLOCK "Main"', 'ORGANIZATION_BLOCK "Cycle"')
    plant.generate(source)
    return plant
