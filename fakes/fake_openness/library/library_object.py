"""What the objects of a library have in common: the library, its files, and that it may be read-only.

Facts: docs/facts/openness-libraries.md#libraries, docs/facts/tia-operations.md#libraries.
"""

from __future__ import annotations

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.versioned import _VersionedObject
from fake_openness.files.stored import _Stored

FOLDER = "library"


class _LibraryRoot(_VersionedObject):
    """A library as the objects in it see it."""

    def _require_writable(self) -> None:
        """Refuse a change where the library is read-only."""


class _LibraryObject(_VersionedObject, _Stored):
    """An object in a project library or global library."""

    def __init__(self, parent: EngineeringObject, library: _LibraryRoot) -> None:
        """Join the library."""
        super().__init__(parent)
        self._library = library

    def _require_writable(self) -> None:
        self._library._require_writable()


def refusal(code: str, text: str, name: str = "") -> EngineeringTargetInvocationException:
    """Return the refusal of an operation on a library."""
    return EngineeringTargetInvocationException(text, code=f"library.{code}", place={"name": name} if name else None)
