"""Imports many objects of a program at once: all or none, or each for itself.

Everything is read and checked before the first import, and without the portal. What becomes of each object is listed in
the same way by a plan and by the import itself. Data types are compiled afterwards, because a transaction does not allow
it; a plan compiles nothing.
Facts: docs/facts/openness.md#exclusive-access-and-transactions,
docs/facts/tia-operations.md#import-order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple, cast

import msgspec

from engineering_api.features.blocks import import_order
from engineering_api.features.blocks.documents import Json, parse
from engineering_api.features.blocks.import_order import Unit
from engineering_api.features.change_list import Change, ChangeStatus, details, leave_out
from engineering_api.features.program_files import comparing
from engineering_api.features.program_files.comparing import Present, Program
from engineering_api.features.program_files.objects import Wanted
from engineering_api.operations.fields import Model
from openness_bridge import groups
from openness_bridge.enumerations import ObjectKind, one_of
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.importing import Languages, active_languages
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import compile as compiling
from openness_bridge.program import imports, origins, udts
from openness_bridge.program.compile import CompileReport
from openness_bridge.program.origins import Origin

Mode = Literal["all", "each"]
Report = Callable[[float, str], None]


ItemStatus = Annotated[str, one_of("ItemStatus", "Imported", "Failed")]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent: a file, or a text or JSON form in the request.

    Attributes:
        file: The file as the client named it; empty where it is no file.
        pointer: JSON pointer to the text or form in the request; empty for a file.
        data: The JSON form, where it is one.
    """

    file: str = ""
    pointer: str = ""
    data: Json | None = None

    def origin(self, xml: bytes) -> Origin:
        """Return it with the SimaticML that it is, or that was made of it."""
        return Origin(xml, "xml", self.file, self.pointer, self.data)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to import.

    Attributes:
        read: Gives its SimaticML; may raise a Problem.
        pointer: Where in the request it is.
        sent: What the client sent, for the places of compile messages; None for what the service made itself.
    """

    read: Callable[[], bytes]
    pointer: str
    folder: str = ""
    override: bool = False
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read.

    Attributes:
        xml: Its SimaticML.
        objects: What is in it.
        units: What is imported in one call each.
        problem: Why it cannot be imported; None where nothing is wrong with it alone.
    """

    item: Item
    xml: bytes = b""
    objects: list[Wanted] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    problem: Problem | None = None


def read_items(items: Iterable[Item]) -> list[ReadItem]:
    """Read items in their order, and refuse an object that another one has given; on any thread, no portal is needed.

    Raises:
        Problem: An item is above a limit; this refuses all of them.
    """
    owners: set[tuple[str, str]] = set()
    return [_read_item(number, item, owners) for number, item in enumerate(items)]


def _read_item(number: int, item: Item, owners: set[tuple[str, str]]) -> ReadItem:
    try:
        xml = item.read()
        document = parse(xml, item.pointer)
        units = import_order.units(number, xml, document, item.folder, override=item.override)
        _claim(owners, units)
    except Problem as problem:
        if problem.limit is not None:
            raise
        return ReadItem(item, problem=problem)
    return ReadItem(item, xml, [Wanted(each.name, each.kind, each) for each in document.objects], units)


class ImportChoices(NamedTuple):
    """What an import does about languages and objects that the project does not have."""

    languages: Languages = "activate"
    ignore_missing: bool = False


class ImportedObject(Model):
    """An object that was imported."""

    name: str
    kind: ObjectKind
    folder: str


class ItemResult(Model):
    """What became of one item.

    Attributes:
        item: Its place in the request, from 0.
        status: Imported or Failed.
        objects: The imported objects.
        error: Why it failed.
    """

    item: int
    status: ItemStatus
    objects: list[ImportedObject]
    error: Detail | None = None


