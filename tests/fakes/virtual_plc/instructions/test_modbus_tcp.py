"""Modbus TCP against frames that are built by hand from the public specification."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from tests.fakes.virtual_plc.instructions.peers import (
    accepted,
    connected,
    free_port,
    listening,
    read_exactly,
    run_until,
)
from virtual_plc.cpu.cpu import VirtualCpu

CONNECT = """
connect.ID := 1; connect.ConnectionType := 11; connect.ActiveEstablished := {active};
connect.RemotePort := 502; connect.LocalPort := 502;
connect.RemoteAddress.ADDR[1] := {first}; connect.RemoteAddress.ADDR[4] := 1;
"""
CLIENT = """
connect : TCON_IP_v4; req : Bool; dis : Bool; mode : USInt; addr : UDInt; len : UInt;
words : Array[0..9] of Word; bits : Array[0..19] of Bool;
done : Bool; busy : Bool; error : Bool; status : Word; dones : Int; failed : Word;
"""
CALL = """
"mb"(REQ := "D".req, DISCONNECT := "D".dis, MB_MODE := "D".mode, MB_DATA_ADDR := "D".addr, MB_DATA_LEN := "D".len,
     MB_DATA_PTR := "D".DATA, CONNECT := "D".connect, DONE => "D".done, BUSY => "D".busy, ERROR => "D".error,
     STATUS => "D".status);
