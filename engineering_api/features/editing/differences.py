"""The answer about two states of a block."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.features.history.snapshot_content import SnapshotChange
from openness_bridge.enumerations import ProgrammingLanguage

NetworkChange = Annotated[Literal["equal", "added", "removed", "moved", "changed"], msgspec.Meta(title="NetworkChange")]


class BlockState(msgspec.Struct, rename="camel", frozen=True):
    """A block in one of its states.

    Attributes:
        state: The state, as the request named it.
        exists: Whether the block is in that state; otherwise the texts are empty.
        source_text: The source, for SCL blocks and data blocks.
        listing: The block as plain text, in any language.
    """

    state: str
    exists: bool
    source_text: str | None
    listing: str


class BlockChange(SnapshotChange, rename="camel", frozen=True, kw_only=True):
    """One difference, and where both drawings show it.

    Attributes:
        path: Where, such as Motor/Input/start or Motor/network 3/contact #stop.
        network: Counted from 1, in the right state; in the left one for a removed network.
        left_network: In the left state, where both have it.
        left_part: Number of the part in the left drawing.
        right_part: Number of the part in the right drawing.
    """

    left_network: int | None
    left_part: int | None
    right_part: int | None


class NetworkDifference(msgspec.Struct, rename="camel", frozen=True):
    """A network in both states.

    Attributes:
        left: Its number in the left state, counted from 1; null where it is not there.
        right: Its number in the right state.
        title: Its title, the right one where both have one.
        left_drawing: SVG in which each element that differs has `data-change`: added, removed or changed. Null for equal
            networks, languages without drawings, and what is beyond the limit of an answer.
        right_drawing: The same of the right state.
    """

    left: int | None
    right: int | None
    title: str
    language: ProgrammingLanguage
    change: NetworkChange
    left_drawing: str | None
    right_drawing: str | None


class BlockDifference(msgspec.Struct, rename="camel", frozen=True):
    """What differs between two states of a block.

    Attributes:
        changes: In the order of the right state, at most 2000.
        changes_left_out: How many more there are.
        networks: Those of both states, in the order of the right one.
        drawings_left_out: How many networks that differ have no drawing because the answer would be too large.
    """

    left: BlockState
    right: BlockState
    equal: bool
    changes: list[BlockChange]
    changes_left_out: int
    networks: list[NetworkDifference]
    drawings_left_out: int
