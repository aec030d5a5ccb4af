"""The service that compiles an object: a program, a part of one, a station, or what a panel shows.

Facts: docs/facts/tia-operations.md#compile.
"""

from __future__ import annotations

from collections.abc import Callable

from fake_dotnet.system import require_type
from fake_openness.core.compile_messages import CompilerResult
from fake_openness.core.objects import EngineeringObject


class ICompilable(EngineeringObject):
    """The service that compiles an object."""

    _owner: EngineeringObject
    _run: Callable[[], CompilerResult]

    def __init__(self, owner: EngineeringObject, run: Callable[[], CompilerResult] | None = None) -> None:
        """Compile by calling `run`; a caller casts a service, which is one already.

        Raises:
            TypeError: The object to cast does not compile.
        """
        if run is None:
            service = require_type(owner, ICompilable, "obj")
            owner, run = service._owner, service._run
        super().__init__(owner)
        self._owner, self._run = owner, run

    def __eq__(self, other: object) -> bool:
        """Compare by what is compiled."""
        return isinstance(other, ICompilable) and self._owner is other._owner

    def __hash__(self) -> int:
        """Hash by what is compiled."""
        return hash(self._owner)

    def Compile(self) -> CompilerResult:
        """Compile what is not up to date.

        Raises:
            EngineeringTargetInvocationException: A transaction is open, or the PLC is online.
        """
        self._context.refuse_in_transaction("Compiling")
        return self._run()
