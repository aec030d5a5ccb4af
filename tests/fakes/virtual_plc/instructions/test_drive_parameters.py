"""SinaPara and SinaParaS, and the records of PROFIdrive that they exchange."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import Module
from virtual_plc.surroundings.drives import Format, Parameter, Parameters, PositioningDrive

ONE = '"Para"(hardwareId := 280);'
OUTPUTS = ("Busy", "Done", "Error", "Status")


def put(cpu: VirtualCpu) -> PositioningDrive:
    drive = PositioningDrive()
    cpu.surroundings.modules.put(280, drive.module(256, 256))
    return drive


def get(cpu: VirtualCpu, *names: str) -> tuple[Any, ...]:
    return tuple(cpu.read(f'"Para".{name}') for name in names)


def job(cpu: VirtualCpu, **inputs: Any) -> tuple[Any, ...]:
    """Do one job; return Busy, Done, Error and Status at its end."""
    cpu.write_many({f'"Para".{name}': value for name, value in (inputs | {"Start": False}).items()})
    cpu.run_cycles(1)
    cpu.write('"Para".Start', True)
    cpu.run_cycles(3)
    return get(cpu, *OUTPUTS)


def test_a_parameter_is_read_over_several_calls() -> None:
    with running("x : Bool;", ONE, instances={"Para": "SinaParaS"}) as cpu:
        put(cpu).parameters[2572] = 77.0
        cpu.write_many({'"Para".Start': True, '"Para".Parameter': 2572})
        states = []
        for _ in range(4):
            cpu.run_cycles(1)
            states.append(get(cpu, "Ready", *OUTPUTS))
        assert states == [(False, True, False, False, 0)] * 2 + [
            (True, False, True, False, 0),
            (False, False, True, False, 0),
        ]
        assert get(cpu, "ValueRead1", "ValueRead2", "Format") == (0.0, 77, 7)


def test_a_real_parameter_is_in_the_real_output_and_a_double_word_in_the_other() -> None:
    with running("x : Bool;", ONE, instances={"Para": "SinaParaS"}) as cpu:
        drive = put(cpu)
        assert job(cpu, ReadWrite=True, Parameter=2000, ValueWrite1=1500.5, ValueWrite2=3) == (False, True, False, 0)
        assert drive.parameters[2000] == 1500.5
        assert job(cpu, ReadWrite=True, Parameter=2599, ValueWrite1=1.0, ValueWrite2=-12) == (False, True, False, 0)
        assert drive.parameters[2599] == -12
        job(cpu, ReadWrite=False, Parameter=2599)
        assert get(cpu, "ValueRead1", "ValueRead2", "Format") == (0.0, -12, 4)
        job(cpu, Parameter=2617, Index=63)
        assert get(cpu, "ValueRead2", "Error") == (0, False)


@pytest.mark.parametrize(
    ("inputs", "number"),
    [
        ({"Parameter": 9}, 0x00),
        ({"Parameter": 2599, "Index": 1}, 0x03),
        ({"Parameter": 2617, "Index": 64}, 0x03),
        ({"Parameter": 2571, "ValueWrite2": 0, "ReadWrite": True}, 0x02),
        ({"Parameter": 4000, "ValueWrite1": 1.0, "ReadWrite": True}, 0x01),
    ],
)
def test_an_access_that_the_drive_refuses_has_its_error_number(inputs: dict[str, Any], number: int) -> None:
    with running("x : Bool;", ONE, instances={"Para": "SinaParaS"}) as cpu:
        put(cpu).parameters.put(4000, Parameter(Format.FLOAT, [5.0], writable=False))
        assert job(cpu, **inputs) == (False, True, True, 1)
        assert get(cpu, "ErrorNo") == (number,)
        assert job(cpu, Parameter=2599, Index=0, ReadWrite=False) == (False, True, False, 0)


def test_without_a_drive_the_communication_fails_and_a_job_can_be_cancelled() -> None:
    with running("x : Bool;", ONE, instances={"Para": "SinaParaS"}) as cpu:
        assert job(cpu) == (False, False, True, 0x0003_0000)
        assert get(cpu, "DiagId") == (0x8090,)
        cpu.surroundings.modules.put(280, Module(present=False))
        assert job(cpu)[3] == 0x0003_0000
        assert get(cpu, "DiagId") == (0x80A2,)
        cpu.surroundings.modules.put(280, Module(records={47: b"ab"}, on_write=lambda *_: b"ab"))
        assert job(cpu)[3] == 0x0001_0000
        cpu.write('"Para".Start', False)
        cpu.run_cycles(1)
        cpu.write('"Para".Start', True)
        cpu.run_cycles(1)
        cpu.write('"Para".Start', False)
        cpu.run_cycles(1)
        assert get(cpu, *OUTPUTS) == (False, False, True, 0x0004_0000)


LIST = """
list : Array[1..16] of Struct
  siParaNo : Int; siIndex : Int; srValue : Real; sdValue : DInt; syFormat : Byte; swErrorNo : Word;
