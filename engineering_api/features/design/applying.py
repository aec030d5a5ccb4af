"""Brings a PLC to what a design says, and touches nothing else: content is compared before anything is imported.

What the design made is noted with a fingerprint. So an object that somebody changed by hand, or that was there before, is
not replaced unless the caller asks for it; and objects that the design no longer contains are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from engineering_api.features.blocks.bulk_import import Import, Item, Mode, read_items
from engineering_api.features.design import comparing, present
from engineering_api.features.design.answers import ObjectResult, Status
from engineering_api.features.design.generating import Artifact
from engineering_api.features.design.present import Key, PresentObject
from engineering_api.features.design.store import MadeObject
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program import compile as compiling
from openness_bridge.program.compile import CompileReport

Report = Callable[[float, str], None]
CHANGED = "design.changed_by_hand"
FOREIGN = "design.foreign_object"
UNREADABLE = "design.unreadable"


@dataclass(frozen=True, slots=True)
class Options:
    """How a design is applied.

    Attributes:
        mode: "all" for all or nothing, "each" for as much as can be.
        override: Also replace objects that existed before or were changed by hand.
        remove: Delete what the design no longer has.
    """

    mode: Mode = "all"
    override: bool = False
    remove: bool = False


@dataclass(slots=True)
class Application:
    """One PLC being brought to what its part of a design says. On the portal's thread.

    Attributes:
        artifacts: What the design says.
        made: Objects that earlier runs made.
        report: Called with the percentage that is done and a text about the present work.
    """

    session: Session
    device: str
    artifacts: list[Artifact]
    made: list[MadeObject]
    options: Options
    report: Report = lambda *_: None
    results: list[ObjectResult] = field(default_factory=list)
    compilation: CompileReport | None = None
    _present: dict[Key, PresentObject] = field(default_factory=dict)
    _fingerprints: dict[Key, str] = field(default_factory=dict)

    def plan(self, *, there: bool, may_compile: bool) -> None:
        """Find out what is to be done; nothing is imported.

        Args:
            there: Whether the PLC is in the project; in one that will be made, everything is new.
            may_compile: Whether an inconsistent program is compiled, so that it can be read.
        """
        if there:
            self._read(may_compile=may_compile)
        self.results = [self._plan_object(each) for each in self.artifacts] + self._orphans()

    def refuse_conflicts(self) -> None:
        """End here when something that is planned cannot be done, unless the rest shall be.

        Raises:
            Problem: With all that cannot be done.
        """
        failed = [each.error for each in self.results if each.error is not None]
        if failed and self.options.mode == "all":
            msg = f"Nothing was changed: {failed[0].message}"
            raise Problem(failed[0].code, msg, kind=Kind.CONFLICT, place=failed[0].place, details=failed)

    def carry_out(self) -> list[MadeObject]:
        """Carry out the plan.

        Returns:
            What is made by the design from now on, with the fingerprints of its contents.

        Raises:
            Problem: In the mode "all", TIA Portal refuses something: the program is as it was.
        """
        wanted = [each for each in self.results if each.status in ("created", "updated")]
        gone = [each for each in self.results if each.status == "orphaned"] if self.options.remove else []
        self._import(wanted)
        self._remove(gone)
        if wanted or gone:
            self._compile()
        self.report(95, "Reading the result")
        return self._record_objects()

    # Planning ---------------------------------------------------------------------------------------------------------

    def _read(self, *, may_compile: bool) -> None:
        """Know what is there; an inconsistent object cannot be exported."""
        self._present = present.list_objects(self.session, self.device)
        keys = {present.key(each.kind, each.name) for each in self.artifacts}
        keys |= {present.key(each.kind, each.name) for each in self.made}
        if may_compile and any(not self._present[key].is_consistent for key in keys & self._present.keys()):
            self.report(0, "Compiling")
            self._compile()
            self._present = present.list_objects(self.session, self.device)
        self._fingerprints = {present.key(each.kind, each.name): each.fingerprint for each in self.made}

    def _plan_object(self, artifact: Artifact) -> ObjectResult:
        key = present.key(artifact.kind, artifact.name)
        there = self._present.get(key)
        if there is None:
            return self._result(artifact, "created")
        xml = self._xml(artifact.kind, there.name)
        if xml is not None and comparing.comparable(xml) == comparing.comparable(artifact.xml):
            return self._result(artifact, "unchanged", there.folder)
        error = None if self.options.override else self._conflict(artifact, key, xml)
        return self._result(artifact, "failed" if error is not None else "updated", there.folder, error)

    def _conflict(self, artifact: Artifact, key: Key, xml: bytes | None) -> Detail | None:
        """Return why an object that differs is not replaced."""
        place = Place(device=self.device, object=artifact.name, pointer=artifact.pointer)
        known = self._fingerprints.get(key)
        if known is None and not (artifact.kind == "OB" and xml is not None and comparing.is_empty_block(xml)):
            msg = f"There is another '{artifact.name}', which no design made: rename one of them, or set override to replace it."
            return Detail(FOREIGN, msg, place)
        if known and xml is None:
            msg = (
                f"'{artifact.name}' cannot be read, because it is inconsistent or protected: compile it, or replace it "
                "with override."
            )
            return Detail(UNREADABLE, msg, place)
        if known and xml is not None and comparing.fingerprint(xml) != known:
            msg = (
                f"'{artifact.name}' was changed since the design made it: add the change to the design, or "
                "set override to discard it."
            )
            return Detail(CHANGED, msg, place)
        return None

    def _orphans(self) -> list[ObjectResult]:
        wanted = {present.key(each.kind, each.name) for each in self.artifacts}
        left = [each for each in self.made if present.key(each.kind, each.name) not in wanted]
        left.sort(key=lambda each: present.ORDER.index(each.kind))
        found = [(each, self._present.get(present.key(each.kind, each.name))) for each in left]
        return [
            ObjectResult(device=self.device, kind=each.kind, name=there.name, folder=there.folder, status="orphaned")
            for each, there in found
            if there is not None
        ]

    def _result(
        self, artifact: Artifact, status: Status, folder: str | None = None, error: Detail | None = None
    ) -> ObjectResult:
        where = artifact.folder if folder is None else folder
        return ObjectResult(
            device=self.device,
            kind=artifact.kind,
            name=artifact.name,
            folder=where,
            status=status,
            pointer=artifact.pointer,
            error=error,
        )

    def _xml(self, kind: str, name: str) -> bytes | None:
        try:
            return present.xml(self.session, self.device, kind, name)
        except Problem:
            return None

    # Applying -----------------------------------------------------------------------------------------------------------

    def _import(self, wanted: list[ObjectResult]) -> None:
        if not wanted:
            return
        artifacts = {each.key: each for each in self.artifacts}
        chosen = [artifacts[each.kind, each.name.casefold()] for each in wanted]
        items = [
            Item(partial(bytes, artifact.xml), artifact.pointer, result.folder, override=True)
            for artifact, result in zip(chosen, wanted, strict=True)
        ]
        done = Import(self.session, self.device, read_items(items), self.report).run(self.options.mode)
        for outcome in done.results:
            if outcome.error is not None:
                wanted[outcome.item].status, wanted[outcome.item].error = "failed", outcome.error

    def _remove(self, gone: list[ObjectResult]) -> None:
        """Delete what the design no longer has, unless it was changed by hand."""
        for each in gone:
            known = self._fingerprints.get(present.key(each.kind, each.name))
            xml = self._xml(each.kind, each.name)
            if known and not self.options.override and (xml is None or comparing.fingerprint(xml) != known):
                msg = f"'{each.name}' was changed since a design made it: delete it yourself, or set override."
                each.error = Detail(CHANGED, msg, Place(device=self.device, object=each.name))
                continue
            try:
                present.delete(self.session, self.device, each.kind, each.name)
            except Problem as problem:
                each.error = Detail(problem.code, problem.message, problem.place)
            else:
                each.status = "removed"

    def _compile(self) -> None:
        software = plc(self.session, self.device)
        self.compilation = compiling.compile_object(self.session, software, software)

    def _record_objects(self) -> list[MadeObject]:
        known = {present.key(each.kind, each.name): each for each in self.made}
        said = {each.key: each.xml for each in self.artifacts}
        noted: list[MadeObject] = []
        for each in self.results:
            before = known.get(present.key(each.kind, each.name))
            if each.status in ("created", "updated", "unchanged"):
                is_same = each.status == "unchanged"
                xml = said[each.kind, each.name.casefold()] if is_same else self._xml(each.kind, each.name)
                fingerprint = "" if xml is None else comparing.fingerprint(xml)
                noted.append(MadeObject(self.device, each.kind, each.name, fingerprint))
            elif before is not None and each.status != "removed":
                noted.append(before)
        return noted
