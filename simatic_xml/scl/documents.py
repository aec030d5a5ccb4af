"""SCL sources to SimaticML documents: what TIA Portal's GenerateBlocksFromSource makes, as an export writes it."""

from __future__ import annotations

from dataclasses import dataclass

from simatic_xml.conversion import for_version
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump
from simatic_xml.interruption import checkpoint
from simatic_xml.limits import LimitError
from simatic_xml.model import Block, Document, Member, Network, PlcType, Section
from simatic_xml.program.cpu.organization_blocks import FREE_OBS, MAIN, UNKNOWN_OB, find_event, number_by_symbol
from simatic_xml.scl.classic.bodies import modernize
from simatic_xml.scl.context import Interface, Program, extend, program_of
from simatic_xml.scl.declare import Texts, interface, is_optimized
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.nodes import SourceObject, SourceTree, Statement
from simatic_xml.scl.parser import Result, parse
from simatic_xml.scl.structured_text import from_text, namespace
from simatic_xml.scl.values import NO_PROGRAM, StartValues, Types
from simatic_xml.versions import DEFAULT_VERSION

_KINDS = {"FUNCTION": "FC", "FUNCTION_BLOCK": "FB", "ORGANIZATION_BLOCK": "OB"}
_HEADER = {"AUTHOR": "HeaderAuthor", "FAMILY": "HeaderFamily", "NAME": "HeaderName", "VERSION": "HeaderVersion"}
_DEFAULT_VERSION = "0.1"
_DB_ATTRIBUTES = {
    "DB_Accessible_From_OPC_UA": "DBAccessibleFromOPCUA",
    "DB_Accessible_From_Webserver": "DBAccessibleFromWebserver",
}
_DB_FLAGS = {"READ_ONLY": "IsWriteProtectedInAS", "UNLINKED": "IsOnlyStoredInLoadMemory"}
_EVENT_CLASSES = {
    "cyclic interrupt": "CyclicInterrupt",
    "complete restart": "Startup",
    "startup": "Startup",
    "hardware interrupt": "HardwareInterrupt",
    "time of day interrupt": "TimeOfDay",
    "time delay interrupt": "TimeDelayInterrupt",
    "time error interrupt": "TimeErrorInterrupt",
    "diagnostic error interrupt": "DiagnosticErrorInterrupt",
}
_EVENT_INPUTS = {"ProgramCycle": ("Initial_Call", "Remanence"), "Startup": ("LostRetentive", "LostRTC")}


@dataclass(frozen=True, slots=True)
class GeneratedDocuments:
    """The documents of a source, one for each object in its order, and the findings.

    Attributes:
        documents: files as TIA Portal writes them; objects with errors are left out.
        diagnostics: findings in the order of the source.
        names: the name of the object in each document.
    """

    documents: list[bytes]
    diagnostics: list[Diagnostic]
    names: list[str]


def generate(
    source: str | bytes, version: str = DEFAULT_VERSION, program: Program | None = None, culture: str = "en-US"
) -> GeneratedDocuments:
    """Return one SimaticML document for each object of a source.

    Args:
        source: SCL text or the bytes of a `.scl`, `.db` or `.udt` file.
        version: the TIA Portal version to write for, such as `V20`.
        program: the names of the program that the source is generated into; see `Program`.
        culture: the language that comments and titles are filed under.

    Raises:
        SimaticMLError: the version is not known or has no SCL export.
    """
    namespace(version)
    around = program or Program()
    result = parse(source, around.numbered, classic=around.classic)
    return documents_of(result, Generator(result.tree, version, around, Texts(culture)))


def documents_of(result: Result, generator: Generator) -> GeneratedDocuments:
    """Return the documents of a parsed source, for blocks of any language."""
    documents, names = [], []
    for node in result.tree.objects:
        checkpoint()
        if _is_broken(node, result) or generator.refuses(node):
            continue
        known = len(generator.findings)
        try:
            content = dump(for_version(Document(objects=[generator.document_object(node)]), generator.version))
        except LimitError:
            raise
        except SimaticMLError as error:
            generator.report(Severity.ERROR, node, error.code, error.message)
            continue
        if any(each.severity is Severity.ERROR for each in generator.findings[known:]):
            continue
        documents.append(content)
        names.append(node.name)
    findings = sorted([*result.diagnostics, *generator.findings], key=lambda finding: (finding.line, finding.column))
    return GeneratedDocuments(documents, findings, names)


