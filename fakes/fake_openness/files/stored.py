"""Objects with files of their project or library."""

from __future__ import annotations

from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import Store


class _Stored(EngineeringObject):
    """An object whose content is in files."""

    @property
    def _store(self) -> Store:
        return self._context.files

    def _put(self, path: str, content: bytes) -> None:
        """Write a file; undone with the transaction."""
        self._note_change(self._store.put(path, content))

    def _discard(self, path: str) -> None:
        """Delete a file; undone with the transaction."""
        if self._store.exists(path):
            self._note_change(self._store.delete(path))
