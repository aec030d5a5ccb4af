"""What is built into an article: interfaces, ports, on-board inputs and outputs, and the module's own submodule.

A CPU is never a single item: TIA Portal shows its display, card reader, interfaces
and ports as device items below it, with fixed position numbers. Facts: a real
hardware export (S7-1500), real listings of S7-1200 stations, docs/facts/hardware-catalog.md#racks-and-slots;
hardware identifiers of the on-board items are background.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fake_openness.hardware.articles import Article

FIRST_INTERFACE = 32768
INTERFACE_STEP = 256


@dataclass(frozen=True, slots=True)
class Part:
    """One built-in device item.

    Attributes:
        network: Ethernet, Profibus or Mpi for an interface; Port for a port; empty otherwise.
        role: The first operating mode of an interface in an IO system: IoController, IoDevice, or empty for neither.
        inputs: Bytes; 0 for no input address. `outputs` likewise.
        input_start: The address that TIA Portal proposes; None for the next free one. `output_start` likewise.
        channels: Kind (DI, DQ, AI, AQ) and count.
        software: Whether the item holds software (runtime of a panel).
    """

    name: str
    position: int
    label: str = ""
    network: str = ""
    role: str = ""
    inputs: int = 0
    outputs: int = 0
    input_start: int | None = None
    output_start: int | None = None
    channels: tuple[tuple[str, int], ...] = ()
    hardware_id: int = 0
    parts: tuple[Part, ...] = ()
    software: bool = False


def parts_of(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    """Return the built-in items of an article that is plugged under a name into a slot."""
    build = _BUILDERS.get((article.system, article.kind)) or _BUILDERS_OF_KIND.get(article.kind, _module)
    return build(article, name, slot)


def _ports(count: int, first: int, hardware_id: int) -> tuple[Part, ...]:
    suffix = " R" if count > 1 else ""
    return tuple(
        Part(f"Port_{n}", first + n, f"P{n}{suffix}", "Port", hardware_id=hardware_id + n if hardware_id else 0)
        for n in range(1, count + 1)
    )


def _profinet(number: int, ports: int, role: str, name: str = "PROFINET interface") -> Part:
    position = FIRST_INTERFACE + INTERFACE_STEP * (number - 1)
    hardware_id = 64 + 8 * (number - 1)
    below = _ports(ports, position, hardware_id)
    return Part(f"{name}_{number}", position, f"X{number}", "Ethernet", role, hardware_id=hardware_id, parts=below)


def _dp(name: str, number: int, role: str, network: str = "Profibus") -> Part:
    position = FIRST_INTERFACE + INTERFACE_STEP * (number - 1)
    return Part(name, position, f"X{number}", network, role, hardware_id=64 + 8 * (number - 1))


def _profinet_count(article: Article) -> int:
    if article.interfaces is not None:
        return article.interfaces
    dashed = re.search(r"-(\d) PN(/DP)?", article.type_name)
    return int(dashed[1]) - (1 if dashed[2] else 0) if dashed else int("PN" in article.type_name)


def _cpu_1500(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del name, slot
    count = _profinet_count(article)
    distributed = article.system == "ET 200SP"
    interfaces = [_profinet(n, (3 if distributed else 2) if n == 1 else 1, "IoController") for n in range(1, count + 1)]
    if "DP" in article.type_name:
        interfaces.append(_dp("DP interface_1", count + 1, "IoController"))
    display = () if distributed or article.system == "PC station" else (Part("CPU display_1", 3, hardware_id=54),)
    card, server = Part("Card reader/writer_1", 4, hardware_id=51), Part("OPC UA_1", 254, hardware_id=117)
    return (*display, card, server, *interfaces)


def _cpu_1200(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del name, slot
    board = [_digital_1200(article)] if article.di else []
    if article.ai:
        board.append(_analog_1200(article))
    counters = [Part(f"HSC_{n}", 15 + n, inputs=4, input_start=996 + 4 * n, hardware_id=256 + n) for n in range(1, 7)]
    pulses = [Part(f"Pulse_{n}", 31 + n, outputs=2, output_start=998 + 2 * n, hardware_id=264 + n) for n in range(1, 5)]
    server = [Part("OPC UA", 254, hardware_id=117)] if _firmware(article) >= (4, 4) else []
    ports = 2 if "1215" in article.type_name or "1217" in article.type_name or article.second_generation else 1
    card = Part("Card reader/writer", 4, hardware_id=51)
    return (*board, card, *counters, *pulses, *server, _profinet(1, ports, "IoController"))


def _digital_1200(article: Article) -> Part:
    return Part(
        f"DI {article.di}/DQ {article.dq}_1",
        1,
        inputs=(article.di + 7) // 8,
        outputs=(article.dq + 7) // 8,
        input_start=0,
        output_start=0,
        hardware_id=269,
        channels=(("DI", article.di), ("DQ", article.dq)),
    )


def _analog_1200(article: Article) -> Part:
    name = f"AI {article.ai}/AQ {article.aq}_1" if article.aq else f"AI {article.ai}_1"
    return Part(
        name,
        2,
        inputs=2 * article.ai,
        outputs=2 * article.aq,
        input_start=64,
        output_start=64,
        hardware_id=263,
        channels=(("AI", article.ai), ("AQ", article.aq)),
    )


def _firmware(article: Article) -> tuple[int, ...]:
    if article.second_generation:
        return (5, 0)
    return tuple(int(n) for n in re.findall(r"\d+", article.version)[:2])


def _cpu_300(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del name, slot
    shared = "PN/DP" in article.type_name
    first = _dp("MPI/DP interface_1" if shared else "MPI interface_1", 1, "", "Mpi")
    second = [_dp("DP interface_1", 2, "IoController")] if "2 DP" in article.type_name else []
    profinet = [_profinet(number, 2, "IoController") for number in range(1, _profinet_count(article) + 1)]
    moved = [_renumber(part, number) for number, part in enumerate(profinet, 2)]
    return (*_onboard_300(article), first, *second, *moved)


def _renumber(part: Part, number: int) -> Part:
    position = FIRST_INTERFACE + INTERFACE_STEP * (number - 1)
    ports = _ports(len(part.parts), position, part.hardware_id)
    return Part(part.name, position, f"X{number}", part.network, part.role, hardware_id=part.hardware_id, parts=ports)


def _onboard_300(article: Article) -> tuple[Part, ...]:
    parts = []
    if article.di:
        parts.append(
            Part(
                f"DI {article.di}/DO {article.dq}_1",
                2,
                inputs=(article.di + 7) // 8,
                outputs=(article.dq + 7) // 8,
                input_start=124,
                output_start=124,
                channels=(("DI", article.di), ("DQ", article.dq)),
            )
        )
    if article.ai:
        parts.append(
            Part(
                f"AI {article.ai}/AO {article.aq}_1",
                3,
                inputs=2 * article.ai,
                outputs=2 * article.aq,
                input_start=752,
                output_start=752,
                channels=(("AI", article.ai), ("AQ", article.aq)),
            )
        )
    return tuple(parts)


def _head(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del name, slot
    if _profinet_count(article) == 0:
        return (_dp("DP interface_1", 1, "IoDevice"),)
    ports = _ports(3 if "/3" in article.type_name else 2, FIRST_INTERFACE, 0)
    return (Part("PROFINET interface", FIRST_INTERFACE, "X1", "Ethernet", "IoDevice", parts=ports),)


def _panel(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del slot
    bus = Part(f"{name}.MPI/DP_CP_1", 6, parts=(_dp("MPI/DP interface_1", 1, "", "Mpi"),))
    ethernet = Part(f"{name}.IE_CP_1", 5, parts=(_profinet(1, 2, "", "PROFINET Interface"),))
    runtime = Part("HMI_RT_1", 1, software=True)
    if article.type_name.endswith(" DP"):
        return (bus, runtime)
    both = "Comfort" in article.type_name and "Unified" not in article.type_name
    return (ethernet, bus, runtime) if both else (ethernet, runtime)


def _pc(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    del article, name, slot
    return (_profinet(1, 1, ""),)


def _single(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    io = _module(article, name, slot) if article.inputs or article.outputs else ()
    return (*io, _profinet(1, 2, "IoDevice"))


def _module(article: Article, name: str, slot: int) -> tuple[Part, ...]:
    """Return the one submodule of an I/O module: it has the module's name, and the addresses and channels are on it."""
    if not (article.inputs or article.outputs):
        return ()
    counts = (("DI", article.di), ("DQ", article.dq), ("AI", article.ai), ("AQ", article.aq))
    start = _propose_start(article, slot)
    channels = tuple((kind, count) for kind, count in counts if count)
    return (
        Part(
            name,
            1,
            inputs=article.inputs,
            outputs=article.outputs,
            input_start=start,
            output_start=start,
            channels=channels,
        ),
    )


