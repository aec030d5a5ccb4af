"""The comparison itself: what differs is noticed, and where."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.virtual_plc import agreement
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import ReferenceFault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program

SOURCE = """
DATA_BLOCK "D"
VERSION : 0.1
VAR
  x : Int;
  list : Array[0..2] of Real;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D".x := "D".x + 1;
END_ORGANIZATION_BLOCK
"""


class Wrong:
    """A tier that does something else in its second scan."""

    def __init__(self, of: Program, memory: Memory, services: PlainServices) -> None:
        """Execute with the reference."""
        self.inner = agreement.TIERS["reference"](of, memory, services)
        self.memory = memory
        self.scans = 0

    def run(self, block: str) -> None:
        """Change something."""
        self.inner.run(block)
        self.scans += 1
        if self.scans == 2:
            self.differ()

    def differ(self) -> None:
        """Write what the program does not write."""
        self.memory.write("D.list[1]", 0.5)


class Failing(Wrong):
    """A tier that fails in its second scan."""

    def differ(self) -> None:
        """Fail."""
        raise ReferenceFault("Something is missing.")


@pytest.mark.parametrize(
    ("tier", "message"),
    [(Wrong, r"scan 1, wrong: .*list\[1\]: 0.0 is right, not 0.5"), (Failing, "scan 1 ended otherwise")],
)
def test_a_tier_that_differs_is_noticed(monkeypatch: pytest.MonkeyPatch, tier: Any, message: str) -> None:
    monkeypatch.setitem(agreement.TIERS, "wrong", tier)
    with pytest.raises(AssertionError, match=message):
        agreement.agree(agreement.program(SOURCE), [{}, {}])


def test_tiers_that_agree_say_what_ended_each_scan() -> None:
    assert agreement.agree(agreement.program(SOURCE), [{}, {"D.x": 5}]) == ["", ""]
