"""How many examples the costly properties are tried with: few in the default run, more in the longer ones."""

from __future__ import annotations

from hypothesis import settings

TIMES = {"thorough": 3, "exploration": 50}
"""What the examples of the default run are multiplied by in other profiles."""


def examples(few: int) -> settings:
    """Settings of a property whose examples cost much each."""
    return settings(max_examples=few * TIMES.get(settings.get_current_profile_name(), 1))
