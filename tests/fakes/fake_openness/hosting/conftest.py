"""Fixtures of the tests of `tia run`."""

from tests.fakes.fake_openness.hosting.kit import run

__all__ = ["run"]
