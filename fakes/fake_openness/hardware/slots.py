"""Which article fits which slot of which rack.

Facts: docs/facts/hardware-catalog.md#racks-and-slots; marked U there
where no document was found (S7-1200 numbering, ET 200MP limits of 12 modules).
"""

from __future__ import annotations

from dataclasses import dataclass

from fake_openness.hardware.articles import Article, normalise

ANY_SLOT = 65535


@dataclass(frozen=True, slots=True)
class Station:
    """What TIA Portal makes around a CPU or a head module.

    Attributes:
        rack: Type identifier of the rack; empty where a station has none.
        last: The last slot of the rack.
    """

    system: str
    device: str
    type_name: str
    rack: str
    rack_name: str
    rack_type_name: str
    last: int


_RAIL_1500 = "OrderNumber:6ES7 590-1***0-0AA0"
_RAIL_300 = "OrderNumber:6ES7 390-1***0-0AA0"
STATIONS = {
    station.system: station
    for station in (
        Station("S7-1500", "System:Device.S71500", "S7-1500 Station", _RAIL_1500, "Rail_0", "Rack", 31),
        Station("S7-1200", "System:Device.S71200", "S7-1200 Station", "System:Rack.S71200", "Rack_0", "Rack", 103),
        Station("ET 200SP", "System:Device.ET200SP", "ET 200SP Station", "System:Rack.ET200SP", "Rack_0", "Rack", 66),
        Station("S7-300", "System:Device.S7300", "S7-300 Station", _RAIL_300, "Rail_0", "Rack", 11),
        Station(
            "S7-400", "System:Device.S7400", "S7-400 Station", "OrderNumber:6ES7 400-1TA01-0AA0", "UR1_0", "UR1", 18
        ),
        Station("ET 200AL", "System:Device.ET200AL", "ET 200AL Station", "System:Rack.ET200AL", "Rack_0", "Rack", 32),
        Station(
            "ET 200pro", "System:Device.ET200pro", "ET 200pro Station", "System:Rack.ET200pro", "Rack_0", "Rack", 16
        ),
        Station("PC station", "System:Device.DesktopPC", "PC Station", "System:Rack.DesktopPC", "Rack_0", "Rack", 125),
        Station("HMI", "System:Device.HMI", "HMI Station", "", "", "", 0),
        Station("Generic", "System:Device.Generic", "Generic Station", "System:Rack.Generic", "Rack_0", "Rack", 256),
    )
}
_SLOTS_400 = {"6ES7 400-1JA": 9, "6ES7 401-1DA": 4, "6ES7 403-1JA": 9}
_IM_200SP = (("PN BA", 12), ("PN HS", 30), ("PN HF", 64), ("/2 HF", 64), ("/3 HF", 64), ("MF HF", 64), ("DP", 32))
_SM_1200 = (("1211", 0), ("1212", 2))


def station_for(article: Article) -> Station:
    """Return the station that TIA Portal makes for a CPU, head module, panel or single device."""
    return STATIONS.get(article.system, STATIONS["Generic"])


def system_of(type_identifier: str) -> str:
    """Return the system that a rack's type identifier belongs to, or an empty string."""
    key = normalise(type_identifier)
    if "*" not in key and key.startswith(("ORDERNUMBER:6ES7590-1", "ORDERNUMBER:6ES7390-1")):
        key = f"{key[:21]}***0-0AA0"
    if key.startswith("ORDERNUMBER:6ES740"):
        return "S7-400"
    return next((s.system for s in STATIONS.values() if s.rack and normalise(s.rack) == key), "")


def racks_for(article: Article) -> list[str]:
    """Return the type identifiers of the racks that take an article."""
    station = STATIONS.get(article.system)
    return [station.rack] if station is not None and station.rack and article.kind not in {"rack", "board"} else []


