"""Requests that add devices, and short views of the answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.support.service import Client

DEVICES = "/api/projects/devices"
ADD = f"{DEVICES}/actions/add-sync"


def picture(client: Client) -> Any:
    """Everything that the refusals must leave as it is."""
    return client.ok("GET", DEVICES), client.ok("GET", "/api/projects/infrastructure")


def names(client: Client) -> list[str]:
    return [device["name"] for device in client.ok("GET", DEVICES)]


def at(name: str) -> str:
    return "/api/devices/" + quote(name, safe="")
