"""The exceptions of the PLCSIM Advanced API, as pythonnet shows them: a caller branches on RuntimeErrorCode.

Facts: docs/facts/plcsim-advanced.md#errors. The sentences are this project's own.
"""

from __future__ import annotations

from fake_plcsim.enums import ERuntimeErrorCode


class _RuntimeError(Exception):
    """The common part of the three exceptions."""

    def __init__(self, code: ERuntimeErrorCode | str = "", text: str | BaseException = "") -> None:
        """Keep a code and, only here, its sentence; or, as a program makes one, a sentence and its cause."""
        sentence = code if isinstance(code, str) else str(text)
        super().__init__(sentence)
        self.RuntimeErrorCode = ERuntimeErrorCode.OK if isinstance(code, str) else code
        self._text = sentence

    @property
    def Message(self) -> str:
        """Name of the code and the sentence."""
        return f"{self.RuntimeErrorCode.ToString()}: {self._text}" if self._text else self.RuntimeErrorCode.ToString()


class SimulationRuntimeException(_RuntimeError):
    """An operation failed."""


class SimulationInitializationException(_RuntimeError):
    """The API, or the connection to the runtime manager, could not be made."""


class SimulationRuntimeWarning(_RuntimeError):
    """An operation succeeded, but not as wanted."""


def unfitting(argument: str, value: object, declared: str) -> TypeError:
    """Return pythonnet's exception where no overload takes a number of this size; only a struct's field overflows."""
    return TypeError(f"No method matches given arguments: {argument} is {value}, which is not a {declared}")


def refuse(code: str, text: str) -> SimulationRuntimeException:
    """Return the exception of an error code, by its name, to be raised."""
    return SimulationRuntimeException(ERuntimeErrorCode[code], text)
