"""The exceptions of System that object models of Siemens raise."""

from __future__ import annotations

from fake_dotnet.objects import NetObject


class NetException(NetObject, Exception):
    """System.Exception, the base of every exception."""

    @property
    def Message(self) -> str:
        """The sentence."""
        return Exception.__str__(self)

    def ToString(self) -> str:
        """Return the type's full name and the sentence."""
        return f"{self.GetType()}: {self.Message}"

    def __str__(self) -> str:
        """Return the sentence, as Python's exceptions do."""
        return Exception.__str__(self)


class ArgumentException(NetException):
    """System.ArgumentException: a wrong argument, such as a relative path."""


class ArgumentNullException(ArgumentException):
    """System.ArgumentNullException."""


class ArgumentOutOfRangeException(ArgumentException):
    """System.ArgumentOutOfRangeException: such as an index that a list does not have."""


class KeyNotFoundException(NetException):
    """System.Collections.Generic.KeyNotFoundException: a key that a dictionary does not have."""
