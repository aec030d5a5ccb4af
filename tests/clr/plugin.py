"""Runs the tests of bridge and API through pythonnet: `TIA_TEST_BACKEND=clr pytest -p tests.clr.plugin tests/bridge tests/api`.

What asks the loader for the stand-in gets the C# double in its place, loaded in the way of an installed TIA Portal.
"""

from __future__ import annotations

import os
import sys
import warnings

import pytest

from openness_bridge import loader

STATUS = pytest.StashKey[int]()
VERSION = os.environ.get("TIA_TEST_CLR_VERSION", "20")


def pytest_configure(config: pytest.Config) -> None:
    """Put the double in the stand-in's place."""
    if os.environ.get("TIA_TEST_BACKEND") != "clr":
        return
    from tests.clr import double

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about old versions of Mono
        double.loaded(VERSION)

    def load(version: str) -> loader.Model:
        plain = version.upper().removeprefix("V")
        if plain != VERSION:
            pytest.skip(f"this process has the assemblies of V{VERSION}, not of V{plain}")
        return double.load(plain)

    loader._load_standin = load


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once: an embedded Mono waits for ever for threads that are still in it when Python ends."""
    if os.environ.get("TIA_TEST_BACKEND") == "clr":
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash.get(STATUS, 0))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how it went."""
    session.config.stash[STATUS] = int(exitstatus)
