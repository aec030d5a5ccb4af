"""The forms that a program is written in as text, and their way to and from SimaticML: SCL, STL, SIMATIC SD."""

from __future__ import annotations

from collections.abc import Iterable

from simatic_xml import scl, sd, stl
from simatic_xml.model import Block, Document
from simatic_xml.scl_cli.context import program_of
from simatic_xml.scl_cli.inputs import SCL, SD, STL, XML, Input

TEXT_FORMS = (SCL, STL, SD)


def surroundings(inputs: Iterable[Input]) -> scl.Program:
    """Return what the SCL and SimaticML among some files mean to a text; see `program_of`."""
    return program_of(given for given in inputs if given.kind in (SCL, XML))


def generated(given: Input, version: str = "V20", program: scl.Program | None = None) -> scl.Generated:
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


def written(document: Document, form: str) -> dict[str, bytes]:
    """Return the files that a document is in another form, by their suffixes.

    Raises:
        SclError: it holds what this form cannot say.
    """
    if form == STL:
        return {".awl": stl.source(document).encode("utf-8")}
    if form == SD:
        return {f".{suffix}": content for suffix, content in sd.source(document).files.items()}
    text = scl.source(document).encode("utf-8")
    first = document.objects[0]
    suffix = ".udt" if not isinstance(first, Block) else ".db" if first.kind.endswith("DB") else ".scl"
    return {suffix: text}
