"""The forms that a program is written in as text, and their way to and from SimaticML: SCL, STL, SIMATIC SD."""

from __future__ import annotations

from collections.abc import Iterable

from simatic_xml import scl, sd, stl
from simatic_xml.folders import SCL, SD, STL, XML
from simatic_xml.model import Block, Document
from simatic_xml.scl_cli.context import program_of
from simatic_xml.scl_cli.inputs import Input
from simatic_xml.versions import DEFAULT_VERSION

TEXT_FORMS = (SCL, STL, SD)


def surroundings(inputs: Iterable[Input]) -> scl.Program:
    """Return what some files mean to a text; see `program_of`. Of STL and SIMATIC SD the declarations count."""
    found: list[Input] = []
    for given in inputs:
        if given.kind in (SCL, XML):
            found.append(given)
        else:
            documents = given.objects.documents if given.objects is not None else generate_documents(given).documents
            found += (Input(f"{given.name}.{number}.xml", each) for number, each in enumerate(documents))
    return program_of(found)


def generate_documents(
    given: Input, version: str = DEFAULT_VERSION, program: scl.Program | None = None
) -> scl.GeneratedDocuments:
    """Return the SimaticML documents of a text.

    Raises:
        SimaticMLError: the version is not known or has not this language.
    """
    if given.kind == STL:
        return stl.generate(given.content, version, program)
    if given.kind == SD:
        resources = given.path.with_suffix(".s7res")
        texts = resources.read_bytes() if resources.exists() else None
        return sd.generate(given.content, texts, version, program)
    return scl.generate(given.content, version, program)


def as_stl(document: Document, /) -> dict[str, bytes]:
    """Return a document as an STL source.

    Raises:
        SclError: it contains something that STL cannot express.
    """
    return {".awl": stl.source(document).encode("utf-8")}


def as_sd(document: Document, /) -> dict[str, bytes]:
    """Return a document as SIMATIC SD: the document and its texts.

    Raises:
        SclError: it contains something that SIMATIC SD cannot express.
    """
    return {f".{suffix}": content for suffix, content in sd.source(document).files.items()}


def as_scl(document: Document, /) -> dict[str, bytes]:
    """Return a document as an SCL source, a data type or a data block.

    Raises:
        SclError: it contains something that SCL cannot express.
    """
    text = scl.source(document).encode("utf-8")
    first = document.objects[0]
    suffix = ".udt" if not isinstance(first, Block) else ".db" if first.kind.endswith("DB") else ".scl"
    return {suffix: text}
