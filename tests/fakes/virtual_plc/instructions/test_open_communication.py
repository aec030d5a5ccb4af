"""Open user communication against plain sockets on this computer."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from tests.fakes.virtual_plc.instructions.peers import (
    LIMIT,
    accepted,
    connected,
    free_port,
    listening,
    read_exactly,
    run_until,
)
from virtual_plc.cpu.cpu import VirtualCpu

MEMBERS = """
connect : TCON_IP_v4; other : TADDR_Param; old : TCON_Param;
id : CONN_OUC := 1; con : Bool; dis : Bool; send : Bool; recv : Bool; reset : Bool; adhoc : Bool;
len : UDInt; out : Array[0..9] of Byte; in : Array[0..9] of Byte;
conBusy : Bool; conDone : Bool; conError : Bool; conStatus : Word;
disDone : Bool; disError : Bool; disStatus : Word;
sendBusy : Bool; sendDone : Bool; sendError : Bool; sendStatus : Word;
ndr : Bool; recvBusy : Bool; recvError : Bool; recvStatus : Word; got : UDInt;
dones : Int; ndrs : Int; length : UDInt; failed : Word;
"""
STARTS = """
connect.ID := 1; connect.ConnectionType := 11; connect.ActiveEstablished := TRUE;
connect.RemoteAddress.ADDR[1] := 192; connect.RemoteAddress.ADDR[2] := 168;
connect.RemoteAddress.ADDR[3] := 0; connect.RemoteAddress.ADDR[4] := 10;
connect.RemotePort := 2000; connect.LocalPort := 2001;
"""
STATEMENTS = """
"con"(REQ := "D".con, ID := "D".id, CONNECT := "D".connect, DONE => "D".conDone, BUSY => "D".conBusy,
      ERROR => "D".conError, STATUS => "D".conStatus);
"dis"(REQ := "D".dis, ID := "D".id, DONE => "D".disDone, ERROR => "D".disError, STATUS => "D".disStatus);
"send"(REQ := "D".send, ID := "D".id, LEN := "D".len, DATA := "D".out, DONE => "D".sendDone, BUSY => "D".sendBusy,
       ERROR => "D".sendError, STATUS => "D".sendStatus);
"recv"(EN_R := "D".recv, ID := "D".id, LEN := "D".len, ADHOC := "D".adhoc, DATA := "D".in, NDR => "D".ndr,
       BUSY => "D".recvBusy, ERROR => "D".recvError, STATUS => "D".recvStatus, RCVD_LEN => "D".got);
