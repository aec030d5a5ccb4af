"""Follows a request through the code: which file calls into which, until the operation runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from tests import ROOT

SERVICE = str(ROOT / "engineering_api")


class Trace:
    """Calls that enter another file of the service, in order.

    Attributes:
        crossings: (file that calls, file that is entered, function), paths below engineering_api.
    """

    def __init__(self, last: str) -> None:
        """Follow until a function is entered.

        Args:
            last: The function, as `file.py:name`.
        """
        self._last = last
        self._seen: dict[int, FrameType] = {}
        self.on = False
        self.crossings: list[tuple[str, str, str]] = []

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call."""
        if event != "call" or not self.on or id(frame) in self._seen or (entered := _file(frame)) is None:
            return
        self._seen[id(frame)] = frame  # kept, so that no other frame gets its number
        code = frame.f_code
        if code.co_name.startswith("<"):
            return
        caller = frame.f_back
        while caller is not None and _file(caller) is None:
            caller = caller.f_back
        source = _file(caller) if caller is not None else None
        if source != entered:
            self.crossings.append((source or "", entered, code.co_name))
        if f"{entered}:{code.co_name}" == self._last:
            self.on = False


def _file(frame: FrameType) -> str | None:
    name = frame.f_code.co_filename
    return name.removeprefix(SERVICE).lstrip("/\\").replace("\\", "/") if name.startswith(SERVICE) else None


@contextmanager
def traced(last: str) -> Iterator[Trace]:
    """Trace all threads that start within."""
    trace = Trace(last)
    threading.setprofile(trace)
    try:
        yield trace
    finally:
        trace.on = False
        threading.setprofile(None)
