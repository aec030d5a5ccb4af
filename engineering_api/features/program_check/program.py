"""Puts the files of a PLC together as one program, each file read once.

What two files declare is taken from the first: SimaticML before SIMATIC SD before sources, because exports are what
TIA Portal wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import simatic_xml
from openness_bridge.program.imports import KINDS
from simatic_xml import SimaticMLError, named_values
from simatic_xml.folders import NVT, OTHER, SCL, SD, STL, XML
from simatic_xml.lint import Level
from simatic_xml.model import Block, Document, NamedValueType, PlcType, TagTable
from simatic_xml.scl import Result, parse, read_declarations
from simatic_xml.scl_cli.context import program_with
from simatic_xml.scl_cli.findings import Finding, finding_of, mistake_of, syntax_finding
from simatic_xml.scl_cli.forms import generate_documents
from simatic_xml.scl_cli.inputs import Input
from simatic_xml.versions import VERSIONS

_ORDER = {NVT: 0, XML: 0, OTHER: 1, SD: 2, SCL: 3, STL: 4}
_OLDEST = "V15.1"


@dataclass(slots=True)
class Content:
    """What one file holds.

    Attributes:
        given: The file.
        documents: Its objects as SimaticML documents; of an SCL source none.
        xml: The file of each document.
        source: The parsed SCL source; None for other files.
        named_values: Its named value data types.
        names: The casefolded names of its blocks and data types.
        namespaces: The namespaces of those that have one, by name.
        rows: The casefolded names of its tags and constants.
        findings: What is wrong with the file itself.
        unchecked: Why it is not checked; empty where it is.
        newest: The TIA Portal version that wrote it, such as V18; empty where it does not say.
    """

    given: Input
    documents: list[Document] = field(default_factory=list)
    xml: list[bytes] = field(default_factory=list)
    source: Result | None = None
    named_values: list[NamedValueType] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    namespaces: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchecked: str = ""
    newest: str = ""

    def declarations(self) -> Iterator[object]:
        """Yield its objects, those of a source without their networks."""
        if self.source is not None:
            yield from (item for _, item, _ in read_declarations(self.source))
        for document in self.documents:
            yield from document.objects


class Program:
    """The program of one PLC.

    Attributes:
        contents: Its files, in the order in which they were taken in.
    """

    def __init__(self, inputs: Iterable[Input], around: Iterable[Content] = ()) -> None:
        """Read the files.

        Args:
            inputs: The PLC's files.
            around: Files outside of the PLC's folder, whose declarations STL and SIMATIC SD need.
        """
        given = sorted(inputs, key=lambda each: (_ORDER[each.kind], each.name))
        self.contents = [_read(each) for each in given]
        if any(each.kind in (STL, SD) for each in given):
            declared = (each for content in [*self.contents, *around] for each in content.declarations())
            known = program_with(declared)
            self.contents = [
                _read(each.given, known) if each.given.kind in (STL, SD) else each for each in self.contents
            ]

    @property
    def tia_version(self) -> str:
        """The newest version that wrote one of the files, without the V: at least the oldest with Openness, empty if none says."""
        known = list(VERSIONS)
        written = {each.newest for each in self.contents} & set(known)
        newest = max(written, key=known.index, default="")
        return max(newest, _OLDEST, key=known.index).removeprefix("V") if newest else ""

    def owners(self, around: Iterable[Content] = ()) -> dict[str, Content]:
        """Return the file of each block, data type, tag and constant, by its casefolded name: the first that declares it."""
        owners: dict[str, Content] = {}
        for content in [*self.contents, *around]:
            for name in [*content.names, *content.rows]:
                owners.setdefault(name, content)
        return owners

    def declared_twice(self) -> Iterator[Finding]:
        """Yield the blocks and data types that several files declare."""
        first: dict[str, Content] = {}
        for content in self.contents:
            for name in dict.fromkeys(content.names):
                if first.setdefault(name, content) is not content:
                    yield _twice(content, first[name], name)


def _read(given: Input, around: simatic_xml.scl.Program | None = None) -> Content:
    """Read a file; STL and SIMATIC SD need the program around them for more than their declarations."""
    content = Content(given)
    try:
        if given.kind == SCL:
            content.source = parse(given.text)
            content.names = [node.name.casefold() for node in content.source.tree.objects]
        elif given.kind == NVT:
            read = named_values.parse(given.content)
            content.named_values, content.names = read.types, [each.name.casefold() for each in read.types]
            content.findings += [finding_of(given, syntax_finding(each)) for each in read.diagnostics]
        elif given.kind == XML:
            _take(content, given.content)
        elif given.objects is not None:
            content.findings += [finding_of(given, mistake_of(each)) for each in given.objects.mistakes]
            for xml in given.objects.documents:
                _take(content, xml)
        else:
            made = generate_documents(given, program=around)
            content.findings += [finding_of(given, syntax_finding(each)) for each in made.diagnostics]
            for each in made.documents:
                _take(content, each)
    except SimaticMLError as error:
        place = (error.line or 1, error.column or 1)
        content.findings.append(Finding(given.name, "error", f"file.{error.code}", error.message, *place))
    return content


def _take(content: Content, xml: bytes) -> None:
    """Keep a document that belongs to a program."""
    document = simatic_xml.load(xml)
    foreign = sorted({kind for each in document.objects if (kind := each.kind) not in KINDS})
    if foreign:
        content.unchecked = f"It holds {', '.join(foreign)}: these are not part of a PLC program."
        return
    content.newest = document.engineering or content.newest
    content.documents.append(document)
    content.xml.append(xml)
    for each in document.objects:
        if isinstance(each, TagTable):
            content.rows += [tag.name.casefold() for tag in each.tags]
            content.rows += [constant.name.casefold() for constant in each.constants]
        elif isinstance(each, Block | PlcType):
            content.names.append(each.name.casefold())
            if namespace := each.attributes.get("Namespace"):
                content.namespaces[each.name.casefold()] = namespace


def _twice(content: Content, first: Content, name: str) -> Finding:
    """Return that two files declare a name: a note where they are two forms of one object, otherwise an error."""
    own, other = (each.namespaces.get(name, "") for each in (content, first))
    if own.casefold() != other.casefold():
        message = (
            f"'{name}' is in the namespace '{own}', and in {first.given.name} in the namespace '{other}'. "
            "The check does not distinguish them: it takes the other one, and does not check this one."
        )
        return Finding(content.given.name, "note", "name.namespace", message)
    other_form = content.given.kind != first.given.kind
    same = content.given.content == first.given.content
    level: Level = "note" if other_form or same else "error"
    advice = "The check takes the first." if level == "note" else "Remove one of them, or give one another name."
    return Finding(content.given.name, level, "name.twice", f"'{name}' is in {first.given.name}, too. {advice}")
