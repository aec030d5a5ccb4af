"""Refuses what a gateway neither has nor passes on to a worker."""

from __future__ import annotations

from openness_bridge.errors import Kind, Problem


def require_here(gateway: object) -> None:
    """Refuse what does not go through the queue at a gateway: streams of values, and files, which are on another machine.

    Raises:
        Problem: There is a gateway.
    """
    if gateway is not None:
        raise elsewhere("TIA Portal")


def elsewhere(what: str) -> Problem:
    """Return the refusal of something that is on another machine."""
    msg = (
        f"A gateway has no {what} and no project files itself, and does not pass this on to a worker: poll values with the "
        "routes that read them, share files by a network folder, or send the request to `tia serve` on that machine."
    )
    return Problem("gateway.not_passed_on", msg, kind=Kind.UNSUPPORTED)
