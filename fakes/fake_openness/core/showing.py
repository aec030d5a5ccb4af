"""Editors of TIA Portal's user interface, which clients open.

Facts: docs/facts/openness.md#projects, after the Openness manual (open the "Devices & networks" editor).
"""

from __future__ import annotations

from typing import Any

from fake_dotnet.system import NetEnum
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject


class View(NetEnum):
    """The views of the editor "Devices & networks"."""

    Device = 0
    Network = 1
    Topology = 2


def require_user_interface(obj: EngineeringObject) -> None:
    """Refuse to open an editor where nobody would see it.

    Raises:
        EngineeringTargetInvocationException: TIA Portal has no user interface.
    """
    top: Any = obj
    while top._parent is not None:
        top = top._parent
    if not top._process.has_windows:
        msg = "TIA Portal was started without a user interface: it cannot open an editor."
        raise EngineeringTargetInvocationException(msg, code="portal.no_user_interface")


class _Showable(EngineeringObject):
    """What has an editor."""

    def ShowInEditor(self) -> None:
        """Open the object in its editor.

        Raises:
            EngineeringTargetInvocationException: TIA Portal has no user interface.
        """
        require_user_interface(self)
