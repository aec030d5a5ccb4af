"""Write SimaticML blocks, data blocks and data types as SIMATIC SD documents, as TIA Portal's ExportAsDocuments does.

Facts on the layout: documents exported by TIA Portal V20 and V21. The ids of texts are TIA Portal's own there, and are
in no SimaticML file: new ones are counted, old ones are kept where the resource file they come from is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from simatic_xml.model import Block, Document, Member, Network, PlcType, Section
from simatic_xml.model.texts import Texts
from simatic_xml.scl.declaration_text import assignments, initial_value
from simatic_xml.scl.declare import RETENTION_WORDS
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.sources import KEYWORDS, SECTIONS, objects_of
from simatic_xml.scl.text import to_text
from simatic_xml.sd import attributes
from simatic_xml.sd.layout import INDENT, attribute_lines, quote_name
from simatic_xml.sd.resources import Resources, write_resources
from simatic_xml.sd.rung_text import network_lines

_REFUSED = {"STL": "STL", "GRAPH": "GRAPH", "CEM": "cause-effect matrices", "F_STL": "STL", "F_GRAPH": "GRAPH"}
_SAID = frozenset(
    ["HeaderVersion", "IsIECCheckEnabled", "MemoryReserve", "Namespace", "OfSystemLibElement", "OfSystemLibVersion"]
)
_DEFAULTS = frozenset(["", "false"])


class SdDocument(NamedTuple):
    """A document: the text of its `.s7dcl` and `.s7res` files, and what SimaticML says that these do not."""

    dcl: str
    res: str
    left_out: tuple[str, ...]

    @property
    def files(self) -> dict[str, bytes]:
        """The content of the files by suffix, as TIA Portal encodes it; no resource file where there are no texts."""
        texts = {"s7dcl": self.dcl, "s7res": self.res}
        return {suffix: b"\xef\xbb\xbf" + text.encode() for suffix, text in texts.items() if text}


def source(
    document: bytes | str | etree._Element | Document | Block | PlcType, keep: Resources | None = None
) -> SdDocument:
    """Return the SIMATIC SD document of the blocks and types of a SimaticML document, lines ended by line feeds.

    Args:
        document: a SimaticML file, its root element, or the document loaded from it.
        keep: texts of an earlier document; a text that is there already keeps its id.

    Raises:
        SclError: the format does not have an object or network (STL, GRAPH, tag tables), or cannot express what is in it.
        SimaticMLError: the document cannot be read.
    """
    ids = _Ids(keep)
    writers = [_Writer(node, ids) for node in objects_of(document, "a SIMATIC SD document")]
    dcl = "\n".join("\n".join([*writer.lines(), ""]) for writer in writers)
    left_out = dict.fromkeys(each for writer in writers for each in writer.left_out)
    return SdDocument(dcl, write_resources(ids.used), tuple(left_out))


class _Ids:
    """Gives texts their ids."""

    def __init__(self, keep: Resources | None) -> None:
        self.kept: dict[tuple[tuple[str, str], ...], list[str]] = {}
        self.taken = set(keep.texts) if keep else set()
        for text_id, texts in (keep.texts if keep else {}).items():
            self.kept.setdefault(_key(texts), []).append(text_id)
        self.used: dict[str, Texts] = {}
        self.count = 0

    def of(self, texts: Texts) -> str:
        """Return the id of a text, empty for no text."""
        key = _key(texts)
        if not key:
            return ""
        known = self.kept.get(key)
        text_id = known.pop(0) if known else self._new()
        self.used[text_id] = dict(key)
        return text_id

    def _new(self) -> str:
        while True:
            self.count += 1
            if f"MLC_{self.count}" not in self.taken:
                return f"MLC_{self.count}"


def _key(texts: Texts) -> tuple[tuple[str, str], ...]:
    return tuple((culture, text) for culture, text in texts.items() if text)


class _Writer:
    """Writes one object."""

    def __init__(self, node: Block | PlcType, ids: _Ids) -> None:
        self.node = node
        self.ids = ids
        self.left_out: list[str] = []

    def lose(self, what: str) -> None:
        """Note what the document leaves out."""
        self.left_out.append(f"{self.node.name}: {what}")

    def lines(self) -> Iterator[str]:
        if isinstance(self.node, PlcType):
            return self.type_lines(self.node)
        if self.node.kind in ("GlobalDB", "InstanceDB"):
            return self.data_block(self.node)
        if self.node.kind in KEYWORDS:
            return self.code_block(self.node)
        raise SclError(f"'{self.node.name}' is a {self.node.kind}, which has no SIMATIC SD document.")

    def type_lines(self, node: PlcType) -> Iterator[str]:
        yield from attribute_lines(self.texts("S7_Block", node.title, node.comment))
        yield "TYPE"
        yield f"{INDENT}{quote_name(node.name)} : STRUCT"
        yield from (INDENT * 2 + line for line in self.members(node.members))
        yield f"{INDENT}END_STRUCT;"
        yield "END_TYPE"

    def data_block(self, block: Block) -> Iterator[str]:
        members = [member for _section, member in block.members() if not member.informative]
        retains = bool(members) and all(member.remanence == "Retain" for member in members)
        whole = retains and (bool(block.instance_of) or block.memory_layout == "Standard")
        yield from attribute_lines(self.header(block) | {"S7_StandardRetain": "TRUE" if whole else "FALSE"})
        of_what = f" : {quote_name(block.instance_of)}" if block.instance_of else ""
        yield f"DATA_BLOCK {quote_name(block.name)}{of_what}"
        if block.instance_of:
            yield from (f"{INDENT}{line}" for line in assignments(members, whole=True, quote=quote_name))
        else:
            yield from self.sections(block, retain=not whole)
        yield "END_DATA_BLOCK"

    def code_block(self, block: Block) -> Iterator[str]:
        languages = [block.language or "", *(network.language for network in block.networks)]
        refused = next((_REFUSED[each] for each in languages if each in _REFUSED), "")
        if refused:
            raise SclError(f"'{block.name}' has {refused}, which SIMATIC SD does not have; export it as SimaticML.")
        keyword = KEYWORDS[block.kind]
        result = block.section("Return")
        returned = _type(result.members[0].data_type) if result and result.members else "Void"
        yield from attribute_lines(self.header(block) | self.language(block))
        yield f'{keyword} "{block.name}"{f" : {returned}" if block.kind == "FC" else ""}'
        declared = list(self.sections(block, retain=True))
        yield from declared
        if declared:
            yield ""
        for network in block.networks:
            yield from (INDENT + line for line in self.network(network))
        yield f"END_{keyword}"

    @staticmethod
    def language(block: Block) -> dict[str, str]:
        if block.language in ("SCL", "F_SCL"):
            return {"S7_EditorMode": "SCL"}
        return {"S7_PreferredLanguage": block.language or "LAD"}

    def header(self, block: Block) -> dict[str, str]:
        """Return the entries in front of a block."""
        entries = self.texts("S7_Block", block.title, block.comment)
        entries["S7_Optimized"] = "FALSE" if block.memory_layout == "Standard" else "TRUE"
        entries["S7_Version"] = block.attributes.get("HeaderVersion") or "0.1"
        if block.number is not None and block.auto_number is False:
            entries["S7_BlockNumber"] = str(block.number)
        if "IsIECCheckEnabled" in block.attributes:
            entries["S7_IECCheck"] = block.attributes["IsIECCheckEnabled"].upper()
        for name, value in block.attributes.items():
            if name not in _SAID and value.lower() not in _DEFAULTS:
                self.lose(name)
        for name in block.parts:
            self.lose(name)
        return entries

    def texts(self, prefix: str, title: Texts, comment: Texts) -> dict[str, str]:
        """Return the entries that refer to a title and a comment."""
        ids = {f"{prefix}Title": self.ids.of(title), f"{prefix}Comment": self.ids.of(comment)}
        return {name: text_id for name, text_id in ids.items() if text_id}

    def sections(self, block: Block, *, retain: bool) -> Iterator[str]:
        """Yield the VAR sections; members that differ in retentivity are in separate sections."""
        for section in block.interface:
            if section.name not in SECTIONS:
                continue
            first = True
            for word, members in _runs(section, retain=retain):
                if not first:
                    yield ""
                first = False
                yield f"{INDENT}{SECTIONS[section.name]}{f' {word}' if word else ''}"
                yield from (INDENT * 2 + line for line in self.members(members))
                yield f"{INDENT}END_VAR"

    def members(self, members: list[Member], around: Mapping[str, str] | None = None) -> Iterator[str]:
        for member in members:
            entries, lost = attributes.in_document(member, around)
            for name in lost:
                self.lose(f"{name} of {member.name}")
            comment = {} if member.comment_informative else member.comment
            text_id = self.ids.of(comment)
            yield from attribute_lines(entries | ({attributes.COMMENT: text_id} if text_id else {}))
            yield from self.declaration(member, entries)

    def declaration(self, member: Member, entries: Mapping[str, str]) -> Iterator[str]:
        head = f"{quote_name(member.name)} : {_type(member.data_type)}"
        if any(any(element.comment.values()) for element in member.subelements):
            self.lose(f"comments on elements of {member.name}")
        if not member.members and not head.endswith("STRUCT"):
            yield f"{head}{initial_value(member)};"
            return
        yield head
        yield from (INDENT + line for line in self.members(member.members, entries))
        yield "END_STRUCT;"

    def network(self, network: Network) -> Iterator[str]:
        entries = self.texts("S7_Network", network.title, network.comment) | {"S7_Language": network.language}
        yield from attribute_lines(entries)
        yield "NETWORK"
        try:
            yield from (INDENT + line for line in _body(network))
        except SclError as error:
            raise SclError(f"A network of '{self.node.name}' has no SIMATIC SD text: {error.message}") from error
        yield "END_NETWORK"


def _body(network: Network) -> Iterator[str]:
    if network.language not in ("SCL", "F_SCL"):
        yield from network_lines(network.source, network.language)
    elif network.source is not None:
        yield from to_text(network.source).split("\n")


def _runs(section: Section, *, retain: bool) -> Iterator[tuple[str, list[Member]]]:
    """Yield the members of a section in runs of the same word for retentivity; what the system adds does not count."""

    def word(member: Member) -> str:
        return RETENTION_WORDS.get(member.remanence or "", "") if retain else ""

    for common, run in groupby((each for each in section.members if not each.informative), word):
        yield common, list(run)


def _type(data_type: str) -> str:
    """Return a data type as an SD document writes it: the user's type `"Motor"` is `_.Motor`."""
    head, of, element = data_type.rpartition(" of ")
    if element.startswith('"'):
        element = f"_.{quote_name(element.strip(chr(34)))}"
    elif element == "Struct":
        element = "STRUCT"
    return f"{head}{of}{element}"
