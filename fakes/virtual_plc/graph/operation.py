"""How a GRAPH sequencer is operated: requests at its inputs, modes, the step that is shown.

A request counts when its input becomes 1; those that switch something on switch it off the next time (unverified). The
program may write the modes in `RT_DATA.MOP`, too.
"""

from __future__ import annotations

from typing import Any

from simatic_xml.program import graph_nodes
from virtual_plc.code.naming import attribute

_INPUTS = {
    "OFF_SQ": "OFF", "INIT_SQ": "INIT", "ACK_EF": "ACK", "REG_EF": "REG", "HALT_SQ": "HALT", "HALT_TM": "TMS_HALT",
    "ZERO_OP": "OPS_ZERO", "EN_IL": "LOCK", "EN_SV": "SUP", "EN_ACKREQ": "ACKREQ", "EN_SSKIP": "SSKIP",
    "DISP_SACT": "SACT_DISP", "DISP_SEF": "SEF_DISP", "DISP_SALL": "SALL_DISP", "SW_AUTO": "AUTO", "SW_TAP": "TAP",
    "SW_TOP": "TOP", "SW_MAN": "MAN",
    **{name: name for name in ("ACK_S", "REG_S", "S_PREV", "S_NEXT", "S_SELOK", "S_ON", "S_OFF", "T_PREV", "T_NEXT", "T_PUSH")},
}  # fmt: skip
"""Entry of `MOP` and `MOP_EDGE` for each input."""
_OUTPUTS = {
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
_MODES = ("MAN", "TAP", "TOP", "AUTO")
_DISPLAYS = ("SACT_DISP", "SEF_DISP", "SALL_DISP")
_TOGGLED = ("HALT", "TMS_HALT", "OPS_ZERO", "LOCK", "SUP", "ACKREQ", "SSKIP")


class Operation:
    """Requests and modes in one call.

    Attributes:
        mode: entry `MOP` of the runtime data.
        edges: entries of `MOP_EDGE` whose inputs have become 1.
    """

    def __init__(self, instance: Any, body: graph_nodes.GraphBody) -> None:
        """Begin a call."""
        self._instance = instance
        self._body = body
        self._data = instance.RT_DATA
        self._first = not instance.RT_DATA.SQ_FLAGS.CYC_OP
        self.mode = instance.RT_DATA.MOP
        self.edges: set[str] = set()

    def _input(self, name: str, default: Any = False) -> Any:
        return getattr(self._instance, attribute(name), default)

    def read(self, active: list[int]) -> None:
        """Read the inputs and change modes; `active` are the numbers of the active steps."""
        mode = self.mode
        if self._first and not any(getattr(mode, each) for each in _MODES):
            mode.AUTO = mode.LOCK = mode.SUP = mode.SACT_DISP = True
            mode.ACKREQ, mode.SSKIP = self._body.acknowledges, self._body.skips_steps
        for name, entry in _INPUTS.items():
            given = bool(self._input(name))
            if given and not getattr(self._data.MOP_EDGE, entry):
                self.edges.add(entry)
            setattr(self._data.MOP_EDGE, entry, given)
        for entry in _TOGGLED:
            if entry in self.edges:
                setattr(mode, entry, not getattr(mode, entry))
        self._choose(_MODES)
        self._choose(_DISPLAYS)
        self._page(active)

    def _choose(self, modes: tuple[str, ...]) -> None:
        """Leave one of several modes on: the requested one, else the first that is on."""
        asked = [each for each in modes if each in self.edges] or [each for each in modes if getattr(self.mode, each)]
        for each in modes:
            setattr(self.mode, each, each in asked[:1])

    def _page(self, active: list[int]) -> None:
        """Choose the step to show: by its number, or by paging through the active ones."""
        data, selected = self._data, self._input("S_SEL", 0)
        asked = self._input("S_SELOK", None)
        if selected and ("S_SELOK" in self.edges if asked is not None else selected != data.S_SEL_OLD):
            data.S_DISPLAY = selected
        data.S_SEL_OLD = selected
        way = ("S_NEXT" in self.edges) - ("S_PREV" in self.edges)
        if way and data.S_DISPLAY in active:
            data.S_DISPLAY = active[(active.index(data.S_DISPLAY) + way) % len(active)]

    def display(self, active: list[int]) -> None:
        """Show the longest active step where the shown one is not active; in manual mode the choice stays."""
        if self._data.S_DISPLAY not in active and not (self.mode.MAN and self._data.S_DISPLAY):
            self._data.S_DISPLAY = active[0] if active else 0

    def initialises(self) -> bool:
        """Return whether the initial steps are requested; they are in the first call."""
        asked = self._first or "INIT" in self.edges or self.mode.INIT
        self.mode.INIT = False
        return bool(asked)

    def lets_through(self, *, true: bool) -> bool:
        """Return whether a transition switches: by its condition alone, with T_PUSH (TAP), or by one of both (TOP)."""
        pushed = "T_PUSH" in self.edges
        if self.mode.TAP:
            return true and pushed
        return true or (bool(self.mode.TOP) and pushed)

    def acknowledges(self, step: int) -> bool:
        """Return whether the fault of a step is acknowledged now."""
        return "ACK" in self.edges or ("ACK_S" in self.edges and step == self._data.S_DISPLAY)

    def registers(self, step: int) -> bool:
        """Return whether the fault of a step is registered now."""
        return "REG" in self.edges or ("REG_S" in self.edges and step == self._data.S_DISPLAY)

    def write(self, **outputs: Any) -> None:
        """Write the outputs that the block has, and those that show a mode."""
        shown = outputs | {name: getattr(self.mode, entry) for name, entry in _OUTPUTS.items()}
        for name, value in shown.items():
            if hasattr(self._instance, name):
                setattr(self._instance, name, value)
