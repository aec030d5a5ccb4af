"""A design PLC by PLC: what belongs to each device, and where in the document it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engineering_api.features.design.model import AnyModule, Data, DataType, Design, Device, Group, Modes, Tag

Json = dict[str, Any]
_S7_1500 = re.compile(r"6(?:ES7|AG1)\s*(?:5|61)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a design belongs to one PLC."""

    design: Design
    device: Device
    types: list[DataType]
    tags: list[Tag]
    data: list[Data]
    modules: list[AnyModule]
    groups: list[Group]
    tests: list[Json]

    def pointer(self, section: str, element: object) -> str:
        """Return the JSON pointer of one of the design's elements."""
        index = next(number for number, each in enumerate(getattr(self.design, section)) if each is element)
        return f"/{section}/{index}"

    def module(self, name: str) -> AnyModule | None:
        """Return the module of a name, without regard to case."""
        return next((each for each in self.modules if each.name.casefold() == name.casefold()), None)

    def mode_of(self, module: AnyModule) -> Modes | None:
        """Return the mode that a module obeys."""
        found = self.module(getattr(module, "mode", "") or "")
        return found if isinstance(found, Modes) else None


def device_of(design: Design, name: str) -> Device | None:
    """Return the device of a name; the first one for an empty name; None when there is none."""
    if not name:
        return design.devices[0]
    return next((each for each in design.devices if each.name.casefold() == name.casefold()), None)


def parts(design: Design) -> Iterator[Part]:
    """Yield the design, device by device. What names a device that is not there belongs to none."""
    for device in design.devices:

        def own(elements: list[Any], device: Device = device) -> list[Any]:
            return [each for each in elements if device_of(design, _device(each)) is device]

        yield Part(
            design,
            device,
            own(design.types),
            own(design.tags),
            own(design.data),
            own(design.modules),
            own(design.groups),
            own(design.tests),
        )


def is_s7_1500(device: Device) -> bool:
    """Return whether a CPU is an S7-1500 or of its kind (ET 200SP, software controller), by its order number."""
    return _S7_1500.match(device.order_number) is not None


def plain_tests(tests: list[Json]) -> list[Json]:
    """Return tests as in a test file, without what only a design says."""
    return [{key: value for key, value in each.items() if key != "device"} for each in tests]


def _device(element: Any) -> str:
    return str(element.get("device") or "") if isinstance(element, dict) else element.device
