"""Anyone who guesses passwords waits longer after each failure, and nobody waits forever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engineering_api.security.backoff import REMEMBERED, Backoff
from engineering_api.security.rate_limit import TooMany


class Bench:
    """Failed logins at times that the test decides."""

    def __init__(self) -> None:
        self.now = 10_000.0
        self.backoff = Backoff(lambda: self.now)

    def wait(self, name: str, address: str) -> int:
        """Return the seconds that a refusal names, checked to be enough and not one too many; 0 where a try is taken."""
        try:
            self.backoff.require(name, address)
        except TooMany as refused:
            seconds = int(refused.headers()["Retry-After"])
            assert f"try again in {seconds} s" in str(refused)
            return seconds
        return 0

    def waits_of_failures(self, count: int, *, name: str = "", address: str = "") -> list[int]:
        """Return the wait after each of some failures of a name or of an address, each as soon as it may be."""
        found = []
        for number in range(count):
            self.backoff.note_failure(name or f"name {number}", address or f"address {number}")
            seconds = self.wait(name or "another", address or "elsewhere")
            if seconds:
                self.now += seconds - 0.5
                assert self.wait(name or "another", address or "elsewhere") == 1
                self.now += 0.5
                assert self.wait(name or "another", address or "elsewhere") == 0
            found.append(seconds)
        return found


def test_each_failure_beyond_the_free_ones_doubles_the_wait_up_to_a_longest() -> None:
    assert Bench().waits_of_failures(12, name="eva") == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60]
    assert Bench().waits_of_failures(30, address="here") == [0] * 20 + [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_thousand_failures_wait_as_long_as_ten() -> None:
    bench = Bench()
    for _ in range(1100):
        bench.backoff.note_failure("eva", "here")
    assert (bench.wait("eva", "elsewhere"), bench.wait("another", "here")) == (60, 300)


def test_failures_are_forgotten_after_an_hour_without_one() -> None:
    for pause, expected in ((3600.0, 2), (3600.5, 0)):
        bench = Bench()
        bench.waits_of_failures(5, name="eva")
        bench.now += pause
        bench.backoff.note_failure("eva", "here")
        assert bench.wait("eva", "here") == expected


def test_a_success_forgets_the_name_and_one_failure_of_the_address() -> None:
    bench = Bench()
    bench.backoff.note_success("eva", "here")
    for _ in range(21):
        bench.backoff.note_failure("eva", "here")
    assert bench.wait("another", "here") == 2
    bench.backoff.note_success("eva", "here")
    assert (bench.wait("eva", "elsewhere"), bench.wait("another", "here")) == (0, 0)
    bench.backoff.note_failure("another", "here")
    assert bench.wait("another", "here") == 2


def test_failures_are_remembered_in_bounded_memory_and_the_oldest_is_forgotten() -> None:
    for others, expected in ((REMEMBERED - 2, 2), (REMEMBERED - 1, 0)):
        bench = Bench()
        for name in ("eva", *[f"further {number}" for number in range(others)]):
            bench.backoff.note_failure(name, "everywhere")
        for _ in range(5):
            bench.backoff.note_failure("eva", "everywhere")
        assert bench.wait("eva", "elsewhere") == expected


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(0, 100), st.booleans()), max_size=60)
)
def test_nobody_waits_forever_and_no_guesser_goes_without(tries: list[tuple[str, str, float, bool]]) -> None:
    bench = Bench()
    for name, address, pause, good in tries:
        bench.now += pause
        seconds = bench.wait(name, address)
        assert 0 <= seconds <= 300
        bench.now += seconds
        assert bench.wait(name, address) == 0
        bench.backoff.note_failure(name, address)
        if good:
            bench.backoff.note_success(name, address)
            assert bench.wait(name, "elsewhere") == 0
