"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

Tia = Callable[..., Result]
"""Runs a command and asserts its exit code, `code`, which is 0 by default; `given` is its standard input."""
