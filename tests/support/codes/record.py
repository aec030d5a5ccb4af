"""Writes the table of error codes: `python -m tests.support.codes.record`. It takes minutes."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engineering_api.app import catalogue
from engineering_api.files.forms import check_files
from engineering_api.operations.combinations import CONTRADICTION, MISSING, ruled_types, rules_of
from engineering_api.operations.declaration import Operation
from engineering_api.web.openapi import codes
from openness_bridge.portal.preview import UNTRIED
from openness_bridge.program.tags import ATTRIBUTE_OF
from tests import ROOT
from tests.support.codes.marking import Change, Marks
from tests.support.codes.program import Program, Unit
from tests.support.codes.reading import read

TABLE = ROOT / "engineering_api" / "web" / "openapi" / codes.TABLE
OBSERVED = Path(__file__).with_name("observed.tsv")
"""Operation, status and code of refusals that tests met and the marks do not show."""
STEPS = {
    "@request": (
        "web.url_secrets.require_none",
        "security.rate_limit.RateLimit.take",
        "web.identify.instance_of",
        "=web.bodies._too_large",
        "web.bind.bind",
        "web.forms.versions.unfinished",
        "web.own_host.require_own_host",
        "execution.runner.Runner.addressed",
        "execution.runner._refuse_cancelled",
        "=execution.runner.Runner._conclude",
        "execution.runner._require_no_secrets",
        "execution.admission.require_room_for_job",
        "execution.execution.Execution._translate",
        "operations.jobs.Jobs.add",
    ),
    "@login": ("security.gate.Gate._identify", "security.gate.Gate.require", "=security.scopes.Scopes.require"),
    "@path": ("files.roots.Roots.check",),
    "@change": (
        "execution.entries.Entry.begin",
        "execution.entries.Entry.end",
        "execution.refusals.Refusals.note",
        "operations.resources.Resources.condition",
        "operations.resources.Condition.require",
    ),
    "@portal": (
        "execution.execution.Execution._session",
        "execution.admission.Admission.enter",
        "=execution.runner.Runner._read",
    ),
    "@worker": ("=gateway.", "=operations.elsewhere."),
}
"""The functions of each step, below engineering_api; of those with = only what they raise themselves, also for a package."""
INTERNAL = {UNTRIED, "queue.url", "settings.git_folders"}
"""Codes that no client sees: the dry run catches one, and the start of a gateway or server raises the others."""
RUNS_ANY = ("jobs.execute", "jobs.execute_sync")
"""Operations that run the one that their request names."""
RUNS = {"assistant.write_block": "sources.import_and_generate"}
"""Operations that run another one."""
FROM_DATA = {
    "webhooks.": {(403, "webhook.target_refused"), (422, "webhook.url")},
    "runtime_sinks.": {(403, "sink.target_refused"), (422, "sink.url")},
    "runtime_sources.diagnostics": {
        (403, "runtime.denied_by_cpu"),
        (403, "runtime.login"),
        (422, "runtime.refused_by_cpu"),
        (501, "runtime.firmware"),
        (502, "runtime.answer_too_large"),
        (502, "runtime.bad_answer"),
        (502, "runtime.certificate"),
        (503, "runtime.disconnected"),
        (503, "runtime.sessions"),
        (503, "runtime.unreachable"),
        (504, "runtime.unreachable"),
    },
    "source_control.add_remote": {(403, "source_control.target_refused")},
    "source_control.push": {(403, "source_control.target_refused")},
    "source_control.pull": {(403, "source_control.target_refused")},
    "constants.": {(409, "constant.exists")},
    "tags.": {(409, "constant.exists"), *((422, f"tag.{field}_refused") for field in ATTRIBUTE_OF)},
}
"""What the marks do not show: codes that depend on the data of an object, by the beginning of the operations' names."""
Pair = tuple[int, str]
"""A status and a code."""


