"""A virtual CPU with native code does what it does with the other tiers: interrupts, faults, endless loops, virtual time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.virtual_plc import test_cpu_loading
from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.native_kit import faulty
from virtual_plc import native_tier
from virtual_plc.cpu.clock import MILLISECOND
from virtual_plc.cpu.cpu import Settings, VirtualCpu
from virtual_plc.memory.program import ProgramError
from virtual_plc.native_tier import compile_native, compiler

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler here")

REFUSED = {
    "test_a_block_that_asks_for_its_errors_goes_on_without_ob121",
    "test_a_block_that_is_called_by_one_that_asks_for_errors_does_not_go_on",
    "test_interrupts_that_a_program_in_scl_starts",
    "test_the_clock_is_read_and_set_by_a_program",
}
"""Tests whose programs use an instruction that native code does not have."""

for _name, _test in vars(test_cpu_loading).items():
    if _name.startswith("test_") and "tier" in _test.__annotations__:
        globals()[_name] = _test


@pytest.fixture
def tier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Native code, in place of each of the others."""
    name = request.node.originalname

    def made(*given: Any) -> Any:
        try:
            found = compile_native(*given)
        except ProgramError as refused:
            assert {each.code for each in refused.problems} == {"program.not_native"}
            assert name in REFUSED, str(refused)
            pytest.skip(str(refused))
        assert name not in REFUSED
        return found

    monkeypatch.setattr(native_tier, "compile_native", made)
    return "native"


@pytest.mark.slow
def test_ob80_runs_on_the_data_of_the_scan_that_takes_too_long() -> None:
    found = []
    for each in ("reference", "native"):
        made = faulty(handled=True)
        made.blocks["error"].number, made.blocks["error"].secondary_type = 80, "TimeErrorInterrupt"
        cpu = VirtualCpu(made, tier=TIERS.get(each, each), settings=Settings(max_cycle=10 * MILLISECOND))
        cpu.power_on()
        cpu.run()
        cpu.write('"G".endless', True)
        cpu.run_cycles(1)
        found.append((cpu.state, cpu.memory.snapshot()["data_blocks"]["g"], [one.code for one in cpu.diagnostics]))
    assert found[0] == found[1]
    assert found[1][1]["faults"] == 1
