"""A service with a few operations more, which hold, fail and note what they were called with as a test wants it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engineering_api import app as wiring
from engineering_api.operations.catalogue import Catalogue
from tests.engineering_api.features.pipelines.trial import bench, trial


@pytest.fixture(autouse=True)
def with_trial_operations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    sections = wiring.SECTIONS
    monkeypatch.setattr(wiring, "catalogue", lambda: Catalogue((*sections, trial)))
    bench.__init__()
    yield
    bench.gate.set()
