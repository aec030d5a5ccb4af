"""The project that the files are imported into: one PLC in a separate portal, gone at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engineering_api.features.blocks import import_order
from engineering_api.features.blocks.import_order import Unit
from engineering_api.features.program_check.program import Content
from openness_bridge.errors import Problem
from openness_bridge.files import one_folder
from openness_bridge.hardware.temporary_plc import create_plc
from openness_bridge.lookup import locate_plc
from openness_bridge.portal.loader import load
from openness_bridge.portal.portal import Session
from openness_bridge.portal.temporary import temporary_portal
from openness_bridge.program import imports
from openness_bridge.program.program_reading import cpu_of
from simatic_xml.program.symbols import Cpu
from simatic_xml.scl_cli.findings import Finding


@dataclass(frozen=True, slots=True)
class Order:
    """A program that is imported.

    Attributes:
        contents: Its files.
        owners: The file that brings each block and data type, by the casefolded name.
        version: TIA Portal version of the project; empty for the default.
        article: Order number of the CPU, with its firmware behind a slash; without one the newest.
    """

    contents: Sequence[Content]
    owners: Mapping[str, Content]
    version: str
    article: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import into a throw-away project showed.

    Attributes:
        cpu: The CPU of the project.
        version: Its TIA Portal version.
        refusals: What TIA Portal refuses; None while the import is not done.
    """

    cpu: Cpu
    version: str
    refusals: list[Finding] | None


class ThrowawayPlc:
    """A PLC without a program, in a separate project."""

    def __init__(self, session: Session, folder: Path, article: str) -> None:
        """Create the project with a CPU.

        Args:
            session: A separate portal.
            folder: An empty folder for the project.
            article: Order number of the CPU, with its firmware behind a slash; without one the newest.

        Raises:
            Problem: The catalogue of this version has no such CPU.
        """
        self._session = session
        self._device = session.call(lambda: create_plc(session, folder, "Check", article))

    @property
    def cpu(self) -> Cpu:
        """Family and firmware of the CPU."""
        return self._session.call(lambda: cpu_of(locate_plc(self._session, self._device)))

    def take_in(self, contents: Iterable[Content], owners: Mapping[str, Content]) -> list[Finding]:
        """Import SimaticML and SIMATIC SD files in the order of their needs, each for itself; return the refusals.

        Sources are not generated here: the compiler reads them as they are.

        Objects that other files lack are no reason to refuse a file here: the compiler names them. A file with an object that
        another file brought is left out. The OB that TIA Portal creates with a CPU is replaced.

        Args:
            contents: The files.
            owners: The file that brings each block and data type, by the casefolded name.
        """
        given = list(contents)
        return self._session.call(lambda: list(self._import(given, owners)))

    def _import(self, given: list[Content], owners: Mapping[str, Content]) -> Iterator[Finding]:
        units: list[Unit] = []
        files: list[Content] = []
        for content in given:
            for xml, document in zip(content.xml, content.documents, strict=True):
                if all(owners.get(each.name.casefold(), content) is content for each in document.objects):
                    units += import_order.units(len(files), xml, document, "", override=True)
                    files.append(content)
        with one_folder():
            for unit in import_order.sort_units(units):
                yield from self._guard(files[unit.item], unit)

    def _guard(self, content: Content, unit: Unit) -> Iterator[Finding]:
        try:
            imports.import_xml(self._session, self._device, unit.kind, unit.xml, "", override=True, ignore_missing=True)
        except Problem as problem:
            yield from _findings(content, problem)


def import_programs(backend: str, orders: Iterable[Order]) -> Iterator[Imported]:
    """Import programs, each into its own throw-away project.

    Args:
        backend: Where the files are imported: `fake` or `openness`.
        orders: The programs.

    Yields:
        For each program first the CPU, as soon as the project has it, then the refusals.

    Raises:
        Problem: The backend, the version or the CPU does not exist.
    """
    for order in orders:
        model = load(backend, order.version or None)
        with temporary_portal(model, "tia-check") as (session, folder):
            plc = ThrowawayPlc(session, folder, order.article)
            yield Imported(plc.cpu, model.version, None)
            yield Imported(plc.cpu, model.version, plc.take_in(order.contents, order.owners))


def _findings(content: Content, problem: Problem) -> Iterator[Finding]:
    """Yield a refusal, once for each cause."""
    causes = dict.fromkeys((each.code, each.message) for each in problem.details)
    for code, message in causes or [(problem.code, problem.message)]:
        yield Finding(content.given.name, "error", code if code != "tia.refused" else problem.code, message)
