"""How many examples the costly properties are tried with: few in the default run, more in the thorough one."""

from __future__ import annotations

from hypothesis import settings


def examples(few: int, thorough: int) -> settings:
    """Settings of a property whose examples cost much each."""
    return settings(max_examples=thorough if settings.get_current_profile_name() == "thorough" else few)
