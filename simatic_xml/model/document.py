"""A SimaticML document: which TIA Portal wrote it, what it holds, and how its text was laid out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simatic_xml.model.blocks import Block, PlcType
from simatic_xml.model.tables import TagTable, WatchTable
from simatic_xml.model.texts import Extra
from simatic_xml.versions import DEFAULT_VERSION

if TYPE_CHECKING:
    from lxml import etree

    from simatic_xml.xml.layout import Layout


@dataclass(slots=True)
class Opaque:
    """An object that this package carries without looking inside (HMI screens, alarm classes, unknown kinds).

    Attributes:
        element: The object's element without layout white space; change it to change the object.
    """

    element: etree._Element

    @property
    def kind(self) -> str:
        """The object's element name, e.g. ``Hmi.Screen.Screen``."""
        return str(self.element.tag)

    @property
    def name(self) -> str:
        """The object's name, or ``""`` where it has none."""
        return self.element.findtext("AttributeList/Name") or self.element.findtext("AttributeList/ObjectName") or ""


PlcObject = Block | PlcType | TagTable | WatchTable | Opaque


@dataclass(slots=True)
class Document:
    """One SimaticML file.

    Attributes:
        engineering: TIA version that wrote it (``"V18"``, ``"V15.1"``), or ``""`` if the file does not state it.
        objects: Blocks, types and tables in order; change them freely and dump.
        header: Elements between the version and the first object (DocumentInfo), carried as they are.
        layout: How the text was written; a new document takes the layout of its TIA version.
        extra: What the file says outside the model.
        unknown: Path of every element that TIA Portal is not known to write; such elements survive untouched.
    """

    engineering: str = DEFAULT_VERSION
    objects: list[PlcObject] = field(default_factory=list)
    header: list[etree._Element] = field(default_factory=list)
    layout: Layout | None = field(default=None, repr=False)
    extra: Extra | None = field(default=None, repr=False)
    unknown: list[str] = field(default_factory=list)
