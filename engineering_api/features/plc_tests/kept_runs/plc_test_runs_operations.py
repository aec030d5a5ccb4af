"""PLC Tests: the runs that the service keeps, with timing diagrams as data, and the test files that there are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from litestar import Response

from engineering_api.features.plc_tests.kept_runs.store import KeptRun, Runs, RunSummary
from engineering_api.features.plc_tests.kept_runs.suites import Suite
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Place, Reach, Right
from engineering_api.web.identify import Call
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from engineering_api.features.plc_tests import plc_test_runs
    from engineering_api.features.plc_tests.reports import junit as junit_report
else:
    plc_test_runs = import_later("engineering_api.features.plc_tests.plc_test_runs")
    junit_report = import_later("engineering_api.features.plc_tests.reports.junit")

section = Section("PLC Tests", lock=Lock.NONE, right=Right.VIEW, place=Place.WORKER)
RUN = "20261125T004011123-5f0c2a9e"


class OnRun(Request, kw_only=True):
    """Which run."""

    id: Annotated[str, named("Its id, from the list or from `run` of a report.")]


class InFolder(Request, kw_only=True):
    """Where test files are."""

    path: Annotated[
        str,
        path_field("A test file or a folder; without it the folders `tests` of the workspace and of the open project."),
    ] = ""


def runs_of(ctx: Context) -> Runs:
    """Return the kept runs of a service."""
    return plc_test_runs.kept(ctx)


@section.operation(also="GET /api/plc-tests/suites", changes=False)
def suites(ctx: Context, request: InFolder) -> list[Suite]:
    """List the test files with their tests. A file with an error has no tests and the error."""
    return plc_test_runs.suites(ctx, request.path)


@section.operation(also="GET /api/plc-tests/runs", changes=False)
def list_(ctx: Context, _request: Nothing) -> list[RunSummary]:
    """List the kept runs of tests, the newest first. The service keeps the last 50 that ran over HTTP.

    `tia test` runs without a server and keeps none: its option `--output` writes reports.
    """
    return runs_of(ctx).all()


@section.operation(
    also="GET /api/plc-tests/runs/{id}",
    changes=False,
    example={"id": RUN},
)
def get(ctx: Context, request: OnRun) -> KeptRun:
    """Get a kept run: its results with steps and coverage, and the timing diagrams as data.

    A diagram has the values over virtual time, the moment of the failure, and what writes each value. A run with `trace`
    records the values that the tests use, and those of the other operands in the networks that write them, up to 64.
    """
    return runs_of(ctx).get(request.id)


@section.endpoint("GET /api/plc-tests/runs/{id}/junit", reach=Reach.NOTHING, media="application/xml")
async def junit(ctx: Context, request: Call) -> Response[bytes]:
    """Download the results of a kept run as JUnit XML, for build servers."""
    run = await asyncio.to_thread(runs_of(ctx).get, str(request.path_params["id"]))
    headers = {"Content-Disposition": f'attachment; filename="{run.summary.id}.xml"'}
    return Response(junit_report.junit(run.report), media_type="application/xml", headers=headers)
