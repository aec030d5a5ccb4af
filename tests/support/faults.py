"""A server on a simulated computer whose faults are scripted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from fake_openness.core.machine import Machine
from fake_openness.project.faults import Fault, Faults, Hang
from openness_bridge.model import Model
from openness_bridge.portal import apartment
from tests.support.service import CPU, FIRMWARE, Client, settings

LIMIT = 600.0
"""Seconds after which this server gives a call up; tests let them pass at once (`Plant.wait_long`)."""


@dataclass
class Plant:
    """A client, the simulated computer behind its server, and what is wrong with it."""

    client: Client
    machine: Machine
    types: dict[str, Any]
    faults: Faults
    hangs: list[Hang] = field(default_factory=list)
    passed: float = 0.0

    def hang(self, member: str, **more: Any) -> Hang:
        """Let a use of a member hang; released at the test's end at the latest."""
        made = self.faults.hang()
        self.hangs.append(made)
        self.faults.at(member, made, **more)
        return made

    def now(self) -> float:
        """The clock by which calls to the portal are given up."""
        return time.monotonic() + self.passed

    def wait_long(self) -> None:
        """Let so much time pass that the calls that run now are given up."""
        self.passed += 2 * LIMIT

    def wait_long_for(self, hang: Hang) -> None:
        """The same, as soon as a call hangs."""
        threading.Thread(target=lambda: hang.wait_until_reached(60) and self.wait_long(), daemon=True).start()

    def refuse(self, member: str, kind: str, text: str = "", **more: Any) -> Fault:
        """Let a use of a member be refused."""
        return self.faults.at(member, self.faults.refusal(self.types[kind], text), **more)

    def with_plc(self) -> Plant:
        """Open a project that has one CPU, and save it."""
        self.client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        self.client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        self.client.ok("POST", "/api/projects/actions/save-sync")
        return self

    def tables(self) -> list[str]:
        """The names of the PLC's tag tables."""
        return [table["name"] for table in self.client.ok("GET", "/api/devices/PLC_1/tag-tables")]


@contextmanager
def faulty_plant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Serve a simulated computer whose calls to the portal are given up by the plant's clock."""
    installation = fake_openness.install("20")
    model = Model("20", installation.types.__getitem__, "fake")
    with TestClient(create_app(settings(folder, hang_limit=LIMIT), model)) as http:
        made = Plant(Client(http), installation.machine, installation.types, Faults(installation.machine))
        monkeypatch.setattr(apartment, "time", SimpleNamespace(monotonic=made.now))
        yield made
        for hang in made.hangs:
            hang.release()