def takes(host: str, article: Article) -> bool:
    """Return whether an article can be plugged into a rack, or a signal board into an S7-1200 CPU."""
    if article.kind == "board":
        return normalise(host).startswith("ORDERNUMBER:6ES721")
    if article.kind == "single":
        return system_of(host) == "Generic"
    return article.kind not in {"rack", "accessory", "panel"} and system_of(host) == article.system != ""


def positions(article: Article, rack: str, head: Article | None) -> range:
    """Return the slots that an article fits, given the rack and the plugged head (CPU or interface module)."""
    if article.kind == "single":
        return range(1)
    rule = _RULES.get(article.system)
    return rule(article, rack, head) if rule is not None else range(STATIONS["Generic"].last + 1)


def rack_slots(rack: str, head: Article | None) -> list[int]:
    """Return all slots of a rack, given the plugged head."""
    system = system_of(rack)
    if system == "S7-1500":
        return list(range(_last_1500(head) + 1))
    if system == "S7-1200":
        return [*range(1, 2 + _signal_modules(head)), 101, 102, 103]
    if system == "ET 200SP":
        return list(range(1 if head is not None and head.kind == "cpu" else 0, _last_200sp(head) + 2))
    if system == "S7-400":
        return list(range(1, _last_400(rack) + 1))
    first = {"S7-300": 1}.get(system, 0)
    return list(range(first, STATIONS[system or "Generic"].last + 1))


def _s7_1500(article: Article, rack: str, head: Article | None) -> range:
    del rack
    if article.kind in {"cpu", "head"}:
        return range(1, 2)
    if article.category == "load power supply":
        return range(1)
    return range(0 if article.category == "power supply" else 2, _last_1500(head) + 1)


def _last_1500(head: Article | None) -> int:
    small = head is not None and head.kind == "head" and (head.type_name.endswith("PN BA") or "DP" in head.type_name)
    return 13 if small else 31


def _s7_1200(article: Article, rack: str, head: Article | None) -> range:
    del rack
    if article.kind == "cpu":
        return range(1, 2)
    if article.slots == (101, 103):
        return range(101, 104)
    return range(2, 2 + _signal_modules(head))


def _signal_modules(cpu: Article | None) -> int:
    if cpu is None:
        return 8
    if cpu.second_generation:
        return 6 if "1212" in cpu.type_name else 10
    return next((count for name, count in _SM_1200 if name in cpu.type_name), 8)


def _et_200sp(article: Article, rack: str, head: Article | None) -> range:
    del rack
    if article.kind == "head":
        return range(1)
    if article.kind == "cpu":
        return range(1, 2)
    if article.category.endswith("ET 200SP CPU") and "DP" in article.type_name:
        return range(2, 3)
    extra = 1 if article.category == "server module" else 0
    distributed = head is not None and head.kind == "head"
    return range(1 if distributed else 2, _last_200sp(head) + 1 + extra)


def _last_200sp(head: Article | None) -> int:
    """Return the last slot of an I/O module; the server module may be one further."""
    if head is None or head.kind != "head":
        return 65
    return 48 if "AU02" in head.order_number else next((n for text, n in _IM_200SP if text in head.type_name), 32)


def _s7_300(article: Article, rack: str, head: Article | None) -> range:
    del rack, head
    if article.kind == "head":
        return range(2, 4)
    first, last = article.slots or (4, 11)
    return range(first, last + 1)


def _s7_400(article: Article, rack: str, head: Article | None) -> range:
    del head
    last = _last_400(rack)
    if article.kind == "cpu":
        return range(2, min(5, last) + 1)
    first, end = article.slots or (2, 18)
    return range(first, min(max(first, end), last) + 1)


def _last_400(rack: str) -> int:
    return next((n for start, n in _SLOTS_400.items() if normalise(start) in normalise(rack)), 18)


_RULES = {"S7-1500": _s7_1500, "S7-1200": _s7_1200, "ET 200SP": _et_200sp, "S7-300": _s7_300, "S7-400": _s7_400}
