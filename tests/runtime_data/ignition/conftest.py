from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime_data.ignition.plant import Plant, plant_in


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as made:
        yield made
