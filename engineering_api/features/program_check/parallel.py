"""Runs a piece of work in a second process at the same time, where the system can fork."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from engineering_api.processes import start_worker
from openness_bridge.errors import Problem

T = TypeVar("T")
Runner = Callable[[Callable[[], Iterator[T]]], Iterator[T]]
"""Starts a piece of work and returns its results one by one."""
_RESULT, _PROBLEM, _END = range(3)


def run_later(work: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Return the results of work that runs as they are asked for."""
    return work()


def run_parallel(work: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Start work in another process; return its results, which are waited for.

    Only for a program without other threads: the new process has none of them. Where the system cannot fork, the work runs
    as its results are asked for.

    Raises:
        Problem: By the iterator, what the work raises.
    """
    if not hasattr(os, "fork"):
        return work()
    process, receiver = start_worker(_send_results, work, forks=True)
    return _receive(work, process, receiver)


def _receive(work: Callable[[], Iterator[T]], process: BaseProcess, receiver: Connection) -> Iterator[T]:
    """Yield what the other process sends; where it ends early, do the rest of the work here."""
    received = 0
    while True:
        try:
            what, value = receiver.recv()
        except EOFError:
            yield from islice(work(), received, None)
            return
        if what == _RESULT:
            received += 1
            yield value
            continue
        process.join()
        if what == _PROBLEM:
            raise Problem(*value)
        return


def _send_results(sender: Connection, work: Callable[[], Iterator[Any]]) -> None:
    try:
        for each in work():
            sender.send((_RESULT, each))
        sender.send((_END, None))
    except Problem as problem:
        sender.send((_PROBLEM, (problem.code, problem.message)))
