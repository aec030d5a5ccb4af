"""The file in which running servers are listed, so that clients on this computer find one.

A JSON array with an entry for each server; clients take the first. Entries of servers that no longer answer are dropped by
the next server that starts or ends. Facts: docs/facts/t-ia-connect.md#host-and-process.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from engineering_api.durable import write_file

log = logging.getLogger(__name__)
FOLDER = Path("FeelAutomCorp") / "T-IA-Connect"
PATIENCE = 0.3
"""Seconds in which a server on this computer takes a connection."""


class Instance(msgspec.Struct, rename="pascal", omit_defaults=True):
    """A running server.

    Attributes:
        instance_id: Distinguishes servers that had the same process number.
    """

    pid: int
    port: int
    url: str
    instance_id: str | None = None
    project_name: str | None = None


def default_file(data_dir: Path) -> Path:
    """Return the file that clients read: in the roaming folder on Windows; elsewhere, unread, in the data folder."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", str(Path.home()))) / FOLDER / "instances.json"
    return data_dir / "instances.json"


class Registry:
    """The file, changed as a whole."""

    def __init__(self, file: Path, answers: Callable[[Instance], bool] | None = None) -> None:
        """Use this file; `answers` returns whether a listed server still runs."""
        self._file, self._answers = file, answers or _answers

    def read(self) -> list[Instance]:
        """Return the entries; none where the file is missing or damaged."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[Instance])
        except (OSError, msgspec.MsgspecError):
            return []

    def enter(self, instance: Instance) -> None:
        """Add a server behind those that run."""
        self._write([*self._others(instance), instance])

    def leave(self, instance: Instance) -> None:
        """Take a server out."""
        self._write(self._others(instance))

    def _others(self, instance: Instance) -> list[Instance]:
        others = (each for each in self.read() if each.pid != instance.pid and each.port != instance.port)
        return [each for each in others if self._answers(each)]

    def _write(self, instances: list[Instance]) -> None:
        """Replace the file in one step. That it cannot be written keeps no server from running."""
        try:
            write_file(self._file, msgspec.json.encode(instances))
        except OSError as error:
            log.warning("The list of running servers %s cannot be written: %s", self._file, error)


def _answers(instance: Instance) -> bool:
    host = urlsplit(instance.url).hostname or "127.0.0.1"
    try:
        socket.create_connection((host, instance.port), PATIENCE).close()
    except OSError:
        return False
    return True
