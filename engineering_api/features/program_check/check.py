"""Checks a folder of programs: reads, imports into a throw-away project, compiles, and sorts the findings.

The import finds what TIA Portal refuses; the compiler that the simulated TIA Portal uses finds the errors in
the imported objects. Findings that only say that an object is missing are replaced by the name of that object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engineering_api.features.program.other_forms import look_in
from engineering_api.features.program_check.compiling import (
    ARTICLES,
    Compiled,
    compile_for,
    compile_for_best,
    guess_family,
)
from engineering_api.features.program_check.folder import PlcFolder, find_plcs
from engineering_api.features.program_check.missing import MissingName, split_missing
from engineering_api.features.program_check.needed import select_needed
from engineering_api.features.program_check.outdated import find_outdated
from engineering_api.features.program_check.parallel import Runner, run_later
from engineering_api.features.program_check.program import Content, Program
from engineering_api.features.program_check.throwaway import Imported, Order, import_programs
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.bulk import pause_gc
from simatic_xml.folders import Folder
from simatic_xml.program.diagnostics import NOT_REPORTED_BY_TIA
from simatic_xml.scl_cli.findings import Finding, finding_of

_MOST = "it has the most of the instructions and languages"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A file that the check says nothing about.

    Attributes:
        file: Its path below the folder.
        reason: Why, as a sentence.
    """

    file: str
    reason: str


