"""The exceptions of System that object models of Siemens raise."""

from __future__ import annotations


class ArgumentException(Exception):
    """System.ArgumentException: a wrong argument, such as a relative path."""

    @property
    def Message(self) -> str:
        """The sentence."""
        return str(self)


class ArgumentNullException(ArgumentException):
    """System.ArgumentNullException."""


class ArgumentOutOfRangeException(ArgumentException):
    """System.ArgumentOutOfRangeException: such as an index that a list does not have."""
