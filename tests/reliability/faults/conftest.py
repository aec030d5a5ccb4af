"""A server on a simulated computer whose faults are scripted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faults import Plant, faulty_plant


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    with faulty_plant(tmp_path, monkeypatch) as made:
        yield made
