"""The .apNN file of a fake project: a small readable document about the project."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes.openness.errors import EngineeringTargetInvocationException

if TYPE_CHECKING:
    from fakes.openness.machine import Machine

FORMAT = "simulated TIA Portal project, format 1"


@dataclass(slots=True)
class Header:
    """What a project file says of its project."""

    engineering: str
    created: dt.datetime
    modified: dt.datetime
    author: str
    modified_by: str
    copyright: str = ""
    comment: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=lambda: ["en-US"])
    simulation: bool = False

    @classmethod
    def new(cls, engineering: str, machine: Machine) -> Header:
        """The header of a project made now."""
        now = machine.clock()
        return cls(engineering, now, now, machine.user, machine.user)

    @classmethod
    def read(cls, file: Path) -> Header:
        """Read a project file.

        Raises:
            EngineeringTargetInvocationException: The file is not one of the fake's, or it is damaged.
        """
        try:
            data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if data.pop("format") != FORMAT:
                raise ValueError(FORMAT)
            for moment in ("created", "modified"):
                data[moment] = dt.datetime.fromisoformat(data[moment])
            return cls(**data)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            msg = (
                f"'{file.name}' cannot be read as a project of the simulated TIA Portal. A project of a real TIA Portal "
                "needs the real one; a damaged one can be restored from its archive."
            )
            raise EngineeringTargetInvocationException(msg, str(error), code="project.unreadable") from error

    def to_bytes(self) -> bytes:
        """The file's content, the same for the same header."""
        data = {"format": FORMAT} | {name: getattr(self, name) for name in self.__slots__}
        data["created"], data["modified"] = self.created.isoformat(), self.modified.isoformat()
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
