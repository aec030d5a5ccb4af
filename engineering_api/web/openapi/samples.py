"""Answers to the examples, as they were recorded on the stand-in: long lists and texts are cut."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FILE = Path(__file__).with_name("samples.json")


@cache
def samples() -> dict[str, Any]:
    """Return the data that was answered, by operation."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Any])
