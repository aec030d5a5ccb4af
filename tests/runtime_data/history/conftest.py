"""Both kinds of store, and a history over the tags of `memory`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runtime_data.history.day_files import DayFiles
from runtime_data.history.history import store_of
from runtime_data.history.model import Store
from tests.engineering_api.gateway import servers
from tests.engineering_api.gateway.plant import _served
from tests.runtime_data.history.trial import MakeStore


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.Server]:
    yield from _served(servers.postgresql)


@pytest.fixture(params=["files", "postgresql"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """Opens a store; each time the same, as after a restart."""
    if request.param == "files":
        return lambda: DayFiles(tmp_path / "history")
    server: servers.Server = request.getfixturevalue("postgresql")
    url = server.fresh(server.url)
    return lambda: store_of(url, tmp_path)


@pytest.fixture
def store(reopen: MakeStore) -> Iterator[Store]:
    with closing(reopen()) as store:
        yield store
