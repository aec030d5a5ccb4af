"""Runs of tests that the service keeps: two JSON files each, one for lists and one with everything."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from engineering_api.durable import write_file
from engineering_api.features.plc_tests.kept_runs.diagrams import Diagram, diagram_of, without_traces
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.fields import Model
from openness_bridge.errors import Kind, Place, Problem, not_found

MOST = 50
"""Runs that are kept; one more removes the oldest."""
LARGEST = 16 << 20
"""Bytes of one run; above, it is kept without its diagrams."""
NO_DIAGRAMS = f"The diagrams have more than {LARGEST >> 20} MB and are not kept: run fewer tests at once."
_ID = re.compile(r"[0-9]{8}T[0-9]{9}-[0-9a-f]{8}")
RunOrigin = Annotated[
    Literal["open project", "project file", "sources", "stored tests"], msgspec.Meta(title="TestRunOrigin")
]


class RunSummary(Model):
    """A kept run in short.

    Attributes:
        origin: What the tests ran on; stored tests run on instances of PLCSIM Advanced.
        project: The project; empty for sources and instances.
        device_name: The PLC, where it was named.
        error: The first failure as a sentence; empty where no test failed.
        percent: How much of the statements was reached; null where that was not measured.
    """

    id: str
    origin: RunOrigin
    project: str
    device_name: str
    started_at: str
    completed_at: str
    duration_ms: float
    total: int
    passed: int
    failed: int
    skipped: int
    error: str
    percent: float | None


class KeptRun(Model):
    """A kept run with its results and timing diagrams.

    Attributes:
        report: The results, without the traces: the diagrams have them.
        diagrams: One for each result of the report; null where nothing was recorded.
        note: Why there are no diagrams; empty otherwise.
    """

    summary: RunSummary
    report: Report
    diagrams: list[Diagram | None]
    note: str


_SUMMARY, _RUN = msgspec.json.Decoder(RunSummary), msgspec.json.Decoder(KeptRun)
"""Made while the module is imported: msgspec crashes when two threads are the first to use a type at the same time."""


class Runs:
    """The kept runs in a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder, which is made with the first one."""
        self._folder = folder

    def keep(self, report: Report, origin: RunOrigin, project: str = "", device: str = "") -> None:
        """Keep a run, note its id in the report, and remove the oldest ones."""
        report.run = f"{re.sub(r'[^0-9T]', '', report.completed_at)}-{secrets.token_hex(4)}"
        summary = RunSummary(
            id=report.run,
            origin=origin,
            project=project,
            device_name=device,
            started_at=report.started_at,
            completed_at=report.completed_at,
            duration_ms=report.duration_ms,
            total=report.total,
            passed=report.passed,
            failed=report.failed,
            skipped=report.skipped,
            error=next((each.error or "" for each in report.results if not each.passed), ""),
            percent=None if report.coverage is None else report.coverage.statements.percent,
        )
        bare = msgspec.structs.replace(report, results=[without_traces(each) for each in report.results])
        run = KeptRun(summary=summary, report=bare, diagrams=[diagram_of(each) for each in report.results], note="")
        content = msgspec.json.encode(run)
        if len(content) > LARGEST:
            run = msgspec.structs.replace(run, diagrams=[None] * len(run.diagrams), note=NO_DIAGRAMS)
            content = msgspec.json.encode(run)
        write_file(self._file(report.run, "run"), content)
        write_file(self._file(report.run, "summary"), msgspec.json.encode(summary))
        for old in self._ids()[MOST:]:
            for kind in ("summary", "run"):
                self._file(old, kind).unlink(missing_ok=True)

    def all(self) -> list[RunSummary]:
        """Return the kept runs, the newest first."""
        return list(self._summaries())

    def newest(self) -> RunSummary | None:
        """Return the newest run; None without one."""
        return next(self._summaries(), None)

    def _summaries(self) -> Iterator[RunSummary]:
        for each in self._ids():
            with suppress(FileNotFoundError, msgspec.MsgspecError):  # removed in this moment, or damaged
                yield _SUMMARY.decode(self._file(each, "summary").read_bytes())

    def get(self, run: str) -> KeptRun:
        """Return a run.

        Raises:
            Problem: It is not kept, or its file is damaged.
        """
        if not _ID.fullmatch(run):
            raise not_found("test run", run)
        try:
            return _RUN.decode(self._file(run, "run").read_bytes())
        except FileNotFoundError as error:
            raise not_found("test run", run) from error
        except msgspec.MsgspecError as error:
            msg = f"The file of the run '{run}' cannot be read ({error}): run the tests again."
            raise Problem("test_run.unreadable", msg, kind=Kind.FAILED, place=Place(object=run)) from error

    def _ids(self) -> list[str]:
        names = (path.name.removesuffix(".summary.json") for path in self._folder.glob("*.summary.json"))
        return sorted((name for name in names if _ID.fullmatch(name)), reverse=True)

    def _file(self, run: str, kind: str) -> Path:
        return self._folder / f"{run}.{kind}.json"
