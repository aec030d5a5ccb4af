"""Read and set the clock of the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import ELEMENTARY, DataType
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.jobs import Phase, advance, as_int, show, show_progress
from virtual_plc.instructions.registry import Reference, Site, plain, register_maker
from virtual_plc.instructions.texts import dates

_DATE_AND_TIME = ELEMENTARY["DATE_AND_TIME"]
_WRONG_DAY = 0x8083
_PARTS = (
    (0x8081, "YEAR", 1970, 2554),
    (0x8082, "MONTH", 1, 12),
    (_WRONG_DAY, "DAY", 1, 31),
    (0x8084, "HOUR", 0, 23),
    (0x8085, "MINUTE", 0, 59),
    (0x8086, "SECOND", 0, 59),
    (0x8087, "NANOSECOND", 0, 999_999_999),
)
"""The parts of a DTL with their limits and errors (docs/facts/communication.md#time-zone)."""
_RULE = (
    ("Bias", -1439, 1439),
    ("DaylightBias", 0, 60),
    *(
        (f"{season}Start{part}", first, last)
        for season in ("Daylight", "Standard")
        for part, first, last in (
            ("Month", 1, 12),
            ("Week", 1, 5),
            ("Weekday", 1, 7),
            ("Hour", 0, 23),
            ("Minute", 0, 59),
        )
    ),
)
"""The parts of a TimeTransformationRule with their limits."""
_WRONG_RULE = 0x8080
_NANOSECONDS = 1e9
_TICKS = 1 << 31


def _reading(clock: str) -> Callable[[Site], Callable[[], tuple[Any, int]]]:
    def make(site: Site) -> Callable[[], tuple[Any, int]]:
        services, data_type = site.services, site.type_of("T", "OUT")
        return lambda: (dates.of_moment(getattr(services, clock), data_type)[0], 0)

    return make


register_maker("RD_SYS_T", "", "OUT RET")(_reading("wall_clock"))


@register_maker("RD_LOC_T", "", "OUT RET")
def _read_local(site: Site) -> Callable[[], tuple[Any, int]]:
    """Return the local time, and 1 in daylight saving time."""
    services, data_type = site.services, site.type_of("T", "OUT")

    def read() -> tuple[Any, int]:
        return dates.of_moment(services.local_clock, data_type)[0], services.query("RD_LOC_T")["Ret_Val"]

    return read


@register_maker("READ_CLK", "", "CDT RET")
def _read_clock(site: Site) -> Callable[[], tuple[Any, int]]:
    services = site.services
    return lambda: (dates.of_moment(services.wall_clock, _DATE_AND_TIME)[0], 0)


def _moment(value: Any, data_type: DataType) -> tuple[int, int]:
    """Return a moment, and which part of a DTL is wrong: RET_VAL 16#8081 is the year, 16#8087 the nanoseconds."""
    for code, name, first, last in _PARTS if dates.is_dtl(data_type) else ():
        if not first <= getattr(value, name) <= last:
            return 0, as_int(code)
    try:
        return dates.moment(value, data_type), 0
    except ValueError:
        return 0, as_int(_WRONG_DAY)


@register_maker("WR_SYS_T", "IN", "RET ENO")
def _write_clock(site: Site) -> Callable[[Any], tuple[int, bool]]:
    services, data_type = site.services, site.type_of("T", "IN")

    def write(IN: Any) -> tuple[int, bool]:
        moment, status = _moment(IN, data_type)
        status = status or services.request("WR_SYS_T", IN=moment)
        return status, status == 0

    return write


@register_maker("SET_CLK", "PDT", "RET ENO")
def _set_clock(site: Site) -> Callable[[int], tuple[int, bool]]:
    services = site.services

    def write(PDT: int) -> tuple[int, bool]:
        status = services.request("WR_SYS_T", IN=PDT)
        return status, status == 0

    return write


@register_maker("WR_LOC_T", "LOCTIME DST", "RET ENO")
def _write_local_clock(site: Site) -> Callable[[Any, bool], tuple[int, bool]]:
    services, data_type = site.services, site.type_of("T", "LOCTIME")

    def write(LOCTIME: Any, DST: bool) -> tuple[int, bool]:
        moment, status = _moment(LOCTIME, data_type)
        status = status or services.request("WR_LOC_T", LOCTIME=moment, DST=bool(DST))
        return status, status == 0

    return write


@register_maker("SET_TIMEZONE", "instance REQ TimeZone", "")
def _set_time_zone(site: Site) -> Callable[..., None]:
    services = site.services

    def set_zone(instance: Any, REQ: bool, TimeZone: Any) -> None:
        phase = advance(instance, REQ)
        if phase is not Phase.DUE:
            show_progress(instance, phase)
            return
        rule = {name: int(getattr(TimeZone, attribute(name))) for name, _, _ in _RULE}
        wrong = [at for at, (name, first, last) in enumerate(_RULE, 1) if not first <= rule[name] <= last]
        if not wrong:
            services.request("SET_TIMEZONE", **rule)
        show(instance, _WRONG_RULE + wrong[0] if wrong else 0)

    return set_zone


@register_maker("RTM", "NR MODE PV", "CQ CV RET ENO")
def _meter(site: Site) -> Callable[[int, int, int | None], tuple[bool, int, int, bool]]:
    services = site.services

    def use(NR: int, MODE: int, PV: int | None) -> tuple[bool, int, int, bool]:
        found = services.query("RTM", NR=NR, MODE=MODE, PV=PV or 0)
        status = as_int(found["Ret_Val"])
        return found.get("CQ", False), found.get("CV", 0), status, status == 0

    return use


plain("SNC_RTCB")(lambda: 0)


@register_maker("TIME_TCK")
def _ticks(site: Site) -> Callable[[], int]:
    """Return the milliseconds since power on; after the longest Time it begins again at 0."""
    services = site.services
    return lambda: services.now // 1_000_000 % _TICKS


@register_maker("RUNTIME", "&MEM")
def _runtime(site: Site) -> Callable[[Reference], float]:
    """Return the seconds since the last call with the same MEM, 0 in the first."""
    services = site.services

    def runtime(MEM: Reference) -> float:
        before, now = MEM.get(), services.runtime() / _NANOSECONDS
        MEM.set(now)
        return now - before if before else 0.0

    return runtime
