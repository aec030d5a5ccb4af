"""What a task is: words of an engineer, a project to start from, a judge, and attempts that hold the judge to its job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.tasks.plant import Call, Plant

Kind = Literal["question", "change", "repair", "test"]
KINDS: tuple[Kind, ...] = ("question", "change", "repair", "test")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody did about a task.

    Attributes:
        answer: The text at the end.
    """

    calls: tuple[Call, ...] = ()
    answer: str = ""

    def play(self, plant: Plant) -> str:
        """Run the calls in order. Returns the answer.

        Raises:
            Problem: The service refused a call.
        """
        for each in self.calls:
            plant.run(each.operation, **each.arguments)
        return self.answer


Judge = Callable[[Plant, str], Iterator[str]]
"""Takes the project after an attempt and the answer; yields why the attempt is refused, nothing where it is accepted."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task.

    Attributes:
        id: Short and unique.
        words: What the engineer writes.
        start: Calls that build the program, in a new project with PLC_1.
        judge: Decides about an attempt.
        right: A solution that the judge accepts.
        wrong: Subtly wrong attempts that it refuses, as it refuses to do nothing.
    """

    id: str
    kind: Kind
    words: str
    start: tuple[Call, ...]
    judge: Judge
    right: Attempt
    wrong: tuple[Attempt, ...]
