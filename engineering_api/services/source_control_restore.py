"""Files of a commit brought back into the open project: one, or all that differ.

Stations that are gone are created first, because TIA Portal allows no hardware import in a transaction. Everything
else is one transaction: what is not in the commit goes, what differs comes, each after what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engineering_api.context import Context
from engineering_api.services import import_order, source_control, source_control_export
from engineering_api.services.documents import parse
from engineering_api.services.import_order import Unit
from engineering_api.services.source_control_export import Export
from engineering_api.source_control import canonical, history
from engineering_api.source_control.layout import HARDWARE, PROGRAM, Item, checked, item_at
from engineering_api.source_control.model import ProjectRestored, RestoredItem
from engineering_api.source_control.repository import Repository
from openness_bridge import cax, groups, imports, udts
from openness_bridge.errors import Detail, Place, Problem, refused_as
from openness_bridge.files import temporary
from openness_bridge.lookup import all_devices, locate, plc
from openness_bridge.portal import Session
from openness_bridge.transaction import transaction

Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Put:
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
    """

    session: Session
    puts: list[Put]
    drops: list[tuple[str, Item]]
    each: bool
    report: Report
    results: dict[str, RestoredItem] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def run(self) -> list[RestoredItem]:
        """Change the project.

        Raises:
            Problem: With all or none, something is refused; each cause is a detail, and nothing is changed.
        """
        try:
            for put in self.puts:
                if put.item.domain == HARDWARE:
                    self._guarded(put.path, partial(self._station, put))
            self._require_no_failure()
            with self._together("Restore from source control"):
                for path, item in self.drops:
                    self._guarded(path, partial(self._drop, path, item))
                self._require_no_failure()
                self._import()
        except BaseException:
            self._take_back()
            raise
        for device, name in self._types():
            udts.compiled(self.session, device, name)
        return [self.results[path] for path in sorted(self.results)]

    def _import(self) -> None:
        units = list(self._units())
        self._require_no_failure()
        for number, (device, path, unit) in enumerate(units):
            self.report(number / len(units), f"Importing {', '.join(unit.names)}")
            self._guarded(path, partial(self._put, device, path, unit))
            self._require_no_failure()

    def _units(self) -> Iterator[tuple[str, str, Unit]]:
        """What is imported, in an order in which each finds what it needs."""
        programs = [put for put in self.puts if put.item.domain in PROGRAM]
        for device in dict.fromkeys(put.item.device for put in programs):
            mine = [put for put in programs if put.item.device == device]
            units: list[Unit] = []
            for number, put in enumerate(mine):
                self._guarded(put.path, partial(_read_units, units, number, put))
            for unit in import_order.ordered(units):
                yield device, mine[unit.item].path, unit

    def _put(self, device: str, path: str, unit: Unit) -> None:
        for collection, name in unit.keys:
            self._leave_other_folder(device, collection, name, unit)
        made = imports.import_xml(self.session, device, unit.kind, unit.xml, unit.folder, override=True)
        self._done(path, "Imported", [str(each.Name) for each in made])

    def _leave_other_folder(self, device: str, collection: str, name: str, unit: Unit) -> None:
        """An object is replaced only in its own folder: one that lies elsewhere goes first."""
        if collection == PROGRAM["watch"]:
            return
        root = getattr(plc(self.session, device), imports.home(unit.kind).root)
        for found, folder in list(groups.find_all(root, collection, name)):
            if groups.join(folder).casefold() != unit.folder.casefold():
                with refused_as("source_control.move_refused", 409, device=device, object=name):
                    found.Delete()

    def _drop(self, path: str, item: Item) -> None:
        if item.domain == HARDWARE:
            msg = f"The station '{item.name}' is not in the commit. A restore deletes no station: do so yourself."
            self._kept(path, "source_control.station_extra", msg)
            return
        with suppress(_Absent):
            found = _present(self.session, item)
            with refused_as("source_control.delete_refused", 409, device=item.device, object=item.name):
                found.Delete()
        self._done(path, "Deleted", [item.name])

    def _station(self, put: Put) -> None:
        name = put.item.name
        if name.casefold() in {str(device.Name).casefold() for device, _ in all_devices(self.session.project)}:
            msg = (f"The station '{name}' is in the project, with other hardware. An import would replace it together with "
                   "its program: change it by hand, or delete it and restore again.")  # fmt: skip
            self._kept(put.path, "source_control.station_differs", msg)
            return
        with temporary(".aml") as path:
            path.write_bytes(put.content)
            made = cax.import_file(self.session, path, "retain").created
        self.created += made
        self._done(put.path, "Created", made)

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

    @contextmanager
    def _together(self, text: str) -> Iterator[None]:
        """One transaction around everything, or none, where each item has its own."""
        if self.each:
            yield
            return
        with transaction(self.session, text):
            yield

    def _guarded(self, path: str, work: Callable[[], object]) -> None:
        try:
            if self.each and item_at(path) is not None and not path.startswith(f"{HARDWARE}/"):
                with transaction(self.session, f"Restore {path}"):
                    work()
            else:
                work()
        except Problem as problem:
            self._fail(path, problem)

    def _done(self, path: str, action: str, objects: list[str]) -> None:
        if path not in self.results:
            self.results[path] = RestoredItem(path=path, action=action, objects=[])
        self.results[path].objects += objects

    def _kept(self, path: str, code: str, message: str) -> None:
        error = Detail(code, message, Place(path=path))
        self.results[path] = RestoredItem(path=path, action="Kept", objects=[], error=error)

    def _fail(self, path: str, problem: Problem) -> None:
        place = problem.at(path=path).place
        error = Detail(problem.code, problem.message, place)
        self.results[path] = RestoredItem(path=path, action="Failed", objects=[], error=error)

    def _require_no_failure(self) -> None:
        failed = [] if self.each else list(_errors(list(self.results.values())))
        if failed:
            msg = f"Nothing was restored, because {len(failed)} items cannot be: {failed[0].message}"
            raise Problem("source_control.restore_refused", msg, status=409, place=failed[0].place, details=failed)


