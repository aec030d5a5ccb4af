"""Random SCL programs do the same on every tier."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import agree, program
from tests.fakes.virtual_plc.scl_programs import SCANS, sources

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "40"))


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(sources(), SCANS, st.booleans())
def test_random_programs_agree(source: str, scans: list[dict[str, Any]], automatic: bool) -> None:
    note(source)
    agree(program(source, automatic_eno=["Under_Test"] if automatic else []), scans)
