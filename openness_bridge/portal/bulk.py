"""Work that makes hundreds of thousands of objects at once, all of which stay.

Python looks through all objects again and again while their number grows, to
find rings of garbage; in such work there are none, and looking costs a fifth
of the time.
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
def no_garbage_search() -> Iterator[None]:
    """Do not look for rings of garbage meanwhile; may be entered by several threads at a time."""
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
