"""Read and set the clock of the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import ELEMENTARY, DataType
from virtual_plc.instructions.registry import Reference, Site, plain, specialised
from virtual_plc.instructions.texts import dates

_DATE_AND_TIME = ELEMENTARY["DATE_AND_TIME"]
_INVALID = 0x8080 - 0x10000
_NANOSECONDS = 1e9
_TICKS = 1 << 31


def _reading(clock: str) -> Callable[[Site], Callable[[], tuple[Any, int]]]:
    def make(site: Site) -> Callable[[], tuple[Any, int]]:
        services, data_type = site.services, site.type_of("T", "OUT")
        return lambda: (dates.of_moment(getattr(services, clock), data_type)[0], 0)

    return make


specialised("RD_SYS_T", "", "OUT RET")(_reading("wall_clock"))
specialised("RD_LOC_T", "", "OUT RET")(_reading("local_clock"))


@specialised("READ_CLK", "", "CDT RET")
def _read_clock(site: Site) -> Callable[[], tuple[Any, int]]:
    services = site.services
    return lambda: (dates.of_moment(services.wall_clock, _DATE_AND_TIME)[0], 0)


def _moment(value: Any, data_type: DataType) -> int | None:
    """Return a moment, None for a DTL that is none."""
    try:
        return dates.moment(value, data_type)
    except ValueError:
        return None


@specialised("WR_SYS_T", "IN", "RET ENO")
def _write_clock(site: Site) -> Callable[[Any], tuple[int, bool]]:
    services, data_type = site.services, site.type_of("T", "IN")

    def write(IN: Any) -> tuple[int, bool]:
        moment = _moment(IN, data_type)
        status = _INVALID if moment is None else services.request("WR_SYS_T", IN=moment)
        return status, status == 0

    return write


@specialised("SET_CLK", "PDT", "RET ENO")
def _set_clock(site: Site) -> Callable[[int], tuple[int, bool]]:
    services = site.services

    def write(PDT: int) -> tuple[int, bool]:
        status = services.request("WR_SYS_T", IN=PDT)
        return status, status == 0

    return write


@specialised("WR_LOC_T", "LOCTIME DST", "RET ENO")
def _write_local_clock(site: Site) -> Callable[[Any, bool], tuple[int, bool]]:
    services, data_type = site.services, site.type_of("T", "LOCTIME")

    def write(LOCTIME: Any, DST: bool) -> tuple[int, bool]:
        moment = _moment(LOCTIME, data_type)
        status = _INVALID if moment is None else services.request("WR_LOC_T", LOCTIME=moment, DST=bool(DST))
        return status, status == 0

    return write


plain("SNC_RTCB")(lambda: 0)


@specialised("TIME_TCK")
def _ticks(site: Site) -> Callable[[], int]:
    """Return the milliseconds since power on; after the longest Time it begins again at 0."""
    services = site.services
    return lambda: services.now // 1_000_000 % _TICKS


@specialised("RUNTIME", "&MEM")
def _runtime(site: Site) -> Callable[[Reference], float]:
    """Return the seconds since the last call with the same MEM, 0 in the first."""
    services = site.services

    def runtime(MEM: Reference) -> float:
        before, now = MEM.get(), services.runtime() / _NANOSECONDS
        MEM.set(now)
        return now - before if before else 0.0

    return runtime
