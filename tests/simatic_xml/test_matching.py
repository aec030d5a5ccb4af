"""What of two lists belongs together."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.diff.matching import align, match, out_of_order, similarity
from tests.support.examples import examples


def test_the_first_belongs_to_the_first_of_the_same_key() -> None:
    found = match(["a1", "b1", "a2", "c1", "c2"], ["a3", "d1", "a4", "a5", "b2"], lambda each: each[0])
    assert found.pairs == [("a1", "a3"), ("a2", "a4"), ("b1", "b2")]
    assert (found.removed, found.added) == (["c1", "c2"], ["d1", "a5"])


def test_equal_values_are_aligned_at_the_ends_and_between() -> None:
    table = {
        ("ab", "ab"): [(0, 0), (1, 1)],
        ("", "a"): [],
        ("aa", "a"): [(0, 0)],
        ("xbc", "yzbc"): [(1, 2), (2, 3)],
        ("xbb", "abcb"): [(1, 1), (2, 3)],
        ("axbyc", "a12b3c"): [(0, 0), (2, 3), (4, 5)],
    }
    assert {pair: align(*pair) for pair in table} == table


def test_the_fewest_that_moved_of_a_few() -> None:
    table: dict[tuple[int, ...], set[int]] = {
        (): set(),
        (5,): set(),
        (0, 1): set(),
        (1, 0): {0},
        (2, 0, 1): {0},
        (1, 2, 0): {2},
    }
    assert {places: out_of_order(places) for places in table} == table


def test_similarity_is_the_common_share() -> None:
    table = {
        ("aab", "abb"): 2 / 3,
        ("ab", "ab"): 1.0,
        ("a", "b"): 0.0,
        ("", ""): 1.0,
        ("", "a"): 0.0,
        ("abb", "b"): 0.5,
    }
    assert {pair: similarity(*map(Counter, pair)) for pair in table} == table


@examples(10)
@given(st.permutations(range(8)))
def test_the_fewest_that_moved(places: list[int]) -> None:
    moved = out_of_order(places)
    staying = [place for index, place in enumerate(places) if index not in moved]
    assert staying == sorted(staying)
    longest = [1] * len(places)
    for end in range(len(places)):
        longest[end] = 1 + max((longest[start] for start in range(end) if places[start] < places[end]), default=0)
    assert len(staying) == max(longest)


@examples(10)
@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_alignment(before: list[int], after: list[int]) -> None:
    pairs = align(before, after)
    assert all(before[first] == after[second] for first, second in pairs)
    assert pairs == sorted(pairs)
    assert len({first for first, _ in pairs}) == len({second for _, second in pairs}) == len(pairs)
