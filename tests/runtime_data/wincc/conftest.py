"""The plant of these tests: PLC_1 runs, `memory` has tags of all kinds, and olga may operate, victor only view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime_data.sources.memory import MemoryTag
from tests.runtime_data.wincc.kit import Wincc, wincc_in


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Wincc]:
    with wincc_in(tmp_path) as wincc:
        wincc.start_cpu()
        wincc.memory(
            MemoryTag("Temperature_Sensor_1", "Real", 24.7),
            MemoryTag("Setpoint", "Real", minimum=0.0, maximum=100.0),
            MemoryTag("Line 1/Motor speed", "Int", 7),
            MemoryTag("Big", "LInt", (1 << 53) + 1),
        )
        wincc.make_user("olga", "operator")
        wincc.make_user("victor", "viewer")
        yield wincc
