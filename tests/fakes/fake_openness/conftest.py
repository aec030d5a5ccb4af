"""Fixtures that all tests of the simulated portal share."""

from tests.fakes.fake_openness.classic_kit import classic
from tests.fakes.fake_openness.hardware_kit import kit
from tests.fakes.fake_openness.online_kit import rig
from tests.fakes.fake_openness.plc import plant

__all__ = ["classic", "kit", "plant", "rig"]
