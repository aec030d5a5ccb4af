"""Lists of the system status (SZL) and of blocks, as a CPU answers them. Facts: docs/runtime/s7.md#protocol."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable

from runtime_data.servers.s7.machine import CpuIdentity, Machine
from runtime_data.servers.s7.messages import LARGEST

CONNECTIONS = 64
_STATES = {"run": 0x08, "stop": 0x04, "unknown": 0x00}
_KINDS = {"OB": 0x38, "DB": 0x41, "SDB": 0x42, "FC": 0x43, "SFC": 0x44, "FB": 0x45, "SFB": 0x46}
Records = tuple[int, list[bytes]]
"""Length of a record, and the records."""


def system_status(number: int, index: int, machine: Machine) -> bytes | None:
    """Return a list of the system status; None where there is none of this number."""
    find = _LISTS.get(number & 0xFF)
    if find is None:
        return None
    length, records = find(number, index, machine)
    return struct.pack(">HHHH", number, index, length, len(records)) + b"".join(records)


def count_blocks(machine: Machine) -> bytes:
    """Return how many blocks of each kind there are."""
    blocks = machine.identity().blocks
    return b"".join(struct.pack(">BBH", 0x30, code, len(blocks.get(kind, ()))) for kind, code in _KINDS.items())


def list_blocks(code: int, machine: Machine) -> bytes | None:
    """Return the numbers of the blocks of a kind; None where there is none."""
    kind = next((kind for kind, each in _KINDS.items() if each == code), "")
    numbers = machine.identity().blocks.get(kind)
    return b"".join(struct.pack(">HBB", number, 0x22, 0) for number in numbers) if numbers else None


def show_clock(machine: Machine) -> bytes:
    """Return the clock of a PLC in decimal digits."""
    year, month, day, hour, minute, second, milli = machine.clock()
    weekday = dt.date(year, month, day).isoweekday() % 7 + 1
    text = f"00{year // 100:02}{year % 100:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}{milli:03}{weekday}"
    return bytes.fromhex(text)


def _known(_: int, __: int, ___: Machine) -> Records:
    return 2, [struct.pack(">H", number) for number in (0x0000, 0x0011, 0x001C, 0x0131, 0x0232, 0x0424)]


def _identification(number: int, index: int, machine: Machine) -> Records:
    who = machine.identity()
    order = who.order.encode("ascii", "replace")[:20].ljust(20)
    firmware = struct.pack(">H20sH", 7, order, 0) + b"V" + bytes(who.version)
    records = {1: struct.pack(">H20sHHH", 1, order, 0, 0, 0), 7: firmware}
    return 28, _chosen(number, index, records)


def _component(number: int, index: int, machine: Machine) -> Records:
    who = machine.identity()
    texts = {1: who.name, 2: who.name, 3: "", 4: "", 5: _serial(who), 7: who.module}
    texts |= {8: "", 9: "", 10: "", 11: ""}
    records = {key: struct.pack(">H", key) + _text(text, 24) + bytes(8) for key, text in texts.items()}
    return 34, _chosen(number, index, records)


def _serial(who: CpuIdentity) -> str:
    return f"simulated {who.name}"


def _communication(_: int, __: int, ___: Machine) -> Records:
    return 40, [struct.pack(">HHHII", 1, LARGEST, CONNECTIONS, 0, 0).ljust(40, b"\0")]


def _protection(_: int, __: int, ___: Machine) -> Records:
    return 40, [struct.pack(">HHHHHH", 4, 1, 0, 1, 0, 0).ljust(40, b"\0")]


def _state(_: int, __: int, machine: Machine) -> Records:
    return 20, [bytes((0x43, 0x02, 0xFF, _STATES[machine.state()])).ljust(20, b"\0")]


def _chosen(number: int, index: int, records: dict[int, bytes]) -> list[bytes]:
    """Return one record where the list asks for one (16#01xx), otherwise all."""
    if number >> 8 & 0xF == 1:
        return [records[index]] if index in records else []
    return list(records.values())


def _text(text: str, length: int) -> bytes:
    return text.encode("latin-1", "replace")[:length].ljust(length, b"\0")


_LISTS: dict[int, Callable[[int, int, Machine], Records]] = {
    0x00: _known,
    0x11: _identification,
    0x1C: _component,
    0x31: _communication,
    0x32: _protection,
    0x24: _state,
}