IF "D".done THEN "D".dones := "D".dones + 1; "D".req := FALSE; END_IF;
IF "D".error THEN "D".failed := "D".status; "D".req := FALSE; END_IF;
"""


def message(transaction: int, content: bytes, unit: int = 0xFF) -> bytes:
    """Return a frame: transaction, protocol 0, length of what follows, unit."""
    return struct.pack(">HHHB", transaction, 0, len(content) + 1, unit) + content


def read_message(peer: socket.socket) -> tuple[int, bytes]:
    """Return transaction and content of the next frame."""
    transaction, protocol, length, _ = struct.unpack(">HHHB", read_exactly(peer, 7))
    assert protocol == 0
    return transaction, read_exactly(peer, length - 1)


@contextmanager
def client(data: str = "words") -> Iterator[tuple[VirtualCpu, socket.socket]]:
    """Yield a CPU with MB_CLIENT, and the listening socket of its server."""
    starts = CONNECT.format(active="TRUE", first=127)
    with running(CLIENT, CALL.replace('"D".DATA', f'"D".{data}'),
                 instances={"mb": "MB_CLIENT"}, starts=starts) as cpu, listening() as (listener, port):  # fmt: skip
        cpu.surroundings.network.routes["127.0.0.1:502"] = f"127.0.0.1:{port}"
        yield cpu, listener


def put(cpu: VirtualCpu, **values: object) -> None:
    cpu.write_many({f'"D".{path}': each for path, each in values.items()})


def ask(cpu: VirtualCpu, mode: int, addr: int, length: int) -> None:
    put(cpu, mode=mode, addr=addr, len=length, req=True)


def settle(cpu: VirtualCpu) -> None:
    """Run until the job has ended."""
    run_until(cpu, lambda: not cpu.read('"D".req'))


@pytest.mark.parametrize(
    ("mode", "addr", "length", "request_bytes"),
    [
        (0, 40001, 3, "03 0000 0003"),
        (0, 400010, 2, "03 0009 0002"),
        (103, 40001, 1, "03 9C41 0001"),
        (0, 30005, 2, "04 0004 0002"),
        (104, 7, 2, "04 0007 0002"),
    ],
)
def test_registers_are_read_with_the_function_of_mode_and_address(
    mode: int, addr: int, length: int, request_bytes: str
) -> None:
    with client() as (cpu, listener):
        ask(cpu, mode, addr, length)
        assert cycle(cpu, "busy", "status") == (True, 0x7001)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            transaction, content = read_message(peer)
            assert content == bytes.fromhex(request_bytes)
            values = [0x1234, 0xBEEF, 0x0102][:length]
            answer = bytes((content[0], 2 * length)) + struct.pack(f">{length}H", *values)
            peer.sendall(message(transaction + 1, b"\x03\x02\xff\xff"))
            peer.sendall(message(transaction, answer))
            settle(cpu)
            assert cpu.read('"D".words')[: length + 1] == [*values, 0]
            assert cpu.read('"D".dones') == 1
            cpu.run_cycles(1)
            assert cpu.read('"D".status') == 0x7004


@pytest.mark.parametrize(
    ("mode", "addr", "function", "first"), [(0, 3, 1, 2), (0, 10011, 2, 10), (101, 2, 1, 2), (102, 10, 2, 10)]
)
def test_bits_are_read_and_the_bits_behind_them_stay(mode: int, addr: int, function: int, first: int) -> None:
    with client("bits") as (cpu, listener):
        put(cpu, bits=[True] * 20)
        ask(cpu, mode, addr, 11)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            transaction, content = read_message(peer)
            assert content == struct.pack(">BHH", function, first, 11)
            peer.sendall(message(transaction, bytes((function, 2, 0b1010_0101, 0b0000_0010))))
            settle(cpu)
        expected = [True, False, True, False, False, True, False, True, False, True, False]
        assert cpu.read('"D".bits') == expected + [True] * 9


@pytest.mark.parametrize(
    ("data", "mode", "addr", "length", "request_bytes"),
    [
        ("words", 1, 40003, 1, "06 0002 000A"),
        ("words", 1, 40003, 2, "10 0002 0002 04 000A 000B"),
        ("words", 2, 40003, 1, "10 0002 0001 02 000A"),
        ("words", 106, 2, 1, "06 0002 000A"),
        ("words", 116, 2, 2, "10 0002 0002 04 000A 000B"),
        ("bits", 1, 5, 1, "05 0004 FF00"),
        ("bits", 1, 5, 3, "0F 0004 0003 01 05"),
        ("bits", 2, 5, 1, "0F 0004 0001 01 01"),
        ("bits", 115, 4, 10, "0F 0004 000A 02 05 02"),
    ],
)
def test_data_are_written_with_the_function_of_mode_and_length(
    data: str, mode: int, addr: int, length: int, request_bytes: str
) -> None:
    with client(data) as (cpu, listener):
        put(cpu, words=list(range(10, 20)), bits=[n in (0, 2, 9, 11) for n in range(20)])
        ask(cpu, mode, addr, length)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            transaction, content = read_message(peer)
            assert content == bytes.fromhex(request_bytes)
            peer.sendall(message(transaction, content[:5]))
            settle(cpu)
            assert (cpu.read('"D".dones'), cpu.read('"D".failed')) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("83 01", 0x8381),
        ("83 02", 0x8383),
        ("83 03", 0x8384),
        ("04 02 0001", 0x8386),
        ("03 04 0001 0002", 0x8388),
        ("03", 0x8380),
    ],
)
def test_a_refusal_and_a_wrong_answer_have_their_status_and_the_connection_stays(answer: str, status: int) -> None:
    with client() as (cpu, listener):
        ask(cpu, 0, 40001, 1)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            transaction, _ = read_message(peer)
            peer.sendall(message(transaction, bytes.fromhex(answer)))
            settle(cpu)
            assert cpu.read('"D".failed') == status
            ask(cpu, 0, 40001, 1)
            cpu.run_cycles(1)
            assert read_message(peer)[1] == bytes.fromhex("03 0000 0001")


@pytest.mark.parametrize(
    ("mode", "addr", "length", "status"),
    [
        (3, 40001, 1, 0x8188),
        (99, 40001, 1, 0x8188),
        (0, 20000, 1, 0x8189),
        (1, 30001, 1, 0x8189),
        (103, 70000, 1, 0x8189),
        (0, 40001, 0, 0x818A),
        (0, 40001, 126, 0x818A),
        (1, 1, 1969, 0x818A),
        (0, 40001, 11, 0x818B),
    ],
)
def test_wrong_parameters_are_refused_before_anything_is_sent(mode: int, addr: int, length: int, status: int) -> None:
    with client() as (cpu, _):
        ask(cpu, mode, addr, length)
        assert cycle(cpu, "error", "status") == (True, status)


def test_a_server_that_does_not_answer_in_time_is_an_error() -> None:
    with client() as (cpu, listener):
        now = [100.0]
        cpu.surroundings.network.clock = lambda: now[0]
        ask(cpu, 0, 40001, 1)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            now[0] += 1.9
            assert cycle(cpu, "busy", count=3) is True
            now[0] += 0.2
            assert cycle(cpu, "error", "status") == (True, 0x80C8)
            read_message(peer)
            assert peer.recv(1) == b""


def test_a_server_that_is_not_there_is_an_error_and_another_protocol_too() -> None:
    with client() as (cpu, listener):
        there = cpu.surroundings.network.routes["127.0.0.1:502"]
        cpu.surroundings.network.routes["127.0.0.1:502"] = f"127.0.0.1:{free_port()}"
        ask(cpu, 0, 40001, 1)
        settle(cpu)
        assert cpu.read('"D".failed') == 0x80C4
        cpu.surroundings.network.routes["127.0.0.1:502"] = there
        ask(cpu, 0, 40001, 1)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            read_message(peer)
            peer.sendall(struct.pack(">HHHB", 1, 7, 3, 255) + b"\x03\x00")
            settle(cpu)
        assert cpu.read('"D".failed') == 0x8387


def test_disconnect_ends_the_connection() -> None:
    with client() as (cpu, listener):
        ask(cpu, 80, 0, 1)
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
        with accepted(listener) as peer:
            transaction, content = read_message(peer)
            assert content == bytes.fromhex("08 0000 0000")
            peer.sendall(message(transaction, content))
            settle(cpu)
            put(cpu, dis=True)
            assert cycle(cpu, "status", "error") == (0x7003, False)
            assert peer.recv(1) == b""
            assert cycle(cpu, "status") == 0


SERVER = """
connect : TCON_IP_v4; dis : Bool; hold : Array[0..9] of Word; ndr : Bool; dr : Bool; error : Bool; status : Word;
ndrs : Int; drs : Int; errors : Int; failed : Word;
"""
LISTEN = """
"mb"(DISCONNECT := "D".dis, MB_HOLD_REG := "D".hold, CONNECT := "D".connect, NDR => "D".ndr, DR => "D".dr,
     ERROR => "D".error, STATUS => "D".status);
