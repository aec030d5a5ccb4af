"""Runs tests in several processes. This one has its share too, and gathers the results of the others.

Each process has its own portal and PLCSIM Advanced, which only simulated ones can have.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from engineering_api.features.plc_tests import suite
from engineering_api.features.plc_tests.benches.workbench import Subject
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.parallel.shares import count_processes, share_out
from engineering_api.features.plc_tests.suite import Options, Outcome, Part
from engineering_api.processes import start_worker
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load
from simatic_xml.caching import disk_cache
from simatic_xml.caching.disk_cache import DiskCache

SIMULATED = "fake"
PATIENCE = 30.0
"""Seconds in which a process removes its files."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is run.

    Attributes:
        backend: of TIA Portal and PLCSIM Advanced.
        version: of TIA Portal, None for the default.
        subject: the program.
        cases: all tests.
        options: how.
    """

    backend: str
    version: str | None
    subject: Subject
    cases: Sequence[Case]
    options: Options


def run(request: Request, processes: int | None = None) -> Outcome:
    """Run tests in several processes at once.

    Args:
        request: what is run.
        processes: how many, None for as many as pay off on this computer.

    Returns:
        The same outcome as of one process, in the order of the tests.

    Raises:
        Problem: as `suite.run`; or a process ended early; or a real PLCSIM Advanced is to run in several processes.
    """
    model = load(request.backend, request.version)
    if model.backend != SIMULATED and (processes or 1) > 1:
        msg = "A real PLCSIM Advanced runs the tests in one process: leave --jobs out, or use --backend fake."
        raise Problem("plc_test.jobs", msg, kind=Kind.INVALID)
    wanted = count_processes(request.cases) if processes is None and model.backend == SIMULATED else processes or 1
    own, *others = share_out(request.cases, wanted)
    with ExitStack() as stack:
        parts = [stack.enter_context(_process(request, share)) for share in others]
        simulation = Simulation(lambda: model.plcsim)
        return suite.run(
            model,
            simulation,
            request.subject,
            request.cases,
            request.options,
            share=own,
            others=lambda: [part() for part in parts],
        )


@contextmanager
def _process(request: Request, share: list[int]) -> Iterator[Callable[[], Part]]:
    """Start a process for a share of the tests; yield a function that waits for its part. At the end it is gone."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    process, receiver = start_worker(_send, request, share, disk_cache.current(), forks=forks)
    try:
        yield partial(_receive, receiver, process)
    finally:
        _end(process)
        receiver.close()


def _receive(receiver: Connection, process: BaseProcess) -> Part:
    """Wait for a process and return its part.

    Raises:
        Problem: that of the process, or it ended early.
    """
    try:
        found = receiver.recv()
    except EOFError:
        found = None
    process.join()
    if found is None:
        msg = f"A process that ran some of the tests ended early (exit code {process.exitcode}). Find the test with --jobs 1."
        raise Problem("plc_test.process", msg, kind=Kind.FAILED)
    if isinstance(found, Part):
        return found
    raise Problem(**found)


def _end(process: BaseProcess) -> None:
    """End a process; one that still runs removes its files first, where the system can ask for that."""
    process.terminate()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


def _send(sender: Connection, request: Request, share: list[int], cache: DiskCache | None) -> None:
    """Run a share of the tests and send its part, or the problem: the work of a further process."""
    disk_cache.use(cache)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        model = load(request.backend, request.version)
        simulation = Simulation(lambda: model.plcsim)
        try:
            sender.send(suite.run_part(model, simulation, request.subject, request.cases, share, request.options))
        finally:
            simulation.close()
    except Problem as problem:
        fields = {name: getattr(problem, name) for name in ("code", "message", "kind", "place", "details")}
        sender.send(fields)
    except KeyboardInterrupt:
        sys.exit(1)
