"""SinaPos and SinaSpeed: the process data of a SINAMICS drive.

Both are what a program could do with DPRD_DAT and DPWR_DAT. Facts: docs/facts/drives.md#sinapos.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

from virtual_plc.instructions.devices.process_data import read_bytes, write_bytes
from virtual_plc.instructions.jobs import as_int, keep_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.surroundings.drives import telegram as t
from virtual_plc.surroundings.drives.power import ACKNOWLEDGE, ALARM, CONTROL, ENABLE, FAULT, INHIBITED, ON, OPERATION

WORKING: Final = 0x7002
NO_MODE, NO_OVERRIDE, NO_BLOCK = 0x8202, 0x8203, 0x8204
DRIVE_FAULT, DRIVE_INHIBITED = 0x8401, 0x8402
READ_FAILED, WRITE_FAILED = 0x8600, 0x8601
RELATIVE, ABSOLUTE, SETUP, HOMING, SET_HOME, BLOCK, JOG, JOG_INCREMENTAL = range(1, 9)
_MDI: Final = (RELATIVE, ABSOLUTE, SETUP)
_MOST_BLOCK: Final = 63
_CONFIGURED: Final = (
    ({0: 1, 1: 2, 7: 13, 16: 14, 17: 15}),
    ({8: 12, 18: 6, 19: 7, 20: 11, 21: 13}),
    ({2: 14, 3: 15, 4: 11, 5: 10, 6: 2, 22: 3, 23: 4, 24: 6, 25: 7, 26: 12, 27: 13}),
    ({9: 0, 10: 1, 11: 2, 12: 3, 13: 4, 14: 7, 28: 5, 29: 6, 30: 8, 31: 9}),
)
"""For each control word of telegram 111: bit of ConfigEPos to bit of the word."""
_SPEED_BITS: Final = {
    0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 12, 7: 11, 8: 13, 9: 14, 10: 8, 11: 9, 12: 15
}  # fmt: skip
"""Bit of ConfigAxis to bit of control word 1."""
_SPEED: Final = struct.Struct(">Hh")
_MOST: Final = 1.9999
"""Share of the reference speed that a setpoint can have."""


def _spread(configured: int, bits: Mapping[int, int]) -> int:
    """Return the bits of a control word that a configuration sets."""
    return sum(1 << to for bit, to in bits.items() if configured >> bit & 1)


def _when(condition: object, bits: int) -> int:
    return bits if condition else 0


_POSITION_INPUTS: Final = (
    "ModePos EnableAxis CancelTraversing IntermediateStop Positive Negative Jog1 Jog2 FlyRef AckError ExecuteMode"
    " Position Velocity OverV OverAcc OverDec ConfigEPos HWIDSTW HWIDZSW"
)
_SPEED_INPUTS: Final = "EnableAxis AckError SpeedSp RefSpeed ConfigAxis HWIDSTW HWIDZSW"


# SinaPos --------------------------------------------------------------------------------------------------------------


@register_maker("SinaPos", f"instance {_POSITION_INPUTS}", "")
def _position(site: Site) -> Callable[..., None]:
    names = _POSITION_INPUTS.split()

    def position(instance: Any, *given: Any) -> None:
        keep_inputs(instance, names, given)
        wrong = _find_wrong(instance)
        unread, content = read_bytes(site, instance.HWIDZSW, t.SIZE)
        unwritten = write_bytes(site, instance.HWIDSTW, _setpoints(instance, orders=not wrong).pack())
        if not unread:
            unread, content = read_bytes(site, instance.HWIDZSW, t.SIZE)
        found = t.actual(content)
        _show_actual(instance, found)
        _show_status(instance, found.word, unread, unwritten, wrong)

    return position


def _find_wrong(instance: Any) -> int:
    """Return the STATUS of a wrong input, 0 without one."""
    if not RELATIVE <= instance.ModePos <= JOG_INCREMENTAL:
        return NO_MODE
    if not (0 <= instance.OverV <= 199 and 0 <= instance.OverAcc <= 100 and 0 <= instance.OverDec <= 100):
        return NO_OVERRIDE
    if instance.ModePos == BLOCK and not 0 <= instance.Position <= _MOST_BLOCK:
        return NO_BLOCK
    return 0


def _percent(value: int) -> int:
    return value * t.HUNDRED_PERCENT // 100


def _setpoints(data: Any, *, orders: bool) -> t.Setpoints:
    """Return the telegram; without orders nothing begins, and a jog ends."""
    mode = data.ModePos if orders else 0
    flies = data.FlyRef and mode not in (HOMING, SET_HOME)
    jogs = mode in (JOG, JOG_INCREMENTAL) and data.Jog1 != data.Jog2
    words = [_spread(data.ConfigEPos, bits) for bits in _CONFIGURED]
    words[0] |= (
        ENABLE
        | CONTROL
        | _when(data.EnableAxis, ON)
        | _when(data.CancelTraversing, t.NOT_REJECTED)
        | _when(data.IntermediateStop, t.NOT_INTERRUPTED)
        | _when(data.ExecuteMode and mode in (*_MDI, BLOCK), t.START)
        | _when(data.AckError, ACKNOWLEDGE)
        | _when(jogs and data.Jog1, t.JOG_1)
        | _when(jogs and data.Jog2, t.JOG_2)
        | _when(flies or (mode == HOMING and data.ExecuteMode), t.HOME)
    )
    words[1] |= (
        (data.Position & t.BLOCK if mode == BLOCK else 0)
        | _when(mode in (ABSOLUTE, SETUP), t.ABSOLUTE)
        | _when(data.Positive and mode in (ABSOLUTE, SETUP), t.POSITIVE)
        | _when(data.Negative and mode in (ABSOLUTE, SETUP), t.NEGATIVE)
        | _when(mode == SETUP, t.SETUP)
        | _when(mode in _MDI, t.MDI)
    )
    words[2] |= (
        _when(mode == SET_HOME and data.ExecuteMode, t.SET_HOME)
        | _when(mode == JOG_INCREMENTAL, t.INCREMENTAL)
        | _when(flies, t.FLYING)
        | _when(mode == HOMING and data.Negative, t.HOME_NEGATIVE)
    )
    shares = (_percent(max(0, min(each, 199))) for each in (data.OverV, data.OverAcc, data.OverDec))
    override, acceleration, deceleration = shares
    return t.Setpoints(
        words[0], words[1], words[2], words[3], override, data.Position, data.Velocity, acceleration, deceleration
    )


_FLAGS: Final = {
    "AxisEnabled": OPERATION,
    "AxisPosOk": t.AT_TARGET,
    "AxisRef": t.HOMED,
    "AxisWarn": ALARM,
    "AxisError": FAULT,
    "Lockout": INHIBITED,
}
"""Output to bit of status word 1."""


def _show_actual(instance: Any, found: t.Actual) -> None:
    for name, bit in _FLAGS.items():
        setattr(instance, name, bool(found.word & bit))
    instance.AxisSpFixed = bool(found.position_word_2 & t.STATIONARY)
    instance.ActVelocity, instance.ActPosition = found.velocity, found.position
    instance.EPosZSW1, instance.EPosZSW2 = found.position_word, found.position_word_2
    instance.ActWarn, instance.ActFault = found.alarm, found.fault
    instance.ActMode = _mode(instance.ModePos, found.position_word)


def _mode(wanted: int, word: int) -> int:
    """Return the active mode, 0 for none; where a bit has two modes, the one that is selected."""
    modes = {
        t.IN_MDI: (RELATIVE, ABSOLUTE),
        t.IN_SETUP: (SETUP,),
        t.IN_HOMING: (HOMING,),
        t.IN_BLOCK: (BLOCK,),
        t.IN_JOG: (JOG, JOG_INCREMENTAL),
    }
    found = next((each for bit, each in modes.items() if word & bit), (0,))
    return wanted if wanted in found else found[0]


def _show_status(instance: Any, word: int, unread: int, unwritten: int, wrong: int = 0) -> None:
    """Write Error, Status and DiagID; an error of the communication goes first."""
    if unread or unwritten:
        status = READ_FAILED if unread else WRITE_FAILED
    elif word & FAULT:
        status = DRIVE_FAULT
    elif word & INHIBITED:
        status = DRIVE_INHIBITED
    else:
        status = wrong or WORKING
    instance.Error, instance.Status = status != WORKING, as_int(status)
    instance.DiagID = unread or unwritten


# SinaSpeed ------------------------------------------------------------------------------------------------------------


@register_maker("SinaSpeed", f"instance {_SPEED_INPUTS}", "")
def _speed(site: Site) -> Callable[..., None]:
    names = _SPEED_INPUTS.split()

    def control(instance: Any, *given: Any) -> None:
        keep_inputs(instance, names, given)
        reference = instance.RefSpeed
        share = instance.SpeedSp / reference if reference else 0.0
        setpoint = 0 if math.isnan(share) else round(max(-_MOST, min(share, _MOST)) * t.HUNDRED_PERCENT)
        word = CONTROL | _when(instance.EnableAxis, ON) | _when(instance.AckError, ACKNOWLEDGE)
        content = _SPEED.pack(word | _spread(instance.ConfigAxis, _SPEED_BITS), setpoint)
        unwritten = write_bytes(site, instance.HWIDSTW, content)
        unread, answer = read_bytes(site, instance.HWIDZSW, _SPEED.size)
        status, actual = _SPEED.unpack(answer or bytes(_SPEED.size))
        instance.AxisEnabled, instance.Lockout = bool(status & OPERATION), bool(status & INHIBITED)
        instance.ActVelocity = actual / t.HUNDRED_PERCENT * reference
        _show_status(instance, status, unread, unwritten)

    return control
