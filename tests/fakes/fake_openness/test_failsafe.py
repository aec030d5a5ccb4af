"""Fail-safe blocks belong to fail-safe CPUs: the import and the compiler refuse them for any other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_openness.hardware.articles import articles
from openness_bridge.program.program_reading import is_failsafe
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_openness.plc import Plant, code, db, fc

LANGUAGES = ("F_LAD", "F_FBD", "F_DB")


def test_the_order_number_says_whether_a_cpu_is_failsafe() -> None:
    cpus = [each for each in articles() if each.kind == "cpu"]
    assert [each.order_number for each in cpus if is_failsafe(each.order_number) != each.failsafe] == []


@pytest.mark.parametrize(("cpu", "failsafe"), [("6ES7 511-1AK02-0AB0/V2.9", False), ("6ES7 511-1FK02-0AB0/V2.9", True)])
def test_failsafe_blocks_need_a_failsafe_cpu(tmp_path: Path, cpu: str, failsafe: bool) -> None:
    plant = Plant(tmp_path, cpu=f"OrderNumber:{cpu}")
    for language in LANGUAGES:
        block = db("Safe") if language == "F_DB" else fc("Safe", language=language)
        block.language = language
        if failsafe:
            (made,) = plant.put(block)
            made.Delete()
        else:
            assert code(plant.put, block) == "block.language"
        for known, found in ((failsafe, not failsafe), (None, False)):
            workspace = Workspace(Cpu(failsafe=known))
            workspace.put(block)
            assert ("block.language" in {each.code for each in workspace.check()}) == found
