"""Which attributes can be set: versions differ, so the object is asked. Facts: openness-map 2.6 and 4."""

from __future__ import annotations

from typing import Any

from openness_bridge.values import enum_name


def writable(obj: Any, name: str) -> bool:
    """Whether this version of TIA Portal lets an attribute of this object be set."""
    return any(str(info.Name) == name and "Write" in enum_name(info.AccessMode) for info in obj.GetAttributeInfos())
