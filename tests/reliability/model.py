"""What a client knows of its own part of a project, and which states a crash may leave.

A client changes its part one step after the other, so the part goes through a sequence of states. Saving makes everything
durable that was acknowledged before it was asked for. After a crash the part must be one of the states from that one on;
the step that was under way may have been done or not.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]


@dataclass
class Part:
    """A part of the project that one client changes.

    Attributes:
        states: From the state at the start, one for each step that was sent.
        acknowledged: Index of the last state whose step was acknowledged.
        saved: Index of a state that an acknowledged saving made durable.
    """

    name: str
    states: list[State] = field(default_factory=lambda: [{}])
    acknowledged: int = 0
    saved: int = 0

    @property
    def now(self) -> State:
        """The state that the client knows of."""
        return self.states[self.acknowledged]

    def sent(self, after: State) -> None:
        """A step is on its way."""
        self.states.append(after)

    def done(self) -> None:
        """It was acknowledged."""
        self.acknowledged = len(self.states) - 1

    def refused(self) -> None:
        """It was refused, and has changed nothing."""
        self.states.pop()

    def allows(self, found: State) -> bool:
        """Whether a crash may have left this."""
        return found in self.states[self.saved :]

    def go_on(self, found: State) -> None:
        """After a restart: what was found is saved and all there is."""
        self.states, self.acknowledged, self.saved = [found], 0, 0


@dataclass
class Ledger:
    """What was acknowledged, by all clients. Every method may be called from any thread.

    Attributes:
        jobs: By id: the mark of the job's effect.
        completed: Ids of jobs that were seen completed.
        kept: What must be there after a crash, by kind (webhook, pipeline, commit, snapshot) and id.
        operations: How often an operation was acknowledged.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    completed: set[str] = field(default_factory=set)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    operations: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, kind: str, name: str, value: Any) -> None:
        """Something that is stored at once was acknowledged."""
        with self._guard:
            self.kept.setdefault(kind, {})[name] = value

    def drop(self, kind: str, name: str) -> None:
        """Something is about to be deleted: from now on it may be there or not."""
        with self._guard:
            del self.kept[kind][name]

    def count(self, operation: str) -> None:
        """An operation was acknowledged."""
        with self._guard:
            self.operations[operation] += 1

    def submitted(self, job_id: str, mark: str) -> None:
        """The id of a job was answered."""
        with self._guard:
            self.jobs[job_id] = mark

    def fault(self, text: str) -> None:
        """Something happened that must not."""
        with self._guard:
            self.faults.append(text)

    def before_saving(self) -> dict[str, int]:
        """The states that a saving that is sent now makes durable."""
        return {name: part.acknowledged for name, part in self.parts.items()}

    def saved(self, before: dict[str, int]) -> None:
        """That saving was acknowledged."""
        with self._guard:
            for name, index in before.items():
                self.parts[name].saved = max(self.parts[name].saved, index)