IF "D".sendDone THEN "D".dones := "D".dones + 1; END_IF;
IF "D".ndr THEN "D".ndrs := "D".ndrs + 1; "D".length := "D".got; END_IF;
IF "D".conError THEN "D".failed := "D".conStatus; END_IF;
"""
INSTANCES = {"con": "TCON", "dis": "TDISCON", "send": "TSEND", "recv": "TRCV"}


@pytest.fixture
def cpu() -> Iterator[VirtualCpu]:
    """A CPU whose program establishes an active connection to 192.168.0.10, port 2000."""
    with running(MEMBERS, STATEMENTS, instances=INSTANCES, starts=STARTS) as made:
        yield made


def value(cpu: VirtualCpu, path: str) -> object:
    return cpu.read(f'"D".{path}')


def put(cpu: VirtualCpu, **values: object) -> None:
    cpu.write_many({f'"D".{path}': each for path, each in values.items()})


def establish(cpu: VirtualCpu) -> None:
    put(cpu, con=True)
    run_until(cpu, lambda: value(cpu, "conDone"))
    put(cpu, con=False)


def test_an_active_connection_sends_and_receives(cpu: VirtualCpu) -> None:
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10:2000"] = f"127.0.0.1:{port}"
        assert cycle(cpu, "conBusy", "conStatus") == (False, 0x7000)
        put(cpu, con=True)
        assert cycle(cpu, "conBusy", "conStatus") == (True, 0x7001)
        run_until(cpu, lambda: value(cpu, "conDone"))
        assert cycle(cpu, "conDone", "conStatus") == (False, 0x7000)
        with accepted(listener) as peer:
            put(cpu, send=True, out=list(range(1, 11)), len=4)
            assert cycle(cpu, "sendBusy", "sendStatus") == (True, 0x7001)
            assert read_exactly(peer, 4) == bytes((1, 2, 3, 4))
            run_until(cpu, lambda: value(cpu, "dones") == 1)
            put(cpu, send=False, recv=True, len=0)
            assert cycle(cpu, "recvBusy", "recvStatus") == (True, 0x7001)
            assert cycle(cpu, "recvBusy", "recvStatus") == (True, 0x7002)
            peer.sendall(b"abcdefg")
            cpu.run_cycles(20)
            assert value(cpu, "ndrs") == 0
            peer.sendall(b"hijklm")
            run_until(cpu, lambda: value(cpu, "ndrs") == 1)
            assert bytes(cpu.read('"D".in')) == b"abcdefghij"
            assert value(cpu, "length") == 10


def test_adhoc_takes_what_has_come(cpu: VirtualCpu) -> None:
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10:2000"] = f"127.0.0.1:{port}"
        establish(cpu)
        with accepted(listener) as peer:
            put(cpu, recv=True, adhoc=True)
            peer.sendall(b"xyz")
            run_until(cpu, lambda: value(cpu, "ndrs") == 1)
            assert value(cpu, "length") == 3
            assert bytes(cpu.read('"D".in')) == b"xyz" + bytes(7)


def test_a_passive_connection_waits_for_its_partner(cpu: VirtualCpu) -> None:
    cpu.surroundings.network.ports[2001] = 0
    cpu.surroundings.network.routes["192.168.0.10"] = "127.0.0.1"
    cpu.write('"D".connect.ActiveEstablished', False)
    put(cpu, con=True)
    cpu.run_cycles(5)
    assert (value(cpu, "conBusy"), value(cpu, "conStatus")) == (True, 0x7002)
    with connected(cpu.surroundings.network.listening[2001]) as peer:
        run_until(cpu, lambda: value(cpu, "conDone"))
        put(cpu, send=True)
        cpu.run_cycles(1)
        assert read_exactly(peer, 10) == bytes(10)


def test_a_partner_on_another_computer_is_not_reached_and_the_diagnostic_buffer_says_what_to_do(
    cpu: VirtualCpu,
) -> None:
    put(cpu, con=True)
    assert cycle(cpu, "conError", "conStatus") == (True, 0x80C4)
    entry = cpu.diagnostics[0]
    assert "192.168.0.10:2000" in entry.text
    assert "routes" in entry.text
    assert cycle(cpu, "conError", "conStatus") == (False, 0x7000)


@pytest.mark.parametrize("place", ["192.168.0.11:2000", "10.0.0.1", "example.org:80", "0.0.0.0:5"])
def test_an_address_is_never_mapped_to_another_computer(cpu: VirtualCpu, place: str) -> None:
    cpu.surroundings.network.routes["192.168.0.10"] = place
    put(cpu, con=True)
    assert cycle(cpu, "conStatus") == 0x80C4


def test_a_partner_that_does_not_listen_is_an_error(cpu: VirtualCpu) -> None:
    cpu.surroundings.network.routes["192.168.0.10:2000"] = f"127.0.0.1:{free_port()}"
    put(cpu, con=True)
    run_until(cpu, lambda: value(cpu, "failed") == 0x80C4)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"id": 0}, 0x8086),
        ({"id": 0x1000}, 0x8086),
        ({"id": 2}, 0x80B3),
        ({"connect.ConnectionType": 18}, 0x80B3),
        ({"connect.RemotePort": 0}, 0x80B3),
    ],
)
def test_a_wrong_description_is_an_error(cpu: VirtualCpu, changes: dict[str, int], status: int) -> None:
    put(cpu, con=True, **changes)
    assert cycle(cpu, "conError", "conStatus") == (True, status)


def test_a_connection_is_established_once_and_ended(cpu: VirtualCpu) -> None:
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        put(cpu, dis=True)
        assert cycle(cpu, "disError", "disStatus") == (True, 0x80A3)
        put(cpu, dis=False)
        establish(cpu)
        cpu.run_cycles(1)
        put(cpu, con=True)
        assert cycle(cpu, "conError", "conStatus") == (True, 0x80A3)
        with accepted(listener) as peer:
            put(cpu, dis=True)
            assert cycle(cpu, "disStatus") == 0x7001
            run_until(cpu, lambda: value(cpu, "disDone"))
            assert peer.recv(1) == b""
        put(cpu, send=True)
        assert cycle(cpu, "sendError", "sendStatus") == (True, 0x80A1)


@pytest.mark.parametrize(("length", "status"), [(11, 0x8088), (70_000, 0x8085)])
def test_lengths_that_do_not_fit_are_errors(cpu: VirtualCpu, length: int, status: int) -> None:
    with listening() as (_, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        establish(cpu)
        put(cpu, send=True, recv=True, len=length)
        assert cycle(cpu, "sendStatus", "recvStatus") == (status, status)


def test_without_a_connection_there_is_nothing_to_receive(cpu: VirtualCpu) -> None:
    put(cpu, recv=True)
    assert cycle(cpu, "recvError", "recvStatus") == (True, 0x80A1)


def test_stop_ends_all_connections_and_a_restart_begins_again(cpu: VirtualCpu) -> None:
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        establish(cpu)
        with accepted(listener) as peer:
            cpu.stop()
            assert peer.recv(1) == b""
        cpu.run()
        establish(cpu)
        with accepted(listener) as peer:
            cpu.power_off()
            assert peer.recv(1) == b""
        cpu.power_on()


def test_a_lost_partner_is_an_error_of_the_next_job(cpu: VirtualCpu) -> None:
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        establish(cpu)
        with accepted(listener):
            put(cpu, recv=True)
            cpu.run_cycles(1)
        run_until(cpu, lambda: value(cpu, "recvError"))
        put(cpu, send=True)
        assert cycle(cpu, "sendError", "sendStatus") == (True, 0x80A1)


OLD = """
old.BLOCK_LENGTH := 64; old.ID := 1; old.CONNECTION_TYPE := 16#11; old.ACTIVE_EST := TRUE;
old.REM_STADDR_LEN := 4; old.REM_STADDR[1] := 127; old.REM_STADDR[4] := 1; old.REM_TSAP_ID_LEN := 2;
"""


def test_a_connection_description_of_older_cpus(cpu: VirtualCpu) -> None:
    statements = STATEMENTS.replace('CONNECT := "D".connect', 'CONNECT := "D".old')
    with running(MEMBERS, statements, instances=INSTANCES, starts=OLD) as older, listening() as (listener, port):
        older.write_many({'"D".old.REM_TSAP_ID[1]': port >> 8, '"D".old.REM_TSAP_ID[2]': port & 0xFF})
        establish(older)
        with accepted(listener) as peer:
            put(older, send=True, out=[7] * 10)
            older.run_cycles(1)
            assert read_exactly(peer, 10) == bytes([7] * 10)


DATAGRAMS = (
    STATEMENTS.replace('DATA := "D".out,', 'DATA := "D".out, ADDR := "D".other,')
    .replace('DATA := "D".in,', 'DATA := "D".in, ADDR := "D".other,')
    .replace('ADHOC := "D".adhoc, ', "")
)


def test_datagrams_go_to_the_partner_in_addr_and_name_their_sender() -> None:
    kinds = INSTANCES | {"send": "TUSEND", "recv": "TURCV"}
    members = (
        MEMBERS.replace("len : UDInt", "len : UInt")
        .replace("got : UDInt", "got : UInt")
        .replace("length : UDInt", "length : UInt")
    )
    starts = STARTS.replace(":= 11;", ":= 19;") + (
        "other.REM_IP_ADDR[1] := 192; other.REM_IP_ADDR[2] := 168; other.REM_IP_ADDR[4] := 20; other.REM_PORT_NR := 3000;"
    )
    with (
        running(members, DATAGRAMS, instances=kinds, starts=starts) as cpu,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer,
    ):
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(LIMIT)
        cpu.surroundings.network.routes["192.168.0.20:3000"] = f"127.0.0.1:{peer.getsockname()[1]}"
        cpu.surroundings.network.ports[2001] = 0
        establish(cpu)
        put(cpu, send=True, out=[5] * 10, len=3)
        cpu.run_cycles(1)
        content, place = peer.recvfrom(100)
        assert content == bytes((5, 5, 5))
        run_until(cpu, lambda: value(cpu, "dones") == 1)
        put(cpu, recv=True, len=0)
        cpu.write('"D".other', {"REM_IP_ADDR": [0, 0, 0, 0], "REM_PORT_NR": 0})
        peer.sendto(b"answer", place)
        run_until(cpu, lambda: value(cpu, "ndrs") == 1)
        assert value(cpu, "length") == 6
        assert bytes(cpu.read('"D".in'))[:6] == b"answer"
        assert cpu.read('"D".other.REM_IP_ADDR') == [192, 168, 0, 20]
        assert value(cpu, "other.REM_PORT_NR") == 3000
        peer.sendto(bytes(11), place)
        run_until(cpu, lambda: value(cpu, "recvError"))
        assert value(cpu, "recvStatus") == 0x8088


COMBINED = """
"send"(REQ := "D".send, CONT := "D".con, LEN := "D".len, CONNECT := "D".connect, DATA := "D".out, COM_RST := "D".reset,
       DONE => "D".sendDone, BUSY => "D".sendBusy, ERROR => "D".sendError, STATUS => "D".sendStatus);
