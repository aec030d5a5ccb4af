from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.fake_plcsim.kit import Kit


@pytest.fixture
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.runtime.shutdown()
