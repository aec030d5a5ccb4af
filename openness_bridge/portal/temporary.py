"""Starts a separate portal for a project that is thrown away, with an empty folder for it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openness_bridge.model import Model
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum


@contextmanager
def temporary_portal(model: Model, name: str) -> Iterator[tuple[Session, Path]]:
    """Start a portal without user interface, and close it with its projects at the end; the folder is deleted then.

    Args:
        model: The object model.
        name: What the portal is for, in the names of its thread and folder.

    Yields:
        The portal and the folder.
    """
    mode = enum(model, "TiaPortalMode", "WithoutUserInterface")
    with tempfile.TemporaryDirectory(prefix=f"{name}-", ignore_cleanup_errors=True) as folder:
        session = Session(model, lambda: model.TiaPortal(mode), name)
        try:
            yield session, Path(folder).resolve()
        finally:
            session.call(lambda: _close(session))
            session.apartment.stop()


def _close(session: Session) -> None:
    for project in list(session.portal.Projects):
        project.Close()
    session.portal.Dispose()
