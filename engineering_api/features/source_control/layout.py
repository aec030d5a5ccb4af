"""Maps files of the repository to objects of the project.

    blocks/<PLC>/<folder>/…/<block>.xml     SimaticML
    udts/<PLC>/<folder>/…/<type>.xml        SimaticML
    tags/<PLC>/<folder>/…/<table>.xml       SimaticML
    watch/<PLC>/<folder>/…/<table>.xml      SimaticML
    technology/<PLC>/<folder>/…/<object>.xml  SimaticML
    hardware/<station>.aml                  AutomationML
    project.json                            what is known of the project and its devices

A name may hold any character. What a file system or git would not take is written as %XX, so that every path can be
read back and checked out on any system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from engineering_api.files.git_names import is_git_name
from openness_bridge.errors import Kind, Place, Problem

PROGRAM = {
    "blocks": "Blocks",
    "udts": "Types",
    "tags": "TagTables",
    "watch": "WatchTables",
    "technology": "TechnologicalObjects",
}
"""The domains of a PLC's program, and the collection that their objects are in."""
HARDWARE = "hardware"
DOMAINS = (*PROGRAM, HARDWARE)
PROJECT_FILE = "project.json"
LONGEST = 240
"""Bytes of a name in a path; file systems take 255."""

_UNSAFE = re.compile(r'[<>:"/\\|?*%~\x00-\x1f\x7f]|^[. ]|[. ]$')
_TAKEN = re.compile(r"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_CLOSED = re.compile(r"\.(?=(?:xml|aml)$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the project.

    Attributes:
        domain: The first part of its path.
        device: The PLC's name; of hardware the station's.
        folder: The names of its folders.
        name: Its own.
    """

    domain: str
    device: str
    folder: tuple[str, ...]
    name: str

    @property
    def path(self) -> str:
        """The path of its file.

        Raises:
            Problem: A name is too long for a file system.
        """
        if self.domain == HARDWARE:
            parts = [HARDWARE, f"{encode_name(self.name)}.aml"]
        else:
            folders = (_CLOSED.sub("%2E", encode_name(name)) for name in (self.device, *self.folder))
            parts = [self.domain, *folders, f"{encode_name(self.name)}.xml"]
        if any(len(part.encode()) > LONGEST for part in parts):
            msg = f"The name of '{self.name}' or of one of its folders is too long for a file: shorten it."
            raise Problem("source_control.name_too_long", msg, place=Place(device=self.device, object=self.name))
        return "/".join(parts)


def item_at(path: str) -> Item | None:
    """Return the object whose file has a path, or None for any other file."""
    domain, *parts = path.split("/")
    if domain == HARDWARE and len(parts) == 1 and path.endswith(".aml"):
        station = unquote(parts[0].removesuffix(".aml"))
        return Item(domain, station, (), station)
    if domain in PROGRAM and len(parts) > 1 and path.endswith(".xml"):
        device, *folder = (unquote(part) for part in parts[:-1])
        return Item(domain, device, tuple(folder), unquote(parts[-1].removesuffix(".xml")))
    return None


def encode_name(name: str) -> str:
    """Return a name as a part of a path."""
    safe = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", name)
    return _TAKEN.sub(lambda found: f"%{ord(found[0][0]):02X}{found[0][1:]}", safe)


def check_path(path: str) -> str:
    """Return a client's path of a file in the repository.

    Raises:
        Problem: It leaves the repository, or names what is git's own.
    """
    parts = path.replace("\\", "/").split("/")
    if not path or any(part in ("", ".", "..") or is_git_name(part) for part in parts) or "\0" in path:
        msg = "Name a file by its path in the repository, such as blocks/PLC_1/Motor.xml, without . and .. in it."
        raise Problem("source_control.bad_path", msg, kind=Kind.INVALID, place=Place(path=path))
    return "/".join(parts)
