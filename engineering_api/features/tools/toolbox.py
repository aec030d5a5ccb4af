"""The tools of a service: listed, found, and called with the caller's rights."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.tools import losses, search
from engineering_api.features.tools.answers import Results, ToolAnswer, answer_failure, answer_success
from engineering_api.features.tools.changes import Changes
from engineering_api.features.tools.names import SHORT, tool_name, unfit
from engineering_api.features.tools.own import CALL, OWN, PREVIEW
from engineering_api.features.tools.profiles import PROFILES
from engineering_api.features.tools.resources import Resources
from engineering_api.features.tools.running import Progress, Run
from engineering_api.features.tools.tool import Tool, to_tool
from engineering_api.operations import binding
from engineering_api.operations.context import Cancelled
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.terms import Task
from engineering_api.security import scopes
from engineering_api.settings import ToolProfile
from engineering_api.web import options
from openness_bridge import likeness
from openness_bridge.errors import Kind, Place, Problem

if TYPE_CHECKING:
    from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service


class Toolbox:
    """The tools of a service.

    Attributes:
        changes: The previews, and the changes that can be undone.
        results: Answers that were too large.
        resources: What can be read by a URI.
    """

    def __init__(self, service: Service) -> None:
        """Make tools of everything in the service's catalogue."""
        self._service = service
        self.changes, self.results = Changes(), Results()
        self.resources = Resources(self.results)
        self._calls: set[asyncio.Task[ToolAnswer]] = set()

    @cached_property
    def _tools(self) -> dict[str, Tool]:
        """All tools of operations by name, listed ones first, in the order of their tasks."""
        order = {task: number for number, task in enumerate(Task)}
        fit = [op for op in self._service.catalogue if not unfit(op)]
        ordered = sorted(fit, key=lambda op: len(order) if op.task is None else order[op.task])
        return {tool_name(op): to_tool(op) for op in ordered}

    @cached_property
    def _operations(self) -> dict[str, Operation]:
        """Operations by their own names and those of their tools."""
        by_tool = {tool_name(op): op for op in self._service.catalogue}
        return {op.name: op for op in self._service.catalogue} | by_tool

    def tools(self, caller: Caller, *, everything: bool = False) -> list[Tool]:
        """Return the tools that a caller has the right to call: those that are listed, or all with the rarer ones."""
        offered = ((tool, self._operations[name]) for name, tool in self._tools.items())
        mine = [tool for tool, op in offered if (everything or op.task) and scopes.is_allowed(caller, op)]
        return [*mine, *(own.tool for own in OWN.values())]

    def list_tools(self, caller: Caller, *, writing: bool, profile: ToolProfile = "all") -> list[Tool]:
        """Return the tools that are listed to a caller.

        Args:
            caller: Who asks.
            writing: Whether anything may be changed; otherwise only tools that read are listed.
            profile: Which tasks the caller has.
        """
        mine = [
            tool
            for tool in self.tools(caller)
            if not tool.operation or self._operations[tool.name].task in PROFILES[profile]
        ]
        if writing and any(tool.operation and not tool.read_only for tool in mine):
            return mine
        return [tool for tool in mine if (tool.read_only and tool.name != PREVIEW) or tool.name == CALL]

    def schema_of(self, name: str) -> dict[str, Any] | None:
        """Return what a tool takes; None where there is no such tool."""
        tool = self._tools.get(name) or (OWN[name].tool if name in OWN else None)
        return None if tool is None else tool.input_schema

    def find(self, text: str, limit: int = 10) -> list[Tool]:
        """Return the tools that fit a text, best first."""
        return search.find(list(self._tools.values()), text, limit)

    async def call(
        self,
        name: str,
        arguments: dict[str, Any],
        caller: Caller,
        *,
        instance: int | None = None,
        writing: bool = False,
        progress: Progress | None = None,
        cancelled: asyncio.Event | None = None,
    ) -> ToolAnswer:
        """Call a tool. Any error is in the answer.

        Args:
            name: The name of a tool or an operation.
            arguments: As its input schema says.
            caller: Who calls; the tool has no more rights.
            instance: The portal's process id, or None for the current one.
            writing: Whether tools that change something may run at all.
            progress: Gets how far it is.
            cancelled: Set when the answer is not wanted any more.
        """
        run = Run(self._service, caller, instance, writing, progress, cancelled or asyncio.Event())
        task = asyncio.create_task(self._answer(name, arguments, run))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        try:
            return await asyncio.shield(task)
        except (
            asyncio.CancelledError
        ):  # its client is gone: a change that has begun is stopped, and ends in its own time
            run.cancelled.set()
            raise

    async def _answer(self, name: str, arguments: dict[str, Any], run: Run) -> ToolAnswer:
        try:
            own = OWN.get(name)
            if own is None:
                return await self.operate(self.operation(name), arguments, run)
            return await own.answer(self, run, binding.bind_document(own.request, arguments))
        except Cancelled:
            return answer_failure(Problem("tool.cancelled", "The call was cancelled.", kind=Kind.CONFLICT))
        except Problem as problem:
            return answer_failure(problem)

    def operation(self, name: str) -> Operation:
        """Return the operation of a tool.

        Raises:
            Problem: There is none, or it is no tool.
        """
        op = self._operations.get(name)
        if name in OWN:
            raise Problem(
                "tool.not_found",
                f"'{name}' is not an operation: call it directly, not by another tool.",
                kind=Kind.MISSING,
            )
        if op is None:
            near = likeness.find_near(name, [*self._operations, *OWN], 3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise Problem(
                "tool.not_found", f"There is no tool '{name}'.{hint} find_operations finds others.", kind=Kind.MISSING
            )
        if reason := unfit(op):
            raise Problem("tool.none", f"'{op.name}' is not a tool: {reason}.", kind=Kind.FORBIDDEN)
        return op

    async def operate(self, op: Operation, arguments: dict[str, Any], run: Run, below: str = "") -> ToolAnswer:
        """Run an operation as a tool.

        Args:
            op: The operation.
            arguments: Its arguments.
            run: For whom.
            below: Where in the call the arguments are, as a JSON pointer.

        Raises:
            Problem: It may not run, was refused or failed.
        """
        document = dict(arguments)
        asked = options.take(op, document, {})
        await run.service.part(Refusals).require(run.caller, op)
        request = self.permit(op, document, run, below)
        if asked.dry_run:
            return answer_success(
                await run.service.part(Runner).preview(op, request, run.caller, run.instance),
                run.caller.name,
                self.results,
            )
        if op.changes and not losses.is_dry(request):
            answer, change = await self.changes.make(run, op, request)
        else:
            answer, change = await run.operation(op, request, asked.selection), None
        if isinstance(answer, str):
            return self.answer_job(answer, run)
        beside = None if change is None else msgspec.to_builtins(change)
        return answer_success(answer, run.caller.name, self.results, change=beside)

    def permit(self, op: Operation, arguments: dict[str, Any], run: Run, below: str = "") -> Request:
        """Return the request of a call that may run.

        Args:
            op: The operation.
            arguments: Its arguments.
            run: For whom.
            below: Where in the call the arguments are, as a JSON pointer.

        Raises:
            Problem: The caller has no right to it, it changes something and nothing may be changed, or the arguments are
                wrong.
        """
        if run.caller.right < op.right:
            raise Problem("auth.right", f"This needs the right '{op.right.word}'.", kind=Kind.FORBIDDEN)
        if op.changes and not run.writing:
            raise self.read_only(op.name)
        try:
            request = binding.bind_document(op.request, _expand_names(op, arguments))
        except Problem as problem:
            pointer = problem.place.pointer if problem.place else None
            raise Problem(
                problem.code,
                problem.message,
                kind=Kind.INVALID,
                details=problem.details,
                place=Place(pointer=f"{below}{pointer or ''}"),
            ) from None
        if without_secrets(request) != request:
            msg = "A password does not go through a model: name a secret of the service where the operation takes one."
            raise Problem("tool.secret", msg, kind=Kind.FORBIDDEN)
        if losses.writes(op, request):
            raise Problem(
                "tool.read_only", "A reading tool writes no file here: leave the path out.", kind=Kind.FORBIDDEN
            )
        return request

    def read_only(self, name: str) -> Problem:
        """Return what is said of a change where nothing may be changed."""
        msg = (
            f"'{name}' changes something, and this server only reads: the user who runs it can start it with --mcp-write. "
            "No tool can switch that on."
        )
        return Problem("tool.read_only", msg, kind=Kind.FORBIDDEN)

    def answer_job(self, job_id: str, run: Run) -> ToolAnswer:
        """Return the answer to a call that takes longer than clients wait."""
        body = b'"It continues as a job: call get_job until completedAt is set."'
        return answer_success(body, run.caller.name, self.results, job=job_id)


def _expand_names(op: Operation, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with the short names of other clients as the request's fields, where it has no such field."""
    fields = {field.encode_name for field in msgspec.structs.fields(op.request)}
    return {
        SHORT[name]
        if name in SHORT and name not in fields and SHORT[name] in fields - arguments.keys()
        else name: value
        for name, value in arguments.items()
    }
