"""Servers with the common state, one for each worker: for reads a shared one, for changes a fresh copy each time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.state.stage import Stage, stage


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server that is restored before each use."""
    with stage(tmp_path_factory.mktemp("fresh")) as made:
        yield made


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server with all routes that nobody changes."""
    with stage(tmp_path_factory.mktemp("shared")) as made:
        made.restore()
        yield made
