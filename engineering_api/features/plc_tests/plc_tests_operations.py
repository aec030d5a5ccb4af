"""PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients store here."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Annotated

import msgspec

from engineering_api.features.plc_tests.files.model import DEFAULT_CPU, SourceText, schema
from engineering_api.features.plc_tests.kept_runs.store import RunOrigin
from engineering_api.features.plc_tests.plc_test_store import StoredStep, StoredTest, TestStore, TestValues
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import JsonSchema, Nothing, Request, named, path_field
from engineering_api.operations.terms import Place, Right, Task, Undo
from openness_bridge.errors import Kind, Problem, not_found
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from engineering_api.features.plc_tests import plc_test_runs, suite
else:
    plc_test_runs = import_later("engineering_api.features.plc_tests.plc_test_runs")
    suite = import_later("engineering_api.features.plc_tests.suite")

section = Section("PLC Tests", place=Place.WORKER)


class Run(Request, kw_only=True):
    """Tests, and what they test: a project, sources, or without both the open project as it was saved."""

    tests: Annotated[str, named("Tests as the text of a test file (YAML).", "yaml", "content")] = ""
    test_paths: Annotated[list[str], path_field("Test files and folders on the server.", "paths")] = msgspec.field(
        default_factory=list
    )
    project_path: Annotated[str, path_field("Project file (.apNN) or archive (.zapNN) on the server.", "project")] = ""
    source_paths: Annotated[list[str], path_field("Sources on the server: files and folders.")] = msgspec.field(
        default_factory=list
    )
    sources: Annotated[list[SourceText], named("Sources that come with the request.")] = msgspec.field(
        default_factory=list
    )
    device_name: Annotated[str, named("PLC of the project, where it has several.", "device")] = ""
    cpu: Annotated[str, named("CPU for sources: order number, and firmware after a slash.")] = DEFAULT_CPU
    only: Annotated[str, named("Only tests whose name contains this; * and ? are wildcards.", "testName", "filter")] = (
        ""
    )
    coverage: Annotated[bool, named("Measure which parts of the program the tests reach.")] = False
    trace: Annotated[
        bool,
        named("Record the values that tests use; a kept run then has timing diagrams, with what writes the values."),
    ] = False
    output_path: Annotated[
        str,
        path_field(
            "Folder for reports, diagrams and coverage; without it no files are written.", destroys=True, writes=True
        ),
    ] = ""


class OnTest(Request, kw_only=True):
    """Which test."""

    name: Annotated[str, named("Its name, exactly.")]


class Save(OnTest, kw_only=True):
    """A test of the whole program."""

    description: Annotated[str, named("What it is about.")] = ""
    instance_name: Annotated[str | None, named("Instance that it runs on; the connected one without it.")] = None
    setup: Annotated[TestValues, named("Values that are written before the first cycle.")] = msgspec.field(
        default_factory=dict
    )
    steps: Annotated[list[StoredStep], named("What is done, in this order.", min_length=1)]
    teardown: Annotated[TestValues, named("Values that are written at the end.")] = msgspec.field(default_factory=dict)


class RunStored(Request, kw_only=True):
    """Which of the stored tests."""

    test_name: Annotated[
        str,
        named("Name of a test; * and ? are wildcards, unless a test has exactly this name. All without it.", "name"),
    ] = ""


class RunOnDevice(RunStored, kw_only=True):
    """Which of the stored tests, and which PLC of the open project."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    save: Annotated[
        bool, named("Save the project first; otherwise changes that are not saved are refused.", vendor=True)
    ] = False


class Schema(msgspec.Struct, rename="camel"):
    """The JSON Schema of test files."""

    schema: JsonSchema


YAML = "tests:\n- name: Belt starts\n  steps:\n  - write: {Start: true}\n    expect: {Running: true}\n"
STEPS = [{"write": {"bStart": True}, "waitMs": 100, "assert": {"bRun": {"expected": True}}}]
TEST = {"name": "Motor_Start_Stop"}


@section.operation(
    also="POST /api/plc-tests/actions/run-sync",
    also_job="POST /api/plc-tests/actions/run",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"tests": YAML, "coverage": True},
    done="Tests run",
    event="plc_tests.finished",
    tool="run_tests",
    task=Task.TEST,
    when="to check by test steps what a block or program does.",
    unless="to find compile errors: compile_device.",
)
def run(ctx: Context, request: Run) -> Report:
    """Run tests of a program on a separate PLCSIM Advanced instance.

    The tests do not change the program: they run on a copy of the project, or on a project made of the sources. A failed
    test is part of the answer, not a failed request.
    """
    cases = plc_test_runs.gather(ctx, request.tests, request.test_paths, request.only)
    traced = request.trace or bool(request.output_path)
    options = suite.Options(coverage=request.coverage, trace=traced, writers=request.trace)
    what = (request.project_path, request.source_paths, request.sources, request.device_name, request.cpu)
    origin: RunOrigin = "open project"
    if request.project_path or request.source_paths or request.sources:
        origin = "project file" if request.project_path else "sources"
    project = request.project_path or (plc_test_runs.project_of(ctx) if origin == "open project" else "")
    with plc_test_runs.subject(ctx, *what) as subject:
        report = plc_test_runs.run(ctx, subject, cases, options, request.output_path)
    plc_test_runs.kept(ctx).keep(report, origin, project, request.device_name)
    return report


