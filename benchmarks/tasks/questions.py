"""Ten questions about the filling line. The judge reads the answer's facts in the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.tasks.judging import keeps, require_all, states
from benchmarks.tasks.line import LEVEL_ALARM, PARTS, START
from benchmarks.tasks.plant import Call, Plant, call
from benchmarks.tasks.task import Attempt, Task

ON = {"deviceName": "PLC_1"}
Facts = Callable[[Plant], Iterable[object]]


def _find_tags(condition: Callable[[dict[str, Any]], bool]) -> Facts:
    """Return what reads the names of tags."""
    return lambda plant: [tag["name"] for tag in plant.run("tags.list_all", **ON) if condition(tag)]


def _find_blocks(condition: Callable[[dict[str, Any]], bool]) -> Facts:
    """Return what reads the names of blocks."""
    return lambda plant: [block["name"] for block in plant.run("blocks.list_", **ON) if condition(block)]


def _find_users(operation: str, access: str, **of: str) -> Facts:
    """Return what reads the names of the blocks that use something in a way: Read, Write or Call."""

    def find(plant: Plant) -> Iterable[object]:
        for source in plant.run(operation, **ON, **of)["sources"]:
            for user in source["referenceObjects"]:
                ways = {(where["referenceType"], where["access"]) for where in user["locations"]}
                if ("UsedBy", access) in ways:
                    yield user["name"]

    return find


def _find_unused(plant: Plant) -> Iterable[object]:
    for tag in plant.run("tags.list_all", **ON):
        found = plant.run("cross_references.of_tag", **ON, tagName=tag["name"])
        if not found["totalReferenceCount"]:
            yield tag["name"]


def _read_start_value(plant: Plant) -> Iterable[object]:
    members = plant.run("udts.get", **ON, udtName="typeRecipe")["members"]
    return [member["startValue"] for member in members if member["name"] == "high"]


def _read_constant(plant: Plant) -> Iterable[object]:
    constants = plant.run("constants.list_user", **ON, tableName=LEVEL_ALARM["tableName"])
    return [each["value"] for each in constants if each["name"] == LEVEL_ALARM["constantName"]]


def _find_network(plant: Plant) -> Iterable[object]:
    networks = plant.run("blocks.get_content", **ON, blockName="Lamps")["document"]["networks"]
    return [number for number, network in enumerate(networks, 1) if "Lamp_Fault" in str(network)]


def _read_cpu(plant: Plant) -> Iterable[object]:
    device = plant.run("devices.get", **ON)
    return [device["articleNumber"], *device["ipAddresses"]]


def _ask(id_: str, words: str, facts: Facts, look: Call, answer: str, *wrong: str) -> Task:
    """Return a question with the call that finds the answer."""
    return Task(
        id=id_,
        kind="question",
        words=words,
        start=START,
        judge=require_all(keeps(*PARTS), states(facts)),
        right=Attempt((look,), f"I have read it in the project.\n\nAnswer: {answer}"),
        wrong=tuple(Attempt((look,), text if "\n" in text else f"Answer: {text}") for text in wrong),
    )


TASKS = (
    _ask(
        "address",
        "Which tag of PLC_1 is at %I0.3?",
        _find_tags(lambda tag: tag["logicalAddress"] == "%I0.3"),
        call("tags.list_all"),
        "`Piece`",
        "Pieces",
        "Jam, Piece",
    ),
    _ask(
        "tag-type",
        "Which tags of PLC_1 are not of the type Bool?",
        _find_tags(lambda tag: tag["dataType"] != "Bool"),
        call("tags.list_all"),
        "Level_Raw, Pieces, Level",
        "Level_Raw, Pieces",
    ),
    _ask(
        "writer",
        "Which block of PLC_1 writes the tag Horn?",
        _find_users("cross_references.of_tag", "Write", tagName="Horn"),
        call("cross_references.of_tag", tagName="Horn"),
        '"Process"',
        "BeltControl",
    ),
    _ask(
        "caller",
        "Which block of PLC_1 calls ScaleLevel?",
        _find_users("cross_references.of_block", "Call", blockName="ScaleLevel"),
        call("cross_references.of_block", blockName="ScaleLevel"),
        "Process",
        "Main",
        "It is called by Process.\nI am sure.",
    ),
    _ask(
        "unused-tags",
        "Which tags of PLC_1 does no block use?",
        _find_unused,
        call("cross_references.of_tag", tagName="Spare_1"),
        "Spare_1, Spare_2",
        "Spare_1",
        "Spare_1, Spare_2, Level_Raw",
    ),
    _ask(
        "count",
        "How many function blocks (FB) does PLC_1 have? Do not count their instance data blocks.",
        lambda plant: [len(list(_find_blocks(lambda block: block["type"] == "FB")(plant)))],
        call("blocks.list_"),
        "**3**",
        "6",
    ),
    _ask(
        "start-value",
        "At which level, in percent, does the recipe's data type say that the filling valve closes? Give the start value of 'high'.",
        _read_start_value,
        call("udts.get", udtName="typeRecipe"),
        "80",
        "20.0",
        "95",
    ),
    _ask(
        "constant",
        "What is the value of the user constant LEVEL_ALARM of PLC_1?",
        _read_constant,
        call("constants.list_user", tableName="Memory"),
        "95",
        "100",
    ),
    _ask(
        "network",
        "Which network of the block Lamps of PLC_1 switches Lamp_Fault? Give its number; the first one is 1.",
        _find_network,
        call("blocks.get_content", blockName="Lamps"),
        "2",
        "1",
    ),
    _ask(
        "cpu",
        "Give the article number and the IP address of the CPU PLC_1.",
        _read_cpu,
        call("devices.get"),
        "6ES7 511-1AK02-0AB0, 192.168.0.1",
        "6ES7 511-1AK02-0AB0",
        "6ES7 511-1AK02-0AB0, 192.168.0.2",
    ),
)
