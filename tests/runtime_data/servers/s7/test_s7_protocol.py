"""The protocol without a PLC: no message, and no bytes of a client, make a session or a connection fail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snap7.datatypes import S7Area, S7WordLen
from snap7.s7protocol import S7Protocol

from runtime_data.servers.s7.framing import (
    LARGEST_FRAME,
    Disconnected,
    FramingError,
    build_frames,
    parse_connection,
    read_message,
)
from runtime_data.servers.s7.machine import CpuIdentity, CpuState
from runtime_data.servers.s7.messages import LARGEST, Code, Item, MessageError
from runtime_data.servers.s7.session import WAITING, Session


class Bench:
    """A machine of 1000 bytes in each area."""

    def __init__(self) -> None:
        self.memory = {area: bytearray(1000) for area in ("Input", "Output", "Marker", "DataBlock", "Timer", "Counter")}

    def read(self, items: Sequence[Item]) -> list[bytes | Code]:
        found: list[bytes | Code] = []
        for each in items:
            start, end = each.range.start, each.range.start + each.range.length
            content = bytes(self.memory[each.range.area][start:end])
            if len(content) < each.range.length:
                found.append(Code.ADDRESS)
            else:
                found.append(content if each.bit is None else bytes((content[0] >> each.bit & 1,)))
        return found

    def write(self, items: Sequence[tuple[Item, bytes]], client: str) -> list[Code]:
        for item, content in items:
            assert len(content) == item.range.length
        return [Code.GOOD] * len(items)

    def state(self) -> CpuState:
        return "run"

    def identity(self) -> CpuIdentity:
        return CpuIdentity("bench", blocks={"DB": list(range(1, 1000))})

    def clock(self) -> tuple[int, int, int, int, int, int, int]:
        return 2026, 11, 24, 12, 34, 56, 789

    def start(self, client: str) -> Code:
        return Code.GOOD

    def stop(self, client: str) -> Code:
        return Code.DENIED


def real_requests() -> list[bytes]:
    """What a client of another library sends."""
    make = S7Protocol()
    return [
        make.build_setup_communication_request(),
        make.build_read_request(S7Area.DB, 1, 0, S7WordLen.BYTE, 100),
        make.build_multi_read_request([(S7Area.DB, 1, 0, 10), (S7Area.MK, 0, 5, 3)]),
        make.build_write_request(S7Area.DB, 1, 4, S7WordLen.BYTE, b"\1\2\3"),
        make.build_write_request(S7Area.MK, 0, 81, S7WordLen.BIT, b"\1"),
        make.build_plc_control_request("stop"),
        make.build_plc_control_request("hot_start"),
        make.build_read_szl_request(0x001C, 0),
        make.build_read_szl_request(0x0011, 0),
        make.build_list_blocks_request(),
        make.build_list_blocks_of_type_request(0x41),
        make.build_get_clock_request(),
        make.build_set_session_password_request(bytes(8)),
        make.build_start_upload_request(0x41, 1),
    ]


REQUESTS = real_requests()


def answered(session: Session, request: bytes) -> bytes | None:
    try:
        answer = session.answer(request)
    except MessageError:
        return None
    assert len(answer) <= max(session.size, 64)
    assert answer[0] == 0x32 and answer[4:6] == request[4:6]
    lengths = int.from_bytes(answer[6:8], "big") + int.from_bytes(answer[8:10], "big")
    assert len(answer) == lengths + (10 if answer[1] == 7 else 12)
    assert len(session._rest) <= WAITING
    return answer


def test_requests_of_another_library_are_answered() -> None:
    session = Session(Bench(), "x")
    assert all(answered(session, each) for each in REQUESTS)


@given(st.binary(max_size=2 * LARGEST))
def test_any_bytes_as_a_message(request: bytes) -> None:
    answered(Session(Bench(), "x"), request)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(REQUESTS),
            st.lists(st.tuples(st.integers(10, 60), st.integers(0, 255)), max_size=4),
            st.binary(max_size=8),
        ),
        max_size=8,
    )
)
def test_damaged_messages(turns: list[tuple[bytes, list[tuple[int, int]], bytes]]) -> None:
    session = Session(Bench(), "x")
    for request, changes, more in turns:
        damaged = bytearray(request + more)
        for at, byte in changes:
            if at < len(damaged):
                damaged[at] = byte
        answered(session, bytes(damaged))
        parameters = int.from_bytes(damaged[6:8], "big")  # the same with lengths that fit
        damaged[8:10] = max(0, len(damaged) - 10 - parameters).to_bytes(2, "big")
        answered(session, bytes(damaged))


@given(
    st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 0xFF), st.integers(0, 0xFFFFFF)
)
def test_any_address(size: int, count: int, block: int, area: int, address: int) -> None:
    item = (
        bytes((0x12, 0x0A, 0x10, size))
        + count.to_bytes(2, "big")
        + block.to_bytes(2, "big")
        + bytes((area,))
        + address.to_bytes(3, "big")
    )
    request = b"\x32\1\0\0\0\7\0\x0e\0\0\4\1" + item
    assert answered(Session(Bench(), "x"), request)


def test_a_long_list_comes_in_parts() -> None:
    session = Session(Bench(), "x")
    make = S7Protocol()
    setup = make.build_setup_communication_request(pdu_length=240)
    session.answer(setup)
    content = b""
    answer = make.parse_response(session.answer(make.build_list_blocks_of_type_request(0x41)))
    while True:
        content += answer["data"]["data"]
        if not answer["parameters"]["last_data_unit"]:
            break
        sequence = answer["parameters"]["sequence_number"]
        answer = make.parse_response(session.answer(make.build_userdata_followup_request(3, 2, sequence)))
    assert [int.from_bytes(content[at : at + 2], "big") for at in range(0, len(content), 4)] == list(range(1, 1000))


def received(content: bytes) -> bytes:
    async def run() -> bytes:
        return await read_message(feed(content), LARGEST, 60, 60)

    return asyncio.run(run())


def feed(content: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(content)
    reader.feed_eof()
    return reader


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_as_frames(content: bytes, begins_well: bool) -> None:
    async def run() -> None:
        reader = feed((b"\3\0\0" if begins_well else b"") + content)
        try:
            while True:
                assert len(await read_message(reader, LARGEST, 60, 60)) <= LARGEST
        except (FramingError, Disconnected):
            pass

    asyncio.run(run())


@given(st.binary(max_size=100))
def test_any_bytes_as_a_connection_request(content: bytes) -> None:
    try:
        found = parse_connection(bytes((len(content) + 1, 0xE0)) + content)
    except FramingError:
        return
    assert 7 <= found.size <= 13 and len(found.parameters) <= len(content)


@given(st.binary(min_size=1, max_size=LARGEST), st.integers(7, 13))
def test_a_message_is_its_frames(message: bytes, size: int) -> None:
    frames = build_frames(message, size)
    assert received(frames) == message
    assert int.from_bytes(frames[2:4], "big") <= min(4 + (1 << size), LARGEST_FRAME)


def test_a_message_never_grows_beyond_the_largest() -> None:
    frame = b"\3\0\0\x6b\2\xf0\0" + bytes(100)
    with pytest.raises(FramingError):
        received(frame * 20)