IF "D".ndr THEN "D".ndrs := "D".ndrs + 1; END_IF;
IF "D".dr THEN "D".drs := "D".drs + 1; END_IF;
IF "D".error THEN "D".errors := "D".errors + 1; "D".failed := "D".status; END_IF;
"""


@contextmanager
def server() -> Iterator[tuple[VirtualCpu, socket.socket]]:
    """Yield a CPU with MB_SERVER, and a client that is connected to it."""
    starts = CONNECT.format(active="FALSE", first=0).replace("ADDR[4] := 1", "ADDR[4] := 0")
    with running(SERVER, LISTEN, instances={"mb": "MB_SERVER"}, starts=starts) as cpu:
        cpu.surroundings.network.ports[502] = 0
        assert cycle(cpu, "status") == 0x7001
        assert cycle(cpu, "status") == 0x7002
        with connected(cpu.surroundings.network.listening[502]) as peer:
            run_until(cpu, lambda: cpu.read('"D".status') == 0x7006)
            yield cpu, peer


def exchange(cpu: VirtualCpu, peer: socket.socket, content: str) -> bytes:
    """Send a request and return the answer."""
    peer.sendall(message(0x55AA, bytes.fromhex(content), unit=7))
    counts = ('"D".ndrs', '"D".drs', '"D".errors')
    before = sum(cpu.read_many(counts).values())
    wanted = bytes.fromhex(content)[0] not in (8, 11)
    run_until(cpu, lambda: not wanted or sum(cpu.read_many(counts).values()) > before)
    if not wanted:
        peer.setblocking(False)
        run_until(cpu, lambda: _has_content(peer))
        peer.settimeout(30)
    head = read_exactly(peer, 7)
    assert head[:4] + head[6:] == bytes.fromhex("55AA 0000 07")
    return read_exactly(peer, int.from_bytes(head[4:6], "big") - 1)


def _has_content(peer: socket.socket) -> bool:
    try:
        return bool(peer.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False


def test_a_server_reads_and_writes_holding_registers() -> None:
    with server() as (cpu, peer):
        cpu.write('"D".hold', list(range(100, 110)))
        assert exchange(cpu, peer, "03 0002 0003") == bytes.fromhex("03 06 0066 0067 0068")
        assert (cpu.read('"D".drs'), cpu.read('"D".ndrs')) == (1, 0)
        assert exchange(cpu, peer, "06 0001 ABCD") == bytes.fromhex("06 0001 ABCD")
        assert exchange(cpu, peer, "10 0008 0002 04 1111 2222") == bytes.fromhex("10 0008 0002")
        assert cpu.read('"D".hold') == [100, 0xABCD, *range(102, 108), 0x1111, 0x2222]
        assert (cpu.read('"D".drs'), cpu.read('"D".ndrs')) == (1, 2)
        assert exchange(cpu, peer, "0B") == bytes.fromhex("0B 0000 0003")
        assert exchange(cpu, peer, "08 0000 4711") == bytes.fromhex("08 0000 4711")
        assert exchange(cpu, peer, "08 000A 0000") == bytes.fromhex("08 000A 0000")
        assert exchange(cpu, peer, "0B") == bytes.fromhex("0B 0000 0000")


def test_a_server_gives_access_to_the_process_images() -> None:
    with server() as (cpu, peer):
        cpu.write_many({"%IB1:P": 0b1011_0000, "%IB2:P": 0b0000_0001, "%QB0": 0b0000_0110})
        assert exchange(cpu, peer, "02 000C 0005") == bytes.fromhex("02 01 1B")
        assert exchange(cpu, peer, "04 0000 0001") == bytes.fromhex("04 02 00B0")
        assert exchange(cpu, peer, "01 0000 0004") == bytes.fromhex("01 01 06")
        assert exchange(cpu, peer, "05 0000 FF00") == bytes.fromhex("05 0000 FF00")
        assert exchange(cpu, peer, "0F 0006 0004 01 0B") == bytes.fromhex("0F 0006 0004")
        assert cpu.read("%QW0") == 0b1100_0111_0000_0010


@pytest.mark.parametrize(
    ("request_bytes", "answer", "status"),
    [
        ("07", "87 01", 0x8381),
        ("03 0009 0002", "83 02", 0x8383),
        ("03 0000 0000", "83 03", 0x8382),
        ("03 0000 007E", "83 03", 0x8382),
        ("05 0000 1234", "85 03", 0x8384),
        ("10 0000 0002 02 0001", "90 03", 0x8382),
        ("08 0001 0000", "88 03", 0x8385),
        ("01 FFFF 0002", "81 02", 0x8383),
    ],
)
def test_what_a_server_refuses_has_exception_and_status(request_bytes: str, answer: str, status: int) -> None:
    with server() as (cpu, peer):
        peer.sendall(message(1, bytes.fromhex(request_bytes)))
        run_until(cpu, lambda: cpu.read('"D".errors'))
        assert cpu.read('"D".failed') == status
        assert read_message(peer) == (1, bytes.fromhex(answer))
        assert cpu.read('"D".hold') == [0] * 10


def test_a_server_waits_for_the_next_client_and_ends_by_disconnect() -> None:
    with server() as (cpu, peer):
        peer.close()
        run_until(cpu, lambda: cpu.read('"D".status') == 0x7002)
        with connected(cpu.surroundings.network.listening[502]) as other:
            assert exchange(cpu, other, "06 0000 0001") == bytes.fromhex("06 0000 0001")
            put(cpu, dis=True)
            assert cycle(cpu, "status") == 0x7003
            assert other.recv(1) == b""
            assert cpu.surroundings.network.listening == {}


def test_client_and_server_of_two_cpus_understand_each_other() -> None:
    with server() as (served, peer):
        peer.close()
        port = served.surroundings.network.listening[502]
        with client() as (cpu, _):
            cpu.surroundings.network.routes["127.0.0.1:502"] = f"127.0.0.1:{port}"
            put(cpu, words=list(range(10)))
            for mode, addr in ((1, 40001), (0, 40004)):
                ask(cpu, mode, addr, 5)
                run_until(cpu, lambda: served.run_cycles(1) and not cpu.read('"D".req'))
            assert served.read('"D".hold') == [0, 1, 2, 3, 4, 0, 0, 0, 0, 0]
            assert cpu.read('"D".words') == [3, 4, 0, 0, 0, 5, 6, 7, 8, 9]


def test_holding_registers_can_be_an_area_by_address() -> None:
    starts = CONNECT.format(active="FALSE", first=0).replace("ADDR[4] := 1", "ADDR[4] := 0")
    statements = LISTEN.replace('MB_HOLD_REG := "D".hold', "MB_HOLD_REG := P#M100.0 WORD 5")
    with running(SERVER, statements, instances={"mb": "MB_SERVER"}, starts=starts) as cpu:
        cpu.surroundings.network.ports[502] = 0
        cpu.run_cycles(2)
        with connected(cpu.surroundings.network.listening[502]) as peer:
            assert exchange(cpu, peer, "06 0001 1234") == bytes.fromhex("06 0001 1234")
            assert cpu.read("%MW102") == 0x1234
            assert exchange(cpu, peer, "03 0005 0001") == bytes.fromhex("83 02")
