"""Values as people read them: as TIA Portal writes them, real numbers with the digits that their precision has."""

from __future__ import annotations

from openness_bridge.plcsim.values import Scalar, as_text

_DIGITS = {"Real": 7, "LReal": 15}


def format_value(data_type: str, value: Scalar) -> str:
    """Return a value of a data type as text."""
    if isinstance(value, float):
        text = f"{value:.{_DIGITS.get(data_type, 7)}g}"
        return text if set(text) & set(".en") else f"{text}.0"
    return as_text(data_type, value) or str(value)
