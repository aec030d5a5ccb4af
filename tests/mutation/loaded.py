"""Reach the functions of a module that is loaded: put another code into them, and note which of them a test executes."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from types import CodeType, FrameType, FunctionType

Place = tuple[str, int]


class Loaded:
    """The functions that were made from a file, closures included."""

    def __init__(self, file: str) -> None:
        """Find them."""
        gc.unfreeze()  # what is frozen is not listed
        self.file = file
        self._functions = [
            each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__code__.co_filename == file
        ]
        self._caches = [
            each
            for each in gc.get_objects()
            if isinstance(each, _lru_cache_wrapper) and each.__wrapped__.__code__.co_filename == file
        ]
        gc.freeze()  # forks share it
        self._names = [each.__dict__ for each in sys.modules.values() if getattr(each, "__file__", None) == file]

    def change(self, code: CodeType, *, constant: bool) -> None:
        """Give each function its code in a mutant; or the module another constant."""
        self._forget()
        if constant:
            for names in self._names:
                exec(code, names)  # noqa: S102 - a constant of this repository
            return
        new = dict(_codes(code))
        for each in self._functions:
            each.__code__ = new.get(_place(each.__code__), each.__code__)

    @contextmanager
    def executed(self) -> Iterator[set[str]]:
        """Collect the qualified names of the functions that are executed in the block."""
        self._forget()
        names: set[str] = set()

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename == self.file:
                names.add(frame.f_code.co_qualname)

        threading.setprofile(note)
        sys.setprofile(note)
        try:
            yield names
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _forget(self) -> None:
        """Forget the results that the functions keep."""
        for each in self._caches:
            each.cache_clear()


def _codes(code: CodeType) -> Iterator[tuple[Place, CodeType]]:
    yield _place(code), code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno
