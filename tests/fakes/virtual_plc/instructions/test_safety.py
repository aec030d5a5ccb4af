"""Safety functions: a row is a call, its time in milliseconds with the inputs, and the outputs that follow."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.instructions.kit import MILLISECOND, call, instance
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.program import program_of

Row = tuple[int, str, str]
"""Milliseconds since the beginning; inputs as `ON -ACK FDB_TIME=100`, which stay as they are; outputs that are 1, then DIAG."""


def run(name: str, rows: list[Row], **given: Any) -> None:
    services, made = PlainServices(), instance(name)
    outputs = [each for each in dir(made) if each in ("Q", "Q_DELAY", "ACK_REQ", "ERROR", "DISC_FLT")]
    for at, inputs, expected in rows:
        services.now = at * MILLISECOND
        for word in inputs.split():
            key, _, value = word.lstrip("-").partition("=")
            given[key] = int(value) if value else not word.startswith("-")
        call(name, given, on=made, services=services)
        *on, diagnosis = expected.split()
        found = {each for each in outputs if getattr(made, each)}
        assert (at, found, f"{made.DIAG:02X}") == (at, set(on), diagnosis)


ESTOP1: dict[str, list[Row]] = {
    "a start needs an acknowledgment, then Q falls at once and Q_DELAY after the delay": [
        (0, "E_STOP", "ACK_REQ 40"),
        (10, "ACK", "Q Q_DELAY 80"),
        (20, "-ACK", "Q Q_DELAY 80"),
        (30, "-E_STOP", "Q_DELAY 00"),
        (129, "", "Q_DELAY 00"),
        (130, "", "00"),
        (200, "E_STOP", "ACK_REQ 40"),
        (210, "ACK", "Q Q_DELAY 80"),
    ],
    "an acknowledgment before the release is noted until one that counts": [
        (0, "ACK", "10"),
        (10, "", "30"),
        (20, "-ACK", "30"),
        (30, "E_STOP", "ACK_REQ 70"),
        (40, "ACK", "Q Q_DELAY 80"),
    ],
    "a button that stays pressed is no edge": [
        (0, "ACK", "10"),
        (10, "E_STOP", "ACK_REQ 70"),
        (20, "", "ACK_REQ 70"),
        (30, "-ACK", "ACK_REQ 70"),
        (40, "ACK", "Q Q_DELAY 80"),
    ],
    "without ACK_NEC the release is enough": [(0, "-ACK_NEC E_STOP", "Q Q_DELAY 80"), (10, "-E_STOP", "Q_DELAY 00")],
    "a new release during the delay begins it again": [
        (0, "-ACK_NEC E_STOP", "Q Q_DELAY 80"),
        (10, "-E_STOP", "Q_DELAY 00"),
        (90, "E_STOP", "Q Q_DELAY 80"),
        (100, "-E_STOP", "Q_DELAY 00"),
        (199, "", "Q_DELAY 00"),
        (200, "", "00"),
    ],
    "a release without acknowledgment does not stop the delay": [
        (0, "E_STOP ACK", "Q Q_DELAY 80"),
        (10, "-E_STOP -ACK", "Q_DELAY 00"),
        (50, "E_STOP", "Q_DELAY ACK_REQ 40"),
        (110, "", "ACK_REQ 40"),
    ],
    "a negative delay is none": [
        (0, "E_STOP ACK TIME_DEL=-1", "Q Q_DELAY 81"),
        (10, "-E_STOP -ACK", "01"),
    ],
}


@pytest.mark.parametrize("rows", ESTOP1.values(), ids=ESTOP1)
def test_emergency_stop(rows: list[Row]) -> None:
    run("ESTOP1", rows, E_STOP=False, ACK_NEC=True, ACK=False, TIME_DEL=100)


EV1OO2DI: dict[str, list[Row]] = {
    "a short discrepancy is no error": [
        (0, "IN1 IN2", "Q 80"),
        (10, "-IN1", "00"),
        (109, "", "00"),
        (110, "IN1", "Q 80"),
        (120, "-IN2", "00"),
        (219, "-IN1", "00"),
    ],
    "an error needs equal sensors, then an acknowledgment": [
        (0, "IN1 IN2", "Q 80"),
        (10, "-IN2", "00"),
        (110, "", "DISC_FLT 05"),
        (120, "ACK", "DISC_FLT 05"),
        (130, "", "DISC_FLT 25"),
        (140, "-ACK -IN1", "DISC_FLT ACK_REQ 65"),
        (150, "IN1", "DISC_FLT 25"),
        (160, "IN2", "DISC_FLT ACK_REQ 65"),
        (170, "ACK", "Q 80"),
    ],
    "without ACK_NEC equal sensors acknowledge": [
        (0, "-ACK_NEC IN1", "00"),
        (100, "", "DISC_FLT 03"),
        (110, "IN2", "Q 80"),
    ],
    "both sensors that change together leave the discrepancy running": [
        (0, "IN1", "00"),
        (60, "-IN1 IN2", "00"),
        (100, "", "DISC_FLT 07"),
    ],
    "a time of more than a minute is an error": [
        (0, "IN1 IN2 DISCTIME=60001", "DISC_FLT 01"),
        (10, "DISCTIME=60000", "DISC_FLT ACK_REQ 41"),
        (20, "ACK", "Q 80"),
        (30, "DISCTIME=-1", "DISC_FLT 21"),
    ],
}


@pytest.mark.parametrize("rows", EV1OO2DI.values(), ids=EV1OO2DI)
def test_two_sensors(rows: list[Row]) -> None:
    run("EV1oo2DI", rows, IN1=False, IN2=False, DISCTIME=100, ACK_NEC=True, ACK=False)


FDBACK: dict[str, list[Row]] = {
    "the contact follows the output in time": [
        (0, "", "00"),
        (10, "ON", "Q 80"),
        (109, "-FEEDBACK", "Q 80"),
        (300, "", "Q 80"),
        (310, "-ON", "00"),
        (409, "FEEDBACK", "00"),
        (600, "", "00"),
    ],
    "a contact that does not open is an error, and ON still counts after the acknowledgment": [
        (0, "ON", "Q 80"),
        (99, "", "Q 80"),
        (100, "", "ERROR ACK_REQ 41"),
        (110, "ACK", "Q 80"),
    ],
    "a contact that does not close is an error": [
        (0, "ON", "Q 80"),
        (50, "-FEEDBACK", "Q 80"),
        (60, "-ON", "00"),
        (160, "", "ERROR 05"),
        (170, "ACK", "ERROR 05"),
        (180, "", "ERROR 25"),
        (190, "FEEDBACK -ACK", "ERROR ACK_REQ 65"),
        (200, "ACK", "00"),
    ],
    "without ACK_NEC the contact acknowledges": [
        (0, "-ACK_NEC -FEEDBACK", "00"),
        (100, "", "ERROR 05"),
        (110, "FEEDBACK", "00"),
        (120, "ON", "Q 80"),
    ],
    "the output needs a closed contact": [(0, "-FEEDBACK ON", "00"), (50, "FEEDBACK", "Q 80")],
    "a passivated output is not monitored": [
        (0, "ON QBAD_FIO", "Q 82"),
        (500, "", "Q 82"),
        (510, "-QBAD_FIO", "Q 80"),
        (609, "", "Q 80"),
        (610, "", "ERROR ACK_REQ 41"),
    ],
    "a negative time is an error": [(0, "ON FDB_TIME=-1", "ERROR 01"), (10, "FDB_TIME=0 -ON", "ERROR ACK_REQ 41")],
}


@pytest.mark.parametrize("rows", FDBACK.values(), ids=FDBACK)
def test_feedback(rows: list[Row]) -> None:
    run("FDBACK", rows, ON=False, FEEDBACK=True, QBAD_FIO=False, ACK_NEC=True, ACK=False, FDB_TIME=100)


BITS = ("button", "reset", "run", "stopping", "wanted", "opened", "good", "left", "right")
INSTANCES = {"stop": "ESTOP1", "feedback": "FDBACK", "sensors": "EV1oo2DI", "all": "ACK_GL"}
OUTPUTS = ("run", "stopping", "wanted", "good")
RUNGS: list[dict[str, Any]] = [
    {
        "box": "ESTOP1",
        "instance": "#stop",
        "in": {"E_STOP": "#button", "ACK_NEC": "TRUE", "ACK": "#reset", "TIME_DEL": "T#100ms"},
        "out": {"Q": "#run", "Q_DELAY": "#stopping"},
    },
    {
        "box": "FDBACK",
        "instance": "#feedback",
        "in": {
            "ON": "#run",
            "FEEDBACK": "#opened",
            "QBAD_FIO": "FALSE",
            "ACK_NEC": "TRUE",
            "ACK": "#reset",
            "FDB_TIME": "T#100ms",
        },
        "out": {"Q": "#wanted"},
    },
    {
        "box": "EV1oo2DI",
        "instance": "#sensors",
        "in": {"IN1": "#left", "IN2": "#right", "DISCTIME": "T#50ms", "ACK_NEC": "TRUE", "ACK": "#reset"},
        "out": {"Q": "#good"},
    },
    {"box": "ACK_GL", "instance": "#all", "in": {"ACK_GLOB": "#reset"}},
]
MAIN = """
DATA_BLOCK "D"
VERSION : 0.1
"Safe"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""


def test_a_safety_program_runs_in_its_languages() -> None:
    members = [Member(name, "Bool") for name in BITS] + [Member(*each) for each in INSTANCES.items()]
    sections = [Section(each) for each in ("Input", "Output", "InOut")] + [Section("Static", members)]
    networks = [Network("F_LAD", source=from_json({"rungs": [[each]]})) for each in RUNGS]
    workspace = Workspace(Cpu(failsafe=True))
    workspace.put(Block("FB", "Safe", auto_number=True, language="F_LAD", interface=sections, networks=networks))
    assert workspace.put_source(MAIN) == []
    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    seen = []
    for changes in ("button left right opened", "reset", "-opened -reset", "-button -right", ""):
        for word in changes.split():
            cpu.write(f'"D".{word.lstrip("-")}', not word.startswith("-"))
        cpu.run_for(60 * MILLISECOND)
        seen.append([name for name in OUTPUTS if cpu.read(f'"D".{name}')])
    cpu.power_off()
    everything = ["run", "stopping", "wanted", "good"]
    assert seen == [["good"], everything, everything, ["stopping"], []]
