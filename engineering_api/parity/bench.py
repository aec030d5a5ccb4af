"""Where a scenario works: its own portal and project, and a notebook for what TIA Portal answers.

What differs from run to run or from computer to computer is masked before it is noted: folders, moments, ids, and every
text of a refusal, because those are localised: only its type is kept.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lxml import etree

from openness_bridge.errors import Problem, from_openness
from openness_bridge.lookup import plc
from openness_bridge.model import Model
from openness_bridge.portal.portal import Session
from openness_bridge.values import di, enum, fi
from simatic_xml.xml.parsing import harmless_parser

Scalar = str | int | float | bool | None
Fact = Scalar | list[Scalar]
_GUID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
_MISSING = (AttributeError, TypeError, Problem)
"""How pythonnet and the model report a member, an overload or a type that does not exist."""
CPU = "OrderNumber:6ES7 511-1AK02-0AB0/V2.5"
"""A CPU that all versions have."""


class Bench:
    """What a scenario is given.

    Attributes:
        facts: Name of each question that the scenario asked, and the answer, in order.
        findings: Members and overloads that this TIA Portal does not have, in its words; not compared.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        """Work in a portal, with files in a folder."""
        self.session, self.model, self.folder = session, session.model, folder
        self.facts: dict[str, Fact] = {}
        self.findings: list[str] = []
        self._files = 0

    def note(self, name: str, value: Any) -> None:
        """Keep an answer: a value or a list of values."""
        self.facts[name] = [self._plain(each) for each in value] if isinstance(value, list) else self._plain(value)

    def attempt(self, name: str, call: Callable[[], Any]) -> None:
        """Keep how a call ends: its answer, or the type of the exception; a missing member is such an answer too."""
        try:
            self.note(name, call())
        except Exception as error:
            if not self._keep_failure(name, error):
                raise

    def play(self, scenario: Callable[[Bench], None]) -> None:
        """Play a scenario to its end, or to the first failure outside of an attempt, which is kept."""
        try:
            scenario(self)
        except Exception as error:
            if not self._keep_failure("the scenario ended early", error):
                raise

    def _keep_failure(self, name: str, error: Exception) -> bool:
        """Keep the type of an exception; False for one that neither TIA Portal nor a missing member is the cause of."""
        if isinstance(error, _MISSING):
            self.findings.append(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")
        elif from_openness(error) is None:
            return False
        self.facts[name] = f"<{type(error).__name__}>"
        return True

    def file(self, suffix: str = ".xml") -> Path:
        """Return a new path for a file."""
        self._files += 1
        return self.folder / f"file_{self._files}{suffix}"

    def export(self, thing: Any) -> list[str]:
        """Return an object's SimaticML without what depends on the installation, one line for each node."""
        path = self.file()
        thing.Export(fi(self.model, path), enum(self.model, "ExportOptions", "WithDefaults"))
        return lines(path.read_bytes())

    @property
    def project(self) -> Any:
        """The scenario's project."""
        return self.session.project

    @property
    def plc(self) -> Any:
        """The program of PLC_1."""
        return plc(self.session, "PLC_1")

    def generate(self, text: str) -> Any:
        """Generate blocks from SCL."""
        path = self.file(".scl")
        path.write_text(text, encoding="utf-8-sig")
        source = self.plc.ExternalSourceGroup.ExternalSources.CreateFromFile(path.name, str(path))
        try:
            source.GenerateBlocksFromSource()
        finally:
            source.Delete()

    def _plain(self, value: Any) -> Scalar:
        if value is None or isinstance(value, bool | int | float):
            return value
        text = str(value.ToString()).rstrip("_") if hasattr(value, "ToString") else str(value)
        masked = text.replace(str(self.folder), "<folder>")
        return _GUID.sub("<id>", _MOMENT.sub("<moment>", masked))


def lines(xml: bytes) -> list[str]:
    """Return SimaticML as comparable lines: path of names, attributes in order, text; no data of the document."""
    root = etree.fromstring(xml, harmless_parser())
    return [line for child in root if child.tag not in {"DocumentInfo", "Engineering"} for line in _lines(child, 0)]


def _lines(node: Any, depth: int) -> Iterator[str]:
    attributes = "".join(f" {name}={value}" for name, value in sorted(node.attrib.items()) if name != "ID")
    yield f"{'  ' * depth}{etree.QName(node).localname}{attributes} {(node.text or '').strip()}".rstrip()
    for child in node:
        if isinstance(child.tag, str):
            yield from _lines(child, depth + 1)


@contextmanager
def bench(model: Model) -> Iterator[Bench]:
    """Start a portal without user interface and make a project with PLC_1 there; both are gone at the end.

    Raises:
        Problem: The portal cannot be started.
    """
    mode = enum(model, "TiaPortalMode", "WithoutUserInterface")
    with tempfile.TemporaryDirectory(prefix="parity-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        session = Session(model, lambda: model.TiaPortal(mode), "parity")
        try:
            yield session.call(lambda: _create(session, folder))
        finally:
            with suppress(Problem):
                session.call(lambda: session.portal.Dispose())
            session.apartment.stop()


def _create(session: Session, folder: Path) -> Bench:
    project = session.portal.Projects.Create(di(session.model, folder), "Parity")
    project.Devices.CreateWithItem(CPU, "PLC_1", "Station_1")
    return Bench(session, folder)
