"""The S7 source: a CPU that answers, refuses, stops, lies, hangs and drops the connection."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from snap7.server import Server as OtherServer
from snap7.type import SrvArea

from openness_bridge.errors import Problem
from runtime_data.quality import (
    ACCESS_DENIED,
    NO_COMMUNICATION,
    OUT_OF_SERVICE,
    TYPE_MISMATCH,
    UNKNOWN_TAG,
)
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime, Write
from runtime_data.sources.registry import SourceDefinition, Sources
from runtime_data.sources.s7.connection import Connection
from runtime_data.sources.s7.source import S7Source
from runtime_data.sources.source import Source
from runtime_data.values import Scalar
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served, serve

SYMBOLS = {"Plant.speed": "DB1.DBD2:Real", "Plant.count": "DB1.DBW6:Int"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("s7")) as found:
        yield found


def source_at(port: int, clock: Callable[[], float] = lambda: 0.0, **more: bool) -> S7Source:
    connection = Connection(lambda: ["127.0.0.1"], port, 0, 1, "basic", clock)
    return S7Source("CPU", connection, SYMBOLS, clock=clock, **more)


@pytest.fixture
def source(served: Served) -> Iterator[S7Source]:
    made = source_at(served.server.port)
    yield made
    made.close()


def test_values_by_address_and_by_name(source: S7Source, served: Served) -> None:
    writes: list[tuple[str, Scalar]] = [
        ("Plant.speed", 12.5),
        ("DB1.DBW6:Int", -3),
        ("DB1.DBD8:DInt", 70_000),
        ("DB1.DBB12:String[10]", "hello"),
        ("DB1.DBD24:Time", "T#2s"),
        ("DB1.DBW28:S5Time", "S5T#2s"),
        ("DB1.DBW30:Date", "2026-11-24"),
        ("DB1.DBD32:Time_Of_Day", "12:34:56.789"),
        ("DB1.DBB36:Date_And_Time", "2026-11-24T12:34:56.789"),
        ("DB1.DBX0.1", True),
        ("M10.1", True),
    ]
    assert source.write(writes, {}, atomic=False) == [None] * len(writes)
    found = source.read([path for path, _ in writes])
    assert [each.value for each in found] == [
        12.5,
        -3,
        70_000,
        "hello",
        2000,
        2000,
        "2026-11-24",
        "12:34:56.789",
        "2026-11-24T12:34:56.789",
        True,
        True,
    ]
    assert {each.quality for each in found} == {"Good"}
    names = [
        "Plant.speed",
        "Plant.count",
        "Plant.total",
        "Plant.delay",
        "Plant.wait",
        "Plant.day",
        "Plant.clock",
        "Plant.ready",
        "Flag",
    ]
    inside = served.plant.sources.find("PLC_1").read(names)
    assert [each.value for each in inside] == [12.5, -3, 70_000, 2000, 2000, "2026-11-24", "12:34:56.789", True, True]


def test_each_tag_has_its_own_error(source: S7Source) -> None:
    paths = ["DB1.DBW6:Int", "DB3.DBW0", "DB99.DBW0", "DB2.DBW65000", "nope", "DB1.DBB60000"]
    good, *bad = source.read(paths)
    assert good.error is None
    assert [each.status for each in bad] == [UNKNOWN_TAG.code] * 5
    assert [each.error.code for each in bad if each.error] == ["s7.address_not_found"] * 3 + [
        "s7.address",
        "s7.address_not_found",
    ]
    done = source.write(
        [("DB1.DBW6:Int", 5), ("DB3.DBW0", 1), ("T1", "S5T#1s"), ("DB1.DBW6", 70_000)], {}, atomic=False
    )
    assert [each.code if each else None for each in done] == [
        None,
        "s7.address_not_found",
        "s7.access_denied",
        "plcsim.value",
    ]


def test_a_tag_behind_the_end_does_not_hide_its_neighbour(source: S7Source) -> None:
    """Both are read as one range, which the CPU refuses."""
    end = 8 + 4 * 5000
    last, behind = source.read([f"DB2.DBD{end - 4}", f"DB2.DBD{end}"])
    assert last.error is None and behind.error is not None


def test_a_large_text_and_many_tags(source: S7Source) -> None:
    paths = [f"DB2.DBD{8 + 4 * number}:DInt" for number in range(3000)]
    done = source.write([(path, number) for number, path in enumerate(paths)], {}, atomic=False)
    assert done == [None] * 3000
    assert [each.value for each in source.read(paths)] == list(range(3000))
    (text,) = source.read(["DB2.DBB8:WString[2000]"])
    assert text.error is None
    (refused,) = source.write([("DB2.DBB8:WString[2000]", "x" * 2000)], {}, atomic=False)
    assert refused is not None and refused.code == "s7.too_long"


def test_expected_values_and_the_list(source: S7Source) -> None:
    assert source.write([("Plant.count", 5)], {}, atomic=False) == [None]
    (refused,) = source.write([("plant.COUNT", 6)], {"plant.COUNT": 4}, atomic=False)
    assert refused is not None and refused.code == "runtime.changed"
    assert source.write([("Plant.count", 6)], {"Plant.count": 5}, atomic=False) == [None]
    assert [each.tag for each in source.tags()] == ["CPU:Plant.speed", "CPU:Plant.count"]
    assert [each.tag for each in source.browse("Plant")] == ["CPU:Plant.speed", "CPU:Plant.count"]
    assert source.find("plant.speed").tag == "CPU:Plant.speed" and source.find("q0.0").area == "Output"


def test_without_addresses_only_names_are_tags(served: Served) -> None:
    source = source_at(served.server.port, absolute=False)
    name, address = source.read(["Plant.count", "DB1.DBW6:Int"])
    assert name.error is None and address.status == UNKNOWN_TAG.code
    source.close()


def test_a_cpu_in_stop_is_out_of_service(tmp_path: Path) -> None:
    now = [0.0]
    with serve(tmp_path) as served:
        source = source_at(served.server.port, lambda: now[0])
        assert source.status().operating_state == "Run"
        assert source.read(["MW20"])[0].quality == "Good"
        with served.plant.simulation.handle("PLC_1").use() as api:
            api.Stop(60_000)
        now[0] = 3.0
        (value,) = source.read(["MW20"])
        assert value.status == OUT_OF_SERVICE.code and value.value == 0
        assert source.status().operating_state == "Stop"
        source.close()


def test_a_cpu_that_refuses_and_values_that_are_none(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        served.plant.rules.replace([Rule("PLC_1:Flag", read=["administrator"])])
        source = source_at(served.server.port)
        flag, moment = source.read(["M10.1", "DB1.DBB36:Date_And_Time"])
        assert flag.status == ACCESS_DENIED.code and flag.error is not None and "PUT/GET" in flag.error.message
        assert moment.error is None
        assert source.write([("MW30", 0xFFFF)], {}, atomic=False) == [None]
        assert source.read(["MW30:S5Time"])[0].status == TYPE_MISMATCH.code
        source.close()


def test_it_connects_again_with_growing_pauses(tmp_path: Path) -> None:
    now = [0.0]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = source_at(port, lambda: now[0])
    attempts = []
    for moment in range(100):
        now[0] = float(moment)
        before = source.connection._not_before
        (value,) = source.read(["MW20"])
        assert value.status == NO_COMMUNICATION.code
        if source.connection._not_before != before:
            attempts.append(moment)
    assert attempts == [0, 1, 3, 7, 15, 31, 61, 91]
    source.connection.disconnect()
    assert source.connection._not_before == 0.0


class Proxy:
    """Between a source and a server: it damages what the server answers."""

    def __init__(self, port: int) -> None:
        self.damage: Callable[[bytes], bytes | None] = lambda answer: answer
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._open: list[tuple[list[threading.Thread], socket.socket, socket.socket]] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            pumps = [
                threading.Thread(target=self._pump, args=each)
                for each in ((client, server, False), (server, client, True))
            ]
            for each in pumps:
                each.start()
            self._open.append((pumps, client, server))

    def _pump(self, source: socket.socket, target: socket.socket, damaged: bool) -> None:
        try:
            while content := source.recv(65536):
                changed = self.damage(content) if damaged else content
                if changed is None:
                    break
                target.sendall(changed)
        except OSError:
            pass
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()
        for pumps, *ends in self._open:
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            for each in pumps:
                each.join()
            for end in ends:
                end.close()


@contextmanager
def damaged(served: Served) -> Iterator[tuple[Proxy, S7Source, list[float]]]:
    proxy, now = Proxy(served.server.port), [0.0]
    source = source_at(proxy.port, lambda: now[0])
    assert source.read(["MW20"])[0].quality == "Good"
    yield proxy, source, now
    source.close()
    proxy.close()


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "the connection drops": lambda _: None,
    "another reference": lambda answer: answer[:11] + bytes((answer[11] ^ 0xFF,)) + answer[12:],
    "a length that does not fit": lambda answer: answer[:15] + bytes((answer[15] ^ 0x01,)) + answer[16:],
    "no S7": lambda answer: answer[:7] + b"\x72" + answer[8:],
    "no ISO on TCP": lambda _: b"HTTP/1.1 200 OK\r\n\r\n",
    "an error": lambda answer: answer[:17] + b"\x85\x00" + answer[19:],
    "a longer item": lambda answer: answer[:24] + b"\x40" + answer[25:],
    "another count of items": lambda answer: answer[:20] + b"\x09" + answer[21:],
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_answer_is_no_value_and_the_source_recovers(served: Served, name: str) -> None:
    with damaged(served) as (proxy, source, now):
        proxy.damage = DAMAGES[name]
        (value,) = source.read(["MW20"])
        assert value.status == NO_COMMUNICATION.code and value.value is None, value
        (refused,) = source.write([("MW20", 1)], {}, atomic=False)
        assert refused is not None and refused.code == "s7.unreachable"
        assert source.status().state == "failed"
        proxy.damage = lambda answer: answer
        now[0] += 100
        assert source.read(["MW20"])[0].quality == "Good"


@pytest.mark.slow
def test_half_a_frame(served: Served) -> None:
    """The client waits five seconds for the rest."""
    with damaged(served) as (proxy, source, now):
        proxy.damage = lambda answer: answer[: len(answer) // 2]
        assert source.read(["MW20"])[0].status == NO_COMMUNICATION.code
        proxy.damage = lambda answer: answer
        now[0] += 100
        assert source.read(["MW20"])[0].quality == "Good"


def test_through_the_runtime_writes_are_off_until_a_rule_allows_them(served: Served) -> None:
    plant = served.plant
    definition = SourceDefinition("CPU_1", "s7", connection={"host": "127.0.0.1", "port": served.server.port})
    assert isinstance(plant.sources.create(definition), S7Source)

    async def run() -> None:
        runtime: Runtime = plant.runtime
        (value,) = await runtime.read(OPERATOR, ["CPU_1:DB1.DBW6:Int"])
        assert value.is_good and value.tag == "CPU_1:DB1.DBW6:Int"
        (written,) = await runtime.write(OPERATOR, [Write("CPU_1:DB1.DBW6:Int", 9)])
        assert written.error is not None and written.error.code == "runtime.write_denied"
        plant.rules.replace(
            [Rule("CPU_1:DB1.DBW?:Int", write=["operator"], maximum=10), Rule("CPU_1:*", write=["operator"])]
        )
        written, above, output, other = await runtime.write(
            OPERATOR,
            [
                Write("CPU_1:db1.dbw6:INT", 9),
                Write("CPU_1:DB1.DBW8:Int", 11),
                Write("CPU_1:Q0.0", True),
                Write("CPU_1:%DB1.DBW6:Int", 9),
            ],
            verify=True,
        )
        assert written.error is None and written.verified and written.after is not None and written.after.value == 9
        assert above.error is not None and above.error.code == "runtime.range"
        assert output.error is not None and output.error.code == "runtime.output"
        assert other.error is not None and other.error.code == "s7.address"
        plant.rules.replace([])

    asyncio.run(run())
    plant.sources.remove("CPU_1")


def test_a_host_that_is_not_allowed_and_a_list_that_does_not_fit(served: Served) -> None:
    sources: Sources = served.plant.sources
    with pytest.raises(Problem) as refused:
        sources.create(SourceDefinition("CPU_2", "s7", connection={"host": "8.8.8.8"}))
    assert refused.value.code == "runtime.target_refused"
    tags = [{"name": "a", "address": "MW0"}, {"name": "A", "address": "nope"}]
    with pytest.raises(Problem) as refused:
        sources.create(SourceDefinition("CPU_2", "s7", connection={"host": "127.0.0.1", "tags": tags}))
    pointers = [each.place.pointer for each in refused.value.details if each.place]
    assert pointers == ["/connection/tags/1/address", "/connection/tags/1/name"]


def test_the_server_of_another_library() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server, block = OtherServer(), bytearray(64)
    server.register_area(SrvArea.DB, 7, block)
    server.start(port)
    try:
        source: Source = source_at(port)
        assert source.write([("DB7.DBD4:Real", 2.5)], {}, atomic=False) == [None]
        assert block[4:8] == struct.pack(">f", 2.5)
        block[0] = 8
        real, bit, missing = source.read(["DB7.DBD4:Real", "DB7.DBX0.3", "DB8.DBW0"])
        assert (real.value, bit.value, missing.value) == (2.5, True, None)
        assert isinstance(source, S7Source)
        source.close()
    finally:
        server.stop()
        server.destroy()
