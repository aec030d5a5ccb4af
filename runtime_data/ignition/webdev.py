"""What the administrator configured for the Ignition routes: commands, and handlers where a folder is named."""

from __future__ import annotations

import asyncio
from pathlib import Path

from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem
from runtime_data.ignition import commands
from runtime_data.ignition.scripting.handlers import Handler, Handlers


class Webdev:
    """The part of the service that the routes ask."""

    def __init__(self, settings: Settings) -> None:
        """Read the settings, which only the user who starts the server gives.

        Raises:
            Problem: The file of commands or the folder of handlers cannot be used.
        """
        self.commands = commands.load(settings.ignition_commands)
        self._handlers = _handlers(settings, settings.ignition_handlers) if settings.ignition_handlers else None

    async def find(self, project: str, path: str) -> Handler | None:
        """Return the handler of a path of a project; None where there is none."""
        return None if self._handlers is None else await asyncio.to_thread(self._handlers.find, project, path)


def _handlers(settings: Settings, folder: Path) -> Handlers:
    """Return the handlers of a folder that no client can write to.

    Raises:
        Problem: It is no folder, or clients can write files there: then every one of them could run code.
    """
    found = folder.resolve()
    if not found.is_dir():
        raise _refuse(f"{folder} is not a folder")
    if shared := settings.find_shared(found):
        raise _refuse(f"{folder} overlaps {shared}, where clients can put files")
    return Handlers(found, settings.ignition_handler_limit)


def _refuse(why: str) -> Problem:
    msg = f"TIA_IGNITION_HANDLERS cannot be used: {why}. Name a separate folder that only administrators can write."
    return Problem("settings.ignition", msg, kind=Kind.INVALID)
