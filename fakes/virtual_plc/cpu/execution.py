"""What every tier that executes a program offers: run an OB once, call a block once, report what has run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from simatic_xml.program.diagnostics import Place


@dataclass(slots=True)
class Coverage:
    """How often each statement, branch and network ran, by its place."""

    statements: dict[Place, int] = field(default_factory=dict)
    branches: dict[tuple[Place, bool], int] = field(default_factory=dict)


class Executable(Protocol):
    """A program that can be executed."""

    coverage: Coverage | None

    def run(self, block: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Execute an OB once.

        Args:
            block: name of the OB.
            inputs: start information by name of the OB's input.

        Raises:
            Fault: the program failed; its memory is as it was at that moment.
        """

    def call(self, block: str, arguments: Mapping[str, Any], instance: Any = None) -> dict[str, Any]:
        """Execute an FC or FB once and return its outputs, in/out parameters and (as `Ret_Val`) its result.

        Args:
            block: name of the block.
            arguments: inputs and in/out parameters by name; what is missing is the default of its type.
            instance: instance object of an FB (see `storage.new`).

        Raises:
            Fault: the program failed.
        """
