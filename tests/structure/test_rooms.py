"""What a lower room of the fake calls, a higher room has defined."""

from __future__ import annotations

import sys

import fake_openness
from fake_openness.core.upward import UpwardCall


def test_every_call_upward_is_defined() -> None:
    assert fake_openness.__name__ in sys.modules
    calls = {
        f"{name}.{attribute}": value
        for name, module in sys.modules.items()
        if name.startswith("fake_openness.")
        for attribute, value in vars(module).items()
        if isinstance(value, UpwardCall)
    }
    assert len(calls) >= 8
    assert [name for name, call in calls.items() if not hasattr(call, "_function")] == []
