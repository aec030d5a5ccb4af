"""Runs PLC tests for a request: gathers tests and program, and keeps files inside the allowed folders."""

from __future__ import annotations

import fnmatch
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engineering_api.features.plc_tests import suite
from engineering_api.features.plc_tests.benches import sources as program_sources
from engineering_api.features.plc_tests.benches.workbench import Subject
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.model import DEFAULT_CPU, SourceText
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.kept_runs.store import Runs
from engineering_api.features.plc_tests.kept_runs.suites import MOST_FILES, Suite, list_suites
from engineering_api.features.plc_tests.reports import output
from engineering_api.features.plc_tests.results import Report
from engineering_api.files import archives
from engineering_api.files.guarded import leads_elsewhere
from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.project import projects
from simatic_xml.folders import OTHER_SUFFIXES, SUFFIXES

TESTS = "tests"
"""The folder in which test files are searched where no path is named."""


def gather(ctx: Context, text: str, paths: Sequence[str], only: str) -> list[Case]:
    """Return the tests of a request whose names contain a text.

    Raises:
        Problem: A test file has errors, or there is no test.
    """
    files = _within(ctx, reading.find([_find_existing(ctx, path) for path in paths]))
    cases = [case for file in files for case in reading.read(file)]
    cases += reading.parse(text, "tests") if text else []
    pattern = only if set("*?") & set(only) else f"*{only}*"
    wanted = [case for case in cases if fnmatch.fnmatch(case.name.casefold(), pattern.casefold())]
    if not wanted:
        what = f"No test has '{only}' in its name." if cases else "Give the tests in tests or testPaths."
        raise Problem("plc_test.none", what, kind=Kind.INVALID)
    return wanted


@contextmanager
def subject(
    ctx: Context, project: str, source_paths: Sequence[str], texts: Sequence[SourceText], device: str, cpu: str
) -> Iterator[Subject]:
    """Yield what a request tests: a project file, sources, or without both the open project as it was saved.

    Raises:
        Problem: A file is not there, or the open project has changes that are not saved.
    """
    with tempfile.TemporaryDirectory(prefix="plc-tests-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        given = _within(
            ctx, [each.path for each in program_sources.find(_find_existing(ctx, path) for path in source_paths)]
        )
        sources = given + [_write_source(folder, text) for text in texts]
        file = (
            archives.resolve_archive(ctx.roots, project)
            if project
            else None
            if sources
            else _archive_project(ctx, folder)
        )
        yield Subject(file, tuple(sources), device, cpu)


@contextmanager
def open_project(ctx: Context, device: str, *, save: bool) -> Iterator[Subject]:
    """Yield a PLC of the open project as what is tested.

    Raises:
        Problem: The project has changes that are not saved, and save is not set.
    """
    if save:
        ctx.session.call(lambda: projects.save(ctx.session))
    with subject(ctx, "", (), (), device, DEFAULT_CPU) as found:
        yield found


def kept(ctx: Context) -> Runs:
    """Return the kept runs of a service."""
    return Runs(ctx.service.settings.data_dir / "plc-tests" / "runs")


def project_of(ctx: Context) -> str:
    """Return the file of the open project; empty without one."""
    return next((each.project_path or "" for each in ctx.service.portals.instances() if each.is_current), "")


def suites(ctx: Context, path: str) -> list[Suite]:
    """Return the test files at a path; without one in the folders `tests` of the workspace and of the open project.

    Raises:
        Problem: The path leads nowhere or outside, or there are too many files.
    """
    if path:
        given = [_find_existing(ctx, path)]
    else:
        project = project_of(ctx)
        folders = [ctx.roots.workspace, *([Path(project).parent] if project else [])]
        given = [folder for each in folders if (folder := each / TESTS).is_dir() and ctx.roots.allows(folder)]
    files = _within(ctx, [file for each in given for file in reading.look_in(each)])
    ctx.require(len(files) <= MOST_FILES, "plc_test.files", f"Name a folder with at most {MOST_FILES} test files.")
    return list_suites(dict.fromkeys(files))


def run(ctx: Context, tested: Subject, cases: list[Case], options: suite.Options, folder: str = "") -> Report:
    """Run tests on a separate bench, and write reports into a folder when one is named."""
    target = ctx.roots.resolve(folder) if folder else None
    service = ctx.service
    outcome = suite.run(service.portals.model, service.simulation, tested, cases, options, ctx.progress.report)
    if target is not None:
        output.write(target, outcome, ctx.roots.write)
    return outcome.report


def _find_existing(ctx: Context, path: str) -> Path:
    found = ctx.roots.resolve(path)
    if not found.exists():
        raise Problem("file.not_found", f"There is no file '{found}'.", kind=Kind.MISSING, place=Place(path=path))
    return found


def _within(ctx: Context, files: list[Path]) -> list[Path]:
    """Return the files that were found in folders.

    Raises:
        Problem: One is a link that leads out of the allowed folders.
    """
    for file in files:
        if not ctx.roots.allows(file):
            raise leads_elsewhere(file)
    return files


def _write_source(folder: Path, source: SourceText) -> Path:
    path = folder / Path(source.name).name
    suffixes = (*SUFFIXES, *OTHER_SUFFIXES)
    if path.suffix.lower() not in suffixes or path.exists():
        msg = f"'{source.name}' must end with {', '.join(suffixes)}, and be given once."
        raise Problem("plc_test.source", msg, kind=Kind.INVALID, place=Place(path=source.name))
    path.write_bytes(source.content.encode("utf-8-sig"))
    return path


def _archive_project(ctx: Context, folder: Path) -> Path:
    session = ctx.session
    suffix = session.call(lambda: projects.archive_suffix(session.project))
    target = folder / f"Tests{suffix}"
    session.call(lambda: projects.archive(session, target))
    return target
