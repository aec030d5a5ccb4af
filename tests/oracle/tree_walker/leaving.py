"""Ways in which a program leaves the order of its statements."""

from __future__ import annotations


class Exit(Exception):
    """EXIT leaves the loop around it."""


class Continue(Exception):
    """CONTINUE ends one turn of the loop around it."""


class Return(Exception):
    """RETURN, BE and their like end the block."""


class Goto(Exception):
    """A jump to a label.

    Attributes:
        label: the label, casefolded.
    """

    def __init__(self, label: str) -> None:
        """Keep the label."""
        super().__init__(label)
        self.label = label.casefold()
