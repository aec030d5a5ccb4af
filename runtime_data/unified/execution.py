"""Runs a GraphQL document: with limits, with the service's errors, and never with a trace of the code.

A document is data of a stranger: it has at most so many tokens, levels and fields at its top.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Problem
from runtime_data import answer_programs
from runtime_data.answer_programs import Programs
from runtime_data.feeds import Feeds
from runtime_data.program_states import ProgramStates
from runtime_data.unified.access import refuse_unknown, require_known
from runtime_data.unified.errors import code_of
from runtime_data.unified.schema import OPEN, unified_schema
from runtime_data.unified.top_fields import TopFields

if TYPE_CHECKING:
    from graphql import DocumentNode, ExecutionResult, GraphQLError, Node

MOST_TOKENS, MOST_LEVELS, MOST_TOP_FIELDS = 4000, 15, 20


class GraphqlRequest(msgspec.Struct, rename="camel", frozen=True):
    """What a client sends; `extensions` and other fields are ignored, as GraphQL over HTTP says.

    Attributes:
        query: The document.
        operation_name: Which of its operations; empty for the only one.
        variables: Values of its variables.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None


def read_request(document: Any) -> GraphqlRequest:
    """Return what a client sends.

    Raises:
        Problem: It is no request of GraphQL.
    """
    try:
        return msgspec.convert(document, GraphqlRequest)
    except msgspec.ValidationError as error:
        msg = f'The body must be {{"query": "...", "variables": {{}}}}: {error}.'
        raise Problem("unified.request", msg, kind=Kind.INVALID) from None


async def run(ctx: Context, request: GraphqlRequest) -> dict[str, Any]:
    """Return the answer to queries and mutations: data, errors or both."""
    from graphql import execute

    document, errors = _document(ctx, request)
    if document is None or errors:
        return {"errors": errors}
    if _operation(document, request) == "subscription":
        msg = "A subscription needs a WebSocket with the subprotocol graphql-transport-ws."
        return {"errors": [_show(Problem("unified.subscription", msg, kind=Kind.INVALID))]}
    with answer_programs.collecting() as sources:
        result = await _begin(execute, ctx, document, request)
    return show_result(result, await ctx.service.part(ProgramStates).find_states(sources))


async def subscribe(ctx: Context, request: GraphqlRequest) -> AsyncIterator[dict[str, Any]]:
    """Yield the answers to a document: one for queries and mutations, many for a subscription.

    Raises:
        Problem: The subscription cannot begin or continue.
    """
    from graphql import subscribe as subscribe_to

    document, errors = _document(ctx, request)
    if document is None or errors:
        yield {"errors": errors}
        return
    if _operation(document, request) != "subscription":
        yield await run(ctx, request)
        return
    stream = await _begin(subscribe_to, ctx, document, request)
    if not hasattr(stream, "__aiter__"):
        yield show_result(stream)
        return
    try:
        while True:
            with answer_programs.collecting() as sources:
                result = await anext(stream, None)
            if result is None:
                return
            yield show_result(result, await ctx.service.part(Feeds).programs(sources))
    finally:
        await stream.aclose()


async def _begin(start: Callable[..., Any], ctx: Context, document: DocumentNode, request: GraphqlRequest) -> Any:
    """Return what a function of the library makes of a document: a result, or a stream of them."""
    found = start(
        unified_schema(),
        document,
        context_value=ctx,
        variable_values=request.variables,
        operation_name=request.operation_name,
    )
    return await found if hasattr(found, "__await__") else found


def refuse(problem: Problem) -> dict[str, Any]:
    """Return the answer to a request that is refused as a whole."""
    return {"errors": [_show(problem)]}


def show_result(result: ExecutionResult, programs: Programs | None = None) -> dict[str, Any]:
    """Return a result as JSON has it.

    Args:
        result: It.
        programs: Of the sources whose values it has, whether their CPUs execute the project's program.
    """
    shown: dict[str, Any] = {"data": result.data}
    if programs:
        shown["extensions"] = {"online": dict(programs)}
    if result.errors:
        shown["errors"] = [_show_error(each) for each in result.errors]
    return shown


def _document(ctx: Context, request: GraphqlRequest) -> tuple[DocumentNode | None, list[dict[str, Any]]]:
    """Return the document, and what is wrong with it; of a caller without a token only whether it is a login."""
    schema = unified_schema()
    from graphql import GraphQLError, GraphQLSyntaxError, parse, validate

    try:
        document = parse(request.query, max_tokens=MOST_TOKENS)
        top = TopFields(document)
        if not top.names <= OPEN:
            require_known(ctx.caller)
    except GraphQLSyntaxError as error:
        return None, [dict(error.formatted) if ctx.caller.right else _show(refuse_unknown())]
    except Problem as problem:
        return None, [_show(problem)]
    if why := _too_much(document, top):
        return None, [_show(why)]
    try:
        return document, [dict(each.formatted) for each in validate(schema, document, max_errors=20)]
    except GraphQLError as error:
        return None, [dict(error.formatted)]


def _too_much(document: DocumentNode, top: TopFields) -> Problem | None:
    if top.most > MOST_TOP_FIELDS:
        msg = f"The operation has {top.most} fields at its top; the limit is {MOST_TOP_FIELDS}: send several requests."
        return Problem("unified.too_large", msg, kind=Kind.TOO_LARGE).beyond(MOST_TOP_FIELDS, top.most)
    for definition in document.definitions:
        if _levels(definition) > MOST_LEVELS:
            msg = f"The document has more than {MOST_LEVELS} levels of braces."
            return Problem("unified.too_large", msg, kind=Kind.TOO_LARGE).beyond(MOST_LEVELS, None)
    return None


def _levels(node: Node) -> int:
    """Return how many levels of selections a definition has; fragments count for themselves."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        selected = [getattr(each, "selection_set", None) for each in level]
        level = [child for part in selected if part is not None for child in part.selections]
    return deepest


def _operation(document: DocumentNode, request: GraphqlRequest) -> str:
    from graphql import get_operation_ast

    found = get_operation_ast(document, request.operation_name)
    return "" if found is None else found.operation.value


def _show_error(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, Problem):
        return dict(error.formatted) | _show(cause)
    if cause is not None and error.nodes:  # a fault of the service: its text may hold anything
        return dict(error.formatted) | {"message": "The service failed; its log says why."}
    return dict(error.formatted)


def _show(problem: Problem) -> dict[str, Any]:
    """Return a problem of the service: its code is an extension, and so is WinCC Unified's."""
    return {"message": problem.message, "extensions": {"code": problem.code, "unifiedCode": code_of(problem)}}
