"""The ledger: each use of a member that the simulated TIA Portal lacks, or that the real version does not have.

A program that catches the exception of such a use would end well, and nobody would see that it was not tested.
"""

from __future__ import annotations

import dis
import importlib
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import Any

from fake_openness.core import reflection
from fake_openness.core.versions import TiaVersion

MANIFEST = "openness_bridge.manifest.reading"
"""The module that knows the members of each version. It is named as text: neither package imports the other one."""
_PLUMBING = frozenset(
    (
        *("fake_dotnet.missing", "fake_dotnet.objects", "fake_dotnet.system"),
        *("fake_openness.core.objects", "fake_openness.core.versioned"),
        *("fake_openness.core.gate", "fake_openness.core.interfaces", "fake_openness.hosting.modules"),
        *("fake_openness.hosting.lacking", __name__, "importlib", "importlib._bootstrap", "_frozen_importlib"),
    )
)
"""What runs between a line of the program and the ledger."""
OURS = ("fake_dotnet", "fake_openness", "fake_plcsim", "virtual_plc", "simatic_xml", "openness_bridge", "enum")
_NO_MEMBERS = ("service", "attribute")


@dataclass(frozen=True, slots=True)
class Entry:
    """One use.

    Attributes:
        use: Type and member.
        file: The file of the program.
        line: Its line, from 1.
        reason: Who does not have it.
    """

    use: str
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Write it in a line."""
        return f"{self.file}:{self.line}: {self.use}: {self.reason}"


class Ledger:
    """The uses of a run, each place once."""

    def __init__(self, version: TiaVersion) -> None:
        """Start empty."""
        self._version = version
        self._entries: dict[Entry, None] = {}

    @property
    def entries(self) -> list[Entry]:
        """The uses in the order of their first time."""
        return list(self._entries)

    def observe(self, kind: type | str, member: str) -> None:
        """Enter a use, unless the simulation itself asked or the program only asks whether the member exists."""
        if member and not member.rpartition("_")[2][:1].isupper():
            return
        frame = _caller()
        if frame is None:
            return
        name, owner, real = self._look_up(kind, member)
        if not real and _is_question(frame):
            return
        reason = f"{owner} lacks it" if real else f"TIA Portal {self._version.engineering} does not have it"
        file = Path(frame.f_code.co_filename)
        shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
        self._entries[Entry(name, str(shown), frame.f_lineno, reason)] = None

    def _look_up(self, kind: type | str, member: str) -> tuple[str, str, bool]:
        """Return the name of a use, who lacks the member, and whether the real one has it."""
        full = kind if isinstance(kind, str) else str(reflection.type_in(kind, self._version))
        of_type = kind if isinstance(kind, str) else kind.__name__
        name = f"{of_type}.{member}" if member else of_type
        if not full.startswith(reflection.ROOT):
            return name, "the simulated .NET", True
        if isinstance(kind, str):
            return name, "the simulated TIA Portal", self.has_type(f"{full}.{member}") if member else True
        return name, "the simulated TIA Portal", not member or self._has_member(full, member.rpartition("_")[2])

    def has_type(self, full_name: str) -> bool:
        """Return whether the real version has a type."""
        return full_name.removeprefix(f"{reflection.ROOT}.") in self._manifest.types

    def _has_member(self, full_name: str, member: str) -> bool:
        name = full_name.removeprefix(f"{reflection.ROOT}.")
        found = (each for each in self._manifest.members(name) if each.name == member)
        return any(each.kind.value not in _NO_MEMBERS and not each.explicit for each in found)

    @cached_property
    def _manifest(self) -> Any:
        return importlib.import_module(MANIFEST).read(self._version.text)


def _caller() -> FrameType | None:
    """Return the frame of the program that uses the member; None if the simulation uses it."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") in _PLUMBING:
        frame = frame.f_back
    name = "" if frame is None else str(frame.f_globals.get("__name__"))
    return None if name.partition(".")[0] in OURS else frame


def _is_question(frame: FrameType) -> bool:
    """Return whether a line calls hasattr or getattr, in place of an attribute."""
    return "CALL" in dis.opname[frame.f_code.co_code[frame.f_lasti]]
