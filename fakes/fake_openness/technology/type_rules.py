"""Which technology objects a CPU can have, in which version.

Facts: docs/facts/technology-objects.md#types-and-versions.
"""

from __future__ import annotations

import re

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.program.plc import _Plc
from simatic_xml.model import Block
from simatic_xml.program.types.technology import TechnologyType, numbers, technology_type, technology_types

_ADVANCED = re.compile(r"\bCPU 15\d\d(?:SP)? ?TF?\b")
"""Names of CPUs with advanced motion control, such as CPU 1511T-1 PN and CPU 1514SP TF-2 PN."""
ROOT = "root"
ELEMENT, VERSION = "OfSystemLibElement", "OfSystemLibVersion"


def is_advanced(plc: _Plc) -> bool:
    """Return whether the CPU is an S7-1500T; one that the catalogue does not know is taken for one."""
    article = plc._article
    return article is None or _ADVANCED.search(article.type_name) is not None


def require_possible(plc: _Plc, name: str, kind: str, version: str, place: str = ROOT) -> TechnologyType:
    """Return the type of an object that is to be made.

    Args:
        plc: The PLC.
        name: The object's name, for the message.
        kind: Its type, such as PID_Compact.
        version: Its version, such as 2.3.
        place: Where it is to be made: `root`, `OutputCams` or `MeasuringInputs`.

    Raises:
        EngineeringTargetInvocationException: The CPU has no such type, or not in this version, or not in this place.
    """
    found = technology_type(kind, plc._family.value)
    if found is None or (plc._family.value not in found.families and not is_advanced(plc)):
        msg = f"The CPU has no technology object of the type '{kind}'. It has {', '.join(_offered(plc))}."
        raise refusal(name, "technology.type", msg)
    if not found.has_version(version):
        msg = f"{found.name} has no version {version}: use {_describe_versions(found)}."
        raise refusal(name, "technology.version", msg)
    firmware = plc._cpu.firmware
    if found.firmware and firmware and numbers(firmware) < numbers(found.firmware):
        msg = f"{found.name} needs a CPU with firmware {found.firmware} or later, this one has {firmware}."
        raise refusal(name, "technology.firmware", msg)
    if found.place != place:
        where = "a group of technology objects" if found.place == ROOT else f"{found.place} of an axis or encoder"
        raise refusal(name, "technology.place", f"A {found.name} can be made only in {where}.")
    return found


def require_transfer(plc: _Plc, name: str, kind: str, version: str) -> None:
    """Refuse a version that cannot be imported or exported.

    Raises:
        EngineeringTargetInvocationException: It is too old, or the firmware is.
    """
    found = technology_type(kind, plc._family.value)
    if found is not None and not found.can_transfer(version):
        msg = f"{found.name} can be imported and exported from version {found.transfer} on; this one is {version}."
        raise refusal(name, "technology.transfer", msg)
    firmware = plc._cpu.firmware
    if (
        found is not None
        and found.transfer_firmware
        and firmware
        and numbers(firmware) < numbers(found.transfer_firmware)
    ):
        msg = f"{found.name} can be imported and exported on CPUs from firmware {found.transfer_firmware} on, not {firmware}."
        raise refusal(name, "technology.transfer", msg)


def type_of(block: Block) -> tuple[str, str]:
    """Return type and version of an object, each empty where its content does not name it."""
    return block.attributes.get(ELEMENT, "") or block.instance_of or "", block.attributes.get(VERSION, "")


def refusal(name: str, code: str, text: str) -> EngineeringTargetInvocationException:
    """Return the refusal of a technology object."""
    return EngineeringTargetInvocationException(f"'{name}': {text}", code=code, place={"object": name})


def _offered(plc: _Plc) -> list[str]:
    advanced = {"S7-1500T"} if plc._family.value == "S7-1500" and is_advanced(plc) else set()
    wanted = {plc._family.value} | advanced
    return [each.name for each in technology_types() if wanted & set(each.families)]


def _describe_versions(found: TechnologyType) -> str:
    lowest = found.versions.removesuffix("+")
    return lowest if lowest == found.versions else f"{lowest} or later"