def _propose_start(article: Article, slot: int) -> int | None:
    """Return the address by slot, as S7-1200 and S7-300 have it; elsewhere the next free one."""
    analog = bool(article.ai or article.aq)
    if article.system == "S7-1200":
        if article.kind == "board":
            return 80 if analog else 4
        return 96 + 16 * (slot - 2) if analog else 8 + 4 * (slot - 2)
    if article.system == "S7-300":
        return 256 + 16 * (slot - 4) if analog else 4 * (slot - 4)
    return 512 if article.system == "S7-400" and analog else None


Builder = Callable[[Article, str, int], tuple[Part, ...]]
_BUILDERS: dict[tuple[str, str], Builder] = {
    ("S7-1500", "cpu"): _cpu_1500,
    ("ET 200SP", "cpu"): _cpu_1500,
    ("PC station", "cpu"): _cpu_1500,
    ("ET 200pro", "cpu"): _cpu_1500,
    ("S7-1200", "cpu"): _cpu_1200,
    ("S7-300", "cpu"): _cpu_300,
    ("S7-400", "cpu"): _cpu_300,
    ("S7-300", "head"): _head,
}
_BUILDERS_OF_KIND: dict[str, Builder] = {"head": _head, "panel": _panel, "pc": _pc, "single": _single}
