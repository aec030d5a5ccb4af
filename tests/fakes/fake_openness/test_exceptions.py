"""Every exception can be made with no argument, a text, a text and its cause, and a text and its details.

Evidence: the list of types of V17 (EngineeringException's constructors); a public C# program makes exceptions of derived
types in six places.
"""

from __future__ import annotations

import pytest

from fake_dotnet.errors import ArgumentException
from fake_dotnet.lists import NetList
from fake_openness import install

MADE = sorted(
    name
    for name, kind in install("21").types.items()
    if name.endswith("Exception") and hasattr(kind, "MessageData") is False
)
ENGINEERING = [name for name in MADE if name.startswith(("Engineering", "NonRecoverable", "License", "Missing"))]


@pytest.mark.parametrize("name", ENGINEERING)
def test_it_is_made_in_every_way(name: str) -> None:
    kind = install("21").types[name]
    cause = ArgumentException("The cause.")
    assert kind().Message == ""
    assert (kind("Not now.").Message, kind("Not now.").MessageData.Text) == ("Not now.", "Not now.")
    assert kind("Not now.", cause).InnerException is cause
    made = kind("Not now.", NetList(["First.", "Second."]))
    assert [each.Text for each in made.DetailMessageData] == ["First.", "Second."]
    assert (made.MessageData.DetailText, made.InnerException) == ("First.\nSecond.", None)
    with pytest.raises(TypeError):
        kind(5)


def test_there_are_all_of_them() -> None:
    assert len(ENGINEERING) >= 12
