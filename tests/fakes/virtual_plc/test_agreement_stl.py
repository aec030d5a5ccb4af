"""Random STL does the same on every tier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

import pytest

from simatic_xml.program.symbols import Cpu
from tests.fakes.virtual_plc.agreement import agree, program
from tests.fakes.virtual_plc.stl_programs import Snippet, Writer, source

KINDS = ("whole", "real", "bcd", "logic", "jump", "counter", "timer")
PROGRAMS = int(os.environ.get("AGREEMENT_EXAMPLES", "40")) // 20


def batches(seed: int, *kinds: str) -> Iterator[list[Snippet]]:
    """Yield lists of snippets that fit one program."""
    snippets = Writer(seed).snippets(40, *kinds)
    while batch := list(islice(snippets, 20)):
        yield batch


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", ["S7-1500", "S7-400"])
def test_random_statements_agree(kind: str, family: str) -> None:
    for seed in range(PROGRAMS):
        for batch in batches(seed, kind):
            assert agree(program(statements=source(batch), cpu=Cpu(family)), [{}, {}]) == ["", ""]
