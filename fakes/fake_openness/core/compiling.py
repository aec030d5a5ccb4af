"""The service that compiles an object: a program, a part of one, a station, or what a panel shows.

Facts: docs/facts/tia-operations.md#compile.
"""

from __future__ import annotations

from collections.abc import Callable

from fake_openness.core.compile_messages import CompilerResult
from fake_openness.core.objects import EngineeringObject


class ICompilable(EngineeringObject):
    """The service that compiles an object."""

    def __init__(self, owner: EngineeringObject, run: Callable[[], CompilerResult]) -> None:
        """Compile by calling `run`."""
        super().__init__(owner)
        self._run = run

    def Compile(self) -> CompilerResult:
        """Compile what is not up to date.

        Raises:
            EngineeringTargetInvocationException: A transaction is open, or the PLC is online.
        """
        self._context.refuse_in_transaction("Compiling")
        return self._run()
