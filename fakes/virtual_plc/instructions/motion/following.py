"""What instructions of synchronous operation have in common: both axes, the job that follows, its outputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from virtual_plc.instructions.motion.jobs import Job, data_of, execute
from virtual_plc.instructions.registry import Site
from virtual_plc.motion import errors, members
from virtual_plc.motion.coupling import Link, link_of
from virtual_plc.motion.curves import Curve
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings, read
from virtual_plc.motion.state import Axis

Begin = Callable[[Axis, Settings, Link, Settings], Axis | Error]
"""Starts a job: gets the axis, its configuration, how it is linked with its leading axis, and that one's configuration."""


def follow(
    site: Site, instance: Any, master: Any, slave: Any, wanted: Any, curve: Curve, begin: Begin
) -> tuple[Axis | None, Job, Link | None]:
    """Execute an instruction with a leading axis and an axis that follows it.

    Args:
        site: place of the call.
        instance: instance of the instruction.
        master: what is at the parameter Master.
        slave: what is at the parameter Slave.
        wanted: Execute.
        curve: what the axis makes of the leading value.
        begin: starts the job.

    Returns:
        The axis that follows, what the instance remembers, and the link of its job, None when it does not run.
    """
    leader = data_of(site, master)
    follower = data_of(site, slave)
    known = follower if hasattr(follower, "StatusSynchronizedMotion") else None

    def start(axis: Axis, settings: Settings) -> Axis | Error:
        if leader is None or not read(leader).positioning:
            return errors.WRONG_AXIS
        if leader is known or known in _leaders(leader):
            return errors.OWN_LEADER
        link = Link(leader, _number(site, leader), members.refresh(leader, site.services.now)[0], curve)
        return begin(axis, settings, link, read(leader))

    axis, job = execute(site, instance, known, wanted, start)
    return axis, job, _running(axis, job, leader, known)


def _running(axis: Axis | None, job: Job, leader: Any, follower: Any) -> Link | None:
    """Return the link of a job that has begun; after a download its leading axis has another data block."""
    if axis is None or axis.command is None or axis.command.number != job.number:
        return None
    link = link_of(axis)
    if link is not None and leader is not None and link.master is not leader:
        link = replace(link, master=leader)
        follower._state = replace(axis, command=replace(axis.command, link=link))
    return link


def _leaders(data: Any) -> list[Any]:
    """Return the leading axes of an axis, the nearest one first."""
    found: list[Any] = []
    link = link_of(members.axis_of(data))
    while link is not None:
        found.append(link.master)
        link = link_of(members.axis_of(link.master))
    return found


def _number(site: Site, data: Any) -> int:
    """Return the number of a data block, 0 if it has none."""
    numbered = site.memory.by_number if site.memory is not None else {}
    return next((number for number, each in numbered.items() if each is data), 0)


def is_number(value: float) -> bool:
    """Return whether a position or distance is in the range of an axis."""
    return math.isfinite(value) and abs(value) <= 1e12


def remember_synchronous(instance: Any, job: Job) -> None:
    """Let the end of a job that was synchronous go unreported when Execute is FALSE."""
    if job.number:
        instance._state = replace(instance._state, reached=True)


__all__ = ["Begin", "follow", "is_number", "remember_synchronous"]
