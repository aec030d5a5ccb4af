"""RD_ADDR, RD_LGADR, LOG2MOD, D_ACT_DP: the addresses of a module, and whether it takes part in the IO system.

Facts: docs/facts/communication.md#addresses-and-activation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import WORD
from virtual_plc.instructions.data.runs import run_of
from virtual_plc.instructions.jobs import Phase, advance_named, as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker

NO_MODULE: Final = 0x8090
NO_ADDRESS: Final = 0x8093
NO_WORDS, TOO_SHORT = 0x80A0, 0x80A2
"""Errors of PEADDR; those of PAADDR are one more."""
BY_BIT, INPUTS, OUTPUTS, OUTPUT_BIT = 0x00, 0x54, 0x55, 0x8000
ACTIVE, INACTIVE = 1, 2
QUERY, ACTIVATE, DEACTIVATE = 0, 1, 2
NO_MODE: Final = 0x8091


@register_maker("RD_ADDR", "LADDR", "PIADDR PICOUNT PQADDR PQCOUNT RET ENO")
def _read_address(site: Site) -> Callable[[int], tuple[int, int, int, int, int, bool]]:
    modules = site.services.surroundings.modules

    def read(LADDR: int) -> tuple[int, int, int, int, int, bool]:
        found = modules.find(LADDR)
        if found is None:
            return 0, 0, 0, 0, as_int(NO_MODULE), False
        return found.inputs.start, len(found.inputs), found.outputs.start, len(found.outputs), 0, True

    return read


@register_maker("RD_LGADR", "IOID LADDR &PEADDR &PAADDR", "PECOUNT PACOUNT RET ENO")
def _read_addresses(site: Site) -> Callable[..., tuple[Any, ...]]:
    """Write each byte address of a module; IOID is not evaluated."""
    modules = site.services.surroundings.modules

    def read(_: int, LADDR: int, PEADDR: Reference | None, PAADDR: Reference | None) -> tuple[Any, ...]:
        found = modules.find(LADDR)
        if found is None:
            return 0, 0, as_int(NO_MODULE), False
        areas = ((found.inputs, PEADDR), (found.outputs, PAADDR))
        runs = [None if reference is None or not area else run_of(reference) for area, reference in areas]
        for at, (run, (area, _reference)) in enumerate(zip(runs, areas, strict=True)):
            if area and (run is None or run.element != WORD):
                return 0, 0, as_int(NO_WORDS + at), False
            if run is not None and len(run) < len(area):
                return 0, 0, as_int(TOO_SHORT + at), False
        for run, (area, _reference) in zip(runs, areas, strict=True):
            for at, address in enumerate(area if run is not None else ()):
                assert run is not None  # noqa: S101 (there are no addresses without it)
                run.set(at, address)
        return len(found.inputs), len(found.outputs), 0, True

    return read


@register_maker("LOG2MOD", "IOID ADDR", "HWID RET ENO")
def _find_by_address(site: Site) -> Callable[[int, int], tuple[int, int, bool]]:
    modules = site.services.surroundings.modules

    def find(IOID: int, ADDR: int) -> tuple[int, int, bool]:
        outputs = IOID == OUTPUTS or (IOID == BY_BIT and ADDR & OUTPUT_BIT)
        if IOID not in (BY_BIT, INPUTS, OUTPUTS):
            return 0, as_int(NO_ADDRESS), False
        address = ADDR & ~OUTPUT_BIT if IOID == BY_BIT else ADDR
        found = modules.identify(address, output=bool(outputs))
        return (found, 0, True) if found else (0, as_int(NO_ADDRESS), False)

    return find


@register_maker("D_ACT_DP", "REQ MODE LADDR", "BUSY RET ENO")
def _activate(site: Site) -> Callable[[bool, int, int], tuple[bool, int, bool]]:
    services, modules = site.services, site.services.surroundings.modules

    def activate(REQ: bool, MODE: int, LADDR: int) -> tuple[bool, int, bool]:
        phase = advance_named(services, ("D_ACT_DP", LADDR), REQ)
        found = modules.find(LADDR)
        if phase is not Phase.IDLE and (found is None or MODE not in (QUERY, ACTIVATE, DEACTIVATE)):
            services.surroundings.jobs.pop(("D_ACT_DP", LADDR), None)
            return False, as_int(NO_MODULE if found is None else NO_MODE), False
        if phase is not Phase.DUE or found is None:
            return phase is not Phase.IDLE, int(phase), True
        if MODE == QUERY:
            return False, ACTIVE if found.present else INACTIVE, True
        found.present, found.disabled = MODE == ACTIVATE, MODE == DEACTIVATE
        return False, 0, True

    return activate
