"""What an author may leave out: the entries and sections that TIA Portal writes for each kind of object."""

from simatic_xml.model import Block, Member, Section
from simatic_xml.model.blocks import CODE_BLOCKS
from simatic_xml.versions import TiaVersion

SECTIONS = {
    "OB": ("Input", "Temp", "Constant"),
    "FB": ("Input", "Output", "InOut", "Static", "Temp", "Constant"),
    "FC": ("Input", "Output", "InOut", "Temp", "Constant", "Return"),
    "GlobalDB": ("Static",),
    "ArrayDB": ("Static",),
    "InstanceDB": ("Input", "Output", "InOut", "Static"),
    "TechnologicalInstanceDB": ("Input", "Output", "InOut", "Static"),
}
"""Sections of each kind of block, in order. Facts: docs/facts/simaticml.md#interface, measured on exports."""

OPTIONAL_INTERFACE = ("InstanceDB", "TechnologicalInstanceDB")
"""Kinds whose interface TIA Portal takes from the block that they are an instance of."""


def block_entries(kind: str, version: TiaVersion, *, numbered: bool) -> dict[str, str]:
    """Return the AttributeList entries of a new block; a given number is kept (``AutoNumber`` false)."""
    entries = {"AutoNumber": "false" if numbered else "true"}
    if kind in CODE_BLOCKS or kind == "GlobalDB":
        entries["MemoryLayout"] = "Optimized"
    if kind in CODE_BLOCKS:
        entries["SetENOAutomatically"] = "False" if version.capital_eno else "false"
    return entries | type_entries(version)


def type_entries(version: TiaVersion) -> dict[str, str]:
    """Return the AttributeList entries of a new PLC data type."""
    return {"Namespace": ""} if version.namespace_attribute else {}


def default_language(kind: str) -> str:
    """Return the programming language of a block that names none."""
    return "LAD" if kind in CODE_BLOCKS else "DB"


def default_section(name: str) -> Section:
    """Return a section as it is in a block whose author writes none: empty, or returning nothing."""
    returned = [Member("Ret_Val", "Void")]
    return Section(name, returned if name == "Return" else [])


def complete(kind: str, given: list[Section]) -> list[Section]:
    """Return the sections of a block of `kind` with those added that were not given, in TIA Portal's order."""
    if not given and kind in OPTIONAL_INTERFACE:
        return []
    by_name = {section.name: section for section in given}
    usual = [by_name.pop(name) if name in by_name else default_section(name) for name in SECTIONS[kind]]
    return usual + list(by_name.values())


def is_default(section: Section) -> bool:
    """Return whether a section is what `complete` would add."""
    return section == default_section(section.name)


def shorten(block: Block) -> list[Section] | None:
    """Return the sections to write for a block, without those that are added anyway; None where all must be named."""
    short = [section for section in block.interface if not is_default(section)]
    if not block.interface and block.kind in OPTIONAL_INTERFACE:
        return []
    if not short and block.kind in OPTIONAL_INTERFACE:
        return None
    return short if complete(block.kind, short) == block.interface else None
