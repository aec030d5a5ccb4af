"""What TIA Portal would refuse in the networks of a block: wiring, SCL, names that are not declared, jump labels."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from simatic_xml import flgnet
from simatic_xml.checking.problem import Problem, Severity
from simatic_xml.diff.source_lines import DAMAGED
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.network_codecs import root_of
from simatic_xml.references import Reference, network_references
from simatic_xml.scl.parser import parse_statements
from simatic_xml.scl.text import to_text
from simatic_xml.xml.residue import local


@dataclass(frozen=True, slots=True)
class _Place:
    """A network in its block."""

    owner: str
    pointer: str
    number: int

    def problem(
        self,
        severity: Severity,
        code: str,
        message: str,
        node: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> Problem:
        return Problem(severity, code, message, self.owner, self.pointer, self.number, node, line, column)


def check_networks(block: Block, pointer: str) -> Iterator[Problem]:
    """Check all networks of a block.

    Args:
        block: The block.
        pointer: JSON pointer of the block in its document.
    """
    declared, labels = _collect_names(block), _labels(block)
    for number, network in enumerate(block.networks, start=1):
        if network.source is not None:
            place = _Place(block.name, f"{pointer}/networks/{number - 1}", number)
            yield from _language(network, network.source, place)
            yield from _program(network.source, place)
            for use in network_references(network, number, block.name):
                yield from _use(use, declared, labels, place)
    for name, times in labels.items():
        if times > 1:
            message = f"The jump label {name!r} is defined {times} times; define each label of a block once."
            yield Problem("error", "duplicate-label", message, block.name, pointer)


def _language(network: Network, source: etree._Element, place: _Place) -> Iterator[Problem]:
    expected = root_of(network.language)
    if expected and expected != local(source):
        message = f"The language of the network is {network.language}, but it contains <{local(source)}>; correct the language."
        yield place.problem("error", "language", message)


def _program(source: etree._Element, place: _Place) -> Iterator[Problem]:
    if local(source) == "StructuredText":
        yield from _scl(source, place)
    for logic in source.iter("{*}FlgNet"):
        for found in flgnet.check(logic):
            yield place.problem(found.severity, found.code, found.message, found.pointer)


def _scl(source: etree._Element, place: _Place) -> Iterator[Problem]:
    try:
        text = to_text(source)
    except DAMAGED as error:
        message = getattr(error, "message", None) or f"The text of the network is damaged ({error}); export it again."
        yield place.problem("error", "scl", message)
        return
    for found in parse_statements(text).diagnostics:
        severity: Severity = "error" if found.severity == "error" else "warning"
        yield place.problem(severity, found.code, found.message, line=found.line, column=found.column)


def _use(use: Reference, declared: frozenset[str] | None, labels: Counter[str], place: _Place) -> Iterator[Problem]:
    """Check that a local name is declared, and that a jump has a target."""
    is_local = use.kind == "local" or (use.kind in ("constant", "instance") and use.scope == "local")
    node = "" if use.line is not None or use.uid is None else f"/Parts/{use.uid}"
    if is_local and use.name and declared is not None and use.name.casefold() not in declared:
        message = f"#{use.name} is not declared in the interface of the block; declare it or correct the name."
        yield place.problem("error", "undefined-symbol", message, node, use.line)
    elif use.kind == "label" and labels and use.name not in labels:
        message = f"The jump label {use.name!r} does not exist in the block; add it or correct the name."
        yield place.problem("error", "undefined-label", message, node, use.line)


def _collect_names(block: Block) -> frozenset[str] | None:
    """Return the names that a block declares, in lower case; None where the file has no interface."""
    if not block.interface:
        return None
    return frozenset(member.name.casefold() for member in _all(block.interface)) | {block.name.casefold()}


def _all(sections: list[Section]) -> Iterator[Member]:
    for section in sections:
        yield from section.members
        yield from _all(section.base)


def _labels(block: Block) -> Counter[str]:
    """Count the labels in front of networks."""
    sources = [network.source for network in block.networks if network.source is not None]
    found = (label for source in sources for label in source.iterfind(".//{*}LabelDeclaration/{*}Label"))
    return Counter(label.get("Name", "") for label in found)
