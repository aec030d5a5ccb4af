"""Cancels a changing operation at the n-th point at which it asks whether it is wanted: by count, never by time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from engineering_api.operations.progress import Progress


@contextmanager
def stopping_at(number: int, stop: Callable[[Progress], object] = Progress.cancel) -> Iterator[None]:
    """Cancel the changing operation that runs within the block at a checkpoint; the first is 1.

    Args:
        number: The checkpoint.
        stop: What is done there, in the thread of the operation.
    """
    original, passed = Progress.check, 0

    def check(progress: Progress) -> None:
        nonlocal passed
        if progress.begun and progress._tell is not None:  # reads report to nobody
            passed += 1
            if passed == number:
                stop(progress)
        original(progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "check", check)
        yield


def numbers() -> Iterator[int]:
    """Yield the checkpoints to cancel at: close ones first, later ones further apart."""
    number = 1
    while True:
        yield number
        number = max(number + 1, number * 3 // 2)
