"""The parameters that tuning finds, and how they get into the instance."""

from __future__ import annotations

import math
from typing import NamedTuple

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop.sampling import calls_of
from virtual_plc.instructions.closed_loop.tags import Tags

_SAVED = ("Gain", "Ti", "Td", "TdFiltRatio", "PWeighting", "DWeighting", "Cycle")


class Found(NamedTuple):
    """Gain, TI, TD and the sampling time of the algorithm, in seconds."""

    gain: float
    integration: float
    derivation: float
    cycle: float


def use(tags: Tags, found: Found) -> bool:
    """Save the active parameters and use others; return False, and change nothing, where one is no possible value."""
    if not all(math.isfinite(each) and each >= 0 for each in found) or found.gain <= 0:
        return False
    for name in _SAVED:
        tags[f"CtrlParamsBackUp.{name}"] = tags[f"Retain.CtrlParams.{name}"]
    cycle = calls_of(tags, found.cycle) * tags["CycleTime.Value"]
    for name, value in zip(("Gain", "Ti", "Td", "Cycle"), (*found[:3], cycle), strict=True):
        tags[f"Retain.CtrlParams.{name}"] = single(value)
    return True


def load_saved(tags: Tags) -> None:
    """Do what LoadBackUp asks for."""
    if tags["LoadBackUp"]:
        for name in _SAVED:
            tags[f"Retain.CtrlParams.{name}"] = tags[f"CtrlParamsBackUp.{name}"]
        tags["LoadBackUp"] = False
