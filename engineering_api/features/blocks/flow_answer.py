"""The power flow of a block as clients get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from engineering_api.features.blocks.flow_values import Snapshot, show, show_read
from openness_bridge.online.program_state import ProgramComparison
from openness_bridge.plcsim.runtime import OperatingState
from openness_bridge.program_identity import ProgramState
from runtime_data.documents import rfc3339
from runtime_data.quality import Quality
from runtime_data.values import now

if TYPE_CHECKING:
    from simatic_xml.program.power_flow import NetworkFlow, Operand

FlowSourceState = Annotated[
    Literal["connected", "disconnected", "failed", "snapshot"], msgspec.Meta(title="FlowSourceState")
]


class PlacePower(msgspec.Struct, rename="camel", frozen=True):
    """The current in a network, or in one condition of GRAPH. Null: the values do not show it.

    Attributes:
        place: As in the drawing: empty, or T1, S1.interlock, S1.supervision, before.1, after.1.
        wires: By the number of each wire that carries a truth value, whether current flows.
        parts: By the number of each part, whether it conducts (contacts, comparisons) or current reaches it (others).
    """

    place: str
    wires: dict[str, bool | None]
    parts: dict[str, bool | None]


class StepPower(msgspec.Struct, rename="camel", frozen=True):
    """A step of GRAPH.

    Attributes:
        active: Whether it is active; null where the values do not show it.
    """

    number: int
    name: str
    active: bool | None


class OperandPower(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """An operand of a network with its value.

    Attributes:
        operand: As the drawing shows it.
        data_type: As TIA Portal writes it.
        value: As TIA Portal writes it; empty where it is not known.
        quality: Of what the source answered; null where it was not asked, as for temporary variables.
        tag: What the source calls it.
    """

    operand: str
    data_type: str
    value: str = ""
    quality: Quality | None = None
    tag: str = ""


class NetworkPower(msgspec.Struct, rename="camel", frozen=True):
    """The current in a network of a block.

    Attributes:
        executed: False where a jump leaves it out, null where the values do not show whether; its wires are not known then.
        places: One for a network, several for GRAPH, none for other languages.
        steps: Of GRAPH.
    """

    number: int
    executed: bool | None
    places: list[PlacePower]
    operands: list[OperandPower]
    steps: list[StepPower]


class PowerFlow(msgspec.Struct, rename="camel", frozen=True):
    """The current in networks of a block.

    Attributes:
        instance: What holds the data of the function block; empty for others, and where it is not known.
        instances: What may hold it.
        source_state: Of the source; snapshot where the client sent the values.
        message: Why the source is not connected; empty otherwise.
        operating_state: Of the CPU; empty for other sources.
        live: Whether the values are of a CPU that executes its program now.
        online: Whether the block in that CPU is the one of the project. Where it differs, no current is known: `wires` and
            `parts` are null. Unknown for a client's values, and where TIA Portal cannot compare.
        online_message: Why it is not equal, and what to do; empty where it is.
        time: When the values were read, RFC 3339 in UTC; null for a client's.
        age: Milliseconds since then.
    """

    name: str
    instance: str
    instances: list[str]
    source: str
    source_state: FlowSourceState
    message: str
    operating_state: OperatingState | Literal[""]
    live: bool
    online: ProgramState
    online_message: str
    time: str | None
    age: int
    total: int
    networks: list[NetworkPower]


def answer(
    name: str,
    instance: str,
    instances: list[str],
    source: str,
    total: int,
    flows: Sequence[NetworkFlow],
    snapshot: Snapshot,
    program: ProgramComparison,
) -> PowerFlow:
    """Return flows with the values that they were made of; without current where the CPU executes another block."""
    status, online = snapshot.status, program.state_of(name)
    return PowerFlow(
        name,
        instance,
        instances,
        source,
        status.state if status else "snapshot",
        status.message if status else "",
        status.operating_state if status else "",
        snapshot.is_live,
        online,
        _about(name, online, program) if status else "",
        rfc3339(snapshot.time),
        max(0, now() - snapshot.time) // 1000 if snapshot.time else 0,
        total,
        [_network(each, snapshot, is_executed=online != "differs") for each in flows],
    )


def _about(name: str, online: ProgramState, program: ProgramComparison) -> str:
    if online == "differs":
        return f"'{name}' is not the block that the CPU executes: download the program to see it live."
    if online == "unknown":
        return program.reason or f"TIA Portal does not compare '{name}' with the CPU."
    return ""


def _network(flow: NetworkFlow, snapshot: Snapshot, *, is_executed: bool) -> NetworkPower:
    """Return the current of a network; none is known of a network that the CPU does not execute."""
    return NetworkPower(
        flow.number,
        flow.executed if is_executed else None,
        [
            PlacePower(each.place, _texts(each.wires, is_executed), _texts(each.parts, is_executed))
            for each in flow.places
        ],
        [_operand(each, flow, snapshot) for each in flow.operands],
        [StepPower(each.number, each.name, each.active if is_executed else None) for each in flow.steps],
    )


def _texts(bits: dict[int, bool | None], is_known: bool) -> dict[str, bool | None]:
    return {str(number): bit if is_known else None for number, bit in bits.items()}


def _operand(operand: Operand, flow: NetworkFlow, snapshot: Snapshot) -> OperandPower:
    value = snapshot.read.get(operand.path)
    if value is None:
        return OperandPower(operand.text, operand.data_type, show(flow.known[operand.text], operand.data_type))
    return OperandPower(operand.text, operand.data_type, show_read(value), value.quality, value.tag)
