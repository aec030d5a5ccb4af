"""Chooses what a command leaves out: the only PLC, the only tag table, the only project."""

from __future__ import annotations

import click

from engineering_api.cli.lazy import describe_unknown
from engineering_api.cli.session import Session

ADD = {
    "PLC": ": add one with `tia devices add`, or import one.",
    "tag table": ": add one with `tia tag-tables create`.",
}


def choose_plc(session: Session, given: str | None = None, option: str = "--device-name") -> str:
    """Return the name of the PLC that a command works on.

    Args:
        session: The server.
        given: What the user named.
        option: How the user names one.

    Raises:
        click.UsageError: There is none of that name; or none is named and there is not exactly one.
    """
    stations = session.call("devices list")
    plcs = [station["cpuName"] or station["name"] for station in stations if station.get("softwareName")]
    if given is None:
        return _only("PLC", plcs, option)
    names = {
        name.casefold()
        for station in stations
        for name in (station["name"], station.get("cpuName"), station.get("softwareName"))
        if name
    }
    if given.casefold() not in names:
        raise click.UsageError(describe_unknown("device", given, [*plcs, *(each["name"] for each in stations)]))
    return given


def choose_device(session: Session, option: str) -> str:
    """Return the only device: the PLC, or the panel where there is no PLC.

    Raises:
        click.UsageError: There is not exactly one.
    """
    stations = session.call("devices list")
    plcs = [each["cpuName"] or each["name"] for each in stations if each.get("softwareName")]
    return _only("device", plcs or [each["name"] for each in stations], option)


def choose_panel(session: Session, option: str) -> str:
    """Return the only device without a PLC program.

    Raises:
        click.UsageError: There is not exactly one.
    """
    panels = [each["name"] for each in session.call("devices list") if not each.get("softwareName")]
    return _only("panel", panels, option)


def choose_table(session: Session, plc: str, option: str = "--table-name") -> str:
    """Return the only tag table of a PLC; the default tag table does not count where there is another.

    Raises:
        click.UsageError: There are several.
    """
    tables = session.call("tag-tables list", deviceName=plc)
    own = [each["name"] for each in tables if not each["isDefault"]]
    return _only("tag table", own or [each["name"] for each in tables], option)


def _only(kind: str, names: list[str], option: str) -> str:
    if len(names) == 1:
        return names[0]
    if not names:
        raise click.UsageError(f"The open project has no {kind}{ADD.get(kind, '.')}")
    listed = ", ".join(names)
    raise click.UsageError(f"The open project has {len(names)} {kind}s, so name one with {option}: {listed}.")
