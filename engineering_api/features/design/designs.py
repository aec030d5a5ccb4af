"""What the routes of designs do: load, check, generate, plan, apply, test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engineering_api.features.design import hardware, parts, reading
from engineering_api.features.design.answers import (
    DesignsApplied,
    GeneratedDesign,
    GeneratedObject,
    Judged,
    ObjectResult,
    PlcTestFile,
    Status,
)
from engineering_api.features.design.applying import Application, Options
from engineering_api.features.design.checking import designs
from engineering_api.features.design.generating import CULTURE, Generator
from engineering_api.features.design.model import SECTIONS, Design
from engineering_api.features.design.parts import Part
from engineering_api.features.design.plc_test_files import plc_test_files
from engineering_api.features.design.reading import Json, Mistakes
from engineering_api.features.design.store import Designs, StoredDesign
from engineering_api.features.plc_tests import plc_test_runs, suite
from engineering_api.features.plc_tests.files import reading as test_reading
from engineering_api.features.plc_tests.files.model import DEFAULT_CPU
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.context import Context
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.project import texts


def project_of(session: Session) -> str:
    """Return the file of the open project, which designs are kept by. Any thread.

    Raises:
        Problem: None is open.
    """
    return session.call(lambda: str(session.project.Path.FullName))


def text_of(ctx: Context, path: str) -> str:
    """Return the text of a file.

    Raises:
        Problem: There is none, it is outside of the allowed folders, or it is no text.
    """
    try:
        return ctx.roots.read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"'{path}' is not a text in UTF-8."
        raise Problem("design.invalid", msg, place=Place(path=path)) from error


def load(ctx: Context, project: str, text: str, given: Any) -> Judged:
    """Keep a whole design, given as text or as plain data.

    Raises:
        Problem: Anything is wrong with it; then nothing is kept.
    """
    data, warnings = whole(text, given)
    return _assess(ctx.service.part(Designs).put(project, data, ctx.caller.name), [], warnings)


def load_sections(ctx: Context, project: str, sections: Json, *, replace: bool) -> Judged:
    """Keep sections of a design next to those that are there.

    Args:
        ctx: The run.
        project: The project's file.
        sections: Sections as lists or as YAML texts of lists; name, description and version as texts.
        replace: Forget the sections that are there first.

    Raises:
        Problem: Something does not have the shape of its section; then nothing is kept.
    """
    mistakes = Mistakes()
    data: Json = {}
    for key, value in sections.items():
        own = Mistakes()
        data[key] = reading.data_of(value, own) if isinstance(value, str) and key in SECTIONS else value
        reading.check_shape({key: data[key]}, own)
        mistakes.details += own.details
    mistakes.refuse()
    before = None if replace else ctx.service.part(Designs).get(project)
    merged = (before.data if before is not None else {}) | data
    return judge(ctx.service.part(Designs).put(project, merged, ctx.caller.name))


def whole(text: str, given: Any) -> tuple[Json, list[str]]:
    """Return the plain data of a design that is complete and right, with warnings.

    Raises:
        Problem: With everything that is wrong.
    """
    mistakes = Mistakes()
    try:
        data, warnings = _whole(text, given, mistakes)
    except RecursionError as error:
        raise Problem("design.invalid", "This is nested deeper than any design.") from error
    mistakes.refuse()
    return data, warnings


def _whole(text: str, given: Any, mistakes: Mistakes) -> tuple[Json, list[str]]:
    data = reading.data_of(text, mistakes) if text else given
    if not mistakes.details:
        reading.check_shape(data, mistakes)
    if isinstance(data, dict):
        for key in reading.list_missing(data):
            mistakes.add("", f"'{key}' is missing.")
    mistakes.refuse()
    return data, designs.check(reading.design_of(data), mistakes)


def load_stored(ctx: Context, project: str) -> StoredDesign:
    """Return the design of a project.

    Raises:
        Problem: None is loaded.
    """
    found = ctx.service.part(Designs).get(project)
    if found is None:
        msg = "No design is loaded for this project: POST /api/design-spec/load takes one."
        raise Problem("design.none", msg, kind=Kind.MISSING)
    return found


def judge(kept: StoredDesign) -> Judged:
    """Return what is to be said about a kept design."""
    mistakes = Mistakes()
    missing = reading.list_missing(kept.data)
    warnings = [] if missing else designs.check(reading.design_of(kept.data), mistakes)
    return _assess(kept, mistakes.details, warnings)


def generate(data: Json, warnings: list[str], version: str, *, device: str, with_xml: bool) -> GeneratedDesign:
    """Return all objects of a checked design as text."""
    objects: list[GeneratedObject] = []
    tests: list[PlcTestFile] = []
    for part in select_parts(reading.design_of(data), device):
        for each in Generator(part, version).artifacts():
            xml = each.xml.decode("utf-8-sig") if with_xml else None
            objects.append(
                GeneratedObject(
                    device=part.device.name,
                    kind=each.kind,
                    name=each.name,
                    folder=each.folder,
                    language=each.language,
                    text=each.text,
                    pointer=each.pointer,
                    xml=xml,
                )
            )
        tests += plc_test_files(part)
    return GeneratedDesign(objects=objects, tests=tests, warnings=warnings)


def select_parts(design: Design, device: str) -> list[Part]:
    """Return the parts of a design; only that of one device where it is named.

    Raises:
        Problem: The design has no such device.
    """
    found = [each for each in parts.parts(design) if not device or each.device.name.casefold() == device.casefold()]
    if not found:
        known = ", ".join(each.name for each in design.devices)
        raise Problem("design.unknown", f"The design has no device '{device}': {known}.", kind=Kind.MISSING)
    return found


def apply(ctx: Context, device: str, options: Options, *, change: bool) -> DesignsApplied:
    """Bring the open project to what its design says, or only report what that would change. On the portal's thread.

    Raises:
        Problem: No design, a wrong one, hardware that is other than the design says, or, in the mode "all", anything that
            cannot be done.
    """
    session = ctx.session
    project = project_of(session)
    data, _ = whole("", load_stored(ctx, project).data)
    design = reading.design_of(data)
    works = [
        _Work(ctx, project, part, options, f"/devices/{design.devices.index(part.device)}")
        for part in select_parts(design, device)
    ]
    for work in works:
        work.plan(change=change)
    if change:
        for work in works:
            work.refuse_conflicts()
        for work in works:
            work.carry_out()
    return _summarize(works)


def run_tests(ctx: Context, device: str, only: str) -> Report:
    """Run the tests of the design against the open project as it was saved. Not on the portal's thread.

    Raises:
        Problem: No design, no test of that name, or changes that are not saved.
    """
    project = ctx.session.call(lambda: project_of(ctx.session))
    data, _ = whole("", load_stored(ctx, project).data)
    part = select_parts(reading.design_of(data), device)[0]
    cases = [case for file in plc_test_files(part) for case in test_reading.parse(file.text, file.name)]
    wanted = [case for case in cases if only.casefold() in case.name.casefold()]
    if not wanted:
        raise Problem("plc_test.none", f"The design has no test with '{only}' in its name.", kind=Kind.INVALID)
    with plc_test_runs.subject(ctx, "", (), (), part.device.name, DEFAULT_CPU) as subject:
        return plc_test_runs.run(ctx, subject, wanted, suite.Options())


@dataclass(slots=True)
class _Work:
    """One PLC of a design being brought into the project: first its station, then its program."""

    ctx: Context
    project: str
    part: Part
    options: Options
    pointer: str
    station: list[ObjectResult] = field(default_factory=list)
    program: Application = field(init=False)

    def plan(self, *, change: bool) -> None:
        """Find out what is to be done."""
        session, device = self.ctx.session, self.part.device.name
        self.station = hardware.plan(session, self.part.device, self.pointer)
        culture = texts.editing_culture(session) or CULTURE
        artifacts = Generator(self.part, session.model.version, culture).artifacts()
        made = self.ctx.service.part(Designs).list_made(self.project, device)
        self.program = Application(session, device, artifacts, made, self.options, self.ctx.progress.report)
        self.program.plan(there=hardware.find_station(session, device) is not None, may_compile=change)

    def refuse_conflicts(self) -> None:
        """End here when the project is not as the design needs it."""
        hardware.refuse_conflicts(self.station)
        self.program.refuse_conflicts()

    def carry_out(self) -> None:
        """Carry out the plan. A new station already has blocks, so its program is planned again."""
        device = self.part.device
        is_new = hardware.find_station(self.ctx.session, device.name) is None
        hardware.apply(self.ctx.session, device, self.station)
        if is_new:
            self.program.plan(there=True, may_compile=True)
        self.ctx.service.part(Designs).note(self.project, device.name, self.program.carry_out())


def _summarize(works: list[_Work]) -> DesignsApplied:
    results = [each for work in works for each in (*work.station, *work.program.results)]

    def number(status: Status) -> int:
        return sum(each.status == status for each in results)

    failed = sum(each.error is not None for each in results)
    compiled = {work.part.device.name: work.program.compilation for work in works}
    return DesignsApplied(
        created=number("created"),
        updated=number("updated"),
        unchanged=number("unchanged"),
        failed=failed,
        orphaned=number("orphaned"),
        removed=number("removed"),
        results=results,
        compilations={device: report for device, report in compiled.items() if report is not None},
        tests=[test for work in works for test in plc_test_files(work.part)],
    )


def _assess(kept: StoredDesign, findings: list[Detail], warnings: list[str]) -> Judged:
    missing = reading.list_missing(kept.data)
    counts = {section: len(kept.data.get(section) or ()) for section in SECTIONS}
    return Judged(
        name=str(kept.data.get("name") or ""),
        complete=not missing and not findings,
        missing=missing,
        counts=counts,
        findings=findings,
        warnings=warnings,
        author=kept.author,
        loaded_at=kept.loaded_at,
    )
