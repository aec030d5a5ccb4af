"""Drafts: blocks and data types that a caller has just written with write_scl, and may correct without a preview.

A block with errors cannot be stored as a snapshot. If its present state is the text that the same caller sent last, nothing
is lost that the caller does not have. A change by anyone else gives the block another date, and then it is no draft.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from engineering_api.features.blocks.sources_operations import WriteScl
from engineering_api.features.tools.keeping import PartRef, find_declared
from engineering_api.operations.fields import Request

REASON = "It was the text that you sent before: send that text again to have it back."
REMEMBERED = 1000
"""Drafts that are remembered; the oldest are forgotten."""


class Drafts:
    """The drafts of all callers."""

    def __init__(self) -> None:
        """Know of none."""
        self._changed: OrderedDict[tuple[str, PartRef], str] = OrderedDict()

    def note(self, caller: str, request: Request, parts: Iterable[PartRef], dates: Mapping[PartRef, str]) -> None:
        """Note what a call wrote; only `sources.write` makes drafts.

        Args:
            caller: Who called.
            request: Its request.
            parts: What it created and changed.
            dates: When each part was changed last, after the call.
        """
        if not isinstance(request, WriteScl):
            return
        names = {name.casefold() for name in find_declared(request.scl)}
        for part in parts:
            if part.kind in {"block", "udt"} and part.name.casefold() in names:
                self._changed[caller, part] = dates[part]
                self._changed.move_to_end((caller, part))
        while len(self._changed) > REMEMBERED:
            self._changed.popitem(last=False)

    def has(self, caller: str, part: PartRef, date: str | None) -> bool:
        """Return whether a part that was changed last at this date is a draft of the caller."""
        return date is not None and self._changed.get((caller, part)) == date
