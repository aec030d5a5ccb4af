"""The common state on a server of its own."""

from collections.abc import Iterator

import pytest

from tests.support.state.stage import Stage, stage


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("fuzz")) as made:
        yield made