def read_declarations(
    result: Result, culture: str = "en-US", program: Program | None = None
) -> list[tuple[SourceObject, Block | PlcType, list[Diagnostic]]]:
    """Return the objects of a parsed source as the model has them, without the networks of code blocks.

    Args:
        result: the parsed source.
        culture: the language that comments are filed under.
        program: the program around it; its interfaces give the places of start values of instances.

    Returns:
        For each object its node, the object, and its findings.
    """
    generator = Generator(result.tree, DEFAULT_VERSION, program or Program(), Texts(culture), bodies=False)
    return [(node, *generator.read_declaration(node)) for node in result.tree.objects if node.name]


def _is_broken(node: SourceObject, result: Result) -> bool:
    """Return whether an object has an error in it, or no end."""
    span = result.tree.span(node)
    return not node.closed or any(span.line <= error.line <= span.end_line for error in result.errors)


class Generator:
    """Converts the objects of one source to the model; the language of a block decides how its networks are made."""

    language = "SCL"

    def __init__(self, tree: SourceTree, version: str, around: Program, texts: Texts, *, bodies: bool = True) -> None:
        """Start for the objects of a tree, within the program around them, with or without their networks."""
        self.tree = tree
        self.bodies = bodies
        self.version = version
        self.texts = texts
        self.program = program_of(tree.objects, around)
        if around.classic:
            for node in tree.objects:
                node.attributes.setdefault("S7_Optimized_Access", "FALSE")
        self.findings: list[Diagnostic] = []
        declared = ("TYPE", "FUNCTION_BLOCK")
        own = {node.name.casefold(): self._interface(node) for node in tree.objects if node.keyword in declared}
        self.types = Types(extend(around.interfaces, own))

    def refuses(self, node: SourceObject) -> bool:
        """Report and return whether an object has no document: an ARRAY data block, whose export is not known."""
        if not node.instance_of.startswith("Array["):
            return False
        self.report(Severity.ERROR, node, "array-db", f"'{node.name}' is an ARRAY data block; none is generated.")
        return True

    def read_declaration(self, node: SourceObject) -> tuple[Block | PlcType, list[Diagnostic]]:
        """Return one object with its findings, an ARRAY data block too."""
        self.findings = []
        if node.instance_of.startswith("Array["):
            member = Member(node.name, node.instance_of)
            return Block("ArrayDB", node.name, language="DB", interface=[Section("Static", [member])]), []
        return self.document_object(node), self.findings

    def document_object(self, node: SourceObject) -> Block | PlcType:
        """Return one object with its texts and header."""
        if node.keyword == "TYPE":
            result: Block | PlcType = PlcType(node.name, self._interface(node)[0].members)
        elif node.keyword == "DATA_BLOCK":
            result = self._data_block(node)
        else:
            result = self._code_block(node)
        if isinstance(result, Block) and node.number is not None:
            result.auto_number = False
        culture = self.texts.culture
        result.title = {culture: node.header.get("TITLE", "")}
        result.comment = {culture: node.comment}
        if node.keyword != "TYPE":
            self._header(node, result)
        return result

    def _interface(self, node: SourceObject) -> list[Section]:
        return interface(node, self.texts, classic=self.program.classic)

    def _header(self, node: SourceObject, block: Block | PlcType) -> None:
        """Set the header entries that differ from those of a new block."""
        for word, entry in _HEADER.items():
            value = node.header.get(word, "")
            if value and not (word == "VERSION" and value == _DEFAULT_VERSION):
                block.attributes[entry] = value
        if "KNOW_HOW_PROTECT" in node.header:
            message = "Know-how protection cannot be written into a file; protect the block in TIA Portal."
            self.report(Severity.WARNING, node, "know-how", message)

    def report(self, severity: Severity, node: SourceObject | Statement, code: str, message: str) -> None:
        """Add a finding at the place of an object or assignment."""
        span = self.tree.span(node)
        place = (span.line, span.column, span.end_line, span.end_column)
        self.findings.append(Diagnostic(severity, code, message, *place))

    def _code_block(self, node: SourceObject) -> Block:
        sections = self._interface(node)
        block = Block(_KINDS[node.keyword], node.name, node.number, language=self.language, interface=sections)
        block.memory_layout = "Optimized" if is_optimized(node) else "Standard"
        if block.kind == "FB" and is_optimized(node):
            block.attributes["MemoryReserve"] = "100"
        if block.kind == "OB":
            self._event_class(node, block)
        block.networks = self.networks(node) if self.bodies else []
        return block

    def networks(self, node: SourceObject) -> list[Network]:
        """Return the networks of a code block.

        Raises:
            SimaticMLError: a network cannot be written.
        """
        network = Network("SCL", {self.texts.culture: ""}, {self.texts.culture: ""})
        own = Interface.from_object(node)
        text = modernize(body_text(self.tree, node), own, self.program)
        source = from_text(text, own, self.program, self.version)
        network.source = source if len(source) else None
        return [network]

    def _event_class(self, node: SourceObject, block: Block) -> None:
        """Set the event class of an OB and the inputs that TIA Portal gives it.

        The number says the event, the title of a source that TIA Portal has written, or the name that STEP 7 gives the OB.
        In S7-300 and S7-400 any other name makes an OB 0, which its user has to renumber.
        """
        number = node.number or number_by_symbol(node.name)
        event = find_event(number) if number is not None else None
        titled = _EVENT_CLASSES.get(node.header.get("TITLE", "").strip('"').casefold())
        if node.number is None:
            event = titled or event or "ProgramCycle"
            fits = number is not None and event == find_event(number) and f"OB{number}" not in self.program.numbered
            block.number = number if fits else None
            if self.program.classic and number is None and not titled and node.name.casefold() != MAIN:
                block.number = UNKNOWN_OB
        elif event is None:
            event = titled or "ProgramCycle"
            if node.number < FREE_OBS and not titled:
                message = (
                    f"No event is known that starts OB {node.number}; give it the number of an event, or remove it."
                )
                self.report(Severity.ERROR, node, "ob-event", message)
        block.secondary_type = event
        inputs = block.section("Input")
        if inputs is not None and not inputs.members:
            names = _EVENT_INPUTS.get(block.secondary_type, ())
            inputs.members = [Member(name, "Bool", informative=True) for name in names]

    def _data_block(self, node: SourceObject) -> Block:
        block = Block("GlobalDB", node.name, node.number, language="DB", interface=self._interface(node))
        block.memory_layout = "Optimized" if is_optimized(node) else "Standard"
        if node.instance_of:
            self._instance(node, block)
        elif is_optimized(node):
            block.attributes["MemoryReserve"] = "100"
        for name, entry in _DB_ATTRIBUTES.items():
            if name in node.attributes:
                block.attributes[entry] = node.attributes[name].lower()
        for flag, entry in _DB_FLAGS.items():
            if flag in node.header:
                block.attributes[entry] = "true"
        values = StartValues(block.interface, self.types)
        for statement, name in values.assign_all(node.statements, self.tree.text):
            message = f"No declared member matches the start value of '{name}'." if name else NO_PROGRAM
            self.report(Severity.ERROR, statement, "start-value", message)
        return block

    def _instance(self, node: SourceObject, block: Block) -> None:
        """Make a data block the instance of a function block or PLC data type."""
        name = node.instance_of.strip('"')
        block.kind = "InstanceDB"
        block.instance_of = name
        block.instance_of_type = "UDT" if self.program.is_type(name) else "FB"
        if not node.instance_of.startswith('"'):
            block.attributes["OfSystemLibElement"] = node.attributes.get("InstructionName", name)
            block.attributes["OfSystemLibVersion"] = node.attributes.get("LibVersion", "1.0")
        parts = ("Static",) if block.instance_of_type == "UDT" else ("Input", "Output", "InOut", "Static")
        declared = {part.name.replace("None", "Static"): part for part in self.types.of(name) or []}
        block.interface = [Section(part, declared[part].members if part in declared else []) for part in parts]


def body_text(tree: SourceTree, node: SourceObject) -> str:
    """Return the text of a body as a block holds it.

    A body as TIA Portal writes it, each line after one tab, loses that tab and the line breaks around it; any other
    body stays as it is.
    """
    text = _written_body(tree, node)
    if not text.strip():
        return ""
    return "\n".join(line[1:] for line in text.split("\n")[1:-1]) if _is_indented(text) else text


def body_line(tree: SourceTree, node: SourceObject) -> int:
    """Return the line of the source that is line 1 of the body, as a block holds it."""
    line, _ = tree.tokens.place(tree.tokens.ends[node.body_first - 1])
    return line + 1 if _is_indented(_written_body(tree, node)) else line


def _written_body(tree: SourceTree, node: SourceObject) -> str:
    tokens = tree.tokens
    return tokens.source[tokens.ends[node.body_first - 1] : tokens.starts[node.body_stop]].replace("\r\n", "\n")


def _is_indented(text: str) -> bool:
    """Return whether a body is written as TIA Portal does: each line after one tab, between two line breaks."""
    first, *lines = text.split("\n")
    if first.strip() or not lines or lines[-1]:
        return False
    return all(line.startswith("\t") or not line for line in lines)