def _errors(items: list[RestoredItem]) -> Iterator[Detail]:
    return (each.error for each in items if each.error is not None and each.action == "Failed")


def file(ctx: Context, revision: str, path: str, device: str | None) -> ProjectRestored:
    """Bring one file of a commit back into the project. From a worker thread.

    Args:
        ctx: The run.
        revision: The commit.
        path: The file.
        device: The PLC that it goes to; by default the one that it is of.

    Raises:
        Problem: There is no such commit or file, it is no object, or TIA Portal refuses it; then nothing changed.
    """
    found = source_control.repository(ctx)
    sha, path = found.commit(revision), checked(path)
    item, content = item_at(path), history.read(found, sha, path)
    if content is None:
        msg = f"There is no file '{path}' in that commit."
        raise Problem("source_control.no_file", msg, status=404, place=Place(path=path))
    if item is None:
        msg = f"'{path}' is no object of a project: name a file below {', '.join((*PROGRAM, HARDWARE))}."
        raise Problem("source_control.not_restorable", msg, place=Place(path=path))
    if device is not None and item.domain != HARDWARE:
        item = Item(item.domain, device, item.folder, item.name)
    run = Restore(
        ctx.session, [Put(path, item, content)], [], False, lambda part, text: ctx.progress.report(100 * part, text)
    )
    items = ctx.session.call(run.run)
    for kept in (each.error for each in items if each.error):
        raise Problem(kept.code, kept.message, status=409, place=kept.place)
    return ProjectRestored(commit_sha=sha, failed=0, unchanged=0, items=items)


def everything(
    ctx: Context, revision: str, device: str | None, *, each: bool, delete: bool, compile_after: bool, force: bool
) -> ProjectRestored:
    """Bring the project to the state of a commit. From a worker thread.

    The project is exported first: only files that differ are imported, and only objects that an export knows can go.

    Args:
        ctx: The run.
        revision: The commit or branch.
        device: Only this PLC or station.
        each: Whether every item is for itself; otherwise all or none.
        delete: Whether objects go that the commit has not.
        compile_after: Whether the programs are compiled, and read again to compare them with the commit.
        force: Whether changes of the project that are in no commit may be lost.

    Raises:
        Problem: There is no such commit, changes would be lost, or with all or none something is refused.
    """
    found = source_control.repository(ctx)
    sha = found.commit(revision)
    wanted = _wanted(found, sha, device)
    if device is not None and not wanted:
        msg = f"That commit has nothing of a PLC or station '{device}'."
        raise Problem("source_control.no_device", msg, status=404).at(device=device)
    exported = source_control_export.export(ctx, share=40)
    with found.lock:
        tree = source_control.written(found, exported)
        if not force:
            _require_readable(exported.waiting)
            found.require_committed(tree, sha)
    ctx.progress.check()
    unreadable = _unreadable(exported)
    puts, drops = _difference(found, tree, sha, device, exported, wanted)
    run = Restore(ctx.session, puts, drops if delete else [], each,
                  lambda part, text: ctx.progress.report(40 + 20 * part, text))  # fmt: skip
    items = ctx.session.call(run.run) + [
        RestoredItem(path=path, action="Kept", objects=[], error=why)
        for path, why in unreadable.items()
        if path in wanted
    ]
    failed = len(list(_errors(items)))
    answer = ProjectRestored(
        commit_sha=sha,
        failed=failed,
        unchanged=len(wanted.keys() - {put.path for put in puts} - unreadable.keys()),
        items=items,
    )
    if compile_after:
        _verify(ctx, found, answer, device)
    if device is None and not failed and delete:
        found.restored(sha)
    return answer


