"""Switches for behaviour on which reports about TIA Portal differ; the better supported side is the default.

Facts: docs/facts/tia-rules.md#open-questions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Switches:
    """Behaviour of one PLC's software.

    Attributes:
        sources_overwrite: Generating from a source replaces existing blocks in their old folder (measured on V20 and
            V21); otherwise it is refused, as another report on V20 says.
        duplicate_numbers_reported: A full compile reports two blocks with one number (the text exists in V21);
            otherwise it stays silent, as was measured once on V20.
    """

    sources_overwrite: bool = True
    duplicate_numbers_reported: bool = True
