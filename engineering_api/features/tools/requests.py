"""Requests of the toolbox's own tools."""

from __future__ import annotations

from typing import Annotated, Any

from engineering_api.operations.fields import Request, named

TOOL = "Name of a tool or operation, as find_operations gives it."


class Find(Request, kw_only=True):
    """What is sought."""

    text: Annotated[str, named("What is to be done, in a few words, such as rename a tag table.", "query", "q")]
    limit: Annotated[int, named("How many at most, best first.", ge=1, le=50)] = 8
    answers: Annotated[bool, named("Give the schema of each answer, too.")] = False


class CallOperation(Request, kw_only=True):
    """Which operation, with what."""

    operation: Annotated[str, named(TOOL, "name", "tool")]
    arguments: Annotated[dict[str, Any], named("Its arguments.", "parameters")] = {}


class PreviewChange(Request, kw_only=True):
    """Which change."""

    tool: Annotated[str, named(TOOL, "name", "operation")]
    arguments: Annotated[dict[str, Any], named("Its arguments.", "parameters")] = {}


class ApplyChange(PreviewChange, kw_only=True):
    """The change that was previewed."""

    token: Annotated[str, named("The token of its preview; it is good for one call.")]
    compile: Annotated[bool, named("Compile the devices that were changed afterwards.")] = True


class UndoChange(Request, kw_only=True):
    """Which change."""

    change_id: Annotated[str, named("The changeId that the change gave.", "id")]


class ReadResource(Request, kw_only=True):
    """Which resource, and what of it."""

    uri: Annotated[str, named("The resource, such as tia://results/… of an answer that was cut.")]
    page: Annotated[int, named("Which page, from 1.", ge=1)] = 1
