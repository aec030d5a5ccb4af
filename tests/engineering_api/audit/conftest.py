"""An audit log without a server, and servers on a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engineering_api.audit.kit import fill


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The data folder of a log with twelve operations."""
    fill(tmp_path, 12)
    return tmp_path