@dataclass(slots=True)
class PlcReport:
    """What the check found in one PLC.

    Attributes:
        name: The PLC's name, or that of the folder.
        cpu: The CPU family that the program was compiled for, and its firmware where one was chosen.
        cpu_reason: Why the check chose that family; empty if the user names the CPU, or nothing speaks for another one.
        tia_version: The TIA Portal version of the throw-away project.
        files: Its files.
        objects: How many blocks and data types.
        missing: Names that the program uses and no file declares.
        unchecked: Files that are not checked.
        findings: Everything else, in the order of the files.
    """

    name: str
    cpu: str
    tia_version: str
    files: list[str]
    objects: int
    missing: list[MissingName] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    cpu_reason: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a check is for.

    Attributes:
        cpu: Order number of the CPU, with its firmware behind a slash; empty to choose by the program.
        plc: Only this PLC; empty for all.
        tia_version: TIA Portal version; empty for the newest that wrote one of the files.
        backend: Where the files are imported: `fake` or `openness`.
    """

    cpu: str = ""
    plc: str = ""
    tia_version: str = ""
    backend: str = "fake"


@pause_gc()
def check_folder(root: Path | Folder, options: Options, run: Runner[Imported] = run_later) -> list[PlcReport]:
    """Check all PLCs in a folder, or one file.

    Args:
        root: The folder or the file, or what is in it.
        options: What the check is for.
        run: Starts the import, so that this process can compile at the same time.

    Raises:
        Problem: There is nothing to check, or the CPU or version does not exist.
    """
    folder = look_in(root) if isinstance(root, Path) else root
    plcs, rest = _read_programs(folder)
    if not any(content.documents or content.names or content.findings for _, each in plcs for content in each.contents):
        msg = f"'{folder.root}' holds no blocks, data types or tag tables as files."
        raise Problem("check.nothing", msg, kind=Kind.MISSING, place=Place(path=str(folder.root)))
    wanted = [pair for pair in plcs if options.plc.casefold() in {"", pair[0].name.casefold()}]
    if not wanted:
        names = ", ".join(plc.name for plc, _ in plcs)
        raise Problem("check.plc", f"There is no PLC '{options.plc}': the folder has {names}.", kind=Kind.MISSING)
    subjects = [_Subject(plc, program, rest if plc.is_plc else [], options) for plc, program in wanted]
    compiled, imported = _judge(subjects, options, run)
    return [_report(*each) for each in zip(subjects, compiled, imported, strict=True)]


def _read_programs(folder: Folder) -> tuple[list[tuple[PlcFolder, Program]], list[Content]]:
    """Return the PLCs of a folder with their programs, and the files outside of all PLC folders."""
    programs: list[tuple[PlcFolder, Program]] = []
    rest: list[Content] = []
    for plc in reversed(find_plcs(folder)[0]):
        program = Program(plc.inputs(folder.root), rest)
        programs.insert(0, (plc, program))
        rest = rest if plc.is_plc else program.contents
    return programs, rest


class _Subject:
    """A PLC with all files that its program needs."""

    def __init__(self, plc: PlcFolder, program: Program, around: list[Content], options: Options) -> None:
        around = select_needed(program.contents, around)
        self.name, self.program = plc.name, program
        self.contents, self.owners = [*program.contents, *around], program.owners(around)
        self.guess = guess_family(self.contents)
        self._options = options
        self.cpu_is_given = bool(options.cpu)

    def order(self, family: str) -> Order:
        """Return what is imported, for a CPU family where the user names no CPU."""
        version = self._options.tia_version or self.program.tia_version
        return Order(self.contents, self.owners, version, self._options.cpu or ARTICLES[family])


def _judge(subjects: list[_Subject], options: Options, run: Runner[Imported]) -> tuple[list[Compiled], list[Imported]]:
    """Return what the compiler and the import say of each PLC, for the CPU that the user names or the program chooses."""
    orders = [subject.order(subject.guess.family) for subject in subjects]
    steps = run(lambda: import_programs(options.backend, orders))
    compiled: list[Compiled] = []
    imported: list[Imported] = []
    for subject in subjects:
        if options.cpu:
            compiled.append(compile_for(next(steps).cpu, subject.contents, subject.owners))
            imported.append(next(steps))
        else:
            compiled.append(compile_for_best(subject.contents, subject.owners, subject.guess.family))
    if options.cpu:
        return compiled, imported
    imported = _finished(steps)
    families = [each.cpu.family for each in compiled]
    wrong = [number for number, subject in enumerate(subjects) if families[number] != subject.guess.family]
    again = import_programs(options.backend, [subjects[number].order(families[number]) for number in wrong])
    for number, result in zip(wrong, _finished(again), strict=True):
        imported[number] = result
    return compiled, imported


def _finished(steps: Iterator[Imported]) -> list[Imported]:
    return [each for each in steps if each.refusals is not None]


def _report(subject: _Subject, compiled: Compiled, imported: Imported) -> PlcReport:
    program, owners = subject.program, subject.owners
    diagnostics = [each for each in compiled.diagnostics if each.code not in NOT_REPORTED_BY_TIA]
    files = [content.given.name for content in program.contents]
    order = {name: number for number, name in enumerate(files)}
    elsewhere = {name for name, content in owners.items() if content.given.name not in order}
    inside = [each for each in diagnostics if each.place.block.casefold() not in elsewhere]
    missing, others = split_missing(compiled.workspace, inside, owners)
    found = [
        *program.declared_twice(),
        *compiled.in_files,
        *(imported.refusals or ()),
        *find_outdated(compiled.workspace, owners),
    ]
    found += [finding for content in program.contents for finding in content.findings]
    found += [finding_of(own.given, each) for each in others if (own := owners.get(each.place.block.casefold()))]
    reason = subject.guess.reason if compiled.cpu.family == subject.guess.family else _MOST
    return PlcReport(
        subject.name,
        f"{compiled.cpu.family} {compiled.cpu.firmware}".strip(),
        imported.version,
        files,
        sum(len(content.names) for content in program.contents),
        missing,
        [Unchecked(each.given.name, each.unchecked) for each in program.contents if each.unchecked],
        sorted((each for each in dict.fromkeys(found) if each.file in order), key=lambda each: _place(each, order)),
        "" if subject.cpu_is_given else reason,
    )


def _place(found: Finding, order: Mapping[str, int]) -> tuple[int, int, int]:
    return order[found.file], found.line, found.column
