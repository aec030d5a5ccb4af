"""What an import of one file at its own route does to each object: the change that it answers with each of them.

Objects are compared before the import, as those of an import of many files. An import of one file also imports what is equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import msgspec
from lxml import etree

import simatic_xml
from engineering_api.features.blocks import document_files
from engineering_api.features.blocks.documents import parse, understood
from engineering_api.features.change_list import Change, ChangeStatus
from engineering_api.features.program_files import comparing, reading
from engineering_api.features.program_files.objects import Form, Wanted
from engineering_api.files import sent_paths
from engineering_api.operations.context import Context
from openness_bridge import groups
from openness_bridge.errors import Problem
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program import sources
from openness_bridge.program.documents import SUFFIX, TEXTS
from openness_bridge.program.imports import KINDS
from simatic_xml.xml.parsing import parse_foreign

T = TypeVar("T", bound=msgspec.Struct)
UNKNOWN = "It was not compared, because TIA Portal does not give the text of a source."


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, once.

    Attributes:
        file: The file, as its user names it; empty for a text of a request.
        content: Its bytes.
        form: Its form.
        objects: The objects in it; of a file that only TIA Portal can read those that it declares.
        problem: Why this service cannot read it; None where it can.
    """

    file: str
    content: bytes
    form: Form
    objects: list[Wanted]
    problem: Problem | None = None

    @property
    def names(self) -> list[str]:
        """The names of the objects, in their order."""
        return [each.name for each in self.objects]

    def list_kinds(self) -> list[str]:
        """Return the kinds of the objects.

        Raises:
            Problem: The file cannot be read.
        """
        if self.problem is not None:
            raise self.problem
        return [each.kind for each in self.objects]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import will do.

    Attributes:
        file: The file, as the client names it; empty for a text of a request.
        changes: Of the objects that the file has, by folded name.
    """

    file: str
    changes: dict[str, Change]

    def add_to(self, made: Iterable[msgspec.Struct], into: type[T], kind: str = "") -> list[T]:
        """Return the answer of each imported object with its change.

        Args:
            made: What the objects are, with their names; blocks with their types.
            into: The answer: the same fields, and `change`.
            kind: The kind of all objects; of blocks each has its own.
        """
        return [into(**_fields(each), change=self._change(each, kind)) for each in made]

    def _change(self, made: Any, kind: str) -> Change:
        own = kind or str(made.type)
        known = self.changes.get(made.name.casefold())
        if known is None:
            return Change(made.name, own, "created", self.file)
        return known if known.kind else msgspec.structs.replace(known, kind=own)


def read(content: bytes, extension: str, version: str, file: str = "", texts: bytes | None = None) -> ReadFile:
    """Read a file for `foresee` and for the import; before the lock, because reading may take long.

    Args:
        content: The bytes of the file.
        extension: The extension of its form, such as .xml.
        version: The TIA version of the project, such as 20.
        file: The file, as the request names it; empty for a text of a request.
        texts: The bytes of the texts next to a SIMATIC SD document.

    Raises:
        Problem: It is above a limit.
    """
    form = reading.form_of(f"file{extension}")
    shown = sent_paths.unescape(file)
    try:
        with understood():
            if form == "xml":
                objects = [Wanted(each.name, each.kind, each) for each in parse(content).objects]
            else:
                objects = reading.read(0, f"file{extension}", content, texts, version, "").objects
    except Problem as problem:
        if problem.limit is not None:
            raise
        return ReadFile(shown, content, form, _list_declared(form, content), problem)
    return ReadFile(shown, content, form, objects)


def read_named(ctx: Context, file: str) -> ReadFile:
    """Read a SimaticML file, or a SIMATIC SD document with its texts, that a request names.

    Raises:
        Problem: It is not there, it must not be read, or it is above a limit.
    """
    version = str(ctx.session.model.version)
    if not document_files.is_document(file):
        return read(ctx.roots.read(file), ".xml", version, file)
    texts = document_files.find_documents(ctx, file).with_suffix(TEXTS)
    return read(ctx.roots.read(file), SUFFIX, version, file, texts.read_bytes() if texts.exists() else None)


def foresee(session: Session, device: str, found: ReadFile) -> Foreseen:
    """Compare the objects of a file with those of a PLC. On the portal's thread."""
    program = comparing.program_of(session, device)
    changes = {}
    for each in found.objects:
        if each.kind in KINDS:
            verdict = comparing.decide(program, each, found.content, found.form)
            status = cast("ChangeStatus", verdict.status)
            changes[each.name.casefold()] = Change(each.name, each.kind, status, found.file, reason=verdict.reason)
    return Foreseen(found.file, changes)


def foresee_source(session: Session, device: str, name: str, found: ReadFile | None) -> Foreseen:
    """Compare the objects of an external source with those of a PLC. On the portal's thread.

    TIA Portal gives no source back: of one that this service did not add, all blocks and data types of the PLC may be replaced.
    So it is where another client has replaced the source since it was read.

    Args:
        session: The portal.
        device: The PLC.
        name: The name of the source.
        found: Its text, as it was read; None where only TIA Portal has it.
    """
    origin = sources.find_text(session, device, name)
    if found is not None and origin is not None and origin.content == found.content:
        return foresee(session, device, found)
    software = plc(session, device)
    changes = {}
    for root, collection in ((software.BlockGroup, "Blocks"), (software.TypeGroup, "Types")):
        for handle, _ in groups.walk(root, collection):
            own = str(handle.Name)
            changes[own.casefold()] = Change(own, "", "replaced", "", reason=UNKNOWN)
    return Foreseen("", changes)


def _list_declared(form: Form, content: bytes) -> list[Wanted]:
    """Return the objects of a file that only TIA Portal can read, without their content."""
    if form != "xml":
        return reading.list_declared(simatic_xml.scl.decode(content))
    try:
        root = parse_foreign(content)
    except (etree.XMLSyntaxError, UnicodeDecodeError):
        return []
    named = ((each.findtext("AttributeList/Name"), etree.QName(each).localname) for each in root.iterfind("*"))
    return [Wanted(name, _kind_of(tag)) for name, tag in named if name]


def _kind_of(tag: str) -> str:
    """Return the kind of an object by its element, such as SW.Blocks.FB or SW.Tags.PlcTagTable."""
    last = tag.rpartition(".")[2].removeprefix("Plc")
    return "UDT" if last == "Struct" else last


def _fields(made: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__struct_fields__}
