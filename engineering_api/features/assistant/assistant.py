"""The assistant of a service: its turns, one at a time for each project."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engineering_api.features.assistant import offline
from engineering_api.features.assistant.agent import CLIENT, Agent, Permission, limit_caller
from engineering_api.features.assistant.history import History, window
from engineering_api.features.assistant.messages import Message
from engineering_api.features.assistant.provider import Endpoint
from engineering_api.features.assistant.settings import Configuration, Limits
from engineering_api.features.assistant.turn import Preview, Turn
from engineering_api.features.assistant.wire import Wire
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.security.scopes import covers
from engineering_api.storage.database import Database
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.operations.context import Service

log = logging.getLogger(__name__)
TOGETHER = 4
"""Turns that run at the same time, of all projects."""
KEPT = 20
"""Turns that can still be asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a turn begins with.

    Attributes:
        earlier: The conversation before it; None for the stored one.
        locale: The language of the answer.
        changes: Whether tools may change something.
        confirmed: Tokens of previewed changes that a person agreed to.
    """

    message: str
    project: str
    locale: str
    earlier: list[Message] | None = None
    changes: bool = False
    confirmed: tuple[str, ...] = ()


class Assistant:
    """Begins turns, stops them, and knows the latest. On the event loop only."""

    def __init__(self, service: Service, database: Database, wire: Wire | None = None) -> None:
        """Work for a service."""
        self._service = service
        self.configuration = Configuration(service.settings.data_dir)
        self.history = History(database)
        self.wire = wire or Wire()
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, question: Question, caller: Caller, instance: int | None) -> Turn:
        """Begin a turn; it continues by itself.

        Raises:
            Problem: Another one of the project runs, too many run, or the caller may not what is asked.
        """
        if caller.client == CLIENT:
            raise Problem(
                "assistant.recursive", "The assistant cannot start a turn of the assistant.", kind=Kind.FORBIDDEN
            )
        confirmed = tuple(map(self._preview, question.confirmed))
        if confirmed and not question.changes:
            raise Problem("assistant.confirmed", "A confirmed change also needs 'allowChanges'.", kind=Kind.REFUSED)
        permission = Permission(limit_caller(caller, changes=question.changes), instance, question.changes, confirmed)
        self._require_free(question.project)
        kept = self.configuration.read()
        turn = Turn(self._service.hub, question.project, kept.model, changes=question.changes)
        self._turns[turn.id] = turn
        self._forget_old()
        task = asyncio.create_task(self._take(turn, question, permission))
        self._running[turn.id] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return turn

    def turn(self, turn_id: str, caller: Caller) -> Turn:
        """Find one of the latest turns.

        Args:
            turn_id: Its id.
            caller: Who asks; callers who are limited to some projects find only the turns about these.

        Raises:
            Problem: There is none for this caller.
        """
        found = self._turns.get(turn_id)
        if found is None or (caller.projects and not covers(caller.projects, found.project)):
            msg = f"The turn '{turn_id}' is no longer available: GET /api/assistant/history returns the conversation."
            raise Problem("assistant.turn_not_found", msg, kind=Kind.MISSING)
        return found

    def stop(self, *, project: str | None = None, turn_id: str | None = None) -> list[str]:
        """Stop a turn, those of a project, or all; returns which."""
        wanted = [
            turn for turn in self._list_running() if project in {None, turn.project} and turn_id in {None, turn.id}
        ]
        stopped = [turn.id for turn in wanted if not self._running[turn.id].cancelling()]
        for each in stopped:
            self._running[each].cancel()
        return stopped

    async def close(self) -> None:
        """Stop everything and wait for its end."""
        self.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.wire.close()

    def _preview(self, token: str) -> Preview:
        found = (each for turn in self._turns.values() for each in turn.previews if each.token == token)
        if (preview := next(found, None)) is None:
            raise Problem(
                "assistant.preview_not_found",
                "This preview is no longer available: ask for the change again.",
                kind=Kind.MISSING,
            )
        return preview

    def _forget_old(self) -> None:
        ended = [turn.id for turn in self._turns.values() if turn.answered]
        for each in ended[: max(0, len(self._turns) - KEPT)]:
            del self._turns[each]

    def _list_running(self) -> list[Turn]:
        return [self._turns[turn_id] for turn_id in self._running]

    def _require_free(self, project: str) -> None:
        running = self._list_running()
        if any(turn.project == project for turn in running):
            msg = "The assistant is still answering: wait for it, or stop it with POST /api/assistant/stop."
            raise Problem("assistant.busy", msg, kind=Kind.CONFLICT)
        if len(running) >= TOGETHER:
            raise Problem(
                "assistant.busy",
                f"{TOGETHER} turns are running already: wait until one of them ends.",
                kind=Kind.CONFLICT,
            )

    async def _take(self, turn: Turn, question: Question, permission: Permission) -> None:
        """Run a turn to its end, which every turn has; it is reported when all is kept and the next may begin."""
        problem, finish = None, "stop"
        try:
            earlier = await self._earlier(question)
            await self.history.add(question.project, "user", question.message)
            turn.note_question(question.message)
            finish = await self._answer(turn, question, permission, earlier)
        except Problem as refused:
            problem = refused
        except asyncio.CancelledError:
            problem = Problem(
                "assistant.stopped", "The turn was stopped. Changes that the tools made are kept.", kind=Kind.CONFLICT
            )
        except Exception:
            log.exception("Internal error in the turn %s of the assistant", turn.id)
            problem = Problem("internal", "An error of this service; its log has the details.", kind=Kind.FAILED)
        del self._running[turn.id]
        note = f"[{problem.message}]" if problem else ""
        try:
            await self.history.add(turn.project, "assistant", "\n\n".join(filter(None, [turn.text, note])))
        finally:
            turn.end(problem, finish)

    async def _earlier(self, question: Question) -> list[Message]:
        earlier = question.earlier
        if earlier is None:
            earlier = [Message(said.role, said.content) for said in await self.history.of(question.project)]
        return window([message for message in earlier if message.text.strip()])

    async def _answer(self, turn: Turn, question: Question, permission: Permission, earlier: list[Message]) -> str:
        try:
            endpoint, limits = self.configuration.endpoint(), self.configuration.read()
        except Problem as problem:
            if problem.code not in {"assistant.no_provider", "assistant.incomplete"}:
                raise
            turn.add_text(await self._search_offline(question.message, problem))
            return "stop"
        return await self._ask_model(turn, question, permission, earlier, endpoint, limits)

    async def _ask_model(
        self,
        turn: Turn,
        question: Question,
        permission: Permission,
        earlier: list[Message],
        endpoint: Endpoint,
        limits: Limits,
    ) -> str:
        agent = Agent(self.wire, endpoint, self._service.part(Toolbox), limits, permission, turn)
        try:
            async with asyncio.timeout(limits.max_seconds):
                return await agent.run([*earlier, Message("user", question.message)], question.locale)
        except TimeoutError:
            msg = f"The turn took longer than {limits.max_seconds:g} s: ask for less in one turn, or increase 'maxSeconds'."
            raise Problem("assistant.limit_seconds", msg, kind=Kind.TIMED_OUT) from None

    async def _search_offline(self, question: str, problem: Problem) -> str:
        service = self._service
        return await asyncio.to_thread(
            offline.answer, service.catalogue, service.part(Toolbox), question, problem.message
        )
