"""Passwords that requests name but do not hold: they are in the environment of the service.

Requests are kept word for word in the audit log and in jobs, so a password in one would be kept, too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from openness_bridge.errors import Kind, Place, Problem

PREFIX = "TIA_SECRET_"
_NAME = re.compile(r"^[A-Za-z0-9_]+$")


def passwords(names: Mapping[str, str], below: str = "/passwords") -> dict[str, str]:
    """Return the passwords behind names.

    Args:
        names: What a password is for, to the name of the secret: `PLANT` is the variable TIA_SECRET_PLANT.
        below: Where in the request the names are, as a JSON pointer.

    Raises:
        Problem: The service has no such secret.
    """
    return {what: _secret(name, f"{below}/{what}") for what, name in names.items()}


def _secret(name: str, pointer: str) -> str:
    found = os.environ.get(f"{PREFIX}{name.upper()}") if _NAME.match(name) else None
    if found is None:
        msg = f"The service has no secret '{name}': start it with the environment variable {PREFIX}{name.upper()}."
        raise Problem("secret.unknown", msg, kind=Kind.REFUSED, place=Place(pointer=pointer))
    return found
