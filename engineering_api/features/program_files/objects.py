"""Objects of files that come into a program, read as far as that is possible without the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import simatic_xml
from engineering_api.features.blocks.documents import understood
from openness_bridge.program.imports import find_home
from simatic_xml.lazy import import_later
from simatic_xml.model import Block, PlcObject

if TYPE_CHECKING:
    from simatic_xml import sd
else:
    sd = import_later("simatic_xml.sd")

Form = Literal["xml", "json", "source", "sd", "list"]


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """An object of a file.

    Attributes:
        content: The object as it was read; None where only TIA Portal can read it.
    """

    name: str
    kind: str
    content: PlcObject | None = None

    @property
    def collection(self) -> str:
        """The collection that it belongs to, such as Blocks."""
        return find_home(self.kind).collection

    @property
    def key(self) -> tuple[str, str]:
        """What it is in a program: its collection and folded name."""
        return self.collection, self.name.casefold()

    @property
    def language(self) -> str:
        """The language of a block; empty for others."""
        return (self.content.language or "") if isinstance(self.content, Block) else ""


def objects_of(extension: str, content: bytes, texts: bytes | None, version: str) -> list[PlcObject]:
    """Return the objects of a source or SIMATIC SD document as far as they can be read without their program."""
    with understood():
        if extension == ".s7dcl":
            made = sd.generate(content, texts, f"V{version}")
        elif extension == ".awl":
            made = simatic_xml.stl.generate(content, f"V{version}")
        else:
            made = simatic_xml.scl.generate(content, f"V{version}")
        return [each for document in made.documents for each in simatic_xml.load(document).objects]
