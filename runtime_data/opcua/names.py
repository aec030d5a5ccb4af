"""Identifiers of nodes as an S7-1500 makes them of the names of tags: Motor.speed is "Motor"."speed"."""

from __future__ import annotations

import re

NAMESPACE = "http://www.siemens.com/simatic-s7-opcua"
FINGERPRINT = re.compile(r"(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")
_STEP = re.compile(r"[^.\[]+|\[[^\]]*\]")


def steps_of(path: str) -> list[str]:
    """Return the parts of a path: names, and indexes with their brackets."""
    return _STEP.findall(path)


def identifier(steps: list[str]) -> str:
    """Return the identifier of a node: each name in quotation marks, points between names, indexes behind."""
    quoted = (step if step.startswith("[") else f'"{step}"' for step in steps)
    return "".join(each if each.startswith("[") or not number else f".{each}" for number, each in enumerate(quoted))


def node_id(path: str) -> str:
    """Return the id of a tag's node as clients write it, such as ns=3;s="Motor"."speed"."""
    return f"ns=3;s={identifier(steps_of(path))}"
