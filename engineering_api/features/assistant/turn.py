"""One question and everything until its answer: sent as it happens, and kept for those who ask later."""

from __future__ import annotations

import time
import uuid
from typing import Any, Literal

import msgspec

from engineering_api.features.assistant.messages import Usage
from engineering_api.operations.events import Hub
from engineering_api.operations.fields import JsonObject, Model
from engineering_api.storage.clock import now
from openness_bridge.errors import Problem

REMEMBERED = 20_000
"""Events of a turn that a late listener still gets."""
PERIOD = 0.03
"""Seconds within which pieces of text are sent together."""
EVENTS = {
    "user": "assistant.user",
    "message": "assistant.intermediate",
    "tool": "assistant.tool",
    "response": "assistant.response",
    "tokens": "assistant.tokens",
}
"""What of a turn everybody gets, to the event of the service."""


class TokenUsage(Model):
    """Tokens of a turn, as the provider counted them; 0 where it does not count."""

    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0


class Answered(Model):
    """How a turn ended.

    Attributes:
        content: The answer; what had come of it, where it was stopped or broke off.
        error_message: What went wrong and what to do; null for a whole answer.
        code: The stable code of that.
        finish_reason: stop for a whole answer, length when the limit of tokens cut it off, or the provider's own word.
    """

    success: bool
    content: str
    error_message: str | None = None
    code: str | None = None
    finish_reason: str = "stop"


class Preview(Model):
    """A change that was tried and taken back again; it is made when its token comes back in `confirmed`.

    Attributes:
        tool: What would be called, with these arguments.
        token: Good once, within minutes, and only while the project is as it was.
        reasons: What it removes or overwrites, and what cannot be taken back.
    """

    tool: str
    arguments: JsonObject
    token: str
    reasons: list[str]


class TurnInfo(Model):
    """A turn as it is now.

    Attributes:
        running_for: Seconds since its begin, or to its end.
        response: How it ended; null while it runs.
        tool_log: What tools were called, one line each.
        intermediate_messages: What the model said before it called tools.
        pending: Changes that wait for the user's confirmation.
        events: Where it can be followed as server-sent events.
    """

    turn_id: str
    status: Literal["busy", "done"]
    project_key: str
    model: str
    changes_allowed: bool
    started_at: str
    running_for: float
    response: Answered | None
    tool_log: list[str]
    intermediate_messages: list[str]
    latest_intermediate_message: str
    usage: TokenUsage
    pending: list[Preview]
    events: str


class Turn:
    """A turn while it runs and after. On the event loop only."""

    def __init__(self, everybody: Hub, project: str, model: str, *, changes: bool) -> None:
        """Begin, and report what happens to the listeners of this turn and, in short, to everybody."""
        self.id = str(uuid.uuid4())
        self.project, self.model, self.changes = project, model, changes
        self.hub = Hub(remembered=REMEMBERED, backlog=REMEMBERED)
        self.answered: Answered | None = None
        self.text = ""
        self.usage = Usage()
        self._everybody = everybody
        self._started_at, self._begin, self._seconds = now(), time.monotonic(), 0.0
        self._tools: list[str] = []
        self._messages: list[str] = []
        self.previews: list[Preview] = []
        self._pending, self._told_at = "", 0.0

    def note_question(self, message: str) -> None:
        """Note the user's question."""
        self._tell("user", message)

    def add_text(self, text: str) -> None:
        """Add a piece of the model's text."""
        self.text += text
        self._pending += text
        if time.monotonic() - self._told_at >= PERIOD:
            self._flush()

    def mark_intermediate(self) -> None:
        """Mark the text so far as no answer yet: tools are called."""
        self._flush()
        if self.text.strip():
            self._messages.append(self.text)
            self._tell("message", self.text)
        self.text = ""

    def tool(self, name: str, text: str, **more: Any) -> None:
        """Report something about a tool, for people to read."""
        self._tools.append(text)
        self._tell("tool", text, name=name, **more)

    def add_preview(self, preview: Preview) -> None:
        """Note a change that waits for the user's confirmation."""
        self.previews.append(preview)
        self._tell("preview", preview)

    def report_wait(self, seconds: float, reason: str) -> None:
        """Report that the provider is busy: it is asked again after so many seconds."""
        self.tool("", f"Waiting {seconds:g} s. {reason}", seconds=seconds)

    def count_tokens(self, usage: Usage) -> None:
        """Count the tokens of one more answer of the model."""
        self.usage += usage
        self._tell("tokens", self._usage())

    def end(self, problem: Problem | None = None, finish: str = "stop") -> Answered:
        """End with the text so far, whole or broken off by a problem."""
        self._flush()
        self._seconds = time.monotonic() - self._begin
        self.answered = Answered(success=True, content=self.text, finish_reason=finish)
        if problem is not None:
            self.answered = Answered(
                success=False,
                content=self.text,
                finish_reason="error",
                error_message=problem.message,
                code=problem.code,
            )
        self._tell("response", self.answered)
        return self.answered

    def info(self) -> TurnInfo:
        """Return the turn as it is now."""
        return TurnInfo(
            turn_id=self.id,
            status="done" if self.answered else "busy",
            project_key=self.project,
            model=self.model,
            changes_allowed=self.changes,
            started_at=self._started_at,
            running_for=round(self._seconds if self.answered else time.monotonic() - self._begin, 3),
            response=self.answered,
            tool_log=list(self._tools),
            intermediate_messages=list(self._messages),
            latest_intermediate_message=self._messages[-1] if self._messages else "",
            usage=self._usage(),
            pending=list(self.previews),
            events=f"/api/assistant/turns/{self.id}/events",
        )

    def _usage(self) -> TokenUsage:
        used = self.usage
        return TokenUsage(input_tokens=used.input, output_tokens=used.output, total_tokens=used.total)

    def _flush(self) -> None:
        if self._pending:
            self._tell("delta", self._pending)
        self._pending, self._told_at = "", time.monotonic()

    def _tell(self, kind: str, content: Any, **more: Any) -> None:
        plain = msgspec.to_builtins(content)
        self.hub.publish(kind, self.id, content=plain, **more)
        if kind in EVENTS:
            self._everybody.publish(EVENTS[kind], self.id, content=plain, project=self.project)
