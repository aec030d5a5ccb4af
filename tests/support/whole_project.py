"""All of an open project that reads and exports show, so that a test can compare two states of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Look = Callable[[str, dict[str, Any]], Any]
"""What an operation answers; None where it is refused."""
UNCOMPILED = "cannot be exported until it is compiled"
MOMENTS = frozenset(
    [
        "modified",
        "modifiedDate",
        "lastModified",
        "creationDate",
        "created",
        "compileDate",
        "interfaceModified",
        "codeModified",
        "structureModified",
        "parameterModified",
        "compiled",
    ]
)
"""What a restored object does not have as before."""


def read_project(look: Look) -> dict[str, Any]:
    """Return the devices of the open project with everything in their programs and panels, by a name for each part."""
    devices = look("devices.list_", {}) or []
    shown: dict[str, Any] = {"devices": {device["name"]: device for device in devices}}
    for device in shown["devices"]:
        on = {"deviceName": device}
        for kind, field, export in (
            ("blocks", "blockName", "blocks.export_xml"),
            ("udts", "udtName", "udts.get"),
            ("tag_tables", "tableName", "tag_tables.export_xml"),
        ):
            for each in look(f"{kind}.list_", on) or []:
                exported = look(export, on | {field: each["name"]})
                shown[f"{device}/{kind}/{each['name']}"] = (plain(each), content(exported))
        for each in look("watch_tables.list_watch", on) or []:
            path = "/".join(filter(None, (each["folder"], each["name"])))
            shown[f"{device}/watch/{path}"] = look("watch_tables.get_watch", on | {"tableName": path})
        for name in ("sources.list_", "hmi_tags.list_tags", "hmi_tags.list_connections"):
            shown[f"{device}/{name}"] = look(name, on)
        shown[f"{device}/trees"] = [plain(look(f"{kind}.tree", on)) for kind in ("blocks", "udts", "tag_tables")]
    return shown


def content(xml: Any) -> Any:
    """Return an export without the moment at which it was made."""
    if not isinstance(xml, str):
        return UNCOMPILED if xml is None else plain(xml)
    return re.sub(r"<DocumentInfo>.*?</DocumentInfo>", "", xml, flags=re.DOTALL)


def plain(value: Any, without: frozenset[str] = MOMENTS) -> Any:
    """Return a description without moments, or without other fields."""
    if isinstance(value, list | tuple):
        return type(value)(plain(each, without) for each in value)
    if isinstance(value, dict):
        return {name: plain(each, without) for name, each in value.items() if name not in without}
    return value


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the parts of two states that differ, each as before and after."""
    pairs = {name: (before.get(name), after.get(name)) for name in before.keys() | after.keys()}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}
