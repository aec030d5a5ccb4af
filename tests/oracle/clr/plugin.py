"""Runs tests of the bridge and of the features through pythonnet.

    TIA_TEST_BACKEND=clr pytest -p tests.oracle.clr.plugin tests/openness_bridge tests/engineering_api/features

A test that loads the fake gets the C# double instead, loaded as an installed TIA Portal is.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engineering_api.execution.execution import Execution
from engineering_api.execution.run import Run
from openness_bridge.portal import loader
from openness_bridge.portal.apartment import Apartment
from openness_bridge.program import reflection
from tests.oracle.clr import sections

if TYPE_CHECKING:
    from tests.oracle.clr.double import Double

REACHED: set[tuple[str, str]] = set()
"""Operations that went through .NET, each with the test."""
PART = 16
"""Where only a part is asked for (TIA_TEST_PART): every so manieth test, and those that through.tsv names."""
STATUS = pytest.StashKey[int]()
DEFAULT = "20"
"""What is loaded where no version is named; in a process of another version it is that one."""
VERSION = os.environ.get("TIA_TEST_CLR_VERSION", "20")


def pytest_configure(config: pytest.Config) -> None:
    """Put the double in the stand-in's place."""
    if os.environ.get("TIA_TEST_BACKEND") != "clr":
        return
    from tests.oracle.clr import double, plcsim_double

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about old versions of Mono
        double.loaded(VERSION)

    def load(version: str) -> loader.Model:
        plain = version.upper().removeprefix("V")
        if plain == DEFAULT:
            plain = VERSION
        if plain != VERSION:
            pytest.skip(f"this process has the assemblies of V{VERSION}, not of V{plain}")
        return double.load(plain)

    loader._load_standin = load
    plcsim_double.serve(double.loaded(VERSION))
    _record(double.loaded(VERSION))


class Use:
    """Whether an operation has asked the object model for anything."""

    def __init__(self) -> None:
        self.asked = False


_CURRENT = ContextVar[Use | None]("_CURRENT", default=None)


def _record(made: Double) -> None:
    """Note which operations succeeded and used the object model themselves on their way, whatever runs beside them."""
    perform, post, submit = Execution.perform, Apartment.post, ThreadPoolExecutor.submit
    exported = reflection._list_types

    async def noted(self: Execution, run: Run) -> bytes:
        use = Use()
        token = _CURRENT.set(use)
        try:
            answer = await perform(self, run)
        finally:
            _CURRENT.reset(token)
        if use.asked:
            REACHED.add((run.op.name, os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]))
        return answer

    def posted(self: Apartment, call: Callable[[], Any], *arguments: Any) -> None:
        post(self, partial(copy_context().run, call), *arguments)

    def submitted(self: ThreadPoolExecutor, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        return submit(self, copy_context().run, call, *arguments, **named)

    def asked() -> None:
        if (use := _CURRENT.get()) is not None:
            use.asked = True

    def looked(model: loader.Model) -> Iterator[tuple[Any, str]]:
        asked()  # types are looked at by .NET itself
        return exported(model)

    reflection._list_types = looked
    Execution.perform = noted
    Apartment.post = posted
    ThreadPoolExecutor.submit = submitted
    made.asked = asked


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what looks behind the object model, with the reason that the table gives."""
    if os.environ.get("TIA_TEST_BACKEND") != "clr":
        return
    if os.environ.get("TIA_TEST_PART"):
        needed = set(sections.through().values())
        for item in items:
            if item.nodeid in needed:  # which cases of a long table are in the default run changes with its length
                item.own_markers = [each for each in item.own_markers if each.name != "slow"]
        left = [each for number, each in enumerate(items) if number % PART and each.nodeid not in needed]
        config.hook.pytest_deselected(items=left)
        items[:] = [each for number, each in enumerate(items) if not number % PART or each.nodeid in needed]
    lines = Path(__file__).with_name("left_out.tsv").read_text(encoding="utf-8").splitlines()[1:]
    reasons = dict(line.split("\t") for line in lines)
    for item in items:
        if reason := reasons.get(item.nodeid) or reasons.get(item.nodeid.partition("[")[0]):
            item.add_marker(pytest.mark.skip(reason=f"not through .NET: {reason}"))


def pytest_runtest_setup() -> None:
    """Let no Python code run within a garbage collection, as Hypothesis does to measure it.

    It may begin while pythonnet holds a lock of .NET; a thread that gets the interpreter then waits for that lock for ever.
    """
    if os.environ.get("TIA_TEST_BACKEND") == "clr":
        gc.callbacks.clear()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once: an embedded Mono waits for ever for threads that are still in it when Python ends."""
    if os.environ.get("TIA_TEST_BACKEND") == "clr":
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash.get(STATUS, 1))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how it went, and which operations went through the double."""
    session.config.stash[STATUS] = int(exitstatus)
    if folder := os.environ.get("TIA_TEST_RECORD"):
        Path(folder, f"{os.getpid()}.txt").write_text("\n".join(map("\t".join, sorted(REACHED))), encoding="utf-8")
