"""What holds for all tests."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.progress import costly

COMMON = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
"""No property depends on how fast a machine is, and two runs try the same examples: chance is for long runs by hand."""
settings.register_profile("tests", COMMON, max_examples=50)
settings.register_profile("thorough", COMMON, max_examples=150)
settings.register_profile("exploration", COMMON, max_examples=2500, derandomize=False)
settings.register_profile("mutation", COMMON, phases=[Phase.explicit, Phase.generate])
settings.load_profile("tests")
pytest_plugins = (
    "tests.support.service",
    "tests.support.servers",
    "tests.support.plugins",
    "tests.support.skips",
    "tests.support.codes.seen",
)


gc.disable()
"""Collecting makes no garbage worth a search; pytest_collection_finish turns it on again."""
os.environ["XDG_CACHE_HOME"] = os.devnull
"""Nothing is kept between tests, and nothing in the user's own folder; a test of the cache opens one of its own."""
SAMPLE = 6
"""Cases of a long table that the default run takes; `dev.py test --all` runs them all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what takes long, and the other cases of long tables; those that stay are spread from the first to the last."""
    long = costly()
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
        if item.nodeid in long:
            item.add_marker(pytest.mark.slow)
    for cases in tables.values():
        taken = {(len(cases) - 1) * number // (SAMPLE - 1) for number in range(SAMPLE)}
        for number, item in enumerate(cases):
            if len(cases) > SAMPLE and number not in taken:
                item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Search for garbage rarely, and not in modules and collected tests: it takes a seventh of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
