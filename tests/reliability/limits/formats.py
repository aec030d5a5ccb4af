"""The readers of every format that clients send as files or texts, each as one function of bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lxml import etree

import simatic_xml
from engineering_api.features.design.reading import Mistakes, data_of
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.program import other_forms
from engineering_api.features.source_control import canonical
from engineering_api.features.tags.files import (
    TableFileError,
    read,
    read_classic_xml,
    read_csv,
    read_json,
    read_sdf,
    read_xlsx,
)
from engineering_api.files.archives import require_harmless
from engineering_api.settings import Settings
from engineering_api.web import bodies
from fake_openness.cax.cax_import import _project as read_aml
from fake_openness.core.errors import EngineeringTargetInvocationException
from openness_bridge import importing
from openness_bridge.errors import Problem
from openness_bridge.hmi import files as hmi_files
from openness_bridge.hmi import panels
from openness_bridge.plcsim import trace_file
from runtime_data.native import alarm_sheets
from simatic_xml import SimaticMLError, scl, sd
from simatic_xml.sd.resources import parse_resources

REFUSALS = (
    Problem,
    TableFileError,
    SimaticMLError,
    EngineeringTargetInvocationException,
    UnicodeDecodeError,
    etree.XMLSyntaxError,
)
Reader = Callable[[bytes], object]


@contextmanager
def refused() -> Iterator[None]:
    """Pass what a reader refuses in the ways that have a code."""
    with suppress(*REFUSALS):
        yield


def _text(of: Callable[[str], object]) -> Reader:
    return lambda content: of(content.decode("utf-8"))


def _file(suffix: str, of: Callable[[Path], object]) -> Reader:
    def from_file(content: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"file{suffix}"
            path.write_bytes(content)
            return of(path)

    return from_file


def _archive(content: bytes) -> object:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        return require_harmless(file, "a.zip")


READERS: dict[str, Reader] = {
    "table of any kind": lambda content: read(content, file="a.txt"),
    "CSV": lambda content: read_csv(content, file="a.csv"),
    "SDF": lambda content: read_sdf(content, file="a.sdf"),
    "tags in JSON": lambda content: read_json(content, file="a.json"),
    "classic tag table": lambda content: read_classic_xml(content, file="a.xml"),
    "workbook": lambda content: read_xlsx(content, file="a.xlsx"),
    "alarm sheet": lambda content: alarm_sheets.of_file(content, "a.csv", 10_000),
    "trace": _text(trace_file.parse),
    "SimaticML": simatic_xml.load,
    "AutomationML in source control": canonical.aml,
    "AutomationML": _file(".aml", read_aml),
    "XML of an import": _file(".xml", importing.names_in),
    "SimaticML of a classic panel": panels.elements,
    "file of a Unified panel": _file(".hmi.yml", lambda path: hmi_files.objects(path, "Tags")),
    "SCL": _text(scl.parse),
    "AWL": _text(scl.generate),
    "SIMATIC SD": sd.parse,
    "texts of SIMATIC SD": parse_resources,
    "block in JSON": lambda content: other_forms.read_documents("a.json", content),
    "design": _text(lambda text: data_of(text, Mistakes())),
    "PLC test": _text(reading.parse),
    "archive": _archive,
    "body in JSON": lambda content: bodies.decoded(content, Settings()),
    "body in XML": lambda content: bodies.decoded(content, Settings(), is_xml=True),
}