END_STRUCT;
"""
MANY = '"Para"(hardwareId := 280, Parameter := "D".list);'


def test_several_parameters_are_read_and_written_in_one_job() -> None:
    with running(LIST, MANY, instances={"Para": "SinaPara"}) as cpu:
        drive = put(cpu)
        numbers = {1: 2000, 2: 2585, 3: 9, 4: 2599}
        cpu.write_many({f'"D".list[{at}].siParaNo': number for at, number in numbers.items()})
        assert job(cpu, ParaNo=4) == (False, True, True, 0b100)
        read = [cpu.read(f'"D".list[{at}]') for at in numbers]
        assert [(each["srValue"], each["sdValue"], each["syFormat"], each["swErrorNo"]) for each in read] == [
            (3000.0, 0, 8, 0),
            (0.0, -300, 4, 0),
            (0.0, 0, 0x44, 0),
            (0.0, 0, 4, 0),
        ]
        cpu.write_many({'"D".list[1].srValue': 1200.0, '"D".list[2].sdValue': -5, '"D".list[4].sdValue': 8})
        assert job(cpu, ParaNo=4, ReadWrite=True) == (False, True, True, 0b100)
        assert [drive.parameters[each] for each in (2000, 2585, 2599)] == [1200.0, -5.0, 8.0]
        assert job(cpu, ParaNo=17) == (False, False, True, 0x0002_0000)
        assert job(cpu, ParaNo=0) == (False, False, True, 0x0002_0000)


def test_the_records_are_those_of_profidrive() -> None:
    """Requests and answers as the base mode parameter access of PROFIdrive writes them."""
    parameters = Parameters(
        {
            930: Parameter(Format.UNSIGNED16, [1.0]),
            2000: Parameter(Format.FLOAT, [1500.0]),
            8: Parameter(Format.UNSIGNED8, [3.0]),
        }
    )
    read = bytes.fromhex("01 01 01 02  10 01 03A2 0000  10 01 07D0 0000")
    assert parameters.answer(read) == bytes.fromhex("01 01 01 02  06 01 0001  08 01 44BB8000")
    assert parameters.answer(bytes.fromhex("05 01 00 01 10 01 0008 0000")) == bytes.fromhex("05 01 00 01 05 01 0300")
    change = bytes.fromhex("02 02 01 01  10 01 03A2 0000  42 01 0002")
    assert parameters.answer(change) == bytes.fromhex("02 02 01 01")
    assert parameters[930] == 2
    wrong = bytes.fromhex("03 02 01 01  10 01 03A2 0000  43 01 00000002")
    assert parameters.answer(wrong) == bytes.fromhex("03 82 01 01  44 01 0005")
    assert parameters.answer(bytes.fromhex("04 01 01 01 10 01 0001 0000")) == bytes.fromhex("04 81 01 01 44 01 0000")
    for bad in (
        "",
        "01",
        "01 01 01 00",
        "01 03 01 01 10 01 0001 0000",
        "01 01 01 02 10 01 0001 0000",
        "01 02 01 01 10 01 0001 0000",
    ):
        assert parameters.answer(bytes.fromhex(bad)) is None


def test_a_program_can_exchange_the_records_itself() -> None:
    members = "request : Array[0..9] of Byte; answer : Array[0..7] of Byte; go : Bool; status : DWord;"
    statements = """
    "write"(REQ := "D".go, ID := 280, INDEX := 47, LEN := 10, RECORD := "D".request);
    IF "write".DONE THEN "D".go := FALSE; END_IF;
    "read"(REQ := NOT "D".go, ID := 280, INDEX := 47, MLEN := 8, RECORD := "D".answer);
    """
    with running(members, statements, instances={"write": "WRREC", "read": "RDREC"}) as cpu:
        put(cpu)
        request = bytes.fromhex("01 01 01 01 10 01 07D0 0000")
        cpu.write_many({f'"D".request[{at}]': each for at, each in enumerate(request)} | {'"D".go': True})
        cpu.run_cycles(12)
        assert bytes(cpu.read('"D".answer')) == bytes.fromhex("01 01 01 01 08 01 453B")
