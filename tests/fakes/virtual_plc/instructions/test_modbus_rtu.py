"""Modbus RTU over a serial line; the checksums are those of published frames, or of a table-driven CRC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.instructions.communication.modbus_rtu import checksum
from virtual_plc.surroundings.serial_lines import SerialLine

PORT = 269
MEMBERS = """
load : Bool; port : PORT := 269; baud : UDInt := 9600; parity : UInt; timeout : UInt := 500;
req : Bool; station : UInt := 17; mode : USInt; addr : UDInt := 40108; len : UInt := 3;
words : Array[0..9] of Word; done : Bool; busy : Bool; error : Bool; status : Word; dones : Int; failed : Word;
ready : Bool; wrong : Word; ndrs : Int; drs : Int;
"""
LOAD = """
"load"(REQ := "D".load, PORT := "D".port, BAUD := "D".baud, PARITY := "D".parity, RESP_TO := "D".timeout, MB_DB := TARGET);
IF "load".DONE THEN "D".ready := TRUE; END_IF;
IF "load".ERROR THEN "D".wrong := "load".STATUS; END_IF;
"""
MASTER = """
"mb"(REQ := "D".req, MB_ADDR := "D".station, MODE := "D".mode, DATA_ADDR := "D".addr, DATA_LEN := "D".len,
     DATA_PTR := "D".words, DONE => "D".done, BUSY => "D".busy, ERROR => "D".error, STATUS => "D".status);