"recv"(EN_R := "D".recv, CONT := "D".con, LEN := "D".len, ADHOC := "D".adhoc, CONNECT := "D".connect, DATA := "D".in,
       DONE => "D".ndr, BUSY => "D".recvBusy, ERROR => "D".recvError, STATUS => "D".recvStatus, RCVD_LEN => "D".got);
IF "D".sendDone THEN "D".dones := "D".dones + 1; END_IF;
IF "D".ndr THEN "D".ndrs := "D".ndrs + 1; "D".length := "D".got; END_IF;
IF "D".sendError THEN "D".failed := "D".sendStatus; END_IF;
"""
BOTH = {"send": "TSEND_C", "recv": "TRCV_C"}


@pytest.fixture
def combined() -> Iterator[VirtualCpu]:
    """A CPU that uses TSEND_C and TRCV_C over one connection."""
    with running(MEMBERS, COMBINED, instances=BOTH, starts=STARTS) as made:
        yield made


def test_send_and_receive_share_a_connection_that_cont_keeps(combined: VirtualCpu) -> None:
    cpu = combined
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        assert cycle(cpu, "sendBusy", "sendStatus") == (False, 0x7000)
        put(cpu, con=True)
        run_until(cpu, lambda: value(cpu, "sendStatus") == 0x7004 and value(cpu, "recvStatus") == 0x7004)
        with accepted(listener) as peer:
            put(cpu, send=True, out=[1, 2, 3] + [0] * 7, len=3, recv=True)
            run_until(cpu, lambda: value(cpu, "dones") == 1)
            assert read_exactly(peer, 3) == bytes((1, 2, 3))
            peer.sendall(b"abcabc")
            run_until(cpu, lambda: value(cpu, "ndrs") == 2)
            assert (value(cpu, "length"), bytes(cpu.read('"D".in'))[:3]) == (3, b"abc")
            put(cpu, con=False)
            assert cycle(cpu, "sendStatus") == 0x7003
            assert peer.recv(1) == b""
            assert cycle(cpu, "sendStatus") == 0x7000


def test_one_job_without_cont_connects_sends_and_disconnects(combined: VirtualCpu) -> None:
    cpu = combined
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        put(cpu, send=True, out=[9] * 10)
        run_until(cpu, lambda: value(cpu, "dones") == 1)
        cpu.run_cycles(2)
        with accepted(listener) as peer:
            assert read_exactly(peer, 10) == bytes([9] * 10)
            assert peer.recv(1) == b""


def test_com_rst_ends_the_connection_and_it_is_established_again(combined: VirtualCpu) -> None:
    cpu = combined
    with listening() as (listener, port):
        cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{port}"
        put(cpu, con=True)
        run_until(cpu, lambda: value(cpu, "sendStatus") == 0x7004)
        with accepted(listener) as peer:
            put(cpu, reset=True)
            cpu.run_cycles(1)
            assert value(cpu, "reset") is False
            assert peer.recv(1) == b""
        run_until(cpu, lambda: value(cpu, "sendStatus") == 0x7004)
        with accepted(listener):
            pass


def test_a_job_to_a_partner_that_does_not_answer_ends_with_an_error(combined: VirtualCpu) -> None:
    cpu = combined
    cpu.surroundings.network.routes["192.168.0.10"] = f"127.0.0.1:{free_port()}"
    put(cpu, send=True)
    run_until(cpu, lambda: value(cpu, "failed") == 0x80C4)
    put(cpu, send=False)
    assert cycle(cpu, "sendError", "sendStatus", count=2) == (False, 0x7000)
