"""The page about MQTT, Sparkplug B and line protocol: its definitions are accepted, its tables are complete."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from runtime_data.sinks.definition import Definition
from runtime_data.sinks.line_transport import LineSend
from runtime_data.sinks.mqtt.broker import Broker
from runtime_data.sinks.mqtt.transport import Command, MqttSend
from runtime_data.sinks.reading import require_valid
from runtime_data.sinks.sparkplug.transport import SparkplugSend
from runtime_data.sinks.transport import OWN
from tests import ROOT
from tests.support.pages import Page

PAGE = Page("runtime/mqtt.md")
BLOCKS = [msgspec.json.decode(block) for block in re.findall(r"```json\n(.*?)```", PAGE.text, re.DOTALL)]


def fields(heading: str) -> set[str]:
    """Return the names in the first table of fields below a heading."""
    rest = PAGE.text[PAGE.text.index(f"\n## {heading}\n") :]
    rows = rest[rest.index("| field | meaning |") :].partition("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def names(form: Any) -> set[str]:
    return {each.encode_name for each in msgspec.structs.fields(form)}


def test_the_definitions_of_the_page_are_accepted() -> None:
    found = [
        require_valid(msgspec.convert(block, Definition), history=True, alarms=True)
        for block in BLOCKS
        if "send" in block
    ]
    assert {each.kind.name for each in found} == set(OWN) - {"http"}
    assert all(each.tags for each in found)


def test_the_command_of_the_page_is_one() -> None:
    [command] = [msgspec.convert(block, Command) for block in BLOCKS if "send" not in block]
    assert [(each.tag, each.value) for each in command.writes] == [("PLC_1:Setpoint", 5)]


def test_the_page_names_every_field() -> None:
    assert fields("The broker") == names(Broker)
    assert fields("MQTT") == names(MqttSend) - names(Broker)
    assert fields("Sparkplug B") - {"tag", "name"} == names(SparkplugSend) - names(Broker)
    assert fields("Line protocol") == set(LineSend.__annotations__)


def test_the_page_names_every_code() -> None:
    folder = ROOT / "runtime_data" / "sinks"
    files = [*(folder / "mqtt").glob("*.py"), *(folder / "sparkplug").glob("*.py")]
    used = {
        code
        for file in files
        for code in re.findall(r'"((?:sink|runtime)\.[a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert PAGE.table("code") == used - {"runtime.write_denied", "runtime.tag"}