def _verify(ctx: Context, found: Repository, answer: ProjectRestored, device: str | None) -> None:
    """Compile, read the project again, and note what is not as in the commit."""
    session = ctx.session
    ctx.progress.report(60, "Compiling the programs")
    try:
        answer.compile_errors = session.call(
            lambda: source_control_export.compiled(session, source_control_export.programs(session))
        )
    except Problem as problem:
        answer.compile_errors = [problem.message]
    exported = source_control_export.export(ctx, share=100)
    with found.lock:
        tree = source_control.written(found, exported)
    changes = [(each.file_path, item_at(each.file_path)) for each in found.changes(answer.commit_sha, tree)]
    answer.differences = [path for path, item in changes if item is not None and _is_of(item, device)]


def _difference(
    found: Repository, tree: str, sha: str, device: str | None, exported: Export, wanted: dict[str, Item]
) -> tuple[list[Put], list[tuple[str, Item]]]:
    """What has to come and to go, so that a tree becomes that of a commit.

    PLCs that the commit does not know stay as they are, and so does what TIA Portal does not export.
    """
    puts: list[Put] = []
    drops: list[tuple[str, Item]] = []
    present = set(history.paths(found, tree))
    unreadable = _unreadable(exported)
    devices = {item.device for item in wanted.values()}
    changed = {each.file_path for each in found.changes(tree, sha)}
    for path, item in wanted.items():
        if path not in unreadable and (path in changed or path in exported.kept):
            content = history.read(found, sha, path)
            puts.append(Put(path, item, content or b""))
    for path in sorted(present - wanted.keys() - exported.kept):
        extra = item_at(path)
        if extra is not None and _is_of(extra, device) and (extra.domain == HARDWARE or extra.device in devices):
            drops.append((path, extra))
    return puts, drops


def _unreadable(exported: Export) -> dict[str, Detail]:
    """Why TIA Portal does not export some objects, by their paths."""
    return {each.place.path: each for each in exported.left_out if each.place and each.place.path}


def _wanted(found: Repository, sha: str, device: str | None) -> dict[str, Item]:
    listed = ((path, item_at(path)) for path in history.paths(found, sha))
    return {path: item for path, item in listed if item is not None and _is_of(item, device)}


def _is_of(item: Item, device: str | None) -> bool:
    return device is None or item.device.casefold() == device.casefold()


def _require_readable(waiting: list[Detail]) -> None:
    if waiting:
        msg = (f"{len(waiting)} objects are inconsistent, so that nobody can tell whether they have changes that are in no "
               "commit: compile first, or set force to give them up.")  # fmt: skip
        raise Problem("source_control.inconsistent", msg, status=409, details=waiting)


def _read_units(units: list[Unit], number: int, put: Put) -> None:
    folder = groups.join(put.item.folder)
    xml = canonical.counted(put.content)
    units += import_order.units(number, xml, parse(xml), folder, override=True)


class _Absent(Exception):  # noqa: N818 - what is not there need not go
    """The object is gone already."""


def _present(session: Session, item: Item) -> Any:
    """The handle of an object in its folder.

    Raises:
        _Absent: It is not there.
    """
    roots = {"blocks": "BlockGroup", "udts": "TypeGroup", "tags": "TagTableGroup", "watch": "WatchAndForceTableGroup"}
    folder = groups.folder(getattr(plc(session, item.device), roots[item.domain]), groups.join(item.folder))
    found = None if folder is None else getattr(folder, PROGRAM[item.domain]).Find(item.name)
    if found is None:
        raise _Absent
    return found
