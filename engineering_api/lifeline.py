"""No process outlives the one that started it, however that one ends: regularly, by a signal or by a crash.

The parent keeps the writing end of a pipe that is the child's standard input; no parent, no pipe. A child of this program ends
at the end of that file (`obey`), on every system. For other programs Linux sends a signal when the parent has ended. Processes of
`multiprocessing` watch their parent (`obey_parent`).
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

MARK = "TIA_ENDS_WITH_ITS_INPUT"
"""The environment variable that asks a child of this program for it."""
PATIENCE = 30.0
"""Seconds that a child has to end by itself when its parent has ended."""
CHECK = 0.5
"""Seconds after which a process of multiprocessing looks for its parent."""
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl."""


def obey(end: Callable[[], None] | None = None) -> None:
    """End this process when its standard input ends, where the parent has asked for it.

    Args:
        end: Ends it; by default it gets the signal that supervisors send. After PATIENCE it is ended anyway.
    """
    if os.environ.pop(MARK, ""):
        threading.Thread(target=_read_to_end, args=(end or _terminate,), name="lifeline", daemon=True).start()


def obey_parent() -> None:
    """End this process of multiprocessing when its parent has ended."""
    threading.Thread(target=_watch_parent, args=(os.getppid(),), name="lifeline", daemon=True).start()


def dying_with(parent: int, how: int) -> Callable[[], None]:
    """Return what a child does before it runs another program: it asks for a signal at the end of its parent."""
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(_DEATH_SIGNAL, int(how))
        if os.getppid() != parent:  # it has ended meanwhile
            os._exit(1)

    return ask


def _read_to_end(end: Callable[[], None]) -> None:
    try:
        while os.read(0, 4096):
            pass
    except OSError:  # a standard input that is closed has ended, too
        pass
    end()
    time.sleep(PATIENCE)
    os._exit(1)


def _watch_parent(parent: int) -> None:
    from multiprocessing import connection, parent_process

    known = parent_process()
    while os.getppid() == parent:
        if known is None:
            time.sleep(CHECK)
        elif connection.wait([known.sentinel], CHECK):
            break
    _terminate()
    time.sleep(PATIENCE)
    os._exit(1)


def _terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
