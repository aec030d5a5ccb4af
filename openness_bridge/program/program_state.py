"""The parts of a project and when each was changed: enough to compare two states without an export."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.lookup import all_devices, items, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.values import moment

PARTS = (
    ("block", "BlockGroup", "Blocks", "ModifiedDate"),
    ("udt", "TypeGroup", "Types", "ModifiedDate"),
    ("tagTable", "TagTableGroup", "TagTables", "ModifiedTimeStamp"),
    ("watchTable", "WatchAndForceTableGroup", "WatchTables", ""),
    ("source", "ExternalSourceGroup", "ExternalSources", ""),
)
"""Kind, root folder in the program, its collection, and the attribute with the moment of the last change, if any."""
BY_PATH = {"watchTable"}
"""Kinds whose names are unique only in their folder; these and folders are named with their path."""


_KINDS = [kind for kind, *_ in PARTS]
PartKind = Annotated[
    str,
    msgspec.Meta(
        title="PartKind", extra_json_schema={"enum": ["device", *_KINDS, *(f"{kind}Folder" for kind in _KINDS)]}
    ),
]


class ProjectPart(msgspec.Struct, rename="camel", frozen=True):
    """A part of a project.

    Attributes:
        device: The station's name.
        kind: device, block, udt, tagTable, watchTable, source, or one of the last five followed by Folder.
        name: Its name; of a watch table and a folder the path, names joined by /.
        folder: Names of its folders, joined by /.
        modified: Moment of the last change, empty where it has none; of a device its modules.
    """

    device: str
    kind: PartKind
    name: str
    folder: str
    modified: str


class ProjectState(msgspec.Struct, rename="camel", frozen=True):
    """The open project.

    Attributes:
        project: Its file.
    """

    project: str
    parts: list[ProjectPart]


def state(session: Session) -> ProjectState:
    """Return the open project with all devices and the parts of their programs. On the portal's thread.

    Raises:
        Problem: No project is open.
    """
    project = session.project
    found = [part for device, folder in all_devices(project) for part in _parts(session, device, folder)]
    return ProjectState(str(project.Path.FullName), found)


def _parts(session: Session, device: Any, folder: tuple[str, ...]) -> Iterator[ProjectPart]:
    station, modules = str(device.Name), list(items(device))
    plugged = ", ".join(f"{item.Name} {item.TypeIdentifier or ''}".strip() for item in modules if item.IsPlugged)
    yield ProjectPart(station, "device", station, groups.join(folder), plugged)
    software = next((found for item in modules if (found := software_of(session, item)) is not None), None)
    if software is None:
        return
    for kind, root, collection, stamp in PARTS:
        group = getattr(software, root)
        for thing, names in groups.walk(group, collection):
            name, changed = read_together(session, thing, "Name", stamp) if stamp else (thing.Name, None)
            shown = groups.join((*names, str(name))) if kind in BY_PATH else str(name)
            yield ProjectPart(station, kind, shown, groups.join(names), (moment(changed) or "") if stamp else "")
        for _, names in islice(groups.folders(group, "Groups"), 1, None):
            yield ProjectPart(station, f"{kind}Folder", groups.join(names), groups.join(names[:-1]), "")
