"""Read a SIMATIC SD document: attributes in front of things, declarations as in SCL, networks of rungs or statements.

The lexer, the declarations and the statements are those of SCL. Recovery costs the pin, element or rung that a mistake
is in. Facts: SIMATIC SD documents exported by TIA Portal V20 and V21.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from simatic_xml.scl.declarations import VAR_KEYWORDS
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.lexer import END, NAME, OBJECT_ENDS, OBJECT_KEYWORDS, Tokens, tokenize
from simatic_xml.scl.nodes import Statement
from simatic_xml.scl.parser import SourceParser, decode
from simatic_xml.sd.nodes import Network, SdObject, SdTree
from simatic_xml.sd.resources import Resources, parse_resources
from simatic_xml.sd.rung_parser import END_NETWORK, RungParser, word_of

_BOM = b"\xef\xbb\xbf"
_ATTRIBUTE_STOPS = OBJECT_ENDS | OBJECT_KEYWORDS | {"}", END_NETWORK, END}
_NOTHING: frozenset[str] = frozenset()
_TEXT_ATTRIBUTES = frozenset(("S7_MLC", "S7_BlockTitle", "S7_BlockComment", "S7_NetworkTitle", "S7_NetworkComment"))


@dataclass(frozen=True, slots=True)
class Result:
    """A parsed document with the errors found in it.

    Attributes:
        tree: the document, as far as it could be read.
        diagnostics: findings in the order of the document, those of the resource file after them.
        resources: the texts that the document refers to, as far as they are given.
        text_ids: the ids of the texts that it refers to, in their order.
    """

    tree: SdTree
    diagnostics: list[Diagnostic]
    resources: Resources = field(default_factory=Resources)
    text_ids: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Diagnostic]:
        """The findings that are errors."""
        return [finding for finding in self.diagnostics if finding.severity is Severity.ERROR]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors


def parse(source: str | bytes, resources: str | bytes | Resources | None = None) -> Result:
    """Parse a document (`.s7dcl`), with the texts (`.s7res`) that it refers to where these are given.

    Returns:
        The tree, as far as it could be read, and the findings. Never raises for what the files contain.
    """
    bom = isinstance(source, bytes) and source.startswith(_BOM)
    parser = SdParser(tokenize(decode(source).removeprefix("\ufeff")))
    tree = parser.document()
    tree.bom = bom or (isinstance(source, str) and source.startswith("\ufeff"))
    texts = resources if isinstance(resources, Resources) else parse_resources(resources or "")
    if resources is not None and not any(each.code == "sd.resource" for each in texts.diagnostics):
        parser.check_texts(texts)
    text_ids = tuple(text_id for text_id, _index in parser.text_uses)
    return Result(tree, [*parser.findings(), *texts.diagnostics], texts, text_ids)


class SdParser(RungParser, SourceParser):
    """Reads the objects of a document one after the other."""

    attributes_first = True

    def __init__(self, tokens: Tokens) -> None:
        """Start at the first token; END_NETWORK becomes a separate word."""
        super().__init__(tokens)
        for index, kind in enumerate(tokens.kinds):
            if kind == NAME and word_of(tokens, index) == END_NETWORK:
                tokens.kinds[index] = END_NETWORK
        ends = OBJECT_ENDS | {END_NETWORK, END}
        self.network_ends = [index for index, kind in enumerate(tokens.kinds) if kind in ends]
        self.text_uses: list[tuple[str, int]] = []

    def document(self) -> SdTree:
        """Read everything."""
        tree = SdTree(self.tokens)
        while self.kinds[self.at] != END:
            first = self.at
            attributes = self.attributes()
            if self.kinds[self.at] in OBJECT_KEYWORDS:
                tree.objects.append(self.object(first, attributes))
                continue
            self.report(
                "object-expected", f"A block, data block or data type should start here, not {self.describe_token()}."
            )
            while self.kinds[self.at] not in OBJECT_KEYWORDS and self.kinds[self.at] not in ("{", END):
                self.at += 1
        return tree

    def object(self, first: int, attributes: dict[str, str]) -> SdObject:
        """Read one object from its first word to its END_ word."""
        keyword = self.kinds[self.at]
        self.at += 1
        attributes |= self.attributes()
        node = SdObject(first, first, keyword, self._object_name(), attributes=attributes)
        if self.accept(":"):
            self._structure_of(node)
        while self.kinds[self.at] in VAR_KEYWORDS:
            node.sections.append(self.section())
        node.body_first = self.at
        if keyword == "DATA_BLOCK":
            node.statements = self.data_assignments()
        elif keyword != "TYPE":
            node.networks = self.networks()
        node.body_stop = self.at
        node.closed = self.expect(f"END_{keyword}", f"at the end of '{node.name}'")
        if node.closed:
            self.accept(";")
        else:
            self._skip_object()
        node.stop = self.at
        return node

    def _structure_of(self, node: SdObject) -> None:
        """Read what follows the colon: a return type, the type of an instance, or the structure of a type."""
        if node.keyword == "TYPE":
            self._alias(node)
            return
        data_type = self.data_type()
        if node.keyword == "FUNCTION":
            node.return_type = data_type
        else:
            bounds = ", ".join(data_type.bounds)
            node.instance_of = f"Array[{bounds}] of {data_type.name}" if bounds else data_type.name
        self.accept(";")

    def _skip_object(self) -> None:
        """Go past the next word that ends an object, or to the start of the next one."""
        while self.kinds[self.at] not in OBJECT_ENDS | OBJECT_KEYWORDS and self.kinds[self.at] != END:
            self.at += 1
        if self.kinds[self.at] in OBJECT_ENDS:
            self.at += 1

    def attributes(self) -> dict[str, str]:
        """Read `{ name := "value"; ... }` blocks; note which texts they refer to."""
        first = self.at
        entries: dict[str, str] = {}
        while self.accept("{"):
            while self.kinds[self.at] not in _ATTRIBUTE_STOPS:
                self._attribute(entries)
            self.expect("}", "at the end of the attributes")
        entries = {name: value.strip('"') for name, value in entries.items()}
        self.text_uses += [(entries[name], first) for name in _TEXT_ATTRIBUTES & entries.keys()]
        return entries

    def networks(self) -> list[Network]:
        """Read networks up to the end of the object."""
        networks: list[Network] = []
        while self.kinds[self.at] not in OBJECT_ENDS | OBJECT_KEYWORDS and self.kinds[self.at] != END:
            first = self.at
            attributes = self.attributes()
            if self.word() == "NETWORK":
                self.at += 1
                networks.append(self.network(first, attributes))
                continue
            self.report("sd.network_expected", f"A NETWORK should start here, not {self.describe_token()}.")
            self._skip_to_network()
        return networks

    def _skip_to_network(self) -> None:
        stops = OBJECT_ENDS | OBJECT_KEYWORDS | {"{", END}
        self.at += self.kinds[self.at] not in stops
        while self.word() != "NETWORK" and self.kinds[self.at] not in stops:
            self.at += 1

    def network(self, first: int, attributes: dict[str, str]) -> Network:
        """Read a network after its first word."""
        node = Network(first, first, attributes, body_first=self.at)
        stop = self._network_end()
        if node.language == "SCL":
            node.statements = self._statements_until(stop)
        elif node.language in ("LAD", "FBD", "F_LAD", "F_FBD"):
            self.rungs(node, stop)
        else:
            said = f"'{node.language}'" if node.language else "no language"
            message = f'The network has {said}; write {{ S7_Language := "LAD" }}, "FBD" or "SCL" before it.'
            self.report("sd.language", message, at=first)
        self.at = stop
        node.body_stop = stop
        self.expect(END_NETWORK, "at the end of the network")
        node.stop = self.at
        return node

    def _network_end(self) -> int:
        """Return the token that ends the current network: END_NETWORK, else the end of the object or document."""
        return self.network_ends[bisect_left(self.network_ends, self.at)]

    def _statements_until(self, stop: int) -> list[Statement]:
        """Read SCL statements up to a token, which the statement parser is made to take for the end."""
        kept, self.kinds[stop] = self.kinds[stop], END
        statements: list[Statement] = []
        while self.at < stop:
            statements += self.statements(_NOTHING)
            if self.at < stop:
                self.report("unexpected", f"{self.describe_token()} is not possible in the body of a block.")
                self.at += 1
        self.kinds[stop] = kept
        return statements

    def check_texts(self, resources: Resources) -> None:
        """Report the texts that the document refers to and the resource file does not have."""
        for text_id, index in self.text_uses:
            if text_id not in resources.texts:
                message = f"The text '{text_id}' is not in the resource file; TIA Portal refuses the document."
                self.add(Severity.ERROR, "sd.text_missing", message, "Add the id to the .s7res file.", index)
