"""Programs do the same as native code as by the reference, in all of their memory after each scan."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc import agreement
from tests.fakes.virtual_plc.agreement import agree, program
from tests.fakes.virtual_plc.scl_programs import SCANS, TEXTS, Writer, source
from tests.oracle.tree_walker import interpret_program
from virtual_plc.native_tier import compile_native, compiler

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler here")

EXAMPLES = int(os.environ.get("NATIVE_EXAMPLES", "12"))


@pytest.fixture(autouse=True)
def _tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "TIERS", {"reference": interpret_program, "native": compile_native})


@dataclass
class NumberWriter(Writer):
    """Writes random programs without texts, which native code does not have."""

    def pick(self, *choices: Any) -> Any:
        return super().pick(*(each for each in choices if each not in TEXTS))


@st.composite
def programs(draw: Any) -> str:
    writer = NumberWriter(draw)
    bodies = [writer.body(2, 6) for _ in range(3)]
    return source("".join(bodies), writer.loops, optimized=draw(st.booleans()))


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(programs(), SCANS, st.booleans())
def test_random_programs_agree(text: str, scans: list[dict[str, Any]], automatic: bool) -> None:
    note(text)
    agree(program(text, automatic_eno=["Under_Test"] if automatic else []), scans)