class ImportReport(Model):
    """What an import did.

    Attributes:
        results: In the order of the request.
        order: The names of the objects in the order of their import.
        added_languages: The project languages that the import activated.
        compilation: The outcome of the compiler, where it was asked for; a dry run does not compile.
        changes: What became of each object, in the order of the request. One that is as the file has it is left as it is.
    """

    imported: int
    failed: int
    results: list[ItemResult]
    order: list[str]
    added_languages: list[str]
    compilation: CompileReport | None = None
    changes: list[Change] = []


@dataclass(slots=True)
class Import:
    """One run on the portal's thread.

    Attributes:
        report: Called with the percentage that is done and a text about the present work.
        choices: What it does about languages and objects that the project does not have.
    """

    session: Session
    device: str
    items: list[ReadItem]
    report: Report = lambda *_: None
    choices: ImportChoices = field(default_factory=ImportChoices)
    _objects: dict[int, list[ImportedObject]] = field(default_factory=dict)
    _errors: dict[int, Detail] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)
    _origins: dict[int, Origin] = field(default_factory=dict)
    _made: list[tuple[int, list[Any]]] = field(default_factory=list)
    _changes: dict[int, list[Change]] = field(default_factory=dict)
    _equal: set[tuple[str, str]] = field(default_factory=set)

    def run(self, mode: Mode, *, compile_all: bool = False) -> ImportReport:
        """Import everything; where it is only tried, nothing is compiled.

        Args:
            mode: "all" for all or none, "each" for as much as can be.
            compile_all: Compile the program afterwards.

        Raises:
            Problem: With "all", something cannot be imported; each object is a detail, and nothing is changed.
        """
        program = comparing.program_of(self.session, self.device)
        before = active_languages(self.session)
        units = import_order.sort_units(self._units())
        self._foresee(program, units)
        if mode == "all":
            self._all(program, units)
        else:
            self._each(program, units)
        compilation = None
        if not self.session.trying:
            self._remember(str(program.software.Name))
            self._compile_types()
            compilation = (
                compiling.compile_object(self.session, program.software, program.software) if compile_all else None
            )
        return self._outcome(sorted(active_languages(self.session) - before), compilation)

    def _foresee(self, program: Program, units: list[Unit]) -> None:
        """List what becomes of the objects if nothing is refused; before the first change, which a refused export would undo."""
        for unit in units:
            self._changes.setdefault(unit.item, [])
            for each in self._objects_of(unit):
                verdict = comparing.decide(program, each, self.items[unit.item].xml, "xml")
                status = cast("ChangeStatus", verdict.status)
                if unit.override and status == "unchanged" and _is_in(verdict.present, unit.folder):
                    self._equal.add(each.key)
                self._changes[unit.item].append(
                    Change(each.name, each.kind, status, self._file(unit.item), reason=verdict.reason)
                )

    def _objects_of(self, unit: Unit) -> list[Wanted]:
        return [each for each in self.items[unit.item].objects if each.key in unit.keys]

    def _file(self, number: int) -> str:
        sent = self.items[number].item.sent
        return "" if sent is None else sent.file

    def _remember(self, program: str) -> None:
        """Note what the objects were made of, for the places of compile messages."""
        for number, made in self._made:
            if number in self._origins:
                origins.remember(self.session, program, origins.stamps(self.session, made), self._origins[number])

    def _units(self) -> list[Unit]:
        """Return what can be imported, and refuse the other items."""
        for number, given in enumerate(self.items):
            if given.problem is not None:
                reason = self._fail(number, given.problem)
                self._changes[number] = [_refused(Change("", "", "refused", self._file(number)), reason)]
            elif given.item.sent is not None:
                self._origins[number] = given.item.sent.origin(given.xml)
        return [unit for given in self.items for unit in given.units]

    def _all(self, program: Program, units: list[Unit]) -> None:
        self._refuse_failures()
        with transaction(self.session, "Import"):
            for done, unit in enumerate(units):
                self.report(90 * done / len(units), f"Importing {', '.join(unit.names)}")
                try:
                    self._import(program, unit)
                except Problem as problem:
                    self._refuse(unit, problem)
                    self._refuse_failures()

    def _each(self, program: Program, units: list[Unit]) -> None:
        for done, unit in enumerate(units):
            self.report(90 * done / len(units), f"Importing {', '.join(unit.names)}")
            try:
                with transaction(self.session, f"Import {', '.join(unit.names)}"):
                    self._import(program, unit)
            except Problem as problem:
                self._refuse(unit, problem)

    def _import(self, program: Program, unit: Unit) -> None:
        made = self._find_equal(program, unit) or imports.import_xml(
            self.session,
            self.device,
            unit.kind,
            unit.xml,
            unit.folder,
            override=unit.override,
            **self.choices._asdict(),
        )
        if imports.find_home(unit.kind).collection in ("Blocks", "Types"):
            self._made.append((unit.item, made))
        kinds = dict(zip(unit.names, unit.kinds, strict=True))
        names = [str(each.Name) for each in made]
        self._order += names
        self._objects.setdefault(unit.item, []).extend(
            ImportedObject(name=name, kind=kinds.get(name, unit.kind), folder=unit.folder) for name in names
        )

    def _find_equal(self, program: Program, unit: Unit) -> list[Any]:
        """Return the objects of a unit if all of them are there as the file has them; otherwise none."""
        if not self._equal.issuperset(unit.keys):
            return []
        found = (comparing.find(program, each) for each in self._objects_of(unit))
        return [each.handle for each in found if each is not None]

    def _compile_types(self) -> None:
        """Compile imported data types: TIA Portal exports none before."""
        self.report(90, "Compiling data types")
        for each in chain.from_iterable(self._objects.values()):
            if each.kind == "UDT":
                udts.compile_udt(self.session, self.device, each.name)

    def _fail(self, number: int, problem: Problem) -> Detail:
        place = problem.at(device=self.device, pointer=self.items[number].item.pointer or None).place
        reason = Detail(problem.code, problem.message, place)
        self._errors.setdefault(number, reason)
        return reason

    def _refuse(self, unit: Unit, problem: Problem) -> None:
        reason = self._fail(unit.item, problem)
        own = set(zip(unit.names, unit.kinds, strict=True))
        self._changes[unit.item] = [
            _refused(each, reason) if (each.object, each.kind) in own else each for each in self._changes[unit.item]
        ]

    def _refuse_failures(self) -> None:
        if self._errors:
            first = self._errors[min(self._errors)]
            msg = f"Nothing was imported, because {len(self._errors)} of {len(self.items)} items cannot be imported: {first.message}"
            listed = details(sorted(leave_out(self._list()), key=lambda each: each.status != "refused"))
            raise Problem("import.refused", msg, place=first.place or Place(device=self.device), details=listed)

    def _list(self) -> list[Change]:
        return [each for number in sorted(self._changes) for each in self._changes[number]]

    def _outcome(self, added: list[str], compilation: CompileReport | None) -> ImportReport:
        results = [
            ItemResult(
                item=number,
                status="Failed" if number in self._errors else "Imported",
                objects=self._objects.get(number, []),
                error=self._errors.get(number),
            )
            for number in range(len(self.items))
        ]
        return ImportReport(
            imported=len(self.items) - len(self._errors),
            failed=len(self._errors),
            results=results,
            order=self._order,
            added_languages=added,
            compilation=compilation,
            changes=self._list(),
        )


def _is_in(present: Present | None, folder: str) -> bool:
    return present is not None and groups.join(present.folder).casefold() == imports.below(folder).casefold()


def _refused(change: Change, why: Detail) -> Change:
    return msgspec.structs.replace(change, status="refused", reason=why.message, code=why.code, place=why.place)


def _claim(owners: set[tuple[str, str]], units: list[Unit]) -> None:
    """Refuse an object that is given twice: the second would silently replace the first."""
    for collection, name in (key for unit in units for key in unit.keys):
        if (collection, name) in owners:
            raise Problem("import.twice", f"'{name}' is given twice: leave one of them out.", kind=Kind.INVALID)
    owners.update(key for unit in units for key in unit.keys)
