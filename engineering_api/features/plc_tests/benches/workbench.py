"""A separate project for the tests: a copy of the given one, or one made of sources, in a separate portal.

What is tested is never changed: the harness goes into the copy, which is gone at the end.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engineering_api.features.plc_tests.benches import sources
from engineering_api.features.plc_tests.benches.harness import MAIN, Harness
from engineering_api.features.plc_tests.files.model import DEFAULT_CPU
from engineering_api.features.plc_tests.projects import kept_projects
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.hardware import devices, network_settings
from openness_bridge.hardware.network_settings import NetworkSettings
from openness_bridge.hardware.temporary_plc import create_plc
from openness_bridge.model import Model
from openness_bridge.portal.portal import Session
from openness_bridge.portal.temporary import temporary_portal
from openness_bridge.program import blocks, program_reading
from openness_bridge.program.compile import compile_device, locate_code
from openness_bridge.program.sources import generate_text, read_text
from openness_bridge.project import projects
from simatic_xml.locating import CodePlace
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.diagnostics import Place as CodeLine
from simatic_xml.program.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tested.

    Attributes:
        project: a project file (.apNN) or archive (.zapNN), None to make one of sources.
        sources: files and folders; with a project they are added to its copy.
        device: the PLC in the project, empty where there is only one.
        cpu: order number of the CPU for sources, with its firmware behind a slash or the newest.
    """

    project: Path | None = None
    sources: tuple[Path, ...] = ()
    device: str = ""
    cpu: str = DEFAULT_CPU


class Workbench:
    """A project that may be changed; every method may be called from any thread.

    Attributes:
        session: its portal.
        device: name of the PLC.
    """

    def __init__(self, session: Session, device: str) -> None:
        """Work on a PLC of the project that is open in a portal."""
        self.session, self.device = session, device

    def program(self) -> Workspace:
        """Return the program as it is now, compiled.

        Raises:
            Problem: it has errors; each is a detail with its place.
        """
        return self.uses().workspace

    def uses(self) -> UseIndex:
        """Return the uses of the program as it is now, compiled.

        Raises:
            Problem: as `program`.
        """
        self.session.call(self._compile)
        return self.session.call(lambda: program_reading.read(self.session, self.device).index)

    def _compile(self) -> None:
        found = compile_device(self.session, self.device, "software").diagnostics
        errors = [each for each in found if each.severity == "Error"]
        if errors:
            details = [Detail("plc_test.compile", each.text, each.place()) for each in errors]
            msg = f"The program has {len(errors)} errors, so it cannot be tested: {errors[0].text}"
            raise Problem("plc_test.compile", msg, place=details[0].place, details=details)

    def find_source(self, place: CodeLine) -> str:
        """Return a place of the program in its source, such as `Motor.scl:9:5: Motor`; empty where that is not known."""
        code = CodePlace(place.block, place.network, place.line, place.step, uid=place.uid, column=place.column)
        found = self.session.call(lambda: locate_code(self.session, self.device, code))
        if found is None:
            return ""
        words = str(dataclasses.replace(place, line=None, column=None))
        return f"{found.written(place.block)}: {words}"

    def address(self) -> str:
        """IP address of the PLC.

        Raises:
            Problem: it has none.
        """
        found = self.session.call(lambda: devices.get(self.session, self.device)).ip_addresses
        if not found:
            msg = f"'{self.device}' has no IP address, so nothing can be downloaded to it: set one."
            raise Problem("plc_test.address", msg).at(device=self.device)
        return found[0]

    def move_to(self, address: str) -> None:
        """Give the PLC another IP address."""
        settings = NetworkSettings(address=address, mask="255.255.255.0", router="", allow_collision=True)
        self.session.call(lambda: network_settings.configure(self.session, self.device, settings))

    def install(self, harness: Harness) -> None:
        """Replace all organization blocks by a harness, so that nothing but the tested blocks runs."""
        self.session.call(lambda: self._install(harness))

    def _install(self, harness: Harness) -> None:
        for block in blocks.list_blocks(self.session, self.device):
            if block.type == "OB":
                blocks.delete(self.session, self.device, block.name)
        generate_text(self.session, self.device, MAIN, read_text(harness.source, ".scl"))


@contextmanager
def workbench(model: Model, subject: Subject) -> Iterator[Workbench]:
    """Open a workbench; everything of it is gone at the end.

    Raises:
        Problem: the project or the sources cannot be used.
    """
    with temporary_portal(model, "plc-tests") as (session, folder):
        yield Workbench(session, session.call(lambda: _open(session, subject, folder)))


def _open(session: Session, subject: Subject, folder: Path) -> str:
    """Open or make the project; returns the name of its PLC."""
    if subject.project is None:
        made = folder / "made"
        device = kept_projects.open_or_make(
            session, subject.sources, subject.cpu, folder, lambda: _create(session, subject, made)
        )
    else:
        _copy(session, subject.project, folder)
        device = subject.device or _only_plc(session)
        if subject.sources:
            sources.put_in(session, device, subject.sources)
    projects.set_simulation_support(session, enabled=True)
    return device


def _create(session: Session, subject: Subject, folder: Path) -> str:
    if not subject.sources:
        raise Problem("plc_test.nothing", "Name what is tested: a project, or sources.", kind=Kind.INVALID)
    device = create_plc(session, folder, "Tests", subject.cpu)
    sources.put_in(session, device, subject.sources)
    return device


def _copy(session: Session, project: Path, folder: Path) -> None:
    project = project.resolve()
    if not project.is_file():
        raise Problem(
            "file.not_found", f"There is no project '{project}'.", kind=Kind.MISSING, place=Place(path=str(project))
        )
    if projects.ARCHIVE_FILE.match(project.suffix):
        projects.retrieve(session, project, folder)
        return
    copy = folder / project.parent.name
    shutil.copytree(project.parent, copy, ignore=shutil.ignore_patterns("*.lock", "*.plf.lck"))
    projects.open_project(session, copy / project.name)


def _only_plc(session: Session) -> str:
    found = [each.name for each in devices.list_devices(session) if each.software_name is not None]
    if len(found) != 1:
        known = f"it has {', '.join(found)}" if found else "it has none"
        raise Problem("plc_test.device", f"Name the PLC of the project that is tested: {known}.", kind=Kind.INVALID)
    return found[0]
