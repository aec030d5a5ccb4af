"""Which software a panel has: classic, Unified, or none where the version has no type for it.

Facts: docs/facts/openness-hmi.md; HmiSoftware is in the assemblies of V17, by reports of their reflection.
"""

from __future__ import annotations

from fake_openness.hardware.device_items import DeviceItem, make_runtime
from fake_openness.hmi.hmi_object import _HmiSoftware
from fake_openness.hmi.target import HmiTarget
from fake_openness.hmi.unified import HmiSoftware

UNIFIED_FROM = "17"


@make_runtime.defined_by
def runtime_of(item: DeviceItem, name: str, folder: str, unified: bool) -> _HmiSoftware | None:
    """Return the software of a panel's runtime, loaded from its folder where it has been saved."""
    if unified and not item._context.version.has(UNIFIED_FROM):
        return None
    software = HmiSoftware(item, name, folder) if unified else HmiTarget(item, name, folder)
    software._load()
    return software
