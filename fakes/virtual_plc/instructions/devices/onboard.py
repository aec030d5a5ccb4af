"""CTRL_HSC, CTRL_HSC_EXT and CTRL_PWM: high-speed counters and pulses of an S7-1200.

Facts: docs/facts/communication.md#counters-and-pulses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import Structure
from virtual_plc.instructions.jobs import show
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings.onboard import Counter

NOT_THERE: Final = 0x80A1
WRONG_DIRECTION, WRONG_PERIOD = 0x80B1, 0x80B4
NOT_ENABLED: Final = 0x80D0
OTHER_TYPE: Final = 0x8253
_PERIODS: Final = (10, 100, 1000)


@register_maker("CTRL_HSC", "instance HSC DIR CV RV PERIOD NEW_DIR NEW_CV NEW_RV NEW_PERIOD", "")
def _control_counter(site: Site) -> Callable[..., None]:
    onboard, memory = site.services.surroundings.onboard, site.memory

    def control(
        instance: Any,
        HSC: int,
        DIR: bool,
        CV: bool,
        RV: bool,
        PERIOD: bool,
        NEW_DIR: int,
        NEW_CV: int,
        NEW_RV: int,
        NEW_PERIOD: int,
    ) -> None:
        counter = onboard.counters.get(HSC)
        instance.BUSY, instance.STATUS = False, 0
        if counter is None or not counter.enabled:
            instance.STATUS = NOT_THERE if counter is None else NOT_ENABLED
        elif DIR and NEW_DIR not in (1, -1):
            instance.STATUS = WRONG_DIRECTION
        elif PERIOD and NEW_PERIOD not in _PERIODS:
            instance.STATUS = WRONG_PERIOD
        else:
            counter.direction = NEW_DIR if DIR else counter.direction
            counter.reference = NEW_RV if RV else counter.reference
            counter.period = NEW_PERIOD if PERIOD else counter.period
            if CV:
                memory.peripheral_inputs[counter.address : counter.address + 4] = NEW_CV.to_bytes(4, "big", signed=True)

    return control


@register_maker("CTRL_HSC_EXT", "instance HSC &CTRL", "")
def _control_extended(site: Site) -> Callable[..., None]:
    onboard = site.services.surroundings.onboard

    def control(instance: Any, HSC: int, CTRL: Reference | None) -> None:
        counter = onboard.counters.get(HSC)
        status = NOT_THERE if counter is None else 0 if counter.enabled else NOT_ENABLED
        if counter is not None and not status and CTRL is not None:
            status = _measure(counter, CTRL)
        show(instance, status)

    return control


def _measure(counter: Counter, ctrl: Reference) -> int:
    """Exchange what an HSC_Period has; return the STATUS. Other system data types are not simulated."""
    if not isinstance(ctrl.type, Structure) or ctrl.type.name.upper() != "HSC_PERIOD":
        return OTHER_TYPE
    data = ctrl.get()
    counter.measuring = bool(data.EnHSC)
    if data.EnPeriod and data.NewPeriod in _PERIODS:
        counter.period = data.NewPeriod
    if counter.measuring:
        data.ElapsedTime, data.EdgeCount = counter.elapsed, counter.edges
    return 0


@register_maker("CTRL_PWM", "instance PWM ENABLE", "")
def _control_pulse(site: Site) -> Callable[..., None]:
    onboard = site.services.surroundings.onboard

    def control(instance: Any, PWM: int, ENABLE: bool) -> None:
        pulse = onboard.pulses.get(PWM)
        instance.BUSY, instance.STATUS = False, 0
        if pulse is None or not pulse.configured:
            instance.STATUS = NOT_THERE if pulse is None else NOT_ENABLED
        else:
            pulse.enabled = bool(ENABLE)

    return control
