"""The tools of the toolbox itself: finding and calling what is not listed, changes with a way back, resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.features.devices import devices_operations
from engineering_api.features.tools import requests, search
from engineering_api.features.tools.answers import ToolAnswer, answer_success
from engineering_api.features.tools.running import Run
from engineering_api.features.tools.schemas import FRAME, without
from engineering_api.features.tools.tool import Tool, describe
from engineering_api.operations import wire
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.features.tools.toolbox import Toolbox

Answer = Callable[["Toolbox", Run, Any], Awaitable[ToolAnswer]]
CALL, PREVIEW, APPLY, UNDO = "call_operation", "preview_change", "apply_change", "undo_change"
MESSAGES = 20
"""Findings of a compile that a change carries."""


@dataclass(frozen=True, slots=True)
class OwnTool:
    """A tool of the toolbox, and what answers it."""

    tool: Tool
    request: type[Request]
    answer: Answer


async def _find(toolbox: Toolbox, run: Run, request: requests.Find) -> ToolAnswer:
    found = search.find(toolbox.tools(run.caller, everything=True), request.text, request.limit)
    return _to_answer(toolbox, run, [_summarize(tool, answers=request.answers) for tool in found])


async def _call(toolbox: Toolbox, run: Run, request: requests.CallOperation) -> ToolAnswer:
    return await toolbox.operate(toolbox.operation(request.operation), request.arguments, run, "/arguments")


async def _preview(toolbox: Toolbox, run: Run, request: requests.PreviewChange) -> ToolAnswer:
    op, bound = _change(toolbox, run, request)
    preview = await run.service.part(Runner).preview(op, bound, run.caller, run.instance)
    token, loss = await toolbox.changes.grant(run, op, bound)
    return answer_success(preview, run.caller.name, toolbox.results, token=token, loss=_plain(loss))


async def _apply(toolbox: Toolbox, run: Run, request: requests.ApplyChange) -> ToolAnswer:
    op, bound = _change(toolbox, run, request)
    answer, change = await toolbox.changes.make(run, op, bound, request.token)
    if isinstance(answer, str):
        return toolbox.answer_job(answer, run)
    reports = []
    if request.compile and change is not None:
        parts = (*change.created, *change.changed, *change.deleted)
        reports = [await _compile_device(run, device) for device in dict.fromkeys(part.device for part in parts)]
    return answer_success(answer, run.caller.name, toolbox.results, change=_plain(change), compiled=reports)


async def _undo(toolbox: Toolbox, run: Run, request: requests.UndoChange) -> ToolAnswer:
    if not run.writing:
        raise toolbox.read_only(UNDO)
    return _to_answer(toolbox, run, await toolbox.changes.undo(run, request.change_id))


async def _read(toolbox: Toolbox, run: Run, request: requests.ReadResource) -> ToolAnswer:
    content = await toolbox.resources.read(run, request.uri, request.page)
    structured = {"result": msgspec.to_builtins(content)}
    text = f"{content.note}\n\n{content.text}" if content.note else content.text
    return ToolAnswer(text=text, structured=structured)


def _change(toolbox: Toolbox, run: Run, request: requests.PreviewChange) -> tuple[Operation, Request]:
    """Return a change that may be made, with its arguments.

    Raises:
        Problem: It may not, or it is no change.
    """
    op = toolbox.operation(request.tool)
    if not op.changes:
        raise Problem("change.none", f"'{request.tool}' changes nothing: call it directly.", kind=Kind.REFUSED)
    return op, toolbox.permit(op, request.arguments, run, "/arguments")


async def _compile_device(run: Run, device: str) -> dict[str, Any]:
    """Return the outcome of compiling a device, with its first findings."""
    try:
        report = await run.perform(devices_operations.compile_, device_name=device)
    except Problem as problem:
        return {"device": device, "state": "Refused", "findings": [problem.message]}
    result, findings = report["result"], [each["text"] for each in report["diagnostics"]]
    counts = {"errors": result["errorCount"], "warnings": result["warningCount"]}
    return {"device": device, "state": result["state"], **counts, "findings": findings[:MESSAGES]}


def _to_answer(toolbox: Toolbox, run: Run, value: Any) -> ToolAnswer:
    return answer_success(wire.encode(value), run.caller.name, toolbox.results)


def _plain(value: Any) -> Any:
    return None if value is None else msgspec.to_builtins(value)


def _summarize(tool: Tool, *, answers: bool) -> dict[str, Any]:
    """Return a tool in short: enough to call it, and with `answers` the schema of its answer."""
    schema = without(tool.input_schema, {"default"})
    answer = {"answer": tool.output_schema} if answers else {}
    return answer | {
        "name": tool.name,
        "operation": tool.operation,
        "description": tool.description,
        "readOnly": tool.read_only,
        "destructive": tool.destructive,
        "arguments": schema,
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """What the description of a tool says, in the form of `describe`."""

    summary: str
    when: str
    unless: str
    example: dict[str, Any]


def _build_tool(
    name: str,
    words: _Words,
    request: type[Request],
    answer: Answer,
    *,
    read_only: bool = True,
    destructive: bool = False,
) -> OwnTool:
    schema = msgspec.json.schema(request)
    wanted = without(schema["$defs"][request.__name__], {"title"})
    wanted.pop("description", None)
    result: dict[str, Any] = {"type": "object", "properties": {"result": {}, **FRAME}}
    tool = Tool(
        name=name,
        title=name.replace("_", " ").capitalize(),
        description=describe(words.summary, [], words.when, words.unless, words.example),
        input_schema=wanted,
        output_schema=result,
        read_only=read_only,
        destructive=destructive,
        idempotent=read_only,
    )
    return OwnTool(tool, request, answer)


_DELETION = {"tool": "delete_block", "arguments": {"deviceName": "PLC_1", "blockName": "Motor"}}
OWN = {
    each.tool.name: each
    for each in (
        _build_tool(
            "find_operations",
            _Words(
                "Find a tool for anything else by words. The answer has names, descriptions and argument schemas.",
                "if no listed tool fits: library, HMI, watch tables, rename, delete, export, import, network, version control.",
                "to search the project: search_project.",
                {"text": "rename a tag table"},
            ),
            requests.Find,
            _find,
        ),
        _build_tool(
            CALL,
            _Words(
                "Call a tool that find_operations found, by its name, with the arguments of its schema.",
                "after find_operations.",
                "for listed tools: call them directly.",
                {"operation": "list_udts", "arguments": {"deviceName": "PLC_1"}},
            ),
            requests.CallOperation,
            _call,
            read_only=False,
            destructive=True,
        ),
        _build_tool(
            PREVIEW,
            _Words(
                "Preview a changing tool: everything is rolled back. The answer names what would change and what is lost, "
                "and has the token for apply_change. Show the user all of it.",
                "if a tool needs a preview, or was refused with change.needs_preview.",
                "for a tool that runs without a preview: call it.",
                _DELETION,
            ),
            requests.PreviewChange,
            _preview,
        ),
        _build_tool(
            APPLY,
            _Words(
                "Make a change that was previewed. The service keeps what it overwrites, and compiles the devices afterwards.",
                "after preview_change, with the same tool, the same arguments and its token.",
                "without a token.",
                _DELETION | {"token": "<token of the preview>"},
            ),
            requests.ApplyChange,
            _apply,
            read_only=False,
            destructive=True,
        ),
        _build_tool(
            UNDO,
            _Words(
                "Undo a change: delete what it created, restore what it overwrote or deleted. Compile afterwards.",
                "to take back a change of this conversation by the changeId that it answered.",
                "for older states: list_snapshots, which find_operations finds.",
                {"changeId": "56280c1ed578"},
            ),
            requests.UndoChange,
            _undo,
            read_only=False,
        ),
        _build_tool(
            "read_resource",
            _Words(
                "Read a page of a resource: tia://project, tia://docs, tia://docs/{section}, "
                "tia://devices/{device}/blocks/{block} (as text), tia://devices/{device}/tag-tables/{table}, tia://results/….",
                "to read the rest of an answer that was cut, or the documentation.",
                "for one block: get_block_content.",
                {"uri": "tia://docs"},
            ),
            requests.ReadResource,
            _read,
        ),
    )
}
"""The tools of the toolbox by name; they are listed always."""
