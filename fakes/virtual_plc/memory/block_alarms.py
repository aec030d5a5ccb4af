"""The alarms that a block declares: instances of Program_Alarm, steps of GRAPH, supervisions of ProDiag.

A file that TIA Portal exports has no alarm texts of Program_Alarm, so the comment of the instance is its text.
Decisions: docs/conformance-plc/alarms.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from simatic_xml import model
from simatic_xml.program import graph_nodes

INSTANCE: Final = "program_alarm"
GRAPH, PRO_DIAG = "graph", "supervision"
"""What supervises, as in `surroundings.alarms.Origin`."""
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A Bool of a function block's instance.

    Attributes:
        operand: path from the instance: `.Step1.VA`.
        value: the value with which it is fulfilled.
    """

    operand: str
    value: bool = True


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a function block supervises in each of its instances.

    Attributes:
        name: path of its alarm from the instance: `.running.Operand1`.
        origin: what supervises: `graph` or `supervision`.
        conditions: all have to be fulfilled for the alarm to come.
        delay: operand with the time for which they have to be so, empty for none.
        values: operands with the associated values.
        texts: text by language.
    """

    name: str
    origin: str
    conditions: tuple[Condition, ...]
    delay: str = ""
    values: tuple[str, ...] = ()
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockAlarms:
    """The alarms that a block declares.

    Attributes:
        texts: text of each instance of Program_Alarm by its casefolded path in the block; of a data block itself by
            an empty one.
        supervisions: what the block supervises.
    """

    texts: Mapping[str, Texts] = field(default_factory=dict)
    supervisions: tuple[Supervision, ...] = ()


def alarms_of(block: model.Block, graph: graph_nodes.GraphBody | None) -> BlockAlarms:
    """Return the alarms that a block declares.

    Args:
        block: the block.
        graph: its steps, None where it is no GRAPH block.
    """
    steps = _of_steps(block, graph) if graph is not None else ()
    return BlockAlarms(_texts_of(block), (*steps, *_of_pro_diag(block)))


def _texts_of(block: model.Block) -> dict[str, Texts]:
    """Return the texts of the instances of Program_Alarm that a block declares, by their casefolded paths in it."""
    found = dict(_member_texts("", (member for _, member in block.members())))
    if block.kind == "DB":
        found[""] = block.comment
    return {path: texts for path, texts in found.items() if any(texts.values())}


def _member_texts(inside: str, members: Iterable[model.Member]) -> Iterator[tuple[str, Texts]]:
    for each in members:
        path = f"{inside}.{each.name}".casefold()
        if each.data_type.casefold() == INSTANCE:
            yield path, each.comment
        yield from _member_texts(path, each.members)


# GRAPH: the members of a step say whether its interlock is missing (LA) and whether it has a fault (VA) ----------------


def _of_steps(block: model.Block, graph: graph_nodes.GraphBody) -> Iterator[Supervision]:
    if block.attributes.get("WithAlarmHandling") == "false":
        return
    texts = dict(_step_texts(block))
    for step in graph.steps:
        for kind, member, logic in (("Interlock", "LA", step.interlock), ("Supervision", "VA", step.supervision)):
            if logic.programmed:
                conditions = (Condition(f'."{step.name}".{member}'),)
                own = texts.get((step.number, kind), {})
                yield Supervision(f'."{step.name}".{kind}', GRAPH, conditions, texts=own)


def _step_texts(block: model.Block) -> Iterator[tuple[tuple[int, str], Texts]]:
    """Yield the texts of interlocks and supervisions by number of the step and name of the element."""
    for network in block.networks:
        for step in network.source.iter("{*}Step") if network.source is not None else ():
            for kind in ("Interlock", "Supervision"):
                for found in step.iterfind(f"{{*}}{kind}s/{{*}}{kind}/{{*}}AlarmText"):
                    yield (int(step.get("Number", "0")), kind), _languages(found)


# ProDiag ---------------------------------------------------------------------------------------------------------------


def _of_pro_diag(block: model.Block) -> Iterator[Supervision]:
    """Yield the supervisions of a function block; facts: docs/facts/alarms.md#supervisions."""
    part = block.parts.get("Supervisions")
    for each in part.iter("{*}BlockTypeSupervision") if part is not None else ():
        operand = _operand(each.find("{*}SupervisedOperand"))
        own = Condition(operand, _is_true(each.findtext("{*}SupervisedStatus")))
        further = [
            Condition(_operand(one.find("{*}ConditionOperand")), _is_true(one.findtext("{*}TriggeringStatus")))
            for one in each.iterfind("{*}Conditions/{*}Condition")
        ]
        values = each.iterfind("{*}SpecificField/{*}AssociatedValues/{*}AssociatedValue/{*}AssociatedValueOperand")
        text = each.find("{*}SpecificField/{*}SpecificFieldText")
        yield Supervision(
            f"{operand}.{each.get('Type', 'Operand')}{each.get('Number', '')}",
            PRO_DIAG,
            (own, *further),
            _operand(each.find("{*}DelayOperand")),
            tuple(_operand(one) for one in sorted(values, key=lambda one: int(one.get("Number", "0")))),
            _languages(text) if text is not None else {},
        )


def _operand(element: etree._Element | None) -> str:
    """Return the path of an operand from the instance: `.motor.running` for `#motor.running`; empty without one."""
    name = (element.get("Name", "") if element is not None else "").strip().removeprefix("#")
    return f".{name}" if name else ""


def _is_true(text: str | None) -> bool:
    return (text or "true").strip().casefold() in ("true", "1")


def _languages(holder: etree._Element) -> Texts:
    return {each.get("Lang", ""): each.text or "" for each in holder.iterfind("{*}MultiLanguageText")}
