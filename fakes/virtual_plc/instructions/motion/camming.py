"""MC_InterpolateCam and MC_CamIn. Facts: docs/facts/motion.md#cams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from virtual_plc.instructions.motion.following import follow, is_number, remember_synchronous
from virtual_plc.instructions.motion.gearing import check_synchronizing, show_synchronizing, wait
from virtual_plc.instructions.motion.jobs import object_of, show_error, take_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, coupling, errors
from virtual_plc.motion.cams import Cam, Table, interpolate
from virtual_plc.motion.coupling import Link, Way
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Kind, Result

Function = Callable[..., None]
_CAM: Final = (
    "Execute MasterOffset SlaveOffset MasterScaling SlaveScaling MasterSyncPosition SyncProfileReference"
    " MasterStartDistance Velocity Acceleration Deceleration Jerk ApplicationMode SyncDirection"
)
_ONCE, _CYCLIC, _APPENDING = 0, 1, 2
_INTERPOLATED: Final = 1 << 5
_USED: Final = 1
_EMPTY: Final = Table((0.0, 1.0), (0.0, 0.0))


@register_maker("MC_InterpolateCam", "instance Cam Execute", "")
def _interpolate(site: Site) -> Function:
    def make(instance: Any, operand: Any, wanted: Any) -> None:
        instance.Execute = wanted
        rising, instance._state = wanted and not instance._state, bool(wanted)
        instance.Busy = False
        if not wanted:
            instance.Done = False
            show_error(instance, None, modern=True)
        if not rising:
            return
        data = object_of(site, operand)
        table = interpolate(data) if hasattr(data, "ValidPoint") and not any(data.ValidSegment) else None
        if table is not None:
            data._state, data.StatusWord = table, data.StatusWord | _INTERPOLATED
            status = data.StatusCam
            status.StartLeadingValue, status.EndLeadingValue = table.xs[0], table.xs[-1]
            status.NumberOfValidPoints = sum(map(bool, data.ValidPoint))
        instance.Done = table is not None
        show_error(instance, None if table is not None else errors.WRONG_AXIS, modern=True)

    return make


@register_maker("MC_CamIn", f"instance Master Slave Cam {_CAM}", "")
def _cam_in(site: Site) -> Function:
    def cam(instance: Any, master: Any, slave: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _CAM, values)
        data = object_of(site, operand)
        table = data._state if hasattr(data, "ValidPoint") else None
        made = _used(table or _EMPTY, given)
        shape = made.table
        position = shape.xs[0] * made.scale[0] + made.place[0] + given["MasterSyncPosition"]

        def begin(axis: Axis, settings: Settings, link: Link, leader: Settings) -> Axis | Error:
            refused = commands.refuse(axis) or _check(data, table, given, position, made)
            if refused is not None:
                return refused
            checked = check_synchronizing(given, settings, given["SyncProfileReference"], tuple(Way))
            if isinstance(checked, Error):
                return checked
            if not axis.homed:
                return errors.NOT_HOMED
            running = coupling.link_of(axis)
            if given["SyncProfileReference"] == Way.AT_END and (
                running is None or not running.synchronous or not isinstance(running.curve, Cam)
            ):
                return errors.NO_CAMMING
            return wait(axis, Kind.CAM, link, position, given, (settings, leader), checked)

        _, job, link = follow(site, instance, master, slave, given["Execute"], made, begin)
        show_synchronizing(instance, link)
        once = job.outcome is not None and job.outcome.result is Result.DONE
        instance.EndOfProfile = once or (link is not None and link.ended)
        if instance.InSync:
            remember_synchronous(instance, job)

    return cam


def _used(table: Table, given: Mapping[str, Any]) -> Cam:
    """Return the cam as a job uses it."""
    scale = (given["MasterScaling"] or 1.0, given["SlaveScaling"])
    direct = given["SyncProfileReference"] in (Way.AT_ONCE, Way.AT_END)
    place = (0.0, 0.0) if direct else (given["MasterOffset"], given["SlaveOffset"])
    mode = given["ApplicationMode"]
    return Cam(table, scale, place, cyclic=mode != _ONCE, appending=mode == _APPENDING)


def _check(data: Any, table: Table | None, given: Mapping[str, Any], position: float, cam: Cam) -> Error | None:
    if not hasattr(data, "ValidPoint"):
        return errors.WRONG_AXIS
    if table is None:
        return errors.NOT_INTERPOLATED
    for name, error in (
        ("MasterOffset", errors.MASTER_OFFSET),
        ("SlaveOffset", errors.SLAVE_OFFSET),
        ("MasterScaling", errors.MASTER_SCALING),
        ("SlaveScaling", errors.SLAVE_SCALING),
    ):
        if not is_number(given[name]) or (name == "MasterScaling" and not given[name]):
            return error
    if given["ApplicationMode"] not in (_ONCE, _CYCLIC, _APPENDING):
        return errors.APPLICATION_MODE
    own = (position - cam.place[0]) / cam.scale[0]
    within = is_number(given["MasterSyncPosition"]) and cam.table.xs[0] <= own <= cam.table.xs[-1]
    return None if within else errors.MASTER_POSITION
