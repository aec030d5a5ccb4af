"""The S7 protocol, both ways: a client reads the bytes of every value, and a source makes the same values of these bytes."""

from __future__ import annotations

import asyncio
from typing import Any

from snap7.error import S7Error

from runtime_data.runtime import Write
from runtime_data.sources.s7.source import S7Source
from runtime_data.values import Value
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served
from tests.runtime_data.type_interfaces.cases import BROKEN, CASES, SOUND, Case
from tests.runtime_data.type_interfaces.program import BLOCK, MEMBERS, image, path_of

REFUSED = [f"PLC_1:Types.v_{name}" for name in ("String", "WString", "WString_broken", "DTL")]
"""What the interface of a simulated PLC does not read as a whole."""
AS_THE_PROGRAM_SEES_IT = {
    "Date_And_Time_broken": ("Date_And_Time", "1990-01-01T00:00:00", "DT#1990-01-01-00:00:00", "Good", "")
}
"""docs/runtime/values.md#types."""
Seen = tuple[str, Any, str, str, str]


def address(case: Case) -> str:
    """The one spelling of the address of a case."""
    at = image()[1][case.name]
    if case.type == "Bool":
        return f"DB{BLOCK}.DBX0.{int(case.value)}"
    width = {"Byte": "B", "Word": "W", "DWord": "D", "LWord": "L"}.get(case.type)
    return f"DB{BLOCK}.DB{width}{at}" if width else f"DB{BLOCK}.DBB{at}:{case.type}"


def seen(value: Value) -> Seen:
    """What a client sees of a value: type, value, text, quality and code of the error."""
    return value.data_type, value.value, value.text, value.quality, value.error.code if value.error else ""


def wanted(case: Case) -> Seen:
    """What a client sees by the table."""
    return case.type, case.value, case.text, case.quality, ""


def from_bytes(case: Case) -> Seen:
    """What the source of a CPU says, to which bytes that are no value are an error."""
    return (case.type, None, "", "Bad", "runtime.value") if case.broken else wanted(case)


def test_the_cpu_has_the_values_of_these_bytes(cpu: Served) -> None:
    """All of one request; a broken value is marked, and what is no single value is refused alone."""
    found = asyncio.run(cpu.plant.runtime.read(OPERATOR, [*map(path_of, CASES), *REFUSED]))
    table = dict(zip([each.name for each in CASES], map(seen, found), strict=False))
    assert table == {each.name: wanted(each) for each in CASES} | AS_THE_PROGRAM_SEES_IT
    refused = [seen(each)[1:] for each in found[len(CASES) :]]
    assert refused == [(None, "", "Bad", "plcsim.not_supported")] * len(REFUSED)


def test_clients_read_the_bytes_and_write_them(cpu: Served) -> None:
    content, begin = image()
    with cpu.client() as client:
        assert bytes(client.db_read(BLOCK, 0, len(content))).hex() == content.hex()
        refused = set()
        for each in MEMBERS:
            try:
                client.db_write(
                    BLOCK, begin[each.name], bytearray.fromhex("02" if each.type == "Bool" else each.content)
                )
            except S7Error:
                refused.add(each.name)
        assert refused == {each.name for each in MEMBERS if each.broken}
        assert bytes(client.db_read(BLOCK, 0, len(content))).hex() == content.hex()


def test_what_is_written_by_name_has_these_bytes(cpu: Served) -> None:
    content, begin = image()
    with cpu.client() as client:
        for each in SOUND:
            if each.type != "Bool" and not each.type.startswith("Date_And"):
                client.db_write(BLOCK, begin[each.name], bytearray(len(each.content) // 2))
        client.db_write(BLOCK, 0, bytearray(b"\1"))
        done = asyncio.run(cpu.plant.runtime.write(OPERATOR, [Write(path_of(each), each.written) for each in SOUND]))
        assert {each.tag: each.error for each in done if each.error} == {}
        assert bytes(client.db_read(BLOCK, 0, len(content))).hex() == content.hex()


def test_broken_values_are_not_written_by_name(cpu: Served) -> None:
    done = asyncio.run(cpu.plant.runtime.write(OPERATOR, [Write(path_of(each), each.text) for each in BROKEN]))
    assert {each.tag for each in done if each.error and each.error.code == "plcsim.value"} == set(map(path_of, BROKEN))


def test_a_source_reads_and_writes_the_same_values(source: S7Source) -> None:
    names, addresses = [each.name for each in MEMBERS], list(map(address, MEMBERS))
    table = {each.name: from_bytes(each) for each in MEMBERS}
    assert dict(zip(names, map(seen, source.read(addresses)), strict=True)) == table
    sound = [each for each in MEMBERS if not each.broken]
    assert source.write([(address(each), each.written) for each in sound], {}, atomic=False) == [None] * len(sound)
    assert dict(zip(names, map(seen, source.read(addresses)), strict=True)) == table
