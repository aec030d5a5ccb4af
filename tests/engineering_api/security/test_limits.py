"""Counting requests: by caller and address, in bounded memory, and whatever is remembered of tokens is bounded, too."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.security.rate_limit import MOST_CALLERS, WINDOW, RateLimit, TooMany
from engineering_api.security.tokens import MOST_REMEMBERED, REMEMBERED_FOR, TokenCache

requests = st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(["", "a"]), st.integers(0, 40))


@given(st.integers(1, 5), st.lists(requests, max_size=60))
def test_each_caller_at_each_address_has_so_many_a_minute(limit: int, sent: list[tuple[str, str, int]]) -> None:
    """Compared with a count of everything that was sent in the same minute."""
    now = [0.0]
    counted, seen = RateLimit(limit, lambda: now[0]), Counter[tuple[str, str, int]]()
    for address, name, pause in sent:
        now[0] += pause
        minute = int(now[0]) // WINDOW
        seen[address, name, minute] += 1
        left = limit - seen[address, name, minute]
        if left < 0:
            with pytest.raises(TooMany) as caught:
                counted.take(address, name)
            assert caught.value.reset == (minute + 1) * WINDOW
        else:
            standing = counted.take(address, name)
            assert standing is not None
            assert (standing.remaining, standing.reset) == (left, (minute + 1) * WINDOW)


def test_callers_beyond_those_that_are_counted_share_one_count() -> None:
    limit = RateLimit(3, lambda: 0.0)
    for number in range(MOST_CALLERS):
        limit.take(str(number))
    for number in range(3):
        limit.take(f"more {number}")
    with pytest.raises(TooMany):
        limit.take("one more")
    limit.take("0")
    assert len(limit._counts) == MOST_CALLERS + 1


def test_tokens_are_remembered_for_a_minute_at_most_and_not_too_many() -> None:
    now = [0.0]
    remembered = TokenCache(lambda: now[0])
    remembered.put("short", "a", 10.0)
    remembered.put("long", "b", 1e9)
    assert (remembered.get("short"), remembered.get("long"), remembered.get("other")) == ("a", "b", None)
    now[0] = 10.0
    assert (remembered.get("short"), remembered.get("long")) == (None, "b")
    now[0] = REMEMBERED_FOR
    assert remembered.get("long") is None
    for number in range(MOST_REMEMBERED * 2):
        remembered.put(str(number), number, 1e9)
        assert len(remembered._found) <= MOST_REMEMBERED
