"""Convert whole blocks in STL: the text of an `.awl` file to SimaticML documents, and a block to its text.

Declarations are the same as in SCL and are read and written by the same code; only the bodies differ.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block, Document, Network, PlcType, Section
from simatic_xml.scl import sources as common
from simatic_xml.scl.context import Interface, Program, extend
from simatic_xml.scl.declare import Texts, interface
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.documents import GeneratedDocuments, Generator, documents_of
from simatic_xml.scl.lexer import END, OBJECT_ENDS, tokenize
from simatic_xml.scl.nodes import SourceObject
from simatic_xml.scl.parser import Result, SourceParser, decode
from simatic_xml.stl.building import FIRST_UID, build_statement, statement_list
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.german import is_german
from simatic_xml.stl.reading import statements
from simatic_xml.stl.source_body import BodyReader, SourceNetwork, SourceStatement
from simatic_xml.stl.source_operands import Names
from simatic_xml.stl.source_reading import Surroundings, operands_of, read_statement, word_of
from simatic_xml.stl.source_text import lines_of
from simatic_xml.versions import DEFAULT_VERSION, SOURCE_NAMESPACE, tia_version


def generate(
    source: str | bytes,
    version: str = DEFAULT_VERSION,
    program: Program | None = None,
    culture: str = "en-US",
    *,
    german: bool | None = None,
) -> GeneratedDocuments:
    """Return one SimaticML document for each object of a source.

    International and German mnemonics are identified by those that only one of them has, unless the caller knows: `SE`
    alone starts another timer in each.

    Args:
        source: text, or the bytes of an `.awl` file.
        version: the TIA Portal version to write for.
        program: the names of the program that the source is generated into; its `interfaces` name the sections of the
            parameters of calls, of functions as well.
        culture: the language that comments and titles are filed under.
        german: whether the mnemonics are German; None to find it by the text.

    Raises:
        SimaticMLError: the version is not known or has no STL.
    """
    if tia_version(version).stl is None:
        raise StlError(f"The STL format of TIA Portal {version} is not known; choose another version.")
    parser = StlParser(decode(source))
    around = program or Program()
    parser.numbered, parser.classic = around.numbered, around.classic
    tree = parser.source_tree()
    result = Result(tree, parser.findings())
    generator = _StlGenerator(parser, result, version, around, Texts(culture))
    if german is not None:
        generator.german = german
    return documents_of(result, generator)


def source(
    document: bytes | str | etree._Element | Document | Block | PlcType,
    culture: str = "en-US",
    *,
    german: bool = False,
) -> str:
    """Return the STL source of the blocks and types of a document, lines ended by line feeds.

    Args:
        document: a SimaticML file, its root element, or the document loaded from it.
        culture: the language of comments and titles; others are taken where it has none.
        german: whether to write German mnemonics.

    Raises:
        SimaticMLError: a block is not programmed in STL or contains something that no source can express.
    """
    return common.write(document, culture, lambda block: _body(block, culture, german=german))


def _body(block: Block, culture: str, *, german: bool) -> Iterator[str]:
    for number, network in enumerate(block.networks, 1):
        if network.language != "STL":
            raise StlError(f"'{block.name}' has a network in {network.language} ({number}); STL sources have STL only.")
        yield "NETWORK"
        yield f"TITLE = {' '.join(_text(network.title, culture).splitlines())}".rstrip()
        yield from (f"//{line}" for line in _text(network.comment, culture).splitlines())
        yield ""
        found = [] if network.source is None else statements(network.source)
        yield from (line for statement in found for line in lines_of(statement, german=german))
        yield ""


def _text(texts: dict[str, str], culture: str) -> str:
    return texts.get(culture) or next((text for text in texts.values() if text), "")


class StlParser(SourceParser):
    """Reads the objects of an STL source; the bodies of code blocks stay text, cut into statements."""

    def __init__(self, text: str) -> None:
        """Start at the beginning of a source."""
        super().__init__(tokenize(text))
        self.bodies: dict[int, list[SourceNetwork]] = {}

    def _body(self, node: SourceObject) -> None:
        if node.keyword in ("TYPE", "DATA_BLOCK"):
            super()._body(node)
            return
        self.expect("BEGIN", "in front of the first network")
        node.body_first = self.at
        while self.kinds[self.at] not in OBJECT_ENDS and self.kinds[self.at] != END:
            self.at += 1
        tokens = self.tokens
        reader = BodyReader(tokens.source, tokens.ends[node.body_first - 1], tokens.starts[self.at])
        self.bodies[id(node)] = reader.networks()
        for offset in reader.unclosed:
            message = "A statement ends with ';'; add it."
            self.diagnostics.append(self.finding(Severity.ERROR, "stl.semicolon", message, offset, offset + 1))

    def finding(self, severity: Severity, code: str, message: str, start: int, stop: int) -> Diagnostic:
        """Return a finding about a stretch of the source."""
        return Diagnostic(severity, code, message, *self.tokens.place(start), *self.tokens.place(stop))


class _StlGenerator(Generator):
    """Turns the objects of one source into the model, with networks in STL."""

    language = "STL"

    def __init__(self, parser: StlParser, result: Result, version: str, around: Program, texts: Texts) -> None:
        super().__init__(result.tree, version, around, texts)
        self.parser = parser
        self.namespace = f"{SOURCE_NAMESPACE}StatementList/v{tia_version(version).stl}"
        codes = [each.code for body in parser.bodies.values() for n in body for each in n.statements]
        self.german = is_german(map(word_of, codes), (each for code in codes for each in operands_of(code)))
        callable_here = ("FUNCTION", "FUNCTION_BLOCK")
        own = {
            node.name.casefold(): interface(node, texts)
            for node in result.tree.objects
            if node.keyword in callable_here
        }
        self.interfaces: Mapping[str, list[Section]] = extend(around.interfaces, own)
        self.built: dict[int, list[Network]] = {}

    def refuses(self, node: SourceObject) -> bool:
        """Build the networks of an object, reporting each statement that is none; return whether there are such."""
        if super().refuses(node):
            return True
        known = len(self.findings)
        if id(node) in self.parser.bodies:
            self.built[id(node)] = [self._network(each, node) for each in self.parser.bodies[id(node)]]
        return any(finding.severity is Severity.ERROR for finding in self.findings[known:])

    def networks(self, node: SourceObject) -> list[Network]:
        """Return the networks that were built when the object was checked."""
        return self.built[id(node)]

    def _network(self, given: SourceNetwork, node: SourceObject) -> Network:
        culture = self.texts.culture
        names = Names(Interface.from_object(node), self.program, self.german)
        elements = []
        for number, each in enumerate(given.statements):
            element = self._statement(each, FIRST_UID + number, names)
            elements += [] if element is None else [element]
        network = Network("STL", {culture: given.title}, {culture: given.comment})
        network.source = statement_list(elements, self.namespace) if elements else None
        return network

    def _statement(self, given: SourceStatement, uid: int, names: Names) -> etree._Element | None:
        around = Surroundings(names, self.interfaces)
        try:
            element = build_statement(read_statement(given, 1, around), self.namespace, uid)
        except SimaticMLError as error:
            self._report(Severity.ERROR, "stl.statement", error.message, given)
            return None
        for name in around.unknown:
            message = f"The block '{name}' is not known here; its parameters count as inputs unless '=>' marks them as outputs."
            self._report(Severity.WARNING, "stl.callee", message, given)
        return element

    def _report(self, severity: Severity, code: str, message: str, given: SourceStatement) -> None:
        self.findings.append(self.parser.finding(severity, code, message, given.start, given.stop))
