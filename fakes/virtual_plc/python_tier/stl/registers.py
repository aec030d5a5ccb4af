"""What an address of STL may count in, besides the areas of the CPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OpenBlock = tuple[int, Any] | None
"""What the DB or DI register has opened: number and data."""


@dataclass(slots=True)
class Registers:
    """What an address may count in, besides the areas of the CPU: opened data blocks, instance, local data."""

    db: OpenBlock
    di: OpenBlock
    instance: Any
    frame: Any