IF "D".done THEN "D".dones := "D".dones + 1; "D".req := FALSE; END_IF;
IF "D".error THEN "D".failed := "D".status; "D".req := FALSE; END_IF;
"""
SLAVE = """
"mb"(MB_ADDR := "D".station, MB_HOLD_REG := "D".words, ERROR => "D".error, STATUS => "D".status);
IF "mb".NDR THEN "D".ndrs := "D".ndrs + 1; END_IF;
IF "mb".DR THEN "D".drs := "D".drs + 1; END_IF;
IF "D".error THEN "D".failed := "D".status; END_IF;
"""


def crc(content: bytes) -> bytes:
    """Return the CRC-16/MODBUS, computed with a polynomial division over the reversed bits."""
    bits = "".join(f"{each:08b}"[::-1] for each in content) + "0" * 16
    rest = 0
    for at, bit in enumerate(bits):
        rest = rest << 1 | (int(bit) ^ (at < 16))
        if rest >> 16:
            rest ^= 0x18005
    return int(f"{rest:016b}"[::-1], 2).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("content", "expected"),
    [("11 03 006B 0003", "76 87"), ("01 04 02 FFFF", "B8 80"), ("11 01 0013 0025", "0E 84")],
)
def test_the_checksum_is_that_of_published_frames(content: str, expected: str) -> None:
    assert checksum(bytes.fromhex(content)) == bytes.fromhex(expected) == crc(bytes.fromhex(content))


@contextmanager
def on_line(kind: str, statements: str) -> Iterator[tuple[VirtualCpu, SerialLine]]:
    """Yield a CPU and its serial line, which the program has configured."""
    newer = kind.startswith("Modbus")
    loader = "Modbus_Comm_Load" if newer else "MB_COMM_LOAD"
    target = '"mb".MB_DB' if kind == "Modbus_Master" else '"mb"'
    load = LOAD.replace("TARGET", target)
    with running(MEMBERS, load + statements, instances={"load": loader, "mb": kind}) as cpu:
        line = cpu.surroundings.serial.add(PORT)
        cpu.write('"D".load', True)
        assert cycle(cpu, "ready", count=3) is True
        assert line.configured == (9600, 0)
        yield cpu, line


@pytest.fixture(params=["MB_MASTER", "Modbus_Master"])
def master(request: pytest.FixtureRequest) -> Iterator[tuple[VirtualCpu, SerialLine]]:
    """A CPU that is the master of a line."""
    with on_line(request.param, MASTER) as made:
        yield made


@pytest.fixture
def slave() -> Iterator[tuple[VirtualCpu, SerialLine]]:
    """A CPU that is station 17 of a line."""
    with on_line("MB_SLAVE", SLAVE) as made:
        made[0].write('"D".failed', 0)
        yield made


def frame(text: str) -> bytes:
    content = bytes.fromhex(text)
    return content + crc(content)


def test_a_master_asks_and_takes_the_answer(master: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, line = master
    cpu.write('"D".req', True)
    assert cycle(cpu, "busy", "status") == (True, 0)
    assert line.take() == bytes.fromhex("11 03 006B 0003 7687")
    answer = frame("11 03 06 022B 0000 0064")
    line.put(answer[:4])
    assert cycle(cpu, "busy") is True
    line.put(answer[4:])
    cpu.run_cycles(2)
    assert (cpu.read('"D".dones'), cpu.read('"D".failed')) == (1, 0)
    assert cpu.read('"D".words')[:4] == [0x22B, 0, 0x64, 0]


def test_a_master_writes_and_a_broadcast_has_no_answer(master: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, line = master
    cpu.write_many({'"D".req': True, '"D".mode': 1, '"D".addr': 40002, '"D".len': 1, '"D".words': [3] * 10})
    cpu.run_cycles(1)
    sent = line.take()
    assert sent == frame("11 06 0001 0003")
    line.put(sent)
    cpu.run_cycles(2)
    assert cpu.read('"D".dones') == 1
    cpu.write_many({'"D".req': True, '"D".station': 0})
    cpu.run_cycles(1)
    assert line.take() == frame("00 06 0001 0003")
    assert cpu.read('"D".dones') == 2


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (frame("11 83 02"), 0x8383),
        (frame("11 03 02 0001"), 0x8388),
        (b"\x11\x83\x02\x00\x00", 0x8380),
        (frame("12 03 06 022B 0000 0064"), 0x8380),
        (b"\x11", 0x8380),
    ],
)
def test_a_wrong_answer_has_its_status(master: tuple[VirtualCpu, SerialLine], answer: bytes, status: int) -> None:
    cpu, line = master
    cpu.write('"D".req', True)
    cpu.run_cycles(1)
    line.put(answer)
    cpu.run_cycles(2)
    assert (cpu.read('"D".dones'), cpu.read('"D".failed')) == (0, status)


def test_a_station_that_does_not_answer_in_time_is_an_error(master: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, _ = master
    cpu.write('"D".req', True)
    assert cycle(cpu, "busy", count=51) is True
    assert cycle(cpu, "failed") == 0x80C8


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [("station", 248, 0x8186), ("station", 0, 0x8186), ("mode", 9, 0x8188), ("addr", 20000, 0x8189), ("len", 126, 0x818A), ("len", 11, 0x818B)],
)  # fmt: skip
def test_wrong_parameters_are_refused(
    master: tuple[VirtualCpu, SerialLine], path: str, value: int, status: int
) -> None:
    cpu, line = master
    cpu.write_many({f'"D".{path}': value, '"D".req': True})
    assert cycle(cpu, "error", "status") == (True, status)
    assert line.take() == b""


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [("port", 270, 0x8180), ("baud", 1000, 0x8181), ("parity", 3, 0x8182), ("timeout", 4, 0x8184)],
)
def test_a_wrong_configuration_is_refused_and_the_master_has_no_port(path: str, value: int, status: int) -> None:
    instances = {"load": "MB_COMM_LOAD", "mb": "MB_MASTER"}
    with running(MEMBERS, LOAD.replace("TARGET", '"mb"') + MASTER, instances=instances) as cpu:
        cpu.surroundings.serial.add(PORT)
        cpu.write_many({f'"D".{path}': value, '"D".load': True})
        assert cycle(cpu, "wrong", "ready", count=3) == (status, False)
        cpu.write('"D".req', True)
        assert cycle(cpu, "status") == 0x8180


def exchange(cpu: VirtualCpu, line: SerialLine, content: bytes) -> bytes:
    line.put(content)
    cpu.run_cycles(2)
    return line.take()


def test_a_slave_answers_requests_to_its_station(slave: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, line = slave
    cpu.write('"D".words', list(range(10)))
    assert exchange(cpu, line, frame("11 03 0002 0002")) == frame("11 03 04 0002 0003")
    assert exchange(cpu, line, frame("11 10 0008 0002 04 1234 5678")) == frame("11 10 0008 0002")
    assert cpu.read('"D".words')[8:] == [0x1234, 0x5678]
    assert exchange(cpu, line, frame("12 03 0002 0002")) == b""
    assert exchange(cpu, line, frame("00 06 0000 0009")) == b""
    assert cpu.read('"D".words[0]') == 9
    assert (cpu.read('"D".drs'), cpu.read('"D".ndrs'), cpu.read('"D".failed')) == (1, 2, 0)


def test_a_slave_refuses_with_an_exception_and_ignores_damaged_requests(slave: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, line = slave
    assert exchange(cpu, line, frame("11 03 0009 0002")) == frame("11 83 02")
    assert cpu.read('"D".failed') == 0x8383
    assert exchange(cpu, line, b"\x11\x03\x00\x00\x00\x01\x00\x00") == b""
    assert cpu.read('"D".failed') == 0x8380


def test_stop_ends_the_configuration(slave: tuple[VirtualCpu, SerialLine]) -> None:
    cpu, line = slave
    cpu.stop()
    assert line.configured is None
    cpu.run()
    assert cycle(cpu, "status") == 0x8180
