"""A project with one classic and one Unified panel for tests over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.support.service import Client

CLASSIC, UNIFIED = "/api/devices/HMI_1/hmi", "/api/devices/HMI_2/hmi"


def add_panels(client: Client) -> None:
    """Add HMI_1, a Comfort Panel, and HMI_2, a Unified Comfort Panel."""
    for name, number, version in (
        ("HMI_1", "6AV2 124-0GC01-0AX0", "15.1.0.0"),
        ("HMI_2", "6AV2 128-3GB06-0AXx", "19.0.0.0"),
    ):
        body = {"orderNumber": number, "version": version, "name": name, "deviceName": name}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)


def put(
    client: Client, workspace: Path, route: str, content: str | bytes, name: str = "in.xml", **more: object
) -> list[str]:
    """Write a file into the workspace and import it; returns the names of what came."""
    write(workspace, name, content)
    names: list[str] = client.ok("POST", f"{route}/actions/import", {"importFilePath": name} | more)["names"]
    return names


def write(workspace: Path, name: str, content: str | bytes) -> Path:
    """Write a file into the workspace."""
    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