class Reach:
    """The codes of all that functions refer to."""

    def __init__(self, program: Program) -> None:
        """Read the marks of a program."""
        self.program, self._marks = program, Marks(program)
        self._changes: dict[Unit, list[Change]] = defaultdict(list)
        for change in self._marks.changes:
            self._changes[change.unit].append(change)
        self._callers: dict[Unit, list[Unit]] = defaultdict(list)
        for unit, referred in program.references["problem"].items():
            for each in referred:
                self._callers[each].append(unit)

    def pairs(self, roots: Iterable[Unit]) -> set[Pair]:
        """Return what functions can give."""
        units = self._units(roots)
        found = {pair for unit in units for pair in self.own(unit)} | self._limits(roots)
        causes = {code for unit in units for code in self._marks.causes.get(unit, ())}
        causes |= {code for unit in units & self._marks.listing.keys() for _, code in self._met(unit)}
        for change in (each for unit in units for each in self._changes.get(unit, ())):
            changed = causes if change.is_detail else {code for _, code in self._met(change.unit)}
            found |= {(status, code) for code in changed for status in self._marks.statuses(change.kinds, code)}
        for unit in units:
            found |= {(status, code) for code in self._marks.carrying.get(unit, ()) for status, _ in self._met(unit)}
        return found

    def _limits(self, roots: Iterable[Unit]) -> set[Pair]:
        """Return the limits of simatic_xml: a handler may let them pass, and no other error of it."""
        units = filter(_is_of_xml, self._reached(roots, self.program.references["limit"]))
        return {pair for unit in units for pair in self.own(unit) if pair[1].startswith("limit.")}

    def own(self, unit: Unit) -> set[Pair]:
        """Return what is written in a function."""
        return {(status, code) for code, status in self._marks.codes.get(unit, ()) if code not in INTERNAL}

    def _units(self, roots: Iterable[Unit]) -> set[Unit]:
        """Return what can give codes: from simatic_xml only what no handler of its errors makes another code of."""
        of_problems, of_xml = (self._reached(roots, self.program.references[error]) for error in ("problem", "xml"))
        return {each for each in of_problems if not _is_of_xml(each)} | {each for each in of_xml if _is_of_xml(each)}

    def _reached(self, roots: Iterable[Unit], references: Mapping[Unit, Iterable[Unit]]) -> set[Unit]:
        found = set(roots)
        waiting = list(found)
        while waiting:
            new = [each for each in references.get(waiting.pop(), ()) if each not in found]
            found.update(new)
            waiting.extend(new)
        return found

    @cache  # noqa: B019 - there is one program
    def _met(self, unit: Unit) -> set[Pair]:
        """Return the problems that a function meets: it calls what raises them, or its caller gives them."""
        return {pair for each in self._units([unit, *self._callers[unit]]) for pair in self.own(each)}


def _is_of_xml(unit: Unit) -> bool:
    return unit.fullname.startswith("simatic_xml.")


def collect(program: Program) -> str:
    """Return the table: name, status, and the codes of that status in one line."""
    reach = Reach(program)
    steps = {name: {pair for root in roots for pair in _of_step(reach, root)} for name, roots in STEPS.items()}
    found = {name: pairs - (steps["@request"] if name != "@request" else set()) for name, pairs in steps.items()}
    known, observed = {op.name: op for op in catalogue()}, _observed()
    for op in known.values():
        around = {pair for name, takes in codes.STEPS.items() if takes(op) for pair in steps[name]}
        ran = [known[RUNS[op.name]]] if op.name in RUNS else []
        found[op.name] = {pair for each in (op, *ran) for pair in reach.pairs(_roots(program, each))}
        found[op.name] = (found[op.name] | _of_rules(op) | observed[op.name]) - around
        found[op.name] |= {pair for first, pairs in FROM_DATA.items() if op.name.startswith(first) for pair in pairs}
    every = {status for pairs in found.values() for status, _ in pairs}
    found |= {name: {(status, codes.ANY) for status in every} for name in RUNS_ANY}
    lines: dict[tuple[str, int], set[str]] = defaultdict(set)
    for name, pairs in found.items():
        for status, code in pairs:
            lines[name, status].add(codes.family(code))
    return "".join(f"{name}\t{status}\t{' '.join(sorted(lines[name, status]))}\n" for name, status in sorted(lines))


def _of_step(reach: Reach, root: str) -> set[Pair]:
    path = f"engineering_api.{root.removeprefix('=')}"
    if not root.startswith("="):
        return reach.pairs([reach.program.units[path]])
    units = [
        unit
        for name, unit in reach.program.units.items()
        if name == path or (path[-1] == "." and name.startswith(path))
    ]
    return {pair for unit in units for pair in reach.own(unit)}


def _roots(program: Program, op: Operation) -> list[Unit]:
    before = op.reads or (check_files if op.takes_files else None)
    named: list[Any] = [each for each in (op.run, op.projects, before) if each]
    return [program.units[f"{each.__module__}.{each.__qualname__}"] for each in named]


def _of_rules(op: Operation) -> set[Pair]:
    """Return what the rules of fields that go together give."""
    rules = [rule for each in ruled_types(op.request) for rule in rules_of(each)]
    return {(400, code) for rule in rules for code in ([rule.code] if rule.code else [MISSING, CONTRADICTION])}


def _observed() -> dict[str, set[Pair]]:
    """Return what tests met and the marks do not show, by operation."""
    found: dict[str, set[Pair]] = defaultdict(set)
    for line in OBSERVED.read_text(encoding="utf-8").splitlines():
        name, status, code = line.split("\t")
        found[name].add((int(status), code))
    return found


def main() -> int:
    """Write the table; with `--check` only compare. Return 1 where it differs."""
    found = collect(read())
    if "--check" in sys.argv[1:]:
        return int(found != TABLE.read_text(encoding="utf-8"))
    TABLE.write_text(found, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
