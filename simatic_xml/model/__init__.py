"""The typed content of a SimaticML document: what an engineer would name, free of XML."""

from simatic_xml.model.blocks import Block, Network, PlcType
from simatic_xml.model.document import Document, Opaque, PlcObject
from simatic_xml.model.interface import Member, MemberAttribute, Section, Subelement
from simatic_xml.model.named_values import NamedValueType
from simatic_xml.model.tables import ForceTable, Tag, TagTable, UserConstant, WatchEntry, WatchTable
from simatic_xml.model.texts import Extra, Texts, text_of

__all__ = [
    "Block",
    "Document",
    "Extra",
    "ForceTable",
    "Member",
    "MemberAttribute",
    "NamedValueType",
    "Network",
    "Opaque",
    "PlcObject",
    "PlcType",
    "Section",
    "Subelement",
    "Tag",
    "TagTable",
    "Texts",
    "UserConstant",
    "WatchEntry",
    "WatchTable",
    "text_of",
]
