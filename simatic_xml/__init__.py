"""SimaticML files and the programs in them, without loss: read, change and write what TIA Portal exports."""

from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump, load
from simatic_xml.model import (
    Block,
    Document,
    ForceTable,
    Member,
    MemberAttribute,
    Network,
    Opaque,
    PlcType,
    Section,
    Subelement,
    Tag,
    TagTable,
    UserConstant,
    WatchEntry,
    WatchTable,
)

__all__ = [
    "Block",
    "Document",
    "ForceTable",
    "Member",
    "MemberAttribute",
    "Network",
    "Opaque",
    "PlcType",
    "Section",
    "SimaticMLError",
    "Subelement",
    "Tag",
    "TagTable",
    "UserConstant",
    "WatchEntry",
    "WatchTable",
    "dump",
    "load",
]
