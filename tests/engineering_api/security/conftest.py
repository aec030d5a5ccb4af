"""Passwords cost little here: that the service's own settings are used is shown by test_passwords.py."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from engineering_api.security import passwords


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if request.module.__name__.rpartition(".")[2] != "test_passwords":
        monkeypatch.setattr(passwords, "PasswordHasher", lambda: PasswordHasher(1, 8, 1))
