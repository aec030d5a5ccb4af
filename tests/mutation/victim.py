"""A module whose mutants a test of this folder tries."""

from collections.abc import Callable

STEP = 1


def counting(most: int) -> Callable[[int], int]:
    """Return a function that counts up to a number, or to a lower limit."""

    def count(limit: int) -> int:
        return len(range(0, limit, STEP)) if limit < most else most

    return count


def never_tested() -> int:
    """Return a number that no test reads."""
    return 1
