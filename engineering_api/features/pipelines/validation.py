"""Checks a pipeline as a whole before it is kept: every error at once, each with a JSON pointer into the definition."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from engineering_api.features.pipelines import expressions, scope, triggers
from engineering_api.features.pipelines.model import CLEANUP, ON_FAILURE, Definition, Step, names_of
from engineering_api.operations.binding import bind_document
from engineering_api.operations.caller import Caller
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation, answers_secret
from engineering_api.operations.fields import secrets_of
from engineering_api.operations.terms import Right
from engineering_api.security.scopes import is_allowed
from openness_bridge.errors import Detail, Kind, Place, Problem

MOST_STEPS = 200
TOO_LOW = "pipeline.right"
RESERVED_NAMES = ("executions", "templates", "schedules", "actions")
"""Names that routes have in addition to those of pipelines."""
_NAME = re.compile(r"[^\x00-\x1f/\\]{1,100}")
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,63}")
_LIMITS = (
    ("timeout_seconds", "timeoutSeconds", 86_400),
    ("retry_count", "retryCount", 100),
    ("retry_delay_ms", "retryDelayMs", 3_600_000),
)


@dataclass(frozen=True, slots=True)
class ReadableNames:
    """What the expressions of a step may read: variables with their defaults, further names, steps before it."""

    variables: dict[str, Any]
    names: tuple[str, ...]
    steps: list[str]


def require_valid(definition: Definition, catalogue: Catalogue, caller: Caller) -> None:
    """Refuse a pipeline that could not run, or could not run in the right of its owner.

    Args:
        definition: The pipeline.
        catalogue: All operations.
        caller: Who saves it, and owns it from then on.

    Raises:
        Problem: It has errors; all of them are its details. 403 where only the caller's right is too low.
    """
    found = errors(definition, catalogue, caller)
    if found and all(each.code == TOO_LOW for each in found):
        raise Problem(TOO_LOW, found[0].message, kind=Kind.FORBIDDEN, place=found[0].place, details=found)
    if found:
        msg = f"The pipeline has {len(found)} errors, first: {found[0].message}" if len(found) > 1 else found[0].message
        raise Problem("pipeline.invalid", msg, place=found[0].place, details=found)


def errors(definition: Definition, catalogue: Catalogue, caller: Caller) -> list[Detail]:
    """Return all errors of a pipeline that a caller wants to own."""
    steps = _all_steps(definition, catalogue)
    return [*_head(definition), *_variables(definition), *steps, *_rights(definition, catalogue, caller)]


def right_of(action: str, catalogue: Catalogue) -> Right:
    """Return the right of an action; of one that cannot be resolved, the highest."""
    with suppress(Problem):
        return resolve(action, catalogue).right
    return Right.ADMINISTER


def _rights(definition: Definition, catalogue: Catalogue, caller: Caller) -> Iterator[Detail]:
    """Yield the steps that need more than the caller may do: they would never run, or in the right of somebody else."""
    for part, steps in (("steps", definition.steps), ("cleanupSteps", definition.cleanup_steps)):
        for index, step in enumerate(steps):
            with suppress(Problem):
                op = resolve(step.action, catalogue)
                if not is_allowed(caller, op):
                    msg = (
                        f"The step '{step.name}' needs the right '{op.right.word}', and you have '{caller.right.word}': "
                        "who saves a pipeline must be allowed to do each of its steps."
                    )
                    yield _detail("right", msg, f"/{part}/{index}/action")


def resolve(action: str, catalogue: Catalogue) -> Operation:
    """Return the operation of an action: by its name, with or without the _ at its end, or by its route.

    Raises:
        Problem: There is none, there are several, it answers a secret, or it would run other operations or pipelines.
    """
    text = action.strip()
    by_name = catalogue.named(text) or catalogue.named(f"{text}_")
    found = [by_name] if by_name else list({op.name: op for op in catalogue.at(text)}.values())
    if not found:
        msg = f"There is no operation '{action}': GET /api/command/list lists all."
        raise Problem("pipeline.action_unknown", msg)
    if len(found) > 1:
        several = ", ".join(op.name for op in found)
        raise Problem(
            "pipeline.action_ambiguous", f"'{action}' is {several}: write the method before the path, or a name."
        )
    if answers_secret(found[0]):
        raise Problem(
            "pipeline.secret", "Its answer holds a key or token, which an execution would keep: use its own route."
        )
    if not found[0].step:
        raise Problem("pipeline.nested", "A step cannot run other operations or pipelines: make each operation a step.")
    return found[0]


def check_variables(definition: Definition, given: dict[str, Any]) -> list[Detail]:
    """Return what is wrong with the variables that a run is given: unknown ones, and those without a value."""
    known = ", ".join(definition.variables) or "none"
    unknown = [
        _detail("variable_unknown", f"The pipeline has no variable '{name}'. It has {known}.", f"/variables/{name}")
        for name in given
        if name not in definition.variables
    ]
    missing = [
        _detail("variable_missing", f"The variable '{name}' has no value: give one.", f"/variables/{name}")
        for name, value in (definition.variables | given).items()
        if value is None and name in definition.variables
    ]
    return [*unknown, *missing]


def _head(definition: Definition) -> Iterator[Detail]:
    if not _NAME.fullmatch(definition.name) or definition.name != definition.name.strip():
        yield _detail("name", "A pipeline needs a name of up to 100 characters without slashes.", "/name")
    if definition.name.casefold() in RESERVED_NAMES:
        yield _detail("name", f"A pipeline cannot be named {' or '.join(RESERVED_NAMES)}.", "/name")
    yield from _caught(lambda: triggers.parse(definition.trigger), "/trigger")
    if definition.on_failure not in ON_FAILURE:
        yield _detail("on_failure", f"onFailure is one of {', '.join(ON_FAILURE)}.", "/onFailure")
    if bool(definition.cleanup_steps) is not (definition.on_failure == CLEANUP):
        yield _detail(
            "cleanup", "onFailure cleanup and cleanupSteps belong together: give both or none.", "/cleanupSteps"
        )


def _variables(definition: Definition) -> Iterator[Detail]:
    for name in definition.variables:
        if not _VARIABLE.fullmatch(name) or name in scope.RESERVED:
            msg = (
                f"'{name}' cannot name a variable: use letters, digits and _, and none of {', '.join(scope.RESERVED)}."
            )
            yield _detail("variable_name", msg, f"/variables/{name}")


def _all_steps(definition: Definition, catalogue: Catalogue) -> Iterator[Detail]:
    names = names_of([*definition.steps, *definition.cleanup_steps])
    if len(names) > MOST_STEPS:
        yield _detail("steps", f"A pipeline has at most {MOST_STEPS} steps.", "/steps")
    first = 0
    for part, steps in (("steps", definition.steps), ("cleanupSteps", definition.cleanup_steps)):
        for index, step in enumerate(steps):
            before = names[: first + index]
            known = ReadableNames(definition.variables, (scope.RUN, scope.EVENT, scope.STEPS), before)
            pointer = f"/{part}/{index}"
            if not step.name.strip() or step.name in before:
                yield _detail("step_name", "A step needs a name that no step before it has.", f"{pointer}/name")
            yield from _step(step, known, catalogue, pointer)
        first = len(definition.steps)


def _step(step: Step, known: ReadableNames, catalogue: Catalogue, pointer: str) -> Iterator[Detail]:
    for name, wire, most in _LIMITS:
        if not 0 <= getattr(step, name) <= most:
            yield _detail("limit", f"{wire} is 0 to {most}.", f"{pointer}/{wire}")
    for name in ("condition", "expect"):
        text = getattr(step, name)
        if text:
            more = (scope.RESULT,) if name == "expect" else ()
            yield from _expression(text, known, more, f"{pointer}/{name}")
    try:
        op = resolve(step.action, catalogue)
    except Problem as problem:
        yield Detail(problem.code, problem.message, Place(pointer=f"{pointer}/action"))
    else:
        yield from _params(op, step.params, known, f"{pointer}/params")


def _params(op: Operation, params: dict[str, Any], known: ReadableNames, pointer: str) -> Iterator[Detail]:
    hidden = secret_fields(op, params)
    for name in hidden:
        yield from _caught(partial(_require_named, params[name], f"{pointer}/{name}"), f"{pointer}/{name}")
    shown = {name: value for name, value in params.items() if name not in hidden}
    wrong = [
        each
        for where, text in expressions.find_expressions(shown, pointer)
        for each in _expression(text, known, (), where)
    ]
    yield from wrong
    if not wrong:
        yield from _fields(op, shown, hidden, params, known, pointer)


def _fields(
    op: Operation, shown: dict[str, Any], hidden: list[str], params: dict[str, Any], known: ReadableNames, pointer: str
) -> Iterator[Detail]:
    """Yield what is wrong with the fields of a request. What only a run knows has no type yet."""
    values = known.variables | {scope.RUN: scope.about_run("", "", "", dt.datetime.now(dt.UTC))}
    certain = {name for name, value in values.items() if value is not None}
    read = {path[0] for _, text in expressions.find_expressions(shown) for path in expressions.paths(text)}
    try:
        bind_document(op.request, _fill(shown, values) | {name: params[name] for name in hidden})
    except Problem as problem:
        if problem.code == "request.wrong_type" and not read <= certain:
            return
        causes = problem.details or [Detail(problem.code, problem.message, problem.place)]
        for cause in causes:
            where = cause.place.pointer if cause.place and cause.place.pointer else ""
            yield Detail(cause.code, cause.message, Place(pointer=f"{pointer}{where}"))


def _fill(value: Any, values: dict[str, Any]) -> Any:
    """Fill a value as far as possible before a run; the rest stays text."""
    if isinstance(value, dict):
        return {key: _fill(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, values) for each in value]
    try:
        return expressions.fill(value, values)
    except Problem:
        return value


def secret_fields(op: Operation, params: dict[str, Any]) -> list[str]:
    """Return the parameters that hold passwords, as they are spelled."""
    names = {name.replace("_", "").casefold() for name in secrets_of(op.request)}
    return [name for name in params if name.replace("_", "").casefold() in names]


def _require_named(value: Any, pointer: str) -> None:
    for each in value.values() if isinstance(value, dict) else [value]:
        if scope.secret_name(each) is None:
            raise scope.no_password(pointer)


def _expression(text: str, known: ReadableNames, more: tuple[str, ...], pointer: str) -> Iterator[Detail]:
    try:
        read = expressions.paths(text)
    except Problem as problem:
        yield Detail(problem.code, problem.message, Place(pointer=pointer))
        return
    for path in read:
        what = _check_name(path, known, more)
        if what:
            yield _detail("expression_name", f"In '{text}': {what}", pointer)


def _check_name(path: tuple[str, ...], known: ReadableNames, more: tuple[str, ...]) -> str:
    """Return what is wrong with a name; empty where it can be read."""
    root = path[0]
    if root not in known.variables and root not in (*known.names, *more):
        return f"there is no variable '{root}'."
    if root == scope.STEPS and len(path) > 1 and path[1] not in known.steps:
        return f"no step '{path[1]}' comes before this one."
    fields = {scope.STEPS: (2, scope.STEP_FIELDS), scope.RUN: (1, scope.RUN_FIELDS)}.get(root)
    if fields and len(path) > fields[0] and path[fields[0]] not in fields[1]:
        return f"'{'.'.join(path[: fields[0]])}' has {', '.join(fields[1])}."
    return ""


def _caught(check: Callable[[], Any], pointer: str) -> Iterator[Detail]:
    try:
        check()
    except Problem as problem:
        yield Detail(problem.code, problem.message, problem.place or Place(pointer=pointer))


def _detail(what: str, message: str, pointer: str) -> Detail:
    return Detail(f"pipeline.{what}", message, Place(pointer=pointer))
