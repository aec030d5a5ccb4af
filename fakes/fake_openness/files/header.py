"""The .apNN file of a fake project, and the .alNN file of a fake library: a small readable document about it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Self

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.machine import Machine


@dataclass(slots=True)
class Header:
    """The data of a project file."""

    WHAT: ClassVar[str] = "project"
    EXTENSION: ClassVar[str] = "ap"

    engineering: str
    created: dt.datetime
    modified: dt.datetime
    author: str
    modified_by: str
    copyright: str = ""
    family: str = ""
    comment: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=lambda: ["en-US"])
    simulation: bool = False
    history: list[tuple[str, str]] = field(default_factory=list)

    def note(self, moment: dt.datetime, text: str) -> None:
        """Add an event to the history."""
        self.history.append((moment.isoformat(), text))

    @classmethod
    def new(cls, engineering: str, machine: Machine) -> Self:
        """Return the header of a project made now."""
        now = machine.clock()
        made = cls(engineering, now, now, machine.user, machine.user)
        made.note(now, f"The {cls.WHAT} was created by {machine.user}.")
        return made

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a project file.

        Raises:
            EngineeringTargetInvocationException: The file is not one of the fake's, or it is damaged.
        """
        try:
            data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if data.pop("format") != cls._format():
                raise ValueError(cls._format())
            for moment in ("created", "modified"):
                data[moment] = dt.datetime.fromisoformat(data[moment])
            return cls(**data)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            msg = (
                f"'{file.name}' cannot be read as a {cls.WHAT} of the simulated TIA Portal. A {cls.WHAT} of a real TIA Portal "
                "needs the real one; a damaged one can be restored from its archive."
            )
            raise EngineeringTargetInvocationException(msg, str(error), code=f"{cls.WHAT}.unreadable") from error

    def to_bytes(self) -> bytes:
        """Return the file's content; equal headers give equal content."""
        data = {"format": self._format()} | {each.name: getattr(self, each.name) for each in fields(self)}
        data["created"], data["modified"] = self.created.isoformat(), self.modified.isoformat()
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()

    @classmethod
    def _format(cls) -> str:
        return f"simulated TIA Portal {cls.WHAT}, format 1"


class LibraryHeader(Header):
    """The data of a global library's file."""

    __slots__ = ()
    WHAT: ClassVar[str] = "library"
    EXTENSION: ClassVar[str] = "al"
