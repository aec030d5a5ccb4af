"""WinCC: archived values, at the routes of /WinCCRestService/tagLogging.

An archive is a source, and its variables are the logged tags of it. Timers belong to WinCC's own configuration.
Facts: docs/facts/wincc.md#tag-logging.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from runtime_data.history.model import Sample, Series
from runtime_data.quality import status_of
from runtime_data.values import split
from runtime_data.wincc import archives, names
from runtime_data.wincc.archives import Stretch, stretch_of
from runtime_data.wincc.requests import (
    MOST_TAGS,
    body_of,
    invalid,
    named,
    number,
    print_milliseconds,
    require_few,
    texts,
    time,
)
from runtime_data.wincc.rest_service import PAGED, answer, failed, missing, page, rest_endpoint

section = Section("WinCC")
STRETCH = {
    "begin": "The first moment.",
    "end": "The first moment that is not included.",
    "maxValues": "At most so many.",
}
MOST_VALUES = 100_000
"""Values of one answer."""


@rest_endpoint(section, "GET tagLogging/Archives", query=PAGED)
async def list_archives(ctx: Context, request: Call) -> Response[bytes]:
    """List the archives: the sources of logged tags."""
    found = dict.fromkeys(split(each.tag)[0] for each in await archives.list_series(ctx))
    return page(request, list(found), lambda name: {names.ARCHIVE: name})


@rest_endpoint(section, "GET tagLogging/Archive/{archive}")
async def find_archive(ctx: Context, request: Call) -> Response[bytes]:
    """Get an archive."""
    series = await archives.list_series(ctx, named(request, "archive"))
    return answer({names.ARCHIVE: split(series[0].tag)[0]})


@rest_endpoint(section, "GET tagLogging/Variables", query=PAGED)
async def list_all(ctx: Context, request: Call) -> Response[bytes]:
    """List the variables of all archives."""
    return page(request, await archives.list_series(ctx), _variable)


@rest_endpoint(section, "GET tagLogging/Archive/{archive}/Variables", query=PAGED)
async def list_variables(ctx: Context, request: Call) -> Response[bytes]:
    """List the variables of an archive."""
    return page(request, await archives.list_series(ctx, named(request, "archive")), _variable)


@rest_endpoint(section, "GET tagLogging/Variable/{name}")
async def find_variable(ctx: Context, request: Call) -> Response[bytes]:
    """Get a variable, whose archive and name have a backslash or a colon between them."""
    return answer(_variable(await archives.find_series(ctx, named(request))))


@rest_endpoint(section, "GET tagLogging/Archive/{archive}/Variable/{name}")
async def find_variable_of(ctx: Context, request: Call) -> Response[bytes]:
    """Get a variable of an archive."""
    return answer(_variable(await _series(ctx, request)))


@rest_endpoint(section, "GET tagLogging/Archive/{archive}/Value/{name}")
async def read_newest(ctx: Context, request: Call) -> Response[bytes]:
    """Read the newest archived value of a variable."""
    series = await _series(ctx, request)
    sample = await archives.newest_sample(ctx, series)
    if sample is None:
        raise Problem("wincc.no_value", f"Nothing of {series.tag} is archived yet.", kind=Kind.MISSING)
    return answer({names.VARIABLE: named(request)} | _value(sample))


@rest_endpoint(section, "POST tagLogging/Archive/{archive}/Values", query=STRETCH)
async def read_values_of(ctx: Context, request: Call) -> Response[bytes]:
    """Read archived values of variables of an archive; variables that cannot be read have an error."""
    wanted, archive = _stretch(request), named(request, "archive")
    body = await body_of(ctx, request)
    variables = texts(body.get("variableNames") if isinstance(body, dict) else None, "variableNames")
    return answer(await _read(ctx, [(archive, each, wanted) for each in variables]))


@rest_endpoint(section, "POST tagLogging/Values", query=STRETCH)
async def read_values(ctx: Context, request: Call) -> Response[bytes]:
    """Read archived values of variables of any archive; variables that cannot be read have an error."""
    body = await body_of(ctx, request)
    if isinstance(body, dict) and "archives" in body:
        return answer(await _read(ctx, list(_asked(body["archives"]))))
    wanted = _stretch(request)
    variables = texts(body.get("variableNames") if isinstance(body, dict) else None, "variableNames")
    return answer(await _read(ctx, [("", each, wanted) for each in variables]))


@rest_endpoint(section, "GET tagLogging/Timers", query=PAGED)
async def list_timers(_: Context, request: Call) -> Response[bytes]:
    """List timers: there are none."""
    return page(request, [])


@rest_endpoint(section, "GET tagLogging/Timer/{name}")
async def find_timer(_: Context, request: Call) -> Response[bytes]:
    """Refuse a timer: there is none."""
    raise missing("timer", named(request))


def _stretch(request: Call) -> Stretch:
    most = number(request, "maxValues", MOST_TAGS, least=1)
    return archives.stretch(time(request, "begin", "timeFrom"), time(request, "end", "timeTo"), most)


def _asked(found: Any) -> Iterable[tuple[str, str, Stretch | Problem]]:
    """Yield archive, variable and stretch of each variable that a body asks for.

    Raises:
        Problem: The body has another form.
    """
    variables = [
        (archive.get("name", ""), variable)
        for archive in _objects(found, "archives")
        for variable in _objects(archive.get("variables"), "variables")
    ]
    for archive, variable in require_few(variables):
        name = variable.get("name")
        if not isinstance(archive, str) or not isinstance(name, str):
            raise invalid("Each archive and each variable must have a 'name'.")
        try:
            yield archive, name, stretch_of(variable)
        except Problem as problem:
            yield archive, name, problem


def _objects(found: Any, field: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise invalid(f"'{field}' must be a list of objects.")
    return found


async def _read(ctx: Context, asked: Iterable[tuple[str, str, Stretch | Problem]]) -> list[dict[str, Any]]:
    """Return the archived values of each variable, in the order asked.

    Raises:
        Problem: There are too many.
    """
    found: list[dict[str, Any]] = []
    count = 0
    for archive, name, wanted in asked:
        try:
            if isinstance(wanted, Problem):
                raise wanted
            series = await archives.find_series(ctx, f"{archive}:{name}" if archive else name)
            samples = await archives.read_samples(ctx, series, wanted)
        except Problem as problem:
            found.append(failed(name, problem.message))
            continue
        count += len(samples)
        if count > MOST_VALUES:
            msg = f"The answer has more than {MOST_VALUES} values: ask for fewer, with maxValues or a shorter time."
            raise Problem("wincc.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_VALUES, count)
        found.append({names.VARIABLE: name, names.VALUES: [_value(each) for each in samples]})
    return found


async def _series(ctx: Context, request: Call) -> Series:
    return await archives.find_series(ctx, f"{named(request, 'archive')}:{named(request)}")


def _variable(series: Series) -> dict[str, Any]:
    source, path = split(series.tag)
    return {names.VARIABLE: path, names.ARCHIVE: source}


def _value(sample: Sample) -> dict[str, Any]:
    return {
        names.VALUE: archives.json_number(sample.value)[0],
        names.TIMESTAMP: print_milliseconds(sample.time),
        names.QUALITY: status_of(sample.status).wincc,
    }
