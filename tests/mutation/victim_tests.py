"""The tests of the victim; only a trial runs them."""

from tests.mutation import victim


def test_steps() -> None:
    assert [victim.counting(2)(each) for each in (1, 2, 3)] == [1, 2, 2]
