"""A program read from TIA Portal: exported once, then only what changed; what cannot be exported is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.model import Model
from openness_bridge.portal.portal import Session
from openness_bridge.program import program_reading
from openness_bridge.program.program_reading import ProgramReading
from tests.fakes.fake_openness.plc import Plant
from tests.fakes.fake_openness.references_kit import fill


@pytest.fixture
def line(tmp_path: Path) -> Plant:
    """The sample program, compiled."""
    plant = fill(Plant(tmp_path))
    plant.compile()
    return plant


@pytest.fixture
def session(line: Plant) -> Iterator[Session]:
    """A session on the portal in which the program is open."""
    made = Session(Model("20", line.types.__getitem__, "fake"), lambda: line.portal, "portal")
    yield made
    made.apartment.stop()


def read(session: Session) -> ProgramReading:
    return session.call(lambda: program_reading.read(session, "PLC_1"))


def exports(line: Plant, session: Session) -> Counter[Any]:
    """What a reading exports, by type."""
    machine = line.installation.machine
    machine.calls = Counter()
    read(session)
    counted = Counter({kind: count for (kind, member), count in machine.calls.items() if member == "Export"})
    machine.calls = None
    return counted


def test_the_first_reading_exports_everything_and_the_second_nothing(line: Plant, session: Session) -> None:
    first = exports(line, session)
    assert (first["FB"], first["PlcStruct"], first["PlcTagTable"]) == (2, 2, 2)
    assert exports(line, session) == Counter()


def test_after_an_edit_only_what_changed_is_exported(line: Plant, session: Session) -> None:
    read(session)
    line.generate('FUNCTION "Old" : Void\nBEGIN\n    "Ok" := TRUE;\nEND_FUNCTION')
    line.compile()
    counted = exports(line, session)
    assert 0 < counted["FC"] <= 2
    assert counted["FB"] == 0
    line.tables.Find("Signals").Tags.Find("Half").LogicalAddress = "%MW30"
    line.compile()
    assert exports(line, session) == Counter({"PlcTagTable": 1})


def test_an_inconsistent_block_keeps_its_last_state(line: Plant, session: Session) -> None:
    before = read(session).index.of("Motor")
    line.generate('TYPE "Motor_Data"\nSTRUCT\n    speed : Real;\n    run : Bool;\nEND_STRUCT\nEND_TYPE')
    found = read(session)
    assert "Motor" in {each.name for each in found.unread}
    assert all("compile" in each.reason for each in found.unread)
    assert [use.path for use in found.index.of("Motor")] == [use.path for use in before]


def test_family_and_firmware_are_those_of_the_cpu(session: Session) -> None:
    cpu = read(session).index.workspace.cpu
    assert (cpu.family, cpu.firmware) == ("S7-1500", "V2.9")


def test_paths(session: Session) -> None:
    found = read(session)
    assert [found.path_of(name) for name in ("Motor", "Motor_Data", "Start", "Nothing")] == [
        "PLC_1\\Program blocks",
        "PLC_1\\PLC data types",
        "PLC_1\\PLC tags\\Signals",
        "",
    ]


def test_another_project_is_another_program(line: Plant, session: Session) -> None:
    first = read(session)
    assert read(session) is first
    session.forget()
    assert read(session) is not first
