"""Files of the memory card that a program reads, writes and deletes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import running
from virtual_plc.cpu.cpu import VirtualCpu

MEMBERS = "go : Bool; name : String; offset : UDInt; length : UDInt; data : Array[0..7] of Byte; word : Word;"
CALL = """
"io"(REQ := "D".go, Name := "D".name, Offset := "D".offset, Length := "D".length, Data := "D".data);
"""
DELETE = '"io"(REQ := "D".go, Name := "D".name);'


def job(cpu: VirtualCpu, **members: Any) -> tuple[Any, ...]:
    """Do one job; return Done, Error and Status at its end."""
    cpu.write_many({f'"D".{name}': value for name, value in (members | {"go": False}).items()})
    cpu.run_cycles(1)
    cpu.write('"D".go', True)
    cpu.run_cycles(3)
    return tuple(cpu.read(f'"io".{name}') for name in ("Done", "Error", "Status"))


def put(cpu: VirtualCpu, content: bytes) -> None:
    cpu.write_many({f'"D".data[{at}]': each for at, each in enumerate(content)})


def test_a_file_is_written_in_parts_and_read() -> None:
    with running(MEMBERS, CALL, instances={"io": "FileWriteC"}) as cpu:
        put(cpu, b"abcdefgh")
        assert job(cpu, name="UserFiles/a.txt") == (True, False, 0)
        assert cpu.read('"io".ResultLength') == 8
        put(cpu, b"XYZ")
        assert job(cpu, offset=6, length=3) == (True, False, 0)
        assert cpu.surroundings.card.files == {"UserFiles/a.txt": b"abcdefXYZ"}
        files = dict(cpu.surroundings.card.files)
    with running(MEMBERS, CALL, instances={"io": "FileReadC"}) as cpu:
        cpu.surroundings.card.files = files
        assert job(cpu, name="userfiles/A.TXT", offset=5) == (True, False, 0)
        assert cpu.read('"io".ResultLength') == 4
        assert bytes(cpu.read('"D".data')) == b"fXYZ\0\0\0\0"
        assert job(cpu, offset=0, length=2) == (True, False, 0)
        assert bytes(cpu.read('"D".data'))[:3] == b"abY"
        assert job(cpu, offset=9) == (True, False, 0)
        assert cpu.read('"io".ResultLength') == 0


def test_a_job_needs_an_edge_and_takes_several_calls() -> None:
    with running(MEMBERS, DELETE, instances={"io": "FileDelete"}) as cpu:
        cpu.surroundings.card.files["DataLogs/x.csv"] = b"1"
        cpu.write_many({'"D".go': True, '"D".name': "DataLogs/x.csv"})
        states = []
        for _ in range(4):
            cpu.run_cycles(1)
            states.append(tuple(cpu.read(f'"io".{name}') for name in ("Busy", "Done", "Status")))
        assert states == [(True, False, 0x7001), (True, False, 0x7002), (False, True, 0), (False, False, 0x7000)]
        assert cpu.surroundings.card.files == {}
        assert job(cpu) == (False, True, 0x8092)


@pytest.mark.parametrize(
    ("kind", "members", "status"),
    [
        ("FileReadC", {"name": "UserFiles/b.txt"}, 0x8092),
        ("FileReadC", {"name": "../a.txt"}, 0x8090),
        ("FileReadC", {"name": "/UserFiles/a.txt"}, 0x8090),
        ("FileReadC", {"name": "UserFiles/a.b.txt"}, 0x8090),
        ("FileReadC", {"name": "UserFiles/" + "a" * 46}, 0x8090),
        ("FileReadC", {"name": ""}, 0x8090),
        ("FileReadC", {"offset": 3}, 0x8094),
        ("FileReadC", {"length": 9}, 0x8094),
        ("FileWriteC", {"name": "DataLogs/a.txt"}, 0x8090),
        ("FileWriteC", {"offset": 3}, 0x8094),
        ("FileWriteC", {"length": 9}, 0x8094),
        ("FileWriteC", {"name": "UserFiles/full.txt"}, 0x80B3),
        ("FileDelete", {"name": "UserFiles\\a.txt"}, 0x8090),
    ],
)
def test_what_is_wrong_has_a_status_and_changes_nothing(kind: str, members: dict[str, Any], status: int) -> None:
    with running(MEMBERS, DELETE if kind == "FileDelete" else CALL, instances={"io": kind}) as cpu:
        card = cpu.surroundings.card
        card.files["UserFiles/a.txt"] = b"12"
        card.capacity = 9 if "full" in str(members.get("name")) else card.capacity
        assert job(cpu, **({"name": "UserFiles/a.txt"} | members)) == (False, True, status)
        assert card.files == {"UserFiles/a.txt": b"12"}


def test_only_bytes_are_data_of_a_file() -> None:
    call = CALL.replace('"D".data', '"D".word')
    with running(MEMBERS, call, instances={"io": "FileWriteC"}) as cpu:
        assert job(cpu, name="UserFiles/a.txt") == (False, True, 0x8093)
