"""Work that creates hundreds of thousands of objects which all stay.

Python searches all objects for rings of garbage again and again while their number grows. Such work makes none, and the
search costs a fifth of the time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_paused = 0
_was_on = True


@contextmanager
def pause_gc() -> Iterator[None]:
    """Stop the search for rings of garbage meanwhile; several threads may enter at a time."""
    global _paused, _was_on
    with _lock:
        _was_on = _was_on if _paused else gc.isenabled()
        _paused += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _paused -= 1
            if _was_on and not _paused:
                gc.enable()
