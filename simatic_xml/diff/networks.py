"""Compare the networks of a block: found again by their content, wherever they are now."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.common import attributes, beyond, texts
from simatic_xml.diff.lines import compare_lines
from simatic_xml.diff.logic import compare_logic
from simatic_xml.diff.pairing import Pairing
from simatic_xml.diff.plain_xml import canonical, xml_lines
from simatic_xml.diff.source_lines import TEXTUAL, source_lines
from simatic_xml.model import Network
from simatic_xml.network_codecs import source_to_json
from simatic_xml.xml.residue import local

_WORDS = re.compile(
    r'<(?:Component|Constant|CallInfo|Instruction|Label) [^>]*?Name="([^"]*)"|<(?:ConstantValue|Text)>([^<]*)<'
    r'|<Part Name="(?!Contact"|Coil"|O")([^"]*)"|<StlToken [^>]*?Text="([^"]*)"|<(?:Step|Transition) [^>]*?Name="([^"]*)"'
)
_NOT_COMPARED = ("x", "defaults", "scl", "stl", "tree")
"""Members of a textual network's JSON that are compared as lines, or that say only how the file was exported."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A network with its number and what it says."""

    number: int
    network: Network
    content: str

    def whole(self) -> tuple[str, ...]:
        return self.content, *self.list_texts()

    def list_texts(self) -> list[str]:
        return [text for each in (self.network.title, self.network.comment) for text in each.values() if text]

    def words(self) -> Counter[str]:
        found = Counter(word for groups in _WORDS.findall(self.content) for word in groups if word)
        found.update(f"title {text}" for text in self.list_texts())
        return found or Counter([self.network.language])

    def heading(self) -> str:
        return " ".join([self.network.language, *[text for text in self.network.title.values() if text][:1]])


def compare_networks(path: str, before: Sequence[Network], after: Sequence[Network]) -> Iterator[Change]:
    """Compare the networks of a block."""
    old, new, pairing = _pair(before, after)
    for index in pairing.without_partner()[0]:
        number = old[index].number
        yield Change(f"{path}/network {number}", Kind.NETWORK_REMOVED, old[index].heading(), None, number)
    moved = pairing.find_moved()
    for index, entry in enumerate(new):
        place = f"{path}/network {entry.number}"
        if index not in pairing.partners:
            yield Change(place, Kind.NETWORK_ADDED, None, entry.heading(), entry.number)
            continue
        partner = old[pairing.partners[index]]
        if index in moved:
            was, now = f"network {partner.number}", f"network {entry.number}"
            yield Change(place, Kind.NETWORK_MOVED, was, now, entry.number, network_before=partner.number)
        found = _compare(place, entry.number, partner, entry)
        yield from (replace(each, network_before=partner.number) for each in found)


def pair_networks(before: Sequence[Network], after: Sequence[Network]) -> list[tuple[int | None, int | None]]:
    """Return the numbers of each network in two versions of a block, None where it is not there.

    They come in the order of the second version; one that was removed comes where it was among its neighbours.
    """
    old, new, pairing = _pair(before, after)
    pairs: list[tuple[int | None, int | None]] = [
        (old[pairing.partners[index]].number if index in pairing.partners else None, entry.number)
        for index, entry in enumerate(new)
    ]
    for index in pairing.without_partner()[0]:
        number = old[index].number
        place = next((at for at, pair in enumerate(pairs) if pair[0] == number - 1), -1 if number == 1 else len(pairs))
        pairs.insert(place + 1, (number, None))
    return pairs


def _pair(before: Sequence[Network], after: Sequence[Network]) -> tuple[list[_Entry], list[_Entry], Pairing[_Entry]]:
    old, new = _entries(before), _entries(after)
    return old, new, Pairing.of(old, new, (_Entry.whole, lambda entry: entry.content), _Entry.words)


def _entries(networks: Sequence[Network]) -> list[_Entry]:
    return [_Entry(number, network, _content(network)) for number, network in enumerate(networks, start=1)]


def _content(network: Network) -> str:
    return network.language if network.source is None else canonical(network.source)


def _compare(path: str, number: int, before: _Entry, after: _Entry) -> Iterator[Change]:
    old, new = before.network, after.network
    yield from texts(path, Kind.TITLE_CHANGED, old.title, new.title, number)
    yield from texts(path, Kind.COMMENT_CHANGED, old.comment, new.comment, number)
    entries = {"language": old.language, **old.attributes}, {"language": new.language, **new.attributes}
    yield from attributes(path, *entries, network=number)
    yield from beyond(path, old.extra, new.extra, number)
    if before.content != after.content:
        yield from _compare_sources(path, number, old, new)


def _compare_sources(path: str, number: int, old: Network, new: Network) -> Iterator[Change]:
    if _is_logic(old.source) and _is_logic(new.source):
        yield from compare_logic(path, number, old.source, new.source)
        return
    lines = source_lines(old.source, old.language), source_lines(new.source, new.language)
    changes = list(compare_lines(path, *lines, number))
    if changes or old.source is None or new.source is None:
        yield from changes
    elif local(new.source) in TEXTUAL:
        yield from _meaning(path, number, old, new)
    else:
        yield from compare_lines(path, xml_lines(old.source), xml_lines(new.source), number)


def _is_logic(source: etree._Element | None) -> bool:
    return source is None or local(source) == "FlgNet"


def _meaning(path: str, number: int, old: Network, new: Network) -> Iterator[Change]:
    """Compare what the names in equal texts mean: variable or constant, function or instance."""
    before, after = _beside_text(old), _beside_text(new)
    for name in dict.fromkeys([*before, *after]):
        first, second = before.get(name), after.get(name)
        if first != second:
            old_names, new_names = (None if value is None else str(value) for value in (first, second))
            yield Change(path, Kind.OTHER_CHANGED, old_names, new_names, number, name)


def _beside_text(network: Network) -> dict[str, Any]:
    if network.source is None:
        return {}
    data = source_to_json(network.source, network.language).data
    return {key: value for key, value in data.items() if key not in _NOT_COMPARED}
