"""MC_GearIn and MC_GearInPos. Facts: docs/facts/motion.md#synchronous-operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.following import follow, is_number, remember_synchronous
from virtual_plc.instructions.motion.jobs import take_inputs
from virtual_plc.instructions.motion.moves import limited
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, coupling, errors
from virtual_plc.motion.coupling import Link, Wait, Way
from virtual_plc.motion.curves import Line
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Dynamics, Kind

Function = Callable[..., None]
_DYNAMICS: Final = "Acceleration Deceleration Jerk"
_GEAR: Final = f"Execute RatioNumerator RatioDenominator {_DYNAMICS}"
_POSITIONS: Final = (
    "Execute RatioNumerator RatioDenominator MasterSyncPosition SlaveSyncPosition SyncProfileReference"
    f" MasterStartDistance Velocity {_DYNAMICS} SyncDirection"
)
_WAYS: Final = (Way.DYNAMICS, Way.AHEAD, Way.BEHIND)
_DIRECTIONS: Final = (1, 2, 3)


def _check_ratio(given: Mapping[str, Any]) -> Error | None:
    if given["RatioNumerator"] == 0:
        return errors.RATIO_NUMERATOR
    return errors.RATIO_DENOMINATOR if given["RatioDenominator"] < 1 else None


def _ratio(given: Mapping[str, Any]) -> float:
    return float(given["RatioNumerator"] / given["RatioDenominator"]) if given["RatioDenominator"] else 0.0


@register_maker("MC_GearIn", f"instance Master Slave {_GEAR}", "")
def _gear_in(site: Site) -> Function:
    def gear(instance: Any, master: Any, slave: Any, *values: Any) -> None:
        given = take_inputs(instance, _GEAR, values)
        ratio = _ratio(given)

        def begin(axis: Axis, settings: Settings, link: Link, _: Settings) -> Axis | Error:
            checked = commands.refuse(axis) or _check_ratio(given) or parameters.to_rest(settings, given)
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            return coupling.gear_in(axis, link, ratio, dynamics)

        line = Line(0.0, 0.0, ratio)
        _, job, link = follow(site, instance, master, slave, given["Execute"], line, begin)
        instance.InGear = link is not None and link.synchronous
        if instance.InGear:
            remember_synchronous(instance, job)

    return gear


@register_maker("MC_GearInPos", f"instance Master Slave {_POSITIONS}", "")
def _gear_in_pos(site: Site) -> Function:
    def gear(instance: Any, master: Any, slave: Any, *values: Any) -> None:
        given = take_inputs(instance, _POSITIONS, values)
        leading, following = given["MasterSyncPosition"], given["SlaveSyncPosition"]

        def begin(axis: Axis, settings: Settings, link: Link, leader: Settings) -> Axis | Error:
            refused = commands.refuse(axis) or _check_ratio(given) or _check_positions(given)
            if refused is not None:
                return refused
            way = given["SyncProfileReference"]
            checked = check_synchronizing(given, settings, way, _WAYS)
            if isinstance(checked, Error):
                return checked
            if not axis.homed:
                return errors.NOT_HOMED
            return wait(axis, Kind.GEAR_POSITION, link, leading, given, (settings, leader), checked)

        line = Line(leading, following, _ratio(given))
        _, job, link = follow(site, instance, master, slave, given["Execute"], line, begin)
        show_synchronizing(instance, link)
        if instance.InSync:
            remember_synchronous(instance, job)

    return gear


def _check_positions(given: Mapping[str, Any]) -> Error | None:
    if not is_number(given["MasterSyncPosition"]):
        return errors.MASTER_POSITION
    return None if is_number(given["SlaveSyncPosition"]) else errors.SLAVE_POSITION


def check_synchronizing(
    given: Mapping[str, Any], settings: Settings, way: int, ways: tuple[Way, ...]
) -> Dynamics | Error:
    """Return the dynamics of the way to synchronous motion, or which of its parameters is wrong."""
    if way not in ways:
        return errors.SYNC_PROFILE
    if way in _WITH_DISTANCE and not (is_number(given["MasterStartDistance"]) and given["MasterStartDistance"] > 0):
        return errors.START_DISTANCE
    if given["SyncDirection"] not in _DIRECTIONS:
        return errors.DIRECTION_INVALID
    if way != Way.DYNAMICS:
        return settings.highest
    checked = parameters.to_position(settings, given)
    return checked if isinstance(checked, Error) else checked[0]


_WITH_DISTANCE: Final = (Way.AHEAD, Way.BEHIND, Way.BEHIND_FROM_HERE, Way.AHEAD_FROM_HERE)


def wait(
    axis: Axis,
    kind: Kind,
    link: Link,
    position: float,
    given: Mapping[str, Any],
    both: tuple[Settings, Settings],
    dynamics: Dynamics,
) -> Axis:
    """Start a job that waits until the leading axis reaches its start.

    Args:
        axis: the axis.
        kind: gear or cam.
        link: how it follows.
        position: synchronous position of the leading axis.
        given: inputs of the instruction.
        both: configuration of the axis and of its leading axis.
        dynamics: dynamics of the axis.
    """
    own, leader = ((each.modulo or (0.0, 0.0))[1] for each in both)
    waits = Wait(
        Way(given["SyncProfileReference"]),
        position,
        given["MasterStartDistance"],
        dynamics,
        given["SyncDirection"],
        leader,
        own,
        link.leader.point.position,
    )
    return coupling.wait_for(axis, kind, replace(link, wait=waits))


def show_synchronizing(instance: Any, link: Link | None) -> None:
    """Write StartSync and InSync."""
    instance.StartSync = link is not None and not link.synchronous
    instance.InSync = link is not None and link.synchronous
