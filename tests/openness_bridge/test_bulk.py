"""The search for garbage rests while bulk work runs, and goes on afterwards whatever happens."""

from __future__ import annotations

import gc
import threading

import pytest

from openness_bridge.portal.bulk import pause_gc


def test_it_rests_and_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="stop"), pause_gc():
        assert not gc.isenabled()
        raise ValueError("stop")
    assert gc.isenabled()


def test_the_last_of_several_threads_lets_it_go_on() -> None:
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with pause_gc():
            inside.set()
            leave.wait(60)

    other = threading.Thread(target=work)
    with pause_gc():
        other.start()
        assert inside.wait(60)
    assert not gc.isenabled()
    leave.set()
    other.join()
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        with pause_gc():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
