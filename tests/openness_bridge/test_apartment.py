"""The one thread that may touch a portal."""

import threading

import pytest

from openness_bridge.portal.apartment import HOLDING, PASSING, QUEUED, WAITED_FOR, Apartment


@pytest.fixture
def apartment():
    made = Apartment("test")
    yield made
    made.stop()


def test_everything_runs_on_one_thread(apartment: Apartment) -> None:
    threads = {apartment.submit(threading.get_ident).result() for _ in range(50)}
    assert threads == {apartment.call(threading.get_ident)}
    assert threading.get_ident() not in threads


def test_a_call_from_the_thread_itself_does_not_wait_for_itself(apartment: Apartment) -> None:
    assert apartment.call(lambda: apartment.call(lambda: 5)) == 5


def test_what_is_waited_for_goes_before_queued_jobs_in_order(apartment: Apartment) -> None:
    hold, begun, order = threading.Event(), threading.Event(), []
    first = apartment.submit(lambda: (begun.set(), hold.wait()))
    begun.wait(60)
    jobs = [apartment.submit(lambda n=n: order.append(f"job {n}"), QUEUED) for n in range(3)]
    waited = [apartment.submit(lambda n=n: order.append(f"read {n}")) for n in range(3)]
    assert apartment.waiting == 6
    hold.set()
    for future in [first, *waited, *jobs]:
        future.result(60)
    assert order == ["read 0", "read 1", "read 2", "job 0", "job 1", "job 2"]


def test_an_edit_that_holds_the_project_goes_first_and_jobs_are_not_passed_for_ever(apartment: Apartment) -> None:
    hold, begun, order = threading.Event(), threading.Event(), []
    first = apartment.submit(lambda: (begun.set(), hold.wait()))
    begun.wait(60)
    calls = [apartment.submit(lambda n=n: order.append(f"job {n}"), QUEUED) for n in range(2)]
    calls += [apartment.submit(lambda n=n: order.append(n)) for n in range(PASSING * 2)]
    calls += [apartment.submit(lambda: order.append("edit"), HOLDING)]
    hold.set()
    for future in [first, *calls]:
        future.result(60)
    reads = list(range(PASSING * 2))
    cut = PASSING - 1
    assert order == ["edit", *reads[:cut], "job 0", *reads[cut : cut + PASSING], "job 1", *reads[cut + PASSING :]]


def test_an_exception_reaches_the_caller_and_the_thread_lives_on(apartment: Apartment) -> None:
    with pytest.raises(ZeroDivisionError):
        apartment.call(lambda: 1 / 0)
    assert apartment.call(lambda: "alive") == "alive"


def test_a_cancelled_call_never_runs(apartment: Apartment) -> None:
    hold, begun, ran = threading.Event(), threading.Event(), []
    first = apartment.submit(lambda: (begun.set(), hold.wait()))
    begun.wait(60)
    late = apartment.submit(lambda: ran.append(1))
    assert late.cancel()
    hold.set()
    first.result(60)
    apartment.call(lambda: None)
    assert ran == []


def test_stop_finishes_what_is_queued() -> None:
    made, ran = Apartment("short"), []
    for number in range(10):
        made.submit(lambda n=number: ran.append(n), QUEUED)
    last = made.submit(lambda: None, QUEUED)
    made.stop()
    last.result(60)
    assert ran == list(range(10))


def test_giving_up_fails_the_running_call_and_all_that_wait_and_takes_no_more(apartment: Apartment) -> None:
    hold, begun, stuck, ended = threading.Event(), threading.Event(), TimeoutError("stuck"), []
    running = apartment.submit(lambda: (begun.set(), hold.wait(60)))
    begun.wait(60)
    waiting = [apartment.submit(lambda: ended.append("ran"), rank) for rank in (HOLDING, WAITED_FOR, QUEUED)]
    assert apartment.given_up is None
    apartment.give_up(stuck)
    assert [each.done() and each.exception() for each in (running, *waiting)] == [stuck] * 4
    apartment.give_up(ValueError("later"))
    late = apartment.submit(lambda: ended.append("ran"))
    assert (late.done() and late.exception(), apartment.given_up, apartment.waiting) == (stuck, stuck, 0)
    hold.set()
    apartment._thread.join(60)
    assert not apartment._thread.is_alive() and running.exception() is stuck and not ended
