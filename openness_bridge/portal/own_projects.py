"""Which open projects this service opened: it closes only those without a request. It remembers them after a restart.

A portal with a user interface outlives this service, and the project in it stays open. A service that is started again
and attaches there must know whether that project is its own. A portal is identified by its process id and the moment of
its start, because ids are used again. A project in doubt counts as opened by another program, which is the safe side.

Openness does not show whether a user closed a project and opened it again in the same portal: such a project still
counts as the service's. Its unsaved work is protected anyway.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)
KEPT = 100
"""Entries in the file; of the oldest the portal has long ended."""


class OwnProject(msgspec.Struct, rename="camel", frozen=True):
    """A project that this service opened.

    Attributes:
        started: When its portal was started, as Openness reports it.
        path: The project file.
    """

    process_id: int
    started: str
    path: str


class OwnProjects:
    """The projects that this service opened, in all portals."""

    def __init__(self, file: Path | None) -> None:
        """Read the file.

        Args:
            file: Where it is kept; None for in memory only.
        """
        self._file, self._guard = file, threading.Lock()
        self._entries = _read(file) if file is not None and file.exists() else []

    def of(self, process_id: int, started: str) -> OpenedIn:
        """Return those in one portal."""
        return OpenedIn(self, process_id, started)

    def __contains__(self, entry: OwnProject) -> bool:
        """Return whether this service opened it."""
        return entry in self._entries

    def add(self, entry: OwnProject) -> None:
        """Note that this service opened a project."""
        with self._guard:
            others = [each for each in self._entries if each != entry]
            self._store([*others[1 - KEPT :], entry])

    def remove(self, process_id: int, path: str | None = None) -> None:
        """Forget a project of a portal, or all of them."""
        with self._guard:
            self._store([e for e in self._entries if e.process_id != process_id or path not in (None, e.path)])

    def _store(self, entries: list[OwnProject]) -> None:
        if entries == self._entries:
            return
        self._entries = entries
        if self._file is None:
            return
        draft = self._file.with_suffix(".new")
        try:
            draft.write_bytes(msgspec.json.encode(entries))
            draft.replace(self._file)
        except OSError as error:
            log.warning("The list of projects that this service opened cannot be stored: %s", error)


class OpenedIn:
    """The projects that this service opened in one portal, by their files."""

    def __init__(self, all_of_them: OwnProjects, process_id: int, started: str) -> None:
        """Show the projects of one portal."""
        self._all, self._process_id, self._started = all_of_them, process_id, started

    def __contains__(self, path: str) -> bool:
        """Return whether this service opened a file here."""
        return OwnProject(self._process_id, self._started, path) in self._all

    def add(self, path: str) -> None:
        """Note that it did."""
        self._all.add(OwnProject(self._process_id, self._started, path))

    def discard(self, path: str) -> None:
        """Forget a file: it is closed."""
        self._all.remove(self._process_id, path)

    def clear(self) -> None:
        """Forget all: they are left to others."""
        self._all.remove(self._process_id)


def _read(file: Path) -> list[OwnProject]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[OwnProject])
    except (OSError, msgspec.DecodeError) as error:
        log.warning(
            "The list of projects that this service opened cannot be read, so it closes none of them: %s", error
        )
        return []
