"""The protection in a CPU: what it allows without a password, and which password allows more.

The level in the CPU counts, not that of the project. Facts: docs/facts/openness-online.md#download (the password
questions), docs/facts/openness-online.md#protection-of-the-cpu (levels). Unverified: a CPU that cannot be read without
a password is Protected online, and is not compared.
"""

from __future__ import annotations

from fake_openness.core import passwords
from fake_openness.hardware.plc_protection import Protection
from fake_openness.online.station_image import image_of, walk_items
from fake_plcsim.controller import Controller

_FULL = ("FullAccess", "FullAccessIncludingFailsafe")
_UNREADABLE = ("HMIAccess", "NoAccess")


def protection_in(controller: Controller) -> Protection:
    """Return the protection of the loaded CPU; none for one that no project loaded."""
    image = image_of(controller)
    documents = [item["protection"] for item in walk_items(image.hardware) if "protection" in item] if image else []
    return Protection.read(documents[0]) if documents else Protection()


def is_write_protected(controller: Controller) -> bool:
    """Return whether loading needs a password."""
    level = protection_in(controller).level
    return bool(level) and level not in _FULL


def is_read_protected(controller: Controller) -> bool:
    """Return whether reading needs a password."""
    return protection_in(controller).level in _UNREADABLE


def opens_writing(controller: Controller, password: str | None) -> bool:
    """Return whether a password allows loading."""
    return _opens(controller, password, _FULL)


def opens_reading(controller: Controller, password: str | None) -> bool:
    """Return whether a password allows reading."""
    return _opens(controller, password, (*_FULL, "ReadAccess"))


def _opens(controller: Controller, password: str | None, levels: tuple[str, ...]) -> bool:
    known = protection_in(controller).passwords
    return password is not None and any(passwords.opens(known[name], password) for name in levels if name in known)
