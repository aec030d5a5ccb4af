"""Tags as a file that Ignition imports: OPC tags whose items are nodes of the OPC UA server.

Facts: docs/facts/ignition.md#tag-import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from runtime_data.opcua.names import node_id, steps_of
from runtime_data.opcua.types import is_bytes, ua_type
from runtime_data.values import TagInfo, split

_TYPES = {
    "Boolean": "Boolean",
    "SByte": "Int1",
    "Byte": "Int2",
    "Int16": "Int2",
    "UInt16": "Int4",
    "Int32": "Int4",
    "UInt32": "Int8",
    "Int64": "Int8",
    "UInt64": "Int8",
    "Float": "Float4",
    "Double": "Float8",
    "String": "String",
    "DateTime": "DateTime",
}
_BYTES = "Int2Array"
_NOT_IN_NAMES = re.compile(r"[^\w '\-:()]")


class _Folder:
    """A folder that is filled. No two names in it are the same."""

    def __init__(self, name: str) -> None:
        self.document: dict[str, Any] = {"name": name, "tagType": "Folder", "tags": []}
        self._taken: set[str] = set()

    def add(self, step: str, content: dict[str, Any]) -> None:
        """Put a tag or folder into it, under a name that Ignition takes and that nothing else in it has."""
        plain = _NOT_IN_NAMES.sub("_", step.strip("[]")) or "_"
        name, number = plain, 2
        while name.casefold() in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._taken.add(name.casefold())
        content["name"] = name
        self.document["tags"].append(content)


def export_tags(name: str, infos: Iterable[TagInfo], server: str) -> dict[str, Any]:
    """Return a folder of OPC tags as Ignition exports and imports one.

    Args:
        name: The folder's name.
        infos: The tags; those without a type in OPC UA are left out.
        server: What the OPC connection is called in Ignition.
    """
    folders: dict[tuple[str, ...], _Folder] = {(): _Folder(name)}
    for info in infos:
        if not ua_type(info.data_type):
            continue
        *above, last = steps_of(split(info.tag)[1])
        folder = folders[()]
        for depth, step in enumerate(above, 1):
            key = tuple(above[:depth])
            if key not in folders:
                folders[key] = _Folder(step)
                folder.add(step, folders[key].document)
            folder = folders[key]
        folder.add(last, _tag(info, server))
    return folders[()].document


def _tag(info: TagInfo, server: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": "",
        "tagType": "AtomicTag",
        "valueSource": "opc",
        "dataType": _BYTES if is_bytes(info.data_type) else _TYPES[ua_type(info.data_type)],
        "opcServer": server,
        "opcItemPath": node_id(split(info.tag)[1]),
        "readOnly": not info.writable,
    }
    more = {"engUnit": info.unit, "documentation": info.description, "engLow": info.minimum, "engHigh": info.maximum}
    return found | {key: value for key, value in more.items() if value not in ("", None)}
