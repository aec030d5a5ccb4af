"""Cells of tables."""

from __future__ import annotations


def cell_text(cell: object) -> str:
    """Return the text of a cell that is none: Excel keeps every number as a float, so 21010.0 is the text 21010."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
