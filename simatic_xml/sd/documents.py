"""Convert SIMATIC SD documents to the SimaticML that TIA Portal exports after it imported them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from simatic_xml.conversion import for_version
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump
from simatic_xml.model import Block, Document, Member, Network, PlcType, Section
from simatic_xml.model.texts import Texts as Cultures
from simatic_xml.scl.context import Interface, Program, program_of
from simatic_xml.scl.declare import SYSTEM_TYPES, Texts, interface
from simatic_xml.scl.diagnostics import Diagnostic, SclError, Severity
from simatic_xml.scl.documents import GeneratedDocuments
from simatic_xml.scl.nodes import Declaration, Node, SourceObject
from simatic_xml.scl.structured_text import from_text
from simatic_xml.scl.structured_text import namespace as scl_namespace
from simatic_xml.scl.values import NO_PROGRAM, StartValues, Types
from simatic_xml.sd import attributes
from simatic_xml.sd.names import Names
from simatic_xml.sd.nodes import Network as SdNetwork
from simatic_xml.sd.nodes import SdObject, SdTree
from simatic_xml.sd.parser import Result, parse
from simatic_xml.sd.wiring import element_of
from simatic_xml.versions import DEFAULT_VERSION, SOURCE_NAMESPACE, tia_version

_KINDS = {"FUNCTION": "FC", "FUNCTION_BLOCK": "FB", "ORGANIZATION_BLOCK": "OB"}
_USER_TYPE = re.compile(r'(?:_\.)(?:"(?P<quoted>[^"]*)"|(?P<name>\w+))\Z')
_KNOWN = frozenset(
    ("S7_BlockNumber", "S7_Optimized", "S7_PreferredLanguage", "S7_EditorMode", "S7_Version")
) | frozenset(("S7_StandardRetain", "S7_BlockTitle", "S7_BlockComment", "S7_IECCheck", "S7_Language"))
_EVENTS = (
    (range(10, 18), "TimeOfDay"),
    (range(20, 24), "TimeDelayInterrupt"),
    (range(30, 39), "CyclicInterrupt"),
    (range(40, 48), "HardwareInterrupt"),
    (range(80, 81), "TimeErrorInterrupt"),
    (range(82, 83), "DiagnosticErrorInterrupt"),
    (range(83, 84), "PullOrPlugOfModules"),
    (range(86, 87), "RackOrStationFailure"),
    (range(100, 101), "Startup"),
    (range(121, 122), "ProgrammingError"),
    (range(122, 123), "IOaccessError"),
)
"""Event classes by OB number; an SD document says no other class."""
_EVENT_INPUTS = {"ProgramCycle": ("Initial_Call", "Remanence"), "Startup": ("LostRetentive", "LostRTC")}


def generate(
    source: str | bytes,
    resources: str | bytes | None = None,
    version: str = DEFAULT_VERSION,
    program: Program | None = None,
    culture: str = "",
) -> GeneratedDocuments:
    """Return one SimaticML document for each object of an SD document; objects with errors are left out.

    Args:
        source: the text or the bytes of a `.s7dcl` file.
        resources: the text or the bytes of its `.s7res` file.
        version: the TIA Portal version to write for, such as `V20`.
        program: the names of the program around it; its `interfaces` may hold those of functions too.
        culture: the language of titles and comments that are empty; if not given the first one of the resources.

    Raises:
        SimaticMLError: the version is not known or has no SCL export.
    """
    scl_namespace(version)
    result = parse(source, resources)
    generator = _Generator(result, version, program or Program(), culture)
    if resources is None and result.text_ids and result.tree.blocks:
        message = f"{len(result.text_ids)} titles and comments are left out; name the resource file that has them."
        generator.report(Severity.WARNING, "sd.texts_left_out", message, result.tree.blocks[0])
    documents, names = [], []
    for node in result.tree.blocks:
        if _is_broken(node, result):
            continue
        made = generator.document_object(node)
        if made is None:
            continue
        try:
            content = dump(for_version(Document(objects=[made]), version))
        except SimaticMLError as error:
            generator.report(Severity.ERROR, error.code, error.message, node)
            continue
        documents.append(content)
        names.append(node.name)
    findings = sorted([*result.diagnostics, *generator.findings], key=lambda finding: (finding.line, finding.column))
    return GeneratedDocuments(documents, findings, names)


def _is_broken(node: SourceObject, result: Result) -> bool:
    """Return whether an object has an error in it, or no end."""
    span = result.tree.span(node)
    texts = result.resources.diagnostics
    return not node.closed or any(
        span.line <= error.line <= span.end_line for error in result.errors if error not in texts
    )


class _Generator:
    """Turns the objects of one document into the model."""

    def __init__(self, result: Result, version: str, around: Program, culture: str) -> None:
        self.tree: SdTree = result.tree
        self.version = version
        cultures = (name for texts in result.resources.texts.values() for name in texts)
        self.culture = culture or next(cultures, "en-US")
        self.texts = Texts(self.culture, result.resources.texts)
        self.findings: list[Diagnostic] = []
        self.sources = {id(node): self.scl_object(node) for node in result.tree.blocks}
        self.program = program_of(self.sources.values(), around)
        own = {node.name.casefold(): interface(node, self.texts) for node in self.sources.values()}
        self.interfaces = {name.casefold(): found for name, found in around.interfaces.items()} | own
        self.failed = False

    def report(self, severity: Severity, code: str, message: str, node: Node) -> None:
        """Add a finding at the place of a node."""
        span = self.tree.span(node)
        place = (span.line, span.column, span.end_line, span.end_column)
        self.findings.append(Diagnostic(severity, code, message, *place))
        self.failed |= severity is Severity.ERROR

    def error(self, code: str, message: str, node: Node) -> None:
        """Add a finding of a network: what is only assumed is a warning, the rest an error."""
        self.report(Severity.WARNING if code in _ASSUMPTIONS else Severity.ERROR, code, message, node)

    def document_object(self, node: SdObject) -> Block | PlcType | None:
        """Return one object; None where it has errors."""
        self.failed = False
        source = self.sources[id(node)]
        sections = interface(source, self.texts)
        self._check_attributes(node)
        is_type = node.keyword == "TYPE"
        made = PlcType(node.name, sections[0].members) if is_type else self._block(node, source, sections)
        made.title = self._read_text(node.attributes, "S7_BlockTitle")
        of_type = is_type and attributes.COMMENT in node.attributes
        made.comment = self._read_text(node.attributes, attributes.COMMENT if of_type else "S7_BlockComment")
        return None if self.failed else made

    def _read_text(self, entries: dict[str, str], name: str) -> Cultures:
        """Return a title or comment, which a block has even where it is empty."""
        return self.texts.of(entries.get(name, "")) or {self.culture: ""}

    def _check_attributes(self, node: SdObject) -> None:
        known = _KNOWN | {attributes.COMMENT} if node.keyword == "TYPE" else _KNOWN
        unknown = sorted(set(node.attributes) - known)
        for section in node.sections:
            for declaration in section.members:
                unknown += attributes.in_simatic_ml(declaration.attributes)[1]
        for name in dict.fromkeys(unknown):
            message = f"'{name}' of '{node.name}' has no known entry in SimaticML and is left out."
            self.report(Severity.WARNING, "sd.attribute", message, node)

    def scl_object(self, node: SdObject) -> SourceObject:
        """Return an object as SCL would declare it: its types in quotes, its attributes by the names of SimaticML."""
        data_type = node.return_type
        return SourceObject(
            node.first,
            node.stop,
            node.keyword,
            node.name,
            return_type=replace(data_type, name=_type(data_type.name)) if data_type else None,
            attributes={"S7_Optimized_Access": node.attributes.get("S7_Optimized", "TRUE")},
            sections=[replace(section, members=_declarations(section.members)) for section in node.sections],
            statements=node.statements,
            instance_of=_instance_type(node.instance_of),
        )

    def _block(self, node: SdObject, source: SourceObject, sections: list[Section]) -> Block:
        entries = node.attributes
        optimized = entries.get("S7_Optimized", "TRUE").upper() != "FALSE"
        is_data = node.keyword == "DATA_BLOCK"
        kind = "GlobalDB" if is_data else _KINDS[node.keyword]
        block = Block(kind, node.name, interface=sections, memory_layout="Optimized" if optimized else "Standard")
        self._number(node, block)
        if optimized and kind in ("FB", "GlobalDB") and not source.instance_of:
            block.attributes["MemoryReserve"] = "100"
        if entries.get("S7_Version", "0.1") != "0.1":
            block.attributes["HeaderVersion"] = entries["S7_Version"]
        if "S7_IECCheck" in entries:
            block.attributes["IsIECCheckEnabled"] = entries["S7_IECCheck"].lower()
        if is_data:
            block.language = "DB"
            self._data_block(source, block, retain=entries.get("S7_StandardRetain", "FALSE").upper() == "TRUE")
            return block
        if kind == "OB":
            self._event_class(block)
        block.language = _language(node)
        names = Names(sections, self.program, self.interfaces, self.error)
        block.networks = [self._network(network, source, names) for network in node.networks]
        return block

    def _number(self, node: SdObject, block: Block) -> None:
        number = node.attributes.get("S7_BlockNumber", "")
        if number.isdecimal() and len(number) <= 5:
            block.number, block.auto_number = int(number), False
        elif number:
            self.report(Severity.ERROR, "sd.number", f"S7_BlockNumber is a whole number, not '{number[:20]}'.", node)

    @staticmethod
    def _event_class(block: Block) -> None:
        """Set the event class of an OB, which only its number says, and the inputs that TIA Portal gives it."""
        number = block.number or 1
        block.secondary_type = next((name for numbers, name in _EVENTS if number in numbers), "ProgramCycle")
        inputs = block.section("Input")
        if inputs is not None and not inputs.members:
            names = _EVENT_INPUTS.get(block.secondary_type, ())
            inputs.members = [Member(name, "Bool", informative=True) for name in names]

    def _data_block(self, source: SourceObject, block: Block, *, retain: bool) -> None:
        name = source.instance_of.strip('"')
        if source.instance_of.startswith("Array["):
            block.kind, block.interface = "ArrayDB", [Section("Static", [Member(source.name, source.instance_of)])]
            block.attributes.pop("MemoryReserve", None)
        elif name:
            block.kind, block.instance_of = "InstanceDB", name
            block.instance_of_type = "UDT" if self._is_type(name) else "FB"
            if block.instance_of_type == "FB" and block.memory_layout == "Optimized":
                block.memory_layout = None
            if not source.instance_of.startswith('"'):
                block.attributes |= {"OfSystemLibElement": name, "OfSystemLibVersion": "1.0"}
            declared = {part.name.replace("None", "Static"): part for part in Types(self.interfaces).of(name) or []}
            parts = ("Static",) if block.instance_of_type == "UDT" else ("Input", "Output", "InOut", "Static")
            block.interface = [Section(part, declared[part].members if part in declared else []) for part in parts]
        self._start_values(source, block)
        members = [member for _section, member in block.members()] if retain else []
        for member in members:
            member.remanence = "Retain"
        if retain and not members:
            message = (
                f"'{source.name}' is retentive, but the structure of '{name}' is not known: the setting is left out."
            )
            self.report(Severity.WARNING, "sd.retain", message, source)

    def _start_values(self, source: SourceObject, block: Block) -> None:
        """Put the start values of an instance into its members; without its structure they are left out."""
        is_known = any(section.members for section in block.interface)
        values = StartValues(block.interface, Types(self.interfaces))
        for statement, target in values.assign_all(source.statements, self.tree.text):
            if is_known or not target:
                message = f"No declared member matches the start value of '{target}'." if target else NO_PROGRAM
                self.report(Severity.ERROR, "sd.start_value", message, statement)
            else:
                message = (
                    f"The structure of '{block.instance_of}' is not known: the start value of '{target}' is left out."
                )
                self.report(Severity.WARNING, "sd.start_value", message, statement)

    def _is_type(self, name: str) -> bool:
        """Return whether a name is that of a PLC data type, from the program or from the form of its interface."""
        sections = self.interfaces.get(name.casefold(), [])
        return self.program.is_type(name) or [section.name for section in sections] == ["None"]

    def _network(self, node: SdNetwork, source: SourceObject, names: Names) -> Network:
        language = "SCL" if node.language == "SCL" else node.language
        title = self._read_text(node.attributes, "S7_NetworkTitle")
        network = Network(language, title, self._read_text(node.attributes, "S7_NetworkComment"))
        if node.language == "SCL":
            self._statements(node, source, network)
        else:
            namespace = f"{SOURCE_NAMESPACE}FlgNet/v{tia_version(self.version).flgnet}"
            network.source = element_of(node, names, namespace, self.error)
        return network

    def _statements(self, node: SdNetwork, source: SourceObject, network: Network) -> None:
        text = body_text(self.tree, node)
        try:
            element = from_text(text, Interface.from_object(source), self.program, self.version)
        except SclError as error:
            self.report(Severity.ERROR, error.code, error.message, node)
            return
        network.source = element if len(element) else None


_ASSUMPTIONS = frozenset(("sd.callee_unknown", "sd.instruction_unknown"))


def body_text(tree: SdTree, node: SdNetwork) -> str:
    """Return the statements of a network without the indentation that the document gives its lines."""
    text, margin = _raw_body(tree, node), _margin(tree, node)
    first, *lines = text.split("\n")
    if first.strip() or not lines:
        return text if text.strip() else ""
    if not lines[-1].strip():
        lines.pop()
    return "\n".join(line[min(margin, len(line) - len(line.lstrip(" "))) :] for line in lines)


def body_start(tree: SdTree, node: SdNetwork) -> tuple[int, int]:
    """Return the line of the document that is the first one of `body_text`, and how many columns its lines are further right."""
    line, column = tree.tokens.place(tree.tokens.ends[node.body_first - 1])
    first, *lines = _raw_body(tree, node).split("\n")
    return (line, column - 1) if first.strip() or not lines else (line + 1, _margin(tree, node))


def _raw_body(tree: SdTree, node: SdNetwork) -> str:
    tokens = tree.tokens
    return tokens.source[tokens.ends[node.body_first - 1] : tokens.starts[node.body_stop]].replace("\r\n", "\n")


def _margin(tree: SdTree, node: SdNetwork) -> int:
    return tree.tokens.place(tree.tokens.starts[node.body_first - 1])[1] + 3


def _language(node: SdObject) -> str:
    """Return the language of a block: the one of its editor, the preferred one, or that of its first network."""
    entries = node.attributes
    fallback = node.networks[0].language if node.networks else "LAD"
    return (entries.get("S7_EditorMode") or entries.get("S7_PreferredLanguage") or fallback).upper()


def _type(name: str) -> str:
    """Return a data type as SCL writes it: `_.Motor` is the user's type `"Motor"`."""
    return _USER_TYPE.sub(lambda found: f'"{found["quoted"] or found["name"]}"', name)


def _instance_type(name: str) -> str:
    """Return what a data block is an instance of: a name in quotes, except for system types."""
    if name.startswith("Array["):
        return _type(name)
    bare = _type(name).strip('"')
    if not bare:
        return bare
    return bare if bare.upper() in SYSTEM_TYPES else f'"{bare}"'


def _declarations(members: list[Declaration], around: Mapping[str, str] | None = None) -> list[Declaration]:
    """Return declarations with their attributes as SimaticML has them: without repeating the structure around."""
    made = []
    outer = around or {}
    for each in members:
        own = attributes.in_simatic_ml(each.attributes)[0]
        inner = _declarations(each.data_type.members, own)
        data_type = replace(each.data_type, name=_type(each.data_type.name), members=inner, comment="")
        stated = {name: value for name, value in own.items() if name not in attributes.INHERITED or name not in outer}
        comment = each.attributes.get(attributes.COMMENT, "")
        made.append(replace(each, data_type=data_type, attributes=stated, comment=comment))
    return made
