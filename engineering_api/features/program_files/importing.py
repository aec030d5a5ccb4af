"""Imports files of any form into a PLC program: whole or not at all, and objects are replaced only on request.

Every object and row is decided before its file is imported, in the same way for a plan and for the import itself, so
that both have the same list. All of it is one transaction; with `partial` each file is one.
Facts: docs/facts/openness.md#exclusive-access-and-transactions, docs/facts/tia-operations.md#import-order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

import simatic_xml
from engineering_api.features.blocks import import_order
from engineering_api.features.blocks.import_order import Unit
from engineering_api.features.change_list import Change, ChangeStatus, leave_out, refusal
from engineering_api.features.program_files import comparing
from engineering_api.features.program_files.comparing import Verdict
from engineering_api.features.program_files.objects import Wanted
from engineering_api.features.program_files.reading import Incoming
from engineering_api.features.tags import tag_changes, tag_merge
from engineering_api.features.tags.tag_merge import DEFAULT_NAMES, Holder, Merge
from openness_bridge import groups
from openness_bridge.errors import Detail, Problem
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import preview
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import documents, imports, origins, sources, tag_tables, udts
from openness_bridge.program.origins import Origin
from openness_bridge.project import texts
from simatic_xml.model import TagTable

EXISTS = "import.exists"
TWICE = "import.twice"
_PLACE = re.compile(r"^.*?\(\d+,\d+\): ")


@dataclass(frozen=True, slots=True)
class Choices:
    """How files are imported.

    Attributes:
        folder: Of new blocks and data types; empty for the root.
        table: Of rows that name none; None for where the tags are, and the default table for new ones.
        create_table: Whether that table is created where it is missing.
        overwrite: Whether objects that would change are replaced; otherwise they are refused.
        partial: Whether the other files are imported although one is refused.
        dry_run: Whether everything is undone again.
    """

    folder: str = ""
    table: str | None = None
    create_table: bool = False
    overwrite: bool = False
    partial: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Import:
    """One run on the portal's thread.

    Attributes:
        files: Those that could be read.
        changes: What became of each object, by the number of its file; those of files that cannot be read are given.
        report: Called with the percentage that is done and a text about the present work.
    """

    session: Session
    device: str
    files: list[Incoming]
    changes: dict[int, list[Change]]
    choices: Choices
    report: Callable[[float, str], None] = lambda *_: None
    _claimed: dict[tuple[str, str], str] = field(default_factory=dict)
    _verdicts: dict[tuple[int, Wanted], Verdict] = field(default_factory=dict)
    _types: list[str] = field(default_factory=list)
    _made: list[tuple[list[Any], Origin]] = field(default_factory=list)

    def run(self) -> list[Change]:
        """Import everything, or plan it; returns what became of each object.

        Raises:
            Problem: Something is refused without `partial`; each object is a detail, and nothing is changed.
        """
        by_number = {file.number: file for file in self.files}
        self._compare()
        steps = import_order.sort_units([unit for file in self.files for unit in file.units])
        if self.choices.dry_run:
            with preview(self.session, "Import"):
                self._put_all(steps, by_number)
        elif self.choices.partial:
            self._put_all(steps, by_number)
        else:
            with transaction(self.session, "Import"):
                self._put_all(steps, by_number)
                if self._is_refused():
                    raise refusal(self._list())
        if not self.choices.dry_run:
            self._finish()
        listed = self._list()
        return leave_out(listed) if self.choices.dry_run and not self.choices.partial and self._is_refused() else listed

    def _compare(self) -> None:
        """Compare the objects of all files with those of the project, before a refused export could undo a transaction."""
        program = comparing.program_of(self.session, self.device)
        for file in self.files:
            file.objects = [self._with_default_name(each) for each in file.objects]
            for each in file.objects:
                self._verdicts[file.number, each] = comparing.decide(program, each, file.content, file.form)

    def _list(self) -> list[Change]:
        return [change for number in sorted(self.changes) for change in self.changes[number]]

    def _is_refused(self) -> bool:
        return any(change.status == "refused" for change in self._list())

    def _put_all(self, steps: list[Unit], files: dict[int, Incoming]) -> None:
        for done, unit in enumerate(steps):
            file = files[unit.item]
            self.report(90 * done / len(steps), f"Importing {', '.join(unit.names) or file.name}")
            self.changes.setdefault(file.number, []).extend(self._put_unit(unit, file))

    def _put_unit(self, unit: Unit, file: Incoming) -> list[Change]:
        """Import one unit, or refuse all of it; returns what became of its objects."""
        decided: list[Change] = []
        try:
            with self._own_step(unit, file):
                if file.rows is not None:
                    self._put_rows(file, decided)
                else:
                    self._put_objects(unit, file, decided)
                if any(change.status == "refused" for change in decided):
                    raise _Refused
        except _Refused:
            return leave_out(decided)
        except Problem as problem:
            return list(self._failed(file, unit, decided, problem))
        return decided

    def _own_step(self, unit: Unit, file: Incoming) -> AbstractContextManager[None]:
        if self.choices.partial and not self.choices.dry_run:
            return transaction(self.session, f"Import {', '.join(unit.names) or file.name}")
        return nullcontext()

    def _failed(self, file: Incoming, unit: Unit, decided: list[Change], problem: Problem) -> Iterator[Change]:
        """Yield the refused objects of a unit: those that a detail names with its reason, the others with the first one."""
        details = problem.details or [Detail(problem.code, problem.message, problem.place)]
        names = list(zip(unit.names, unit.kinds, strict=True)) or [("", "")]
        if file.rows is not None:
            yield from (change for change in decided if change.status == "skipped")
        for name, kind in names:
            own = next((each for each in details if each.place is not None and each.place.object == name), details[0])
            message = _reason(own) if len(details) == 1 or own is not details[0] else _all_of(details)
            yield Change(name, kind, "refused", file.name, None, message, own.code or problem.code, own.place)

    # -- objects ----------------------------------------------------------------------------

    def _put_objects(self, unit: Unit, file: Incoming, decided: list[Change]) -> None:
        wanted = [each for each in file.objects if _is_of(each, unit)]
        verdicts: list[tuple[Wanted, Verdict]] = []
        for each in wanted:
            verdict = self._verdicts[file.number, each]
            verdicts.append((each, verdict))
            decided.append(self._change(file, each, verdict))
        if any(change.status == "refused" for change in decided):
            return
        if wanted and all(change.status == "unchanged" for change in decided):
            return
        made = self._import_objects(unit, file, verdicts)
        known = {each.name.casefold() for each, _ in verdicts}
        decided += [Change(name, kind, "created", file.name) for name, kind in made if name.casefold() not in known]

    def _with_default_name(self, wanted: Wanted) -> Wanted:
        """Return the default tag table under the name that it has in this project: English, or that of its language."""
        if wanted.kind != "TagTable" or wanted.name.casefold() not in DEFAULT_NAMES:
            return wanted
        table, _ = tag_tables.find_or_default(self.session, self.device, None)
        name = str(table.Name)
        if isinstance(wanted.content, TagTable):
            wanted.content.name = name
        return Wanted(name, wanted.kind, wanted.content)

    def _change(self, file: Incoming, wanted: Wanted, verdict: Verdict) -> Change:
        first = self._claimed.setdefault(wanted.key, file.name)
        if first != file.name:
            reason = f"'{wanted.name}' is in '{first}', too: leave one of them out."
            return Change(wanted.name, wanted.kind, "refused", file.name, None, reason, TWICE)
        if verdict.loses and not self.choices.overwrite:
            reason = f"'{wanted.name}' exists and would change ({verdict.reason.rstrip('.')}): set 'overwrite' to replace it."
            return Change(wanted.name, wanted.kind, "refused", file.name, None, reason, EXISTS)
        status = cast("ChangeStatus", verdict.status)
        return Change(wanted.name, wanted.kind, status, file.name, None, verdict.reason)

    def _import_objects(
        self, unit: Unit, file: Incoming, verdicts: list[tuple[Wanted, Verdict]]
    ) -> list[tuple[str, str]]:
        is_table = unit.kind in {"TagTable", "WatchTable", "ForceTable", "TechnologicalInstanceDB"}
        new = file.folder or ("" if is_table else self.choices.folder)
        folder = next((groups.join(each.present.folder) for _, each in verdicts if each.present), new)
        replaces = any(each.present for _, each in verdicts)
        if file.source is not None:
            name = f"import_{file.number}"
            made = sources.generate_text(self.session, self.device, name, file.source, extension=file.extension)
            if unit.kind == "UDT":
                self._types += unit.names
            return [(each.name, each.type) for each in made]
        if file.form == "sd":
            return self._import_document(unit, file, folder, replaces=replaces)
        xml = unit.xml
        if unit.kind == "TagTable":
            document = simatic_xml.Document(file.engineering, [_content(each) for each, _ in verdicts])
            xml = simatic_xml.dump(document)
        handles = imports.import_xml(self.session, self.device, unit.kind, xml, folder, override=replaces)
        if imports.find_home(unit.kind).collection in {"Blocks", "Types"}:
            self._made.append((handles, Origin(xml, "xml", file.name, data=file.data)))
        if unit.kind == "UDT":
            self._types += unit.names
        return [(str(each.Name), unit.kind) for each in handles]

    def _import_document(self, unit: Unit, file: Incoming, folder: str, *, replaces: bool) -> list[tuple[str, str]]:
        with temporary(".s7dcl") as path:
            path.write_bytes(file.content)
            if file.texts is not None:
                path.with_suffix(".s7res").write_bytes(file.texts)
            if unit.kind == "UDT":
                made = documents.put_types(self.session, self.device, path, folder, override=replaces)
                self._types += made
                return [(name, "UDT") for name in made]
            blocks = documents.import_blocks(self.session, self.device, path, folder, override=replaces)
        return [(each.name, str(each.type)) for each in blocks]

    def _finish(self) -> None:
        """Note what objects were made of, and compile data types: TIA Portal exports none before."""
        program = str(plc(self.session, self.device).Name)
        for handles, origin in self._made:
            origins.remember(self.session, program, origins.stamps(self.session, handles), origin)
        self.report(90, "Compiling data types")
        for name in self._types:
            udts.compile_udt(self.session, self.device, name)

    # -- tag lists --------------------------------------------------------------------------

    def _put_rows(self, file: Incoming, decided: list[Change]) -> None:
        assert file.rows is not None  # noqa: S101 - only tag lists come here
        sheet = file.rows.sheet
        decided += tag_changes.of_skipped(sheet, file.name)
        merge = self._merge(file)
        merge.run()
        decided += tag_changes.of_errors(file.rows, [*sheet.errors, *merge.errors], file.name)
        decided += [self._of_row(file, outcome) for outcome in merge.outcomes]
        decided.sort(key=lambda change: change.row or 0)
        if any(change.status == "refused" for change in decided):
            return
        if changed := merge.list_changed():
            tag_tables.replace_all(self.session, self.device, [each.file() for each in changed], lambda *_: None)

    def _of_row(self, file: Incoming, outcome: tag_merge.RowOutcome) -> Change:
        row, change = outcome.row, tag_changes.of_outcome(outcome, file.name)
        first = self._claimed.setdefault(("tags", row.name.casefold()), file.name)
        if first != file.name and outcome.status == "replaced":
            reason = f"'{row.name}' is in '{first}', too, with other values: correct one of them."
            return msgspec.structs.replace(change, status="refused", reason=reason, code=TWICE)
        if outcome.status == "replaced" and not self.choices.overwrite:
            reason = f"'{row.name}' exists and would change ({outcome.before}): set 'overwrite' to change it."
            return msgspec.structs.replace(change, status="refused", reason=reason, code=EXISTS)
        return change

    def _merge(self, file: Incoming) -> Merge:
        assert file.rows is not None  # noqa: S101 - only tag lists come here
        session, device = self.session, self.device
        version = f"V{session.model.version}"
        infos = tag_tables.list_tables(session, device)
        holders = [tag_merge.holder_of(tag_tables.table_file(session, device, info.name)) for info in infos]
        base, made = self._base(holders, version)
        culture = texts.editing_culture(session)
        return Merge(file.rows, "update", culture, version, [*holders, *made], None, base, made=made)

    def _base(self, holders: list[Holder], version: str) -> tuple[Holder, list[Holder]]:
        """Return the table of rows that name none, and whether it is new."""
        try:
            table, _ = tag_tables.find_or_default(self.session, self.device, self.choices.table)
        except Problem as problem:
            if problem.code != "tag_table.not_found" or self.choices.table is None:
                raise
            if not self.choices.create_table:
                msg = f"{problem.message} Set 'createTable' to create it."
                raise Problem(problem.code, msg, kind=problem.kind, place=problem.place) from problem
            *folder, name = groups.split(self.choices.table)
            new = tag_merge.new_holder(name, tuple(folder), version)
            return new, [new]
        name = str(table.Name)
        return next(holder for holder in holders if holder.name == name), []


class _Refused(Exception):  # noqa: N818 - ends a unit that was refused before TIA Portal was asked
    """Something of a unit is refused."""


def _is_of(wanted: Wanted, unit: Unit) -> bool:
    return unit.xml == b"" or wanted.collection == imports.find_home(unit.kind).collection


def _content(wanted: Wanted) -> Any:
    return wanted.content


def _all_of(details: list[Detail]) -> str:
    return " ".join(dict.fromkeys(map(_reason, details)))


def _reason(detail: Detail) -> str:
    """Return a message of the compiler without the place before it, which is a field of the change."""
    located = detail.place is not None and detail.place.line is not None
    return _PLACE.sub("", detail.message) if located else detail.message


def failed(file: str, problem: Problem) -> Change:
    """Return the change of a file that cannot be read."""
    place = msgspec.structs.replace(problem.place, path=None) if problem.place is not None else None
    return Change("", "", "refused", file, None, problem.message, problem.code, place)
