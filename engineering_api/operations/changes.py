"""Counts what changes projects, so that an answer can be recognised as still true: see web/kept_answers.py."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """How many changes have begun and ended. A state that was read between two of them is that of a count.

    Attributes:
        count: Increases when a change begins and when it ends, failed ones too.
        of_project: The same for changes of the open project or of a program loaded from it: not for values that are written.
    """

    def __init__(self) -> None:
        """Begin at 0."""
        self.count = self.of_project = 0
        self._guard = threading.Lock()

    @contextmanager
    def under_way(self, *, changes: bool = True, project: bool = True) -> Iterator[None]:
        """Count what is done within the block, on any thread; nothing for a read.

        Args:
            changes: Whether anything is changed.
            project: Whether that is the open project, or a program loaded from it.
        """
        if not changes:
            yield
            return
        self._increase(project=project)
        try:
            yield
        finally:
            self._increase(project=project)

    def _increase(self, *, project: bool) -> None:
        with self._guard:
            self.count += 1
            self.of_project += project
