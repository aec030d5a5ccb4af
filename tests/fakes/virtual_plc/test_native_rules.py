"""The rules of execution hold in native code, too: every program that it takes does what the tests of the rules say."""

from __future__ import annotations

import pytest

from tests.fakes.virtual_plc import agreement
from tests.fakes.virtual_plc.test_agreement_rules import *  # noqa: F403 (its tests, on another tier)  # noqa: F403 (its tests, on another tier)
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.native_tier import NativeExecutable, compile_native, compiler

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler here")

REFUSED = {
    "test_a_string_that_is_too_long_is_cut",
    "test_characters_of_strings_can_be_read_and_written",
    "test_a_block_that_asks_for_its_faults_goes_on",
    "test_a_called_block_does_not_handle_faults_for_its_caller",
    "test_a_view_over_a_variable_shows_its_bytes",
    "test_a_joined_string_that_is_too_long_for_its_target_shows_at_eno",
    "test_the_target_limits_only_the_outermost_string",
    "test_an_argument_that_does_not_exist_is_a_default",
    "test_an_in_out_that_does_not_exist_is_a_default",
}
"""Tests whose programs need what native code does not have."""


@pytest.fixture
def tier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Native code, in place of each of the others."""
    name = request.node.originalname

    def made(of: Program, memory: Memory, services: PlainServices) -> NativeExecutable:
        try:
            found = compile_native(of, memory, services)
        except ProgramError as refused:
            assert {each.code for each in refused.problems} == {"program.not_native"}
            assert name in REFUSED, str(refused)
            pytest.skip(str(refused))
        assert name not in REFUSED
        return found

    monkeypatch.setitem(agreement.TIERS, "native", made)
    return "native"
