"""Finds which attributes can be set: versions differ, so the bridge asks the object.

Facts: docs/facts/openness.md#attributes-and-services, docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from typing import Any

from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name, with_attributes


def writable(session: Session, obj: Any, name: str) -> bool:
    """Return whether this version of TIA Portal lets an attribute of this object be set."""
    infos = with_attributes(session.model, obj).GetAttributeInfos()
    return any(str(info.Name) == name and "Write" in enum_name(info.AccessMode) for info in infos)
