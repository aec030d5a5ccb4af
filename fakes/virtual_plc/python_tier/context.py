"""What all blocks of a program have in common while their code is written and linked."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from virtual_plc.cpu.services import Services
from virtual_plc.memory.memory import Memory
from virtual_plc.python_tier.sharing.lookups import Lookups
from virtual_plc.python_tier.sharing.recipes import Describer
from virtual_plc.python_tier.signatures import Signature


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for all blocks; no pass changes it.

    Attributes:
        memory: the areas of the CPU; its data blocks are found by `lookups`.
        services: the CPU.
        signatures: how blocks are called, by casefolded name.
        lookups: the program around a block.
        describer: finds the recipes of objects of the CPU.
        helpers: objects of the CPU that every block may name, by name.
        taken: global names that are given to nothing else: those of functions and helpers.
        family: family of the CPU.
        coverage: whether what is reached is counted.
        counts_depth: whether functions count how deep calls are nested.
    """

    memory: Memory
    services: Services
    signatures: Mapping[str, Signature]
    lookups: Lookups
    describer: Describer
    helpers: Mapping[str, Any]
    taken: Set[str]
    family: str
    coverage: bool
    counts_depth: bool
