"""Which data blocks belong to a safety program, as far as the open project says it.

The tag list of PLCSIM Advanced does not say it. The open project does, where its PLC has the name of the simulated one: the
language of such a block begins with F_. Without that project, or while TIA Portal is busy, nothing is known.
Facts: docs/facts/runtime.md#fail-safe-blocks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from openness_bridge.errors import Problem, without_candidates
from openness_bridge.portal.portal import Portals, Session
from openness_bridge.program import blocks
from openness_bridge.values import enum_name

PATIENCE = 2.0
"""Seconds that a write waits for TIA Portal."""
LASTING = 60.0
"""Seconds for which an answer counts, and for which a busy TIA Portal is not asked again."""
REMEMBERED = 10_000
IsFailSafe = Callable[[str, str], bool]
"""Returns whether a block of a PLC is known to be fail-safe, by the names of both."""


class FailSafeBlocks:
    """Asks the open project. Any thread but the event loop's and the portal's."""

    def __init__(self, portals: Portals, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask the current one of these portals; the clock gives seconds."""
        self._portals, self._clock = portals, clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}
        self._busy_until = -LASTING
        self._lock = threading.Lock()

    def __call__(self, plc: str, block: str) -> bool:
        """Return whether a block of a PLC is known to be fail-safe."""
        key, now = (plc.casefold(), block.casefold()), self._clock()
        with self._lock:
            at, known = self._known.get(key, (-LASTING, False))
            if now - at < LASTING or now < self._busy_until:
                return known
        found = self._ask(plc, block)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = now, known if found is None else found
            return self._known[key][1]

    def _ask(self, plc: str, block: str) -> bool | None:
        """Return what the project says; None where it cannot be asked now."""
        session = self._portals.current
        if session is None:
            return False
        try:
            with without_candidates():
                language = session.call_within(PATIENCE, lambda: _language(session, plc, block))
        except Problem as problem:
            if problem.code == "portal.busy":
                self._busy_until = self._clock() + LASTING
                return None
            return False
        return language.startswith("F_")


def _language(session: Session, plc: str, block: str) -> str:
    found, _ = blocks.find(session, plc, block)
    return enum_name(found.ProgrammingLanguage)
