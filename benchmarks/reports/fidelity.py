"""How true the check and the virtual CPU are on real programs (``python -m benchmarks.reports.fidelity FOLDER...``).

Each folder is checked as `tia check` does; then every function and function block without an error runs alone for 100
scans on a virtual CPU. It prints counts, the causes by their number, and the time in comparison with lxml's parser
alone on the same files.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from lxml import etree

from engineering_api.features.plc_tests.benches.harness import MAIN, SELECTED, harness
from engineering_api.features.program.other_forms import look_in
from engineering_api.features.program_check.check import Options, check_folder
from engineering_api.features.program_check.compiling import compile_for_best, guess_family
from engineering_api.features.program_check.folder import find_plcs
from engineering_api.features.program_check.program import Program
from openness_bridge.errors import Problem
from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.cpu.states import State
from virtual_plc.instructions import find_unsupported
from virtual_plc.memory.program import ProgramError, program_of

SCANS = 100
CODE = ("FB", "FC")


@dataclass(slots=True)
class Figures:
    """The counts of one folder or of all.

    Attributes:
        files: Files of PLC programs.
        refused: Files that cannot be read or imported.
        missing: Names that no file declares.
        errors: Errors that are not about a missing name, by their code.
        blocks: FBs and FCs.
        compiled: Those without an error, and with all that they use.
        ran: Those that ran for `SCANS` scans.
        stopped: Why the others did not run, by cause.
        seconds: Time of the check.
        floor: Time of lxml's parser alone on the XML files.
    """

    files: int = 0
    refused: int = 0
    missing: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    blocks: int = 0
    compiled: int = 0
    ran: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    floor: float = 0.0

    def add(self, other: Figures) -> None:
        """Add the figures of another folder."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def measure(folder: Path) -> Figures:
    """Check a folder and run its blocks."""
    figures = Figures(floor=_parse_alone(folder))
    begin = time.process_time()
    reports = check_folder(folder, Options())
    figures.seconds = time.process_time() - begin
    for report in reports:
        figures.files += len(report.files)
        figures.missing += len(report.missing)
        errors = [each for each in report.findings if each.level == "error"]
        figures.refused += len({each.file for each in errors if each.code.startswith("file.") or "import" in each.code})
        figures.errors.update(each.code for each in errors)
    for plc in find_plcs(look_in(folder))[0]:
        program = Program(plc.inputs(folder))
        workspace = compile_for_best(
            program.contents, program.owners(), guess_family(program.contents).family
        ).workspace
        _run_blocks(workspace, figures)
    return figures


def _parse_alone(folder: Path) -> float:
    begin = time.process_time()
    for path in folder.rglob("*.xml"):
        etree.fromstring(path.read_bytes())
    return time.process_time() - begin


def _run_blocks(workspace: Workspace, figures: Figures) -> None:
    """Run the blocks that compile, each alone, and count the others by their cause."""
    figures.blocks += sum(1 for _ in _code(workspace))
    while names := _erroneous(workspace):
        for name in names:
            workspace.remove(name)
    figures.compiled += sum(1 for _ in _code(workspace))
    testable = {block.name for block in _code(workspace)}
    figures.stopped.update(cause for name, cause in _unsupported(workspace).items() if name in testable)
    for name in [item.name for item in workspace if isinstance(item, Block) and item.kind == "OB"]:
        workspace.remove(name)
    for block in list(_code(workspace)):
        cause = _run(workspace, block.name)
        figures.ran += not cause
        if cause:
            figures.stopped[cause] += 1


def _code(workspace: Workspace) -> Iterator[Block]:
    return (item for item in workspace if isinstance(item, Block) and item.kind in CODE)


def _erroneous(workspace: Workspace) -> set[str]:
    errors = (each for each in workspace.check() if each.severity is Severity.ERROR)
    found = {each.place.block or each.place.member for each in errors}
    return {name for name in found if workspace.find(name) is not None}


def _unsupported(workspace: Workspace) -> dict[str, str]:
    """Take the blocks with what the virtual CPU refuses out, and the blocks that need them; return why."""
    causes: dict[str, str] = {}
    for block in list(workspace.blocks()):
        found = find_unsupported([block])
        if found:
            causes[block.name] = f"refused: {found[0][0]}"
    for name in causes:
        workspace.remove(name)
    while names := _erroneous(workspace):
        for name in names:
            causes[name] = "needs a refused block"
            workspace.remove(name)
    return causes


def _run(workspace: Workspace, name: str) -> str:
    """Run a block alone; return why it did not run, nothing if it did."""
    try:
        made = harness(workspace, [name])
    except Problem as problem:
        return f"not alone: {problem.code}"
    workspace.put_source(made.source, MAIN)
    try:
        cpu = VirtualCpu(program_of(workspace))
        cpu.power_on()
        cpu.run()
        cpu.write(SELECTED, 1)
        cpu.run_cycles(SCANS)
        return "" if cpu.state is State.RUN else f"stopped: {cpu.state.name}"
    except ProgramError as error:
        return f"not loaded: {error.problems[0].code}"
    except Exception as error:  # noqa: BLE001 - a cause to count
        return f"failed: {type(error).__name__}"
    finally:
        workspace.put_source("", MAIN)


def show(name: str, figures: Figures) -> Iterator[str]:
    """Yield the lines about a folder."""
    yield f"{name}: {figures.files} files, {figures.refused} refused, {figures.missing} names missing"
    yield f"  errors: {figures.errors.total()} ({_most(figures.errors)})"
    yield f"  blocks: {figures.blocks}, {figures.compiled} compile, {figures.ran} ran {SCANS} scans ({_most(figures.stopped)})"
    ratio = f"{figures.seconds / figures.floor:.0f} times lxml's parser" if figures.floor else "no XML"
    yield f"  check: {figures.seconds:.2f} s processor time, {ratio}"


def _most(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {cause}" for cause, count in counts.most_common(12)) or "none"


def main(arguments: list[str] | None = None) -> None:
    """Measure the folders and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    total = Figures()
    folders = parser.parse_args(arguments).folders
    for folder in folders:
        try:
            figures = measure(folder)
        except Problem as problem:
            sys.stdout.write(f"{folder.name}: {problem.message}\n")
            continue
        total.add(figures)
        sys.stdout.writelines(f"{line}\n" for line in show(folder.name, figures))
    if len(folders) > 1:
        sys.stdout.writelines(f"{line}\n" for line in show("all", total))


if __name__ == "__main__":
    main()
