"""Profiles: the sets of tools that a client may choose from, because its model pays for every listed tool in every conversation."""

from __future__ import annotations

from typing import get_args

from engineering_api.operations.terms import Task
from engineering_api.settings import ToolProfile
from openness_bridge.errors import Kind, Problem

_ALWAYS = frozenset({Task.READ})
_RUNNING = frozenset({Task.PROJECT, Task.TEST})
PROFILES: dict[ToolProfile, frozenset[Task]] = {
    "read": _ALWAYS,
    "code": _ALWAYS | _RUNNING | {Task.CODE},
    "simulate": _ALWAYS | _RUNNING | {Task.SIMULATE, Task.ONLINE},
    "all": frozenset(Task),
}
"""The tasks of each profile; a tool is listed in every profile that has its task."""


def find_profile(name: str) -> ToolProfile:
    """Return the profile of a name.

    Raises:
        Problem: There is none.
    """
    if name in PROFILES:
        return name
    msg = f"There is no set of tools '{name}': use {', '.join(get_args(ToolProfile))}."
    raise Problem("mcp.unknown_profile", msg, kind=Kind.INVALID)
