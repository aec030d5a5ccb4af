"""Fixtures that all tests of the simulated portal share."""

from tests.fakes.plc import plant

__all__ = ["plant"]
