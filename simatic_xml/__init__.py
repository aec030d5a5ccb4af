"""SimaticML files and the programs in them, without loss: read, change and write what TIA Portal exports."""

from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump, load
from simatic_xml.json_form.document import from_json, json_schema, to_json
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
from simatic_xml.references import Reference, references

__all__ = [
    "Block",
    "Document",
    "ForceTable",
    "Member",
    "MemberAttribute",
    "Network",
    "Opaque",
    "PlcType",
    "Reference",
    "Section",
    "SimaticMLError",
    "Subelement",
    "Tag",
    "TagTable",
    "UserConstant",
    "WatchEntry",
    "WatchTable",
    "dump",
    "from_json",
    "json_schema",
    "load",
    "references",
    "to_json",
]
