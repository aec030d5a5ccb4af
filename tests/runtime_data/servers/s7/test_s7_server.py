"""The S7 server over a virtual CPU, asked by the client of python-snap7."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from snap7 import Area, Block, Client
from snap7.error import S7Error
from snap7.type import WordLen

from engineering_api.operations.terms import Right
from openness_bridge.errors import Problem
from runtime_data.rules import Rule
from runtime_data.runtime import Write
from runtime_data.servers.s7.server import Limits
from tests.runtime_data.plant import OPERATOR, VIEWER
from tests.runtime_data.servers.s7.kit import HIDDEN, PAIR, PLANT, Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("s7")) as found:
        yield found


@pytest.fixture(autouse=True)
def no_rules(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "served" in request.fixturenames:
        request.getfixturevalue("served").plant.rules.replace([])


def value(served: Served, tag: str) -> object:
    (found,) = asyncio.run(served.plant.runtime.read(VIEWER, [tag]))
    return found.value


def test_a_write_arrives_at_the_tag(served: Served) -> None:
    with served.client() as client:
        client.db_write(PLANT, 2, bytearray(struct.pack(">fhi", 12.5, -3, 70_000)))
        client.write_area(Area.MK, 0, 10 * 8 + 1, bytearray(b"\1"), WordLen.Bit)
        assert bytes(client.db_read(PLANT, 2, 10)) == struct.pack(">fhi", 12.5, -3, 70_000)
    assert [value(served, f"PLC_1:Plant.{each}") for each in ("speed", "count", "total")] == [12.5, -3, 70_000]
    assert value(served, "PLC_1:Flag") is True


def test_inputs_move_outputs(served: Served) -> None:
    with served.client() as client:
        client.write_area(Area.PE, 0, 0, bytearray(b"\1"), WordLen.Bit)
        first = served.plant.simulation.handle("PLC_1")
        with first.use() as api:
            api.Stop(60_000)
            api.Run(60_000)
        for _ in range(1000):
            if client.ab_read(0, 1)[0] & 1:
                break
        assert client.ab_read(0, 1)[0] & 1
        client.write_area(Area.PE, 0, 0, bytearray(b"\0"), WordLen.Bit)


def test_a_read_is_of_one_scan(served: Served) -> None:
    with served.client() as client:
        pairs = {struct.unpack(">ii", client.db_read(PAIR, 0, 8)) for _ in range(500)}
    assert all(first == second for first, second in pairs)
    assert len(pairs) > 1


def test_what_does_not_exist_is_answered_as_a_cpu_does(served: Served) -> None:
    with served.client() as client:
        for block in (HIDDEN, 99):
            with pytest.raises(S7Error, match=r"0x0a"):
                client.db_read(block, 0, 2)
        with pytest.raises(S7Error, match=r"0x05"):
            client.db_read(PAIR, 65_000, 2)
        with pytest.raises(S7Error):
            client.db_write(HIDDEN, 0, bytearray(2))


def test_large_blocks_are_read_in_parts(served: Served) -> None:
    image = b"".join(struct.pack(">i", number) for number in range(5000))
    with served.client() as client:
        client.db_write(PAIR, 8, bytearray(image))
        assert bytes(client.db_read(PAIR, 8, len(image))) == image


def test_timers_and_counters_are_read_only(served: Served) -> None:
    with served.client() as client:
        assert bytes(client.ct_read(0, 2)) == bytes(4)
        assert bytes(client.tm_read(0, 2)) == bytes(4)
        with pytest.raises(S7Error):
            client.ct_write(0, 1, bytearray(b"\0\1"))


def test_the_cpu_says_who_it_is(served: Served) -> None:
    with served.client() as client:
        info, order = client.get_cpu_info(), client.get_order_code()
        assert (info.ModuleTypeName, info.ASName) == (b"CPU 1511-1 PN", b"PLC_1")
        assert (order.OrderCode, order.V1, order.V2, order.V3) == (b"6ES7 511-1AK02-0AB0", 2, 9, 4)
        assert client.list_blocks().DBCount == 3
        assert client.list_blocks_of_type(Block.DB, 10) == [PLANT, PAIR, HIDDEN]
        assert client.get_plc_datetime().year >= 2024
        with pytest.raises((S7Error, RuntimeError)):
            client.read_szl(0x0FFF)


def status(client: Client) -> int:
    return int(client.read_szl(0x0424).Data[7])


def test_clients_stop_and_start_the_cpu(served: Served) -> None:
    with served.client() as client:
        assert status(client) == 0x08
        client.plc_stop()
        assert status(client) == 0x04
        assert served.plant.sources.find("PLC_1").status().operating_state == "Stop"
        client.plc_hot_start()
        assert status(client) == 0x08


def test_a_write_needs_the_rules_of_all_tags_that_it_touches(served: Served) -> None:
    served.plant.rules.replace(
        [
            Rule("PLC_1:Plant.count", write=["administrator"]),
            Rule("PLC_1:Plant.total", write=["s7"], minimum=0, maximum=10),
        ]
    )
    with served.client() as client:
        client.db_write(PLANT, 2, bytearray(struct.pack(">f", 1.0)))
        for start, content in ((6, b"\0\5"), (2, bytes(6)), (7, b"\1"), (8, struct.pack(">i", 11)), (9, b"\1")):
            before = bytes(client.db_read(PLANT, 0, 40))
            with pytest.raises(S7Error, match=r"0x03|not allowed|denied"):
                client.db_write(PLANT, start, bytearray(content))
            assert bytes(client.db_read(PLANT, 0, 40)) == before
        client.db_write(PLANT, 8, bytearray(struct.pack(">i", 7)))
        assert value(served, "PLC_1:Plant.total") == 7


def test_a_rule_covers_overlapping_tags(served: Served) -> None:
    served.plant.rules.replace([Rule("PLC_1:Upper", write=["administrator"])])
    with served.client() as client:
        client.mb_write(22, 2, bytearray(2))
        with pytest.raises(S7Error):
            client.mb_write(20, 4, bytearray(4))


def test_bytes_without_a_tag_have_an_absolute_name(served: Served) -> None:
    with served.client() as client:
        client.mb_write(100, 2, bytearray(b"ab"))
        served.plant.rules.replace([Rule("PLC_1:%MB101", write=["administrator"])])
        with pytest.raises(S7Error):
            client.mb_write(100, 2, bytearray(b"cd"))
        client.mb_write(100, 1, bytearray(b"c"))
        assert bytes(client.mb_read(100, 2)) == b"cb"


def test_outputs_need_a_rule_that_names_them(served: Served) -> None:
    with served.client() as client:
        for start in (0, 50):
            with pytest.raises(S7Error):
                client.ab_write(start, bytearray(1))
        served.plant.rules.replace([Rule("PLC_1:%QB50", write=["operator"])])
        client.ab_write(50, bytearray(b"\7"))
        assert client.ab_read(50, 1)[0] == 7


def test_a_rule_keeps_tags_from_the_server(served: Served) -> None:
    served.plant.rules.replace([Rule("PLC_1:Plant.count", read=["administrator"])])
    with served.client() as client:
        assert len(client.db_read(PLANT, 0, 6)) == 6
        with pytest.raises(S7Error):
            client.db_read(PLANT, 0, 8)
    served.plant.rules.replace([])
    with served.client() as client:
        assert len(client.db_read(PLANT, 0, 8)) == 8


def test_writes_are_in_the_audit_log_in_bulk(served: Served) -> None:
    async def run() -> None:
        await served.log.flush()
        with served.client() as client:
            for number in range(20):
                client.db_write(PLANT, 6, bytearray(struct.pack(">h", number)))
            with pytest.raises(S7Error):
                client.ab_write(0, bytearray(1))
        await served.log.flush()
        (entry,) = await served.audit.latest(1)
        noted = msgspec.json.decode(entry.arguments)
        assert (entry.operation, entry.caller, entry.outcome) == ("runtime_servers.s7_write", "server:s7", "ok")
        assert (noted["source"], noted["written"], noted["refused"]) == ("PLC_1", 20, 1)
        assert noted["writes"][5] | {"at": "", "client": ""} == {
            "at": "",
            "client": "",
            "what": "%DB1.DBB6 (2 bytes)",
            "tags": ["Plant.count"],
            "touched": 1,
            "before": "0004",
            "after": "0005",
        }
        assert "output" in noted["writes"][20]["refused"]

    asyncio.run(run())


def test_nothing_is_written_while_it_cannot_be_noted(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        with served.client() as client:
            client.db_write(PLANT, 6, bytearray(2))
            with monkeypatch.context() as patched:
                patched.setattr(served.audit, "_append", _fail)
                await served.log.flush()
                with pytest.raises(S7Error):
                    client.db_write(PLANT, 6, bytearray(2))
            await served.log.flush()
            client.db_write(PLANT, 6, bytearray(2))

    asyncio.run(run())


async def _fail(_: object) -> object:
    raise Problem("audit.not_written", "The disk is full.")


def test_a_server_that_only_reads(tmp_path: Path) -> None:
    with serve(tmp_path, Right.VIEW) as served, served.client() as client:
        assert len(client.db_read(PLANT, 0, 4)) == 4
        with pytest.raises(S7Error):
            client.db_write(PLANT, 0, bytearray(1))
        with pytest.raises(S7Error):
            client.plc_stop()
        assert served.plc.state() == "run"


def test_a_server_of_some_tags_and_a_fail_safe_block(tmp_path: Path) -> None:
    def is_fail_safe(_plc: str, block: str) -> bool:
        return block == "Pair"

    with (
        serve(tmp_path, tags=("PLC_1:Plant.*", "PLC_1:Pair.*"), is_fail_safe=is_fail_safe) as served,
        served.client() as client,
    ):
        client.db_write(PLANT, 6, bytearray(2))
        with pytest.raises(S7Error):
            client.mb_read(20, 4)
        with pytest.raises(S7Error):
            client.mb_write(20, 4, bytearray(4))
        with pytest.raises(S7Error):
            client.db_write(PAIR, 0, bytearray(4))


def test_stop_off_and_a_new_program(tmp_path: Path) -> None:
    with serve(tmp_path) as served, served.client() as client:
        handle = served.plant.simulation.handle("PLC_1")
        with handle.use() as api:
            api.Stop(60_000)
        assert len(client.db_read(PLANT, 0, 4)) == 4  # a CPU in STOP answers
        with handle.use() as api:
            api.PowerOff(60_000)
        with pytest.raises(S7Error, match=r"0x01"):
            client.db_read(PLANT, 0, 4)
        with handle.use() as api:
            api.PowerOn(60_000)
        served.plant.simulation.unregister("PLC_1")
        with pytest.raises(S7Error, match=r"0x01"):
            client.db_read(PLANT, 0, 4)


def test_too_many_clients_and_strangers(tmp_path: Path) -> None:
    with serve(tmp_path, limits=Limits(clients=2)) as served, served.client(), served.client():
        assert len(served.server.clients()) == 2
        with pytest.raises(S7Error), served.client():
            pass
    limits = Limits(("192.168.0.0/24", "10.0.0.5"))
    allowed = {
        each: limits.allows(each) for each in ("192.168.0.9", "10.0.0.5", "10.0.0.6", "127.0.0.1", "::ffff:10.0.0.5")
    }
    assert allowed == {
        "192.168.0.9": True,
        "10.0.0.5": True,
        "10.0.0.6": False,
        "127.0.0.1": False,
        "::ffff:10.0.0.5": True,
    }
    assert Limits().allows("127.0.0.1") and Limits().allows("::1") and not Limits().allows("10.0.0.6")


def test_slow_and_strange_clients_do_not_disturb_others(tmp_path: Path) -> None:
    with serve(tmp_path, limits=Limits(patience=0.5)) as served:
        strangers = [
            b"GET / HTTP/1.1\r\n\r\n",
            b"\x03\x00",
            b"\x03\x00\xff\xff" + bytes(100),
            b"\x03\x00\x00\x07\x02\xf0\x80",
            b"\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc1\xff\x01\x00",
            b"",
        ]
        sockets = []
        for each in strangers:
            connection = socket.create_connection(("127.0.0.1", served.server.port), timeout=60)
            connection.sendall(each)
            sockets.append(connection)
        with served.client() as client:
            assert len(client.db_read(PLANT, 0, 4)) == 4
        for connection in sockets:
            with suppress(ConnectionError):
                assert connection.recv(1000) == b""  # the server has ended it
            connection.close()


def test_many_clients_at_once(served: Served) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with served.client() as client:
                for turn in range(30):
                    client.db_write(PLANT, 46 + 2 * number, bytearray(struct.pack(">h", turn)))
                    assert struct.unpack(">h", client.db_read(PLANT, 46 + 2 * number, 2)) == (turn,)
        except BaseException as error:  # noqa: BLE001 - the main thread reports it
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


def test_values_of_both_ways_agree(served: Served) -> None:
    written = [
        Write("PLC_1:Plant.delay", "T#2s"),
        Write("PLC_1:Plant.wait", "S5T#2s"),
        Write("PLC_1:Plant.day", "2026-11-24"),
        Write("PLC_1:Plant.clock", "12:34:56.789"),
    ]
    done = asyncio.run(served.plant.runtime.write(OPERATOR, written))
    assert [each.error for each in done] == [None] * 4
    with served.client() as client:
        assert bytes(client.db_read(PLANT, 24, 8)) == struct.pack(
            ">iHH", 2000, 0x0200, (dt.date(2026, 11, 24) - dt.date(1990, 1, 1)).days
        )
        assert bytes(client.db_read(PLANT, 32, 4)) == struct.pack(">I", 45_296_789)
