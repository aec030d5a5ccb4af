"""Plays tasks: the service's assistant gets the words, with its own tools, and a model or only its search to think with."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import msgspec

from benchmarks.tasks.judging import find_faults
from benchmarks.tasks.plant import Plant, open_plant
from benchmarks.tasks.task import Task
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.assistant.messages import Prompt, Reply
from engineering_api.features.assistant.provider import Endpoint
from engineering_api.features.assistant.room import CHARACTERS
from engineering_api.features.assistant.wire import Say, Wait, Wire
from openness_bridge.errors import Problem

FORM = "End with one line 'Answer: ' and only the names or numbers, separated by commas."
CONFIRMED = "Yes, make the changes that you previewed, and finish the task."
CONFIRMATIONS = 4
"""How often the engineer confirms previewed changes."""
PERIOD = 0.02
"""Seconds between questions whether a turn has ended."""


@dataclass(frozen=True, slots=True)
class Model:
    """A language model.

    Attributes:
        provider: A name of the assistant's settings; custom for any address that speaks OpenAI's chat completions.
        url: The address.
    """

    provider: str
    url: str
    name: str
    key: str = field(default="", repr=False)


class Result(msgspec.Struct, rename="camel"):
    """What became of a task.

    Attributes:
        tool_calls: Calls of tools.
        tokens: Of all prompts and answers, as the provider counted them, otherwise estimated by their length.
        faults: Why the attempt is refused.
        ended: Why the assistant stopped before its answer; empty where it did not.
    """

    task: str
    kind: str
    passed: bool
    tool_calls: int
    tokens: int
    faults: list[str]
    ended: str = ""


class Meter(Wire):
    """Connections that count tokens."""

    tokens = 0

    async def ask(self, endpoint: Endpoint, prompt: Prompt, said: Say, waiting: Wait) -> Reply:
        reply = await super().ask(endpoint, prompt, said, waiting)
        size = len(msgspec.json.encode(prompt)) + len(msgspec.json.encode(reply))
        self.tokens += reply.usage.total or size // CHARACTERS
        return reply


def play(task: Task, model: Model | None) -> Result:
    """Let the assistant do a task, and judge what it did.

    Args:
        task: The task.
        model: Which model thinks; None for the answer without one.

    Raises:
        Problem: The service does not take the address or the key of the model.
    """
    with open_plant(task.start) as plant:
        meter = Meter()
        plant.http.app.state.service.part(Assistant).wire = meter
        if model is not None:
            _use_model(plant, model)
        turns = _talk(plant, task)
        last = turns[-1]["response"]
        faults = find_faults(task.judge, plant, last["content"])
        calls = sum(line.endswith(" ...") for turn in turns for line in turn["toolLog"])
        ended = "" if last["success"] else f"{last['code']}: {last['errorMessage']}"
        return Result(task.id, task.kind, not faults, calls, meter.tokens, faults, ended)


def _use_model(plant: Plant, model: Model) -> None:
    """Set up the model; without one the assistant would answer from its search.

    Raises:
        Problem: The service does not take it.
    """
    given = {"provider": model.provider, "endpoint": model.url, "model": model.name, "apiKey": model.key}
    settings = plant.run("assistant.save_settings", **given)
    if not settings["ready"]:
        raise Problem("assistant.incomplete", settings["missing"])


def _talk(plant: Plant, task: Task) -> list[dict[str, Any]]:
    """Return the turns of the conversation, in which the engineer confirms previewed changes."""
    changes = task.kind != "question"
    turns = [_take_turn(plant, task.words if changes else f"{task.words} {FORM}", changes)]
    while len(turns) <= CONFIRMATIONS and turns[-1]["pending"]:
        tokens = [preview["token"] for preview in turns[-1]["pending"]]
        turns.append(_take_turn(plant, CONFIRMED, changes, confirmed=tokens))
    return turns


def _take_turn(plant: Plant, message: str, changes: bool, **more: Any) -> dict[str, Any]:
    """Return a turn that has ended."""
    turn: dict[str, Any] = plant.run(
        "assistant.chat", message=message, projectKey="Plant", locale="en", allowChanges=changes, **more
    )
    while turn["status"] != "done":
        time.sleep(PERIOD)
        turn = plant.run("assistant.turn", turnId=turn["turnId"])
    return turn
