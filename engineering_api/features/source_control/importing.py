"""Changes the open project to what files of a commit say: all or none, or each for itself.

Stations that are gone are created first, because TIA Portal allows no hardware import in a transaction. Everything
else is one transaction: what has to go goes, what has to come comes, each after what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engineering_api.features.blocks import import_order
from engineering_api.features.blocks.documents import parse
from engineering_api.features.blocks.import_order import Unit
from engineering_api.features.source_control import canonical
from engineering_api.features.source_control.layout import HARDWARE, PROGRAM, Item
from engineering_api.features.source_control.model import RestoreAction, RestoredItem
from openness_bridge import groups
from openness_bridge.errors import Detail, Kind, Place, Problem, refused_as
from openness_bridge.files import temporary
from openness_bridge.hardware import cax
from openness_bridge.lookup import all_devices, locate, plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import preview
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import imports, udts

Report = Callable[[float, str], None]
_ROOTS = {
    "blocks": "BlockGroup",
    "udts": "TypeGroup",
    "tags": "TagTableGroup",
    "watch": "WatchAndForceTableGroup",
    "technology": "TechnologicalObjectGroup",
}


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that comes into the project."""

    path: str
    item: Item
    content: bytes


@dataclass(slots=True)
class Restore:
    """One run on the portal's thread.

    Attributes:
        puts: What comes.
        drops: Paths and objects that go.
        each: Whether every item is for itself; otherwise all or none.
        trial: Whether everything is undone again. Stations are not created then, and their programs are not tried.
        present: Paths of what comes in place of an object that is there; known after the run.
    """

    session: Session
    puts: list[IncomingFile]
    drops: list[tuple[str, Item]]
    each: bool
    report: Report
    trial: bool = False
    present: set[str] = field(default_factory=set)
    results: dict[str, RestoredItem] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def run(self) -> list[RestoredItem]:
        """Change the project.

        Raises:
            Problem: With all or none, something is refused; each cause is a detail, and nothing is changed.
        """
        self.present = {put.path for put in self.puts if self._is_present(put.item)}
        if self.trial:
            with preview(self.session, "Trying: restore from source control"):
                self._change()
        else:
            try:
                self._change()
            except BaseException:
                self._take_back()
                raise
            for device, name in self._types():
                udts.compile_udt(self.session, device, name)
        return [self.results[path] for path in sorted(self.results)]

    def _change(self) -> None:
        for put in self.puts:
            if put.item.domain == HARDWARE:
                self._guard(put.path, partial(self._station, put))
        self._require_no_failure()
        with self._transaction("Restore from source control", of_one=False):
            for path, item in self.drops:
                self._guard(path, partial(self._drop, path, item))
            self._require_no_failure()
            self._import()

    def _is_present(self, item: Item) -> bool:
        """Return whether an object is there, in any folder; watch tables of one name may be in several."""
        if item.domain == HARDWARE or not self._has_plc(item.device):
            return False
        if item.domain == "watch":
            return _present(self.session, item) is not None
        root = getattr(plc(self.session, item.device), _ROOTS[item.domain])
        return any(groups.find_all(root, PROGRAM[item.domain], item.name))

    def _has_plc(self, device: str) -> bool:
        with suppress(Problem):
            plc(self.session, device)
            return True
        return False

    def _import(self) -> None:
        units = list(self._units())
        self._require_no_failure()
        for number, (device, path, unit) in enumerate(units):
            self.report(number / len(units), f"Importing {', '.join(unit.names)}")
            self._guard(path, partial(self._put, device, path, unit))
            self._require_no_failure()

    def _units(self) -> Iterator[tuple[str, str, Unit]]:
        """Yield what is imported, in an order in which each finds what it needs."""
        programs = [put for put in self.puts if put.item.domain in PROGRAM]
        for device in dict.fromkeys(put.item.device for put in programs):
            mine = [put for put in programs if put.item.device == device]
            if self.trial and self.created and not self._has_plc(device):
                for put in mine:
                    self._note_done(put.path, "Imported", [put.item.name])
                continue
            units: list[Unit] = []
            for number, put in enumerate(mine):
                self._guard(put.path, partial(_read_units, units, number, put))
            for unit in import_order.sort_units(units):
                yield device, mine[unit.item].path, unit

    def _put(self, device: str, path: str, unit: Unit) -> None:
        with self._transaction(f"Restore {', '.join(unit.names)}", of_one=True):
            for collection, name in unit.keys:
                self._leave_other_folder(device, collection, name, unit)
            made = imports.import_xml(self.session, device, unit.kind, unit.xml, unit.folder, override=True)
        self._note_done(path, "Imported", [str(each.Name) for each in made])

    def _leave_other_folder(self, device: str, collection: str, name: str, unit: Unit) -> None:
        """Delete an object that is in another folder: an import replaces it only in its own folder."""
        if collection == PROGRAM["watch"]:
            return
        root = getattr(plc(self.session, device), imports.find_home(unit.kind).root)
        for found, folder in list(groups.find_all(root, collection, name)):
            if groups.join(folder).casefold() != unit.folder.casefold():
                with refused_as("source_control.move_refused", Kind.CONFLICT, device=device, object=name):
                    found.Delete()

    def _drop(self, path: str, item: Item) -> None:
        if item.domain == HARDWARE:
            msg = f"The station '{item.name}' is not in the commit. A restore deletes no station: delete it yourself."
            self._note_kept(path, "source_control.station_extra", msg)
            return
        found = _present(self.session, item)
        refusal = refused_as("source_control.delete_refused", Kind.CONFLICT, device=item.device, object=item.name)
        with self._transaction(f"Delete {item.name}", of_one=True), refusal:
            if found is not None:
                found.Delete()
        self._note_done(path, "Deleted", [item.name])

    def _station(self, put: IncomingFile) -> None:
        name = put.item.name
        if name.casefold() in {str(device.Name).casefold() for device, _ in all_devices(self.session.project)}:
            msg = (
                f"The station '{name}' is in the project, with other hardware. An import would replace it together with "
                "its program: change it by hand, or delete it and restore again."
            )
            self._note_kept(put.path, "source_control.station_differs", msg)
            return
        if self.trial:
            made = [name]
        else:
            with temporary(".aml") as path:
                path.write_bytes(put.content)
                made = cax.import_file(self.session, path, "retain").created
        self.created += made
        self._note_done(put.path, "Created", made)

    def _take_back(self) -> None:
        """Delete the stations that were created for nothing."""
        for name in self.created:
            locate(self.session, name).device.Delete()
        self.session.forget()

    def _types(self) -> list[tuple[str, str]]:
        items = {put.path: put.item for put in self.puts if put.item.domain == "udts"}
        return [
            (items[path].device, name)
            for path, result in self.results.items()
            if path in items and result.action == "Imported"
            for name in result.objects
        ]

    def _transaction(self, text: str, *, of_one: bool) -> AbstractContextManager[None]:
        """Return a transaction around everything or, where each item is for itself, around one."""
        return transaction(self.session, text) if of_one is self.each else nullcontext()

    def _guard(self, path: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Problem as problem:
            self._fail(path, problem)

    def _note_done(self, path: str, action: RestoreAction, objects: list[str]) -> None:
        if path not in self.results:
            self.results[path] = RestoredItem(path=path, action=action, objects=[])
        self.results[path].objects += objects

    def _note_kept(self, path: str, code: str, message: str) -> None:
        error = Detail(code, message, Place(path=path))
        self.results[path] = RestoredItem(path=path, action="Kept", objects=[], error=error)

    def _fail(self, path: str, problem: Problem) -> None:
        place = problem.at(path=path).place
        error = Detail(problem.code, problem.message, place)
        self.results[path] = RestoredItem(path=path, action="Failed", objects=[], error=error)

    def _require_no_failure(self) -> None:
        failed = [] if self.each else list(errors(list(self.results.values())))
        if failed:
            msg = f"Nothing was restored, because {len(failed)} items cannot be: {failed[0].message}"
            raise Problem(
                "source_control.restore_refused", msg, kind=Kind.CONFLICT, place=failed[0].place, details=failed
            )


def errors(items: list[RestoredItem]) -> Iterator[Detail]:
    """Yield why items failed; kept ones did not."""
    return (each.error for each in items if each.error is not None and each.action == "Failed")


def _read_units(units: list[Unit], number: int, put: IncomingFile) -> None:
    """Read a file, and refuse an object that another file has, too: a merge may have left it in two folders."""
    folder = groups.join(put.item.folder)
    xml = canonical.count_ids(put.content)
    mine = import_order.units(number, xml, parse(xml), folder, override=True)
    known = set(_once(units))
    for key in _once(mine):
        if key in known:
            msg = f"'{put.item.name}' is in another file, too: delete one of the two in the repository."
            raise Problem("source_control.twice", msg, kind=Kind.CONFLICT)
    units += mine


def _once(units: list[Unit]) -> Iterator[tuple[str, str]]:
    """Yield what occurs once in a PLC; watch tables occur once in a folder."""
    return (key for unit in units for key in unit.keys if key[0] != PROGRAM["watch"])


def _present(session: Session, item: Item) -> Any:
    """Return the handle of an object in its folder, or None."""
    folder = groups.folder(getattr(plc(session, item.device), _ROOTS[item.domain]), groups.join(item.folder))
    return None if folder is None else getattr(folder, PROGRAM[item.domain]).Find(item.name)
