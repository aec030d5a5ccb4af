"""The program as a listing in which each line says how often it ran and which ways its conditions went.

SCL is listed as it is written. Networks in LAD, FBD and STL are listed as the statements that they become. What has no
separate line, such as the steps of a sequence, follows by its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engineering_api.features.plc_tests.benches.harness import is_harness
from engineering_api.features.plc_tests.benches.insight import CoverageCounts
from simatic_xml.model import Block
from simatic_xml.program import nodes, typed_blocks, walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.listing import listing
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl import SclError, to_text

REACHED, PARTLY, MISSED = "reached", "partly", "missed"


@dataclass(slots=True)
class Line:
    """One line of a listing.

    Attributes:
        number: in its network, from 1.
        text: without line feed.
        count: how often it ran, None where nothing on it is counted.
        note: which way a condition never went, empty for none.
        state: `reached`, `partly`, `missed`, or empty where nothing is counted.
    """

    number: int
    text: str
    count: int | None = None
    note: str = ""
    state: str = ""


@dataclass(slots=True)
class ListedNetwork:
    """A network with its heading and lines."""

    heading: str
    lines: list[Line]


@dataclass(slots=True)
class ListedBlock:
    """A block and its networks."""

    name: str
    kind: str
    networks: list[ListedNetwork]


class _Counts:
    """The coverage of one block; what is taken is not listed again."""

    def __init__(self, reached: CoverageCounts, block: str) -> None:
        self._statements = {place: count for place, count in reached.statements.items() if place.block == block}
        self._branches = {key: count for key, count in reached.branches.items() if key[0].block == block}
        self._listed: set[Place] = set()

    def on_line(self, network: int, line: int) -> list[Place]:
        """Return the places that begin on a line."""
        return [place for place in self._places() if (place.network or 1, place.line) == (network, line)]

    def list_rest(self) -> list[Place]:
        """Return the places that were on no line."""
        return [place for place in self._places() if place not in self._listed]

    def _places(self) -> list[Place]:
        return list(dict.fromkeys([*self._statements, *(place for place, _ in self._branches)]))

    def line(self, number: int, text: str, places: list[Place]) -> Line:
        """Return a line with what is counted at its places."""
        self._listed.update(places)
        counts = [self._statements[place] for place in places if place in self._statements]
        ways = [(taken, count) for (place, taken), count in self._branches.items() if place in places]
        if not counts and not ways:
            return Line(number, text)
        never = sorted({"TRUE" if taken else "FALSE" for taken, count in ways if not count})
        note = f"never {' nor '.join(never)}" if never else ""
        hits = [*counts, *(count for _, count in ways)]
        state = MISSED if not any(hits) else PARTLY if not all(hits) else REACHED
        return Line(number, text, max(counts) if counts else sum(count for _, count in ways), note, state)


def list_blocks(program: Workspace, reached: CoverageCounts) -> Iterator[ListedBlock]:
    """Yield the code blocks of a program with their coverage, in the order of their names."""
    blocks = sorted(program.blocks(), key=lambda each: each.name.casefold())
    for block in blocks:
        source = program.find(block.name)
        if isinstance(source, Block) and not is_harness(block.name):
            counts = _Counts(reached, block.name)
            networks = [
                ListedNetwork(_heading(source, each), list(_network(source, each, counts))) for each in block.networks
            ]
            rest = [counts.line(number, str(place), [place]) for number, place in enumerate(counts.list_rest(), 1)]
            if rest:
                networks.append(ListedNetwork("By place", rest))
            yield ListedBlock(block.name, f"{block.kind}{block.number or ''}", networks)


def _heading(source: Block, network: typed_blocks.Network) -> str:
    title = ""
    if network.number <= len(source.networks):
        title = next(filter(None, source.networks[network.number - 1].title.values()), "")
    return f"Network {network.number} ({network.language})" + (f": {title}" if title else "")


def _network(source: Block, network: typed_blocks.Network, counts: _Counts) -> Iterator[Line]:
    text = _scl(source, network.number)
    if text is not None:
        for number, line in enumerate(text.splitlines(), 1):
            yield counts.line(number, line, counts.on_line(network.number, number))
        return
    for number, (line, places) in enumerate(_list_lines(network.body), 1):
        yield counts.line(number, line, places)


def _list_lines(body: list[nodes.Statement]) -> Iterator[tuple[str, list[Place]]]:
    """Yield the lines of statements, each with the places of the statement that begins on it."""
    for statement in body:
        inside = list(walking.statements([statement]))
        for line in listing([statement]).splitlines():
            begins = inside and listing([inside[0]]).splitlines()[0] == line.strip()
            yield line, _places(inside.pop(0)) if begins else []


def _places(statement: nodes.Statement) -> list[Place]:
    return list(dict.fromkeys([statement.place, *(each.place for each in walking.operands(statement))]))


def _scl(source: Block, number: int) -> str | None:
    """Return the text of a network in SCL, None for another language."""
    element = source.networks[number - 1].source if number <= len(source.networks) else None
    if element is None or etree.QName(element).localname != "StructuredText":
        return None
    try:
        return to_text(element)
    except SclError:
        return None
