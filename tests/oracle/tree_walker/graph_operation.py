"""How a GRAPH sequencer is operated: requests at its inputs, modes, what it shows.

Inputs are requests that count when they become 1; `RT_DATA.MOP` holds the modes, `RT_DATA.MOP_EDGE` the inputs of the last
call. A program may also write `RT_DATA.MOP` itself. Facts: S7-GRAPH manual; toggling is unverified.
"""

from __future__ import annotations

from typing import Any

from simatic_xml.program import graph_nodes

_REQUESTS = {
    "OFF_SQ": "OFF", "INIT_SQ": "INIT", "ACK_EF": "ACK", "REG_EF": "REG", "ACK_S": "ACK_S", "REG_S": "REG_S",
    "HALT_SQ": "HALT", "HALT_TM": "TMS_HALT", "ZERO_OP": "OPS_ZERO", "EN_IL": "LOCK", "EN_SV": "SUP",
    "EN_ACKREQ": "ACKREQ", "EN_SSKIP": "SSKIP", "DISP_SACT": "SACT_DISP", "DISP_SEF": "SEF_DISP",
    "DISP_SALL": "SALL_DISP", "S_PREV": "S_PREV", "S_NEXT": "S_NEXT", "SW_AUTO": "AUTO", "SW_TAP": "TAP",
    "SW_TOP": "TOP", "SW_MAN": "MAN", "S_SELOK": "S_SELOK", "S_ON": "S_ON", "S_OFF": "S_OFF", "T_PREV": "T_PREV",
    "T_NEXT": "T_NEXT", "T_PUSH": "T_PUSH",
}  # fmt: skip
"""Entry of `MOP` and `MOP_EDGE` for each input."""

MODES = {
    "AUTO_ON": "AUTO",
    "TAP_ON": "TAP",
    "TOP_ON": "TOP",
    "MAN_ON": "MAN",
    "SQ_HALTED": "HALT",
    "TM_HALTED": "TMS_HALT",
    "OP_ZEROED": "OPS_ZERO",
    "IL_ENABLED": "LOCK",
    "SV_ENABLED": "SUP",
    "ACKREQ_ENABLED": "ACKREQ",
    "SSKIP_ENABLED": "SSKIP",
    "SACT_DISP": "SACT_DISP",
    "SEF_DISP": "SEF_DISP",
    "SALL_DISP": "SALL_DISP",
}
"""Entry of `MOP` for each output that shows a mode."""

_EXCLUSIVE = ("MAN", "TAP", "TOP", "AUTO")
_DISPLAYS = ("SACT_DISP", "SEF_DISP", "SALL_DISP")
_TOGGLED = ("HALT", "TMS_HALT", "OPS_ZERO", "LOCK", "SUP", "ACKREQ", "SSKIP")


class Operation:
    """Requests and modes of one call."""

    def __init__(self, instance: Any, body: graph_nodes.GraphBody) -> None:
        """Begin a call.

        Args:
            instance: the data of the function block.
            body: its steps and transitions, and whether faults are acknowledged and steps skipped.
        """
        self._instance = instance
        self._body = body
        self._data = instance.RT_DATA
        self._modes = instance.RT_DATA.MOP
        self._edges: set[str] = set()
        self._first = not instance.RT_DATA.SQ_FLAGS.CYC_OP

    def is_on(self, mode: str) -> bool:
        """Tell whether a mode is on."""
        return bool(getattr(self._modes, mode))

    def edge(self, request: str) -> bool:
        """Tell whether a request came with this call."""
        return request in self._edges

    def read(self, active: list[graph_nodes.GraphStep]) -> None:
        """Read the inputs and change the modes; `active` are the active steps, which can be paged through."""
        if self._first and not any(map(self.is_on, _EXCLUSIVE)):
            for mode in ("AUTO", "LOCK", "SUP", "SACT_DISP"):
                setattr(self._modes, mode, True)
            self._modes.ACKREQ, self._modes.SSKIP = self._body.acknowledges, self._body.skips_steps
        for name, entry in _REQUESTS.items():
            given = bool(getattr(self._instance, name, False))
            if given and not getattr(self._data.MOP_EDGE, entry):
                self._edges.add(entry)
            setattr(self._data.MOP_EDGE, entry, given)
        for entry in _TOGGLED:
            if self.edge(entry):
                setattr(self._modes, entry, not self.is_on(entry))
        self._choose(_EXCLUSIVE)
        self._choose(_DISPLAYS)
        self._select(active)

    def _choose(self, modes: tuple[str, ...]) -> None:
        """Leave one of some modes on: the one asked for, else the first that is on."""
        asked = [mode for mode in modes if self.edge(mode)] or [mode for mode in modes if self.is_on(mode)]
        for mode in modes:
            setattr(self._modes, mode, mode in asked[:1])

    def _select(self, active: list[graph_nodes.GraphStep]) -> None:
        """Choose the step that is shown: by its number, or by paging through the active ones."""
        selected = getattr(self._instance, "S_SEL", 0)
        confirmed = self.edge("S_SELOK") if hasattr(self._instance, "S_SELOK") else selected != self._data.S_SEL_OLD
        if confirmed and selected:
            self._data.S_DISPLAY = selected
        self._data.S_SEL_OLD = selected
        numbers = [step.number for step in active]
        shown = self._data.S_DISPLAY
        step = self.edge("S_NEXT") - self.edge("S_PREV")
        if step and shown in numbers:
            self._data.S_DISPLAY = numbers[(numbers.index(shown) + step) % len(numbers)]

    def display(self, active: list[graph_nodes.GraphStep]) -> None:
        """Show the longest active step where the shown one is not active, but in manual mode."""
        numbers = [step.number for step in active]
        if self._data.S_DISPLAY not in numbers and not (self.is_on("MAN") and self._data.S_DISPLAY):
            self._data.S_DISPLAY = numbers[0] if numbers else 0

    def initializes(self) -> bool:
        """Tell whether the sequence goes to its initial steps in this call."""
        asked = self._first or self.edge("INIT") or self.is_on("INIT")
        self._modes.INIT = False
        return asked

    def lets_through(self, true: bool) -> bool:
        """Tell whether a transition switches by its condition: alone, with a push (TAP), or one of both (TOP)."""
        pushed = self.edge("T_PUSH")
        if self.is_on("TAP"):
            return true and pushed
        return true or (self.is_on("TOP") and pushed)

    def acknowledges(self, number: int) -> bool:
        """Tell whether the fault of a step is acknowledged in this call."""
        return self.edge("ACK") or (self.edge("ACK_S") and number == self._data.S_DISPLAY)

    def registers(self, number: int) -> bool:
        """Tell whether the fault of a step is registered in this call."""
        return self.edge("REG") or (self.edge("REG_S") and number == self._data.S_DISPLAY)
