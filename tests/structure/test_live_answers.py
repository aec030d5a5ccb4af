"""Every answer and stream with values of a running program says which program that is: a matrix over the catalogue."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engineering_api.features.sections import SECTIONS
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.streaming.beats import Beat
from engineering_api.operations.streaming.streams import LiveStream
from openness_bridge.program_identity import ProgramState
from runtime_data.servers import servers
from runtime_data.sinks import transport as sinks
from tests import ROOT

CATALOGUE = Catalogue(SECTIONS)
NOT_RUNNING = {
    "AttributeValue": "an attribute of hardware",
    "Attribute": "an attribute of a data type",
    "RowPreview": "a cell of a file",
    "ConstantEntry": "a constant",
    "ConstantInfo": "a constant",
    "Fault": "the wrong value of a refused request",
    "EnumValue": "a word of the object model",
    "ForcedOperand": "what was ordered, not what the program made of it",
    "ParameterInfo": "a parameter of a technology object in the project",
    "PartParameter": "an operand in the code",
    "Past": "logged before",
    "ProgramChange": "a text of the project",
    "RuntimeAlarm": "of the moment when the alarm came or changed",
    "SignalChange": "recorded by a test",
    "SnapshotChange": "of a snapshot",
    "TallRow": "logged before",
    "TraceData": "recorded before",
}
"""Structs with values that are not those of a program that runs now, each with what they are."""


def structs(kind: Any, seen: set[type]) -> Iterator[type[msgspec.Struct]]:
    for part in typing.get_args(kind):
        yield from structs(part, seen)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from structs(field.type, seen)


def has(kind: type[msgspec.Struct], *names: str) -> bool:
    return any(field.name in names for field in msgspec.structs.fields(kind))


@pytest.mark.parametrize("op", CATALOGUE.operations, ids=lambda op: op.name)
def test_an_answer_with_live_values_names_their_program(op: Any) -> None:
    found = list(structs(op.answer, set()))
    naming = [each for each in found if has(each, "online")]
    for each in naming:
        assert next(f for f in msgspec.structs.fields(each) if f.name == "online").type is ProgramState
    assert op.live == bool(naming), f"{op.name} gives values of a running program: declare live"
    inside = {part for each in naming for part in structs(each, set())}
    values = [each for each in found if has(each, "value") and each not in inside]
    unknown = [each.__name__ for each in values if each.__name__ not in NOT_RUNNING]
    assert not unknown, f"{op.name}: give {unknown} a field online, or say here what its values are"


@pytest.mark.parametrize("stream", [each for each in CATALOGUE.endpoints if each.is_stream], ids=lambda each: each.name)
def test_a_stream_with_live_values_names_their_program(stream: Any) -> None:
    answer = typing.get_type_hints(stream.run)["return"]
    assert stream.live == (answer is LiveStream)
    assert stream.live == ("value" in stream.name), "a stream of values is live; others have none"


def test_a_beat_names_the_programs() -> None:
    assert has(Beat, "online") and has(Beat, "time")


@pytest.mark.parametrize(("what", "kinds"), [("server", servers.KINDS), ("sink", sinks.OWN)])
def test_the_page_has_each_server_and_sink(what: str, kinds: dict[str, Any]) -> None:
    """Where it names the program, or why it cannot; their own tests read it there."""
    page = (ROOT / "docs" / "online.md").read_text(encoding="utf-8")
    assert sorted(re.findall(rf"^\| {what} `(\w+)` \|", page, re.MULTILINE)) == sorted(kinds)


def test_the_matrix_has_what_it_is_about() -> None:
    """The operations that the issue names are among those that are found to be live."""
    live = {op.name for op in CATALOGUE.operations if op.live}
    wanted = {"block_drawing.power_flow", "online.read_values", "watch_tables.read_values", "runtime_values.read"}
    assert wanted | {"simulation_tags.read", "simulation_tags.batch_read", "runtime_values.get"} <= live
    assert sum(each.live for each in CATALOGUE.endpoints if each.is_stream or each.is_only_socket) == 5