@section.operation(also="GET /api/plc-tests/schema", right=Right.PUBLIC, changes=False)
def get_schema(_ctx: Context, _request: Nothing) -> Schema:
    """Get the JSON Schema of test files, for editors."""
    return Schema(schema())


@section.operation(also="GET /api/testharness/tests", right=Right.VIEW, changes=False)
def list_stored(ctx: Context, _request: Nothing) -> list[str]:
    """List the names of the tests that are stored here."""
    return _store(ctx).names()


@section.operation(also="GET /api/testharness/tests/{name}", right=Right.VIEW, changes=False, example=TEST)
def get(ctx: Context, request: OnTest) -> StoredTest:
    """Get a test that is stored here."""
    return _store(ctx).get(request.name)


@section.operation(
    also="POST /api/testharness/tests",
    example=TEST | {"steps": STEPS},
    done="Test saved",
    destroys=True,
    undo=Undo.NEVER,
)
def save(ctx: Context, request: Save) -> StoredTest:
    """Store a test. It replaces the one of its name."""
    test = StoredTest(**{name: getattr(request, name) for name in StoredTest.__struct_fields__})
    _store(ctx).put(test)
    return test


@section.operation(
    also="DELETE /api/testharness/tests/{name}",
    example=TEST,
    done="Test deleted",
    destroys=True,
    undo=Undo.NEVER,
)
def delete(ctx: Context, request: OnTest) -> StoredTest:
    """Delete a test that is stored here."""
    store = _store(ctx)
    test = store.get(request.name)
    store.delete(request.name)
    return test


@section.operation(
    also="POST /api/testharness/run-sync",
    also_job="POST /api/testharness/run",
    right=Right.OPERATE,
    destroys=True,
    undo=Undo.NEVER,
    example={"testName": "Motor_Start_Stop"},
    done="Tests run",
    event="plc_tests.finished",
)
def run_stored(ctx: Context, request: RunStored) -> Report:
    """Run a stored test, or all of them, on the instances that they name, with the programs that are loaded there.

    Each test begins with the start values of all data. Afterwards time passes on the instance as it did before.
    """
    tests = _find_tests(ctx, request.test_name)
    simulation = ctx.service.simulation
    report = Report()
    for name in dict.fromkeys(each.instance_name for each in tests):
        instance = simulation.handle(name).name
        cases = [each.case() for each in tests if each.instance_name == name]
        done = suite.run_on_instance(simulation, instance, cases, suite.Options(), ctx.progress.report).report
        report = _join_reports(report, done)
    _store(ctx).keep(report)
    plc_test_runs.kept(ctx).keep(report, "stored tests")
    return report


@section.operation(also="GET /api/testharness/results", right=Right.VIEW, changes=False)
def results(ctx: Context, _request: Nothing) -> Report:
    """Get the report of the last run of stored tests; an empty one when there was none."""
    return _store(ctx).report()


@section.operation(
    also="POST /api/tests/run",
    also_job="POST /api/tests/run-async",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"deviceName": "PLC_1"},
    done="Tests run",
    event="plc_tests.finished",
)
def run_on_device(ctx: Context, request: RunOnDevice) -> Report:
    """Run stored tests against a PLC of the open project, as it was saved, on a separate instance."""
    cases = [each.case() for each in _find_tests(ctx, request.test_name)]
    with plc_test_runs.open_project(ctx, request.device_name, save=request.save) as subject:
        report = plc_test_runs.run(ctx, subject, cases, suite.Options())
    _store(ctx).keep(report)
    plc_test_runs.kept(ctx).keep(report, "open project", plc_test_runs.project_of(ctx), request.device_name)
    return report


def _store(ctx: Context) -> TestStore:
    return TestStore(ctx.service.settings.data_dir / "plc-tests")


def _find_tests(ctx: Context, name: str) -> list[StoredTest]:
    store = _store(ctx)
    names = store.names()
    if name and name not in names and set("*?") & set(name):
        chosen = [each for each in names if fnmatch.fnmatchcase(each, name)]
        if names and not chosen:
            raise not_found("test", name)
    else:
        chosen = [name] if name else names
    found = [store.get(each) for each in chosen]
    if not found:
        raise Problem(
            "plc_test.none", "No test is stored here: save one with POST /api/testharness/tests.", kind=Kind.MISSING
        )
    return found


def _join_reports(first: Report, second: Report) -> Report:
    """Both reports as one."""
    return Report(
        total=first.total + second.total,
        passed=first.passed + second.passed,
        failed=first.failed + second.failed,
        skipped=first.skipped + second.skipped,
        results=[*first.results, *second.results],
        started_at=first.started_at or second.started_at,
        completed_at=second.completed_at,
        duration_ms=first.duration_ms + second.duration_ms,
        instance=", ".join(filter(None, (first.instance, second.instance))),
    )
