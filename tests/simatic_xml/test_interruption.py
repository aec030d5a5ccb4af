import pytest

from simatic_xml.interruption import checkpoint, interruptible


class StopError(Exception):
    pass


def stop() -> None:
    raise StopError


def test_work_goes_on_where_nobody_asks_to_stop():
    assert checkpoint() is None


def test_a_checkpoint_raises_what_the_check_raises():
    with interruptible(stop), pytest.raises(StopError):
        checkpoint()
    assert checkpoint() is None


def test_the_innermost_check_counts():
    with interruptible(stop), interruptible(lambda: None):
        assert checkpoint() is None
