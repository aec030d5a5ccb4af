"""What differs between two states of a block, network by network, with drawings that show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from engineering_api.features.blocks.block_content import first_text
from engineering_api.features.blocks.documents import understood
from engineering_api.features.editing.differences import (
    BlockChange,
    BlockDifference,
    BlockState,
    NetworkChange,
    NetworkDifference,
)
from engineering_api.features.editing.states import State
from engineering_api.features.history.snapshot_content import fields_of
from simatic_xml import Document
from simatic_xml.diff import Kind, diff
from simatic_xml.diff.changes import Change
from simatic_xml.diff.drawings import draw_versions
from simatic_xml.diff.networks import pair_networks
from simatic_xml.model import Network
from simatic_xml.svg import WIDTH
from simatic_xml.versions import DEFAULT_VERSION

MOST_CHANGES = 2000
"""Changes of an answer."""
LARGEST_DRAWINGS = 8 << 20
"""Characters of all drawings of an answer; the first networks have theirs."""


def compare(left: State, right: State) -> BlockDifference:
    """Return what differs between two states of a block.

    Raises:
        Problem: One of them cannot be compared or drawn.
    """
    with understood():
        changes = list(diff(left.document or _nothing(), right.document or _nothing()))
        old, new = ([] if each.block is None else each.block.networks for each in (left, right))
        drawn = _Drawn(changes)
        networks = [
            drawn.pair(_at(old, first), _at(new, second), first, second) for first, second in pair_networks(old, new)
        ]
    return BlockDifference(
        _state(left),
        _state(right),
        not changes,
        [_change(each) for each in changes[:MOST_CHANGES]],
        max(0, len(changes) - MOST_CHANGES),
        networks,
        drawn.left_out,
    )


class _Drawn:
    """Draws the networks that differ, as far as an answer has room."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.left_out = 0
        self._room = LARGEST_DRAWINGS
        self._changes: dict[int | None, list[Change]] = defaultdict(list)
        for each in changes:
            if each.kind not in (Kind.NETWORK_ADDED, Kind.NETWORK_REMOVED):
                self._changes[each.network].append(each)

    def pair(self, old: Network | None, new: Network | None, left: int | None, right: int | None) -> NetworkDifference:
        change = self._change_of(left, right)
        found: list[str | None] = [None, None]
        if change in ("added", "removed", "changed") and self._room > 0:
            found = list(draw_versions(old, new, self._changes[right], WIDTH))
            self._room -= sum(len(each or "") for each in found)
        elif change in ("added", "removed", "changed"):
            self.left_out += 1
        known = new or old
        titles = [first_text(each.title) for each in (new, old) if each is not None]
        language = "" if known is None else known.language
        return NetworkDifference(left, right, next(filter(None, titles), ""), language, change, *found)

    def _change_of(self, left: int | None, right: int | None) -> NetworkChange:
        if left is None or right is None:
            return "added" if left is None else "removed"
        kinds = {each.kind for each in self._changes[right] if each.network_before == left}
        if kinds <= {Kind.NETWORK_MOVED}:
            return "moved" if kinds else "equal"
        return "changed"


def _nothing() -> Document:
    return Document(DEFAULT_VERSION, [])


def _at(networks: Sequence[Network], number: int | None) -> Network | None:
    return None if number is None else networks[number - 1]


def _state(state: State) -> BlockState:
    return BlockState(state.name, state.document is not None, state.source, state.listing)


def _change(each: Change) -> BlockChange:
    left, right = each.parts
    return BlockChange(*fields_of(each), left_network=each.network_before, left_part=left, right_part=right)
