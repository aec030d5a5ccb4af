"""What is found out about the typed body of a block, kept as long as the block.

A workspace types only what changed, and all its programs share the bodies: each of them gets the same results. Nothing
changes a typed body but `hand_over_pointers`, which adds arguments that repeat operands of the same call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from simatic_xml.program.typed_blocks import Block

Found = TypeVar("Found")


def find(block: Block, about: object) -> Any:
    """Return what `keep` kept of the body of a block, None for nothing."""
    networks, found = block.derived.get(about, (None, None))
    return found if networks is block.networks else None


def keep(block: Block, about: object, found: object) -> None:
    """Keep something of the body of a block, instead of an earlier result about the same."""
    block.derived[about] = (block.networks, found)


def once_for_body(function: Callable[[Block], Found]) -> Callable[[Block], Found]:
    """Let a function of a block, which does not return None, run once for each body."""

    @wraps(function)
    def once(block: Block) -> Found:
        known: Found | None = find(block, once)
        if known is None:
            known = function(block)
            keep(block, once, known)
        return known

    return once
