"""How a GRAPH sequencer is operated: requests at its inputs, modes, the step that is shown.

A request counts when its input becomes 1; those that switch something on switch it off the next time (unverified). The
program may write the modes in `RT_DATA.MOP`, too. Where inputs and entries are as the last call left them, nothing is to be
done; the entries rest until others write them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program import graph_nodes
from virtual_plc.code.naming import attribute
from virtual_plc.graph.rest import Members

INPUTS = {
    "OFF_SQ": "OFF", "INIT_SQ": "INIT", "ACK_EF": "ACK", "REG_EF": "REG", "HALT_SQ": "HALT", "HALT_TM": "TMS_HALT",
    "ZERO_OP": "OPS_ZERO", "EN_IL": "LOCK", "EN_SV": "SUP", "EN_ACKREQ": "ACKREQ", "EN_SSKIP": "SSKIP",
    "DISP_SACT": "SACT_DISP", "DISP_SEF": "SEF_DISP", "DISP_SALL": "SALL_DISP", "SW_AUTO": "AUTO", "SW_TAP": "TAP",
    "SW_TOP": "TOP", "SW_MAN": "MAN",
    **{name: name for name in ("ACK_S", "REG_S", "S_PREV", "S_NEXT", "S_SELOK", "S_ON", "S_OFF", "T_PREV", "T_NEXT", "T_PUSH")},
}  # fmt: skip
"""Entry of `MOP` and `MOP_EDGE` for each input."""
MODES = {
    "SQ_HALTED": "HALT",
    "TM_HALTED": "TMS_HALT",
    "OP_ZEROED": "OPS_ZERO",
    "IL_ENABLED": "LOCK",
    "SV_ENABLED": "SUP",
    "ACKREQ_ENABLED": "ACKREQ",
    "SSKIP_ENABLED": "SSKIP",
    "AUTO_ON": "AUTO",
    "TAP_ON": "TAP",
    "TOP_ON": "TOP",
    "MAN_ON": "MAN",
    "SACT_DISP": "SACT_DISP",
    "SEF_DISP": "SEF_DISP",
    "SALL_DISP": "SALL_DISP",
}
"""Entry of `MOP` that each output shows."""
_EXCLUSIVE = ("MAN", "TAP", "TOP", "AUTO")
_DISPLAYS = ("SACT_DISP", "SEF_DISP", "SALL_DISP")
_TOGGLED = ("HALT", "TMS_HALT", "OPS_ZERO", "LOCK", "SUP", "ACKREQ", "SSKIP")


STATES = (
    "S_NO", "S_MORE", "S_ACTIVE", "S_TIME", "S_TIMEOK", "T_NO", "T_MORE", "ERROR", "FAULT", "ERR_FLT", "SQ_ISOFF",
)  # fmt: skip
"""Outputs that show the state of the sequence."""


class Operation:
    """Requests and modes of one instance.

    Attributes:
        mode: entry `MOP` of the runtime data.
        awake: empty where `MOP` and `MOP_EDGE` are as the last call left them.
        last: the inputs of the last call.
    """

    __slots__ = ("_body", "_data", "_entries", "_instance", "awake", "last", "mode")

    def __init__(self, instance: Any, body: graph_nodes.GraphBody) -> None:
        """Find the members."""
        self._instance = instance
        self._body = body
        self._data = instance.RT_DATA
        self.mode = instance.RT_DATA.MOP
        self._entries = Members([self.mode, self._data.MOP_EDGE])
        self.awake = self._entries.awake
        self.last: Any = None

    def read(self, given: Any, active: Callable[[], list[int]], *, first: bool) -> frozenset[str]:
        """Read the inputs and change modes; return the entries of `MOP_EDGE` whose inputs have become 1.

        Args:
            given: the inputs, the number of the chosen step as the last.
            active: returns the numbers of the active steps.
            first: whether it is the first call.
        """
        self.last = given
        if first and not any(getattr(self.mode, each) for each in _EXCLUSIVE):
            self._start()
        edges = self._find_edges()
        for entry in _TOGGLED:
            if entry in edges:
                setattr(self.mode, entry, not getattr(self.mode, entry))
        self._choose(_EXCLUSIVE, edges)
        self._choose(_DISPLAYS, edges)
        self._page(active, edges, given[-1])
        for at in (0, 1):
            self._entries.rest(at)
        return edges

    def _start(self) -> None:
        """Switch the modes on that a sequence starts with."""
        mode = self.mode
        mode.AUTO = mode.LOCK = mode.SUP = mode.SACT_DISP = True
        mode.ACKREQ, mode.SSKIP = self._body.acknowledges, self._body.skips_steps

    def _find_edges(self) -> frozenset[str]:
        """Return the entries whose inputs have become 1, and keep the inputs in `MOP_EDGE`."""
        kept, edges = self._data.MOP_EDGE, set()
        for name, entry in INPUTS.items():
            given = bool(getattr(self._instance, attribute(name), False))
            if given and not getattr(kept, entry):
                edges.add(entry)
            setattr(kept, entry, given)
        return frozenset(edges)

    def _choose(self, modes: tuple[str, ...], edges: frozenset[str]) -> None:
        """Leave one of several modes on: the requested one, else the first that is on."""
        asked = [each for each in modes if each in edges] or [each for each in modes if getattr(self.mode, each)]
        for each in modes:
            setattr(self.mode, each, each in asked[:1])

    def _page(self, active: Callable[[], list[int]], edges: frozenset[str], selected: int) -> None:
        """Choose the step to show: by its number, or by paging through the active ones."""
        data, confirmed = self._data, hasattr(self._instance, "S_SELOK")
        if selected and ("S_SELOK" in edges if confirmed else selected != data.S_SEL_OLD):
            data.S_DISPLAY = selected
        data.S_SEL_OLD = selected
        way = ("S_NEXT" in edges) - ("S_PREV" in edges)
        numbers = active() if way else []
        if data.S_DISPLAY in numbers:
            data.S_DISPLAY = numbers[(numbers.index(data.S_DISPLAY) + way) % len(numbers)]

    def display(self, active: list[int]) -> None:
        """Show the longest active step, because the shown one is not active; in manual mode the choice stays."""
        if not (self.mode.MAN and self._data.S_DISPLAY):
            self._data.S_DISPLAY = active[0] if active else 0

    def initialises(self, edges: frozenset[str]) -> bool:
        """Return whether the initial steps are requested."""
        asked = self.mode.INIT
        if asked:
            self.mode.INIT = False
        return bool(asked) or "INIT" in edges

    def lets_through(self, edges: frozenset[str], *, true: bool) -> bool:
        """Return whether a transition switches: by its condition alone, with T_PUSH (TAP), or by one of both (TOP)."""
        if self.mode.TAP:
            return true and "T_PUSH" in edges
        return true or (bool(self.mode.TOP) and "T_PUSH" in edges)

    def acknowledges(self, edges: frozenset[str], step: int) -> bool:
        """Return whether the fault of a step is acknowledged now."""
        return "ACK" in edges or ("ACK_S" in edges and step == self._data.S_DISPLAY)

    def registers(self, edges: frozenset[str], step: int) -> bool:
        """Return whether the fault of a step is registered now."""
        return "REG" in edges or ("REG_S" in edges and step == self._data.S_DISPLAY)
