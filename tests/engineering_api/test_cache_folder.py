"""Where the cache lies: in the user's cache folder, and in the data folder for a user without a home."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engineering_api.settings import cache_dir

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a profile for each user")


def test_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_dir(tmp_path).parent == tmp_path / "cache"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_dir(tmp_path).parent == tmp_path / ".cache"


def test_a_user_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home(_: str) -> str:
        return "~"

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", no_home)
    assert cache_dir(tmp_path) == tmp_path / "cache"
