"""Blocks, their networks, and PLC data types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simatic_xml.model.interface import Member, Section
from simatic_xml.model.texts import Extra, Texts

if TYPE_CHECKING:
    from lxml import etree

CODE_BLOCKS = ("OB", "FB", "FC")
DATA_BLOCKS = ("GlobalDB", "InstanceDB", "ArrayDB", "TechnologicalInstanceDB")
BLOCK_KINDS = CODE_BLOCKS + DATA_BLOCKS


@dataclass(slots=True)
class Network:
    """One network (compile unit) of a code block.

    Attributes:
        language: ``LAD``, ``FBD``, ``SCL``, ``STL``, ``GRAPH``, ``F_LAD``...
        title: Network title in each culture.
        comment: Network comment in each culture.
        source: Root element of the program (``FlgNet``, ``StructuredText``, ``StatementList``, ``Graph``) without
            layout white space, or None for an empty network.
        attributes: Further AttributeList entries by name.
    """

    language: str
    title: Texts = field(default_factory=dict)
    comment: Texts = field(default_factory=dict)
    source: etree._Element | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class Block:
    """An organization block, function block, function or data block.

    Attributes:
        kind: One of `BLOCK_KINDS`.
        name: The block's name, without quotes.
        number: Block number, or None where TIA Portal chooses it.
        auto_number: Whether TIA Portal numbers the block, or None if the file does not state it.
        language: Programming language (``LAD``, ``SCL``, ``DB``, ``F_LAD``...), or None if the file does not state it.
        memory_layout: ``Optimized``, ``Standard``, or None if the file does not state it.
        title: Block title in each culture.
        comment: Block comment in each culture.
        interface: Sections in order; empty where the file has no interface.
        networks: Networks in order; empty for data blocks.
        attributes: The other AttributeList entries by name, in order.
        read_only: AttributeList entries that are marked as read-only (dates, consistency), in order.
        parts: AttributeList entries that are XML trees themselves (``Supervisions``, ``ParameterData``), by name.
        secondary_type: Event class of an OB (``ProgramCycle``), else None.
        instance_of: Name of the FB or type that an instance DB belongs to, else None.
        instance_of_type: What that is (``FB``, ``UDT``...), else None.
        interface_version: Number of the interface namespace, or None for that of the TIA version.
    """

    kind: str
    name: str
    number: int | None = None
    auto_number: bool | None = None
    language: str | None = None
    memory_layout: str | None = None
    title: Texts = field(default_factory=dict)
    comment: Texts = field(default_factory=dict)
    interface: list[Section] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    read_only: dict[str, str] = field(default_factory=dict)
    parts: dict[str, etree._Element] = field(default_factory=dict)
    secondary_type: str | None = None
    instance_of: str | None = None
    instance_of_type: str | None = None
    interface_version: int | None = None
    extra: Extra | None = field(default=None, repr=False)

    def section(self, name: str) -> Section | None:
        """Return the interface section `name`, or None."""
        return next((section for section in self.interface if section.name == name), None)

    def members(self) -> Iterator[tuple[str, Member]]:
        """Yield each top-level member with the name of its section."""
        for section in self.interface:
            for member in section.members:
                yield section.name, member


@dataclass(slots=True)
class PlcType:
    """A PLC data type (UDT).

    Attributes:
        name: The type's name, without quotes.
        members: Its members in order.
        title: Title in each culture.
        comment: Comment in each culture.
        attributes: AttributeList entries other than name and interface, by name, in order.
        read_only: AttributeList entries that are marked as read-only, in order.
        parts: AttributeList entries that are XML trees themselves, by name.
        interface_version: Number of the interface namespace, or None for that of the TIA version.
    """

    name: str
    members: list[Member] = field(default_factory=list)
    title: Texts = field(default_factory=dict)
    comment: Texts = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    read_only: dict[str, str] = field(default_factory=dict)
    parts: dict[str, etree._Element] = field(default_factory=dict)
    interface_version: int | None = None
    extra: Extra | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """Always ``"UDT"``."""
        return "UDT"
