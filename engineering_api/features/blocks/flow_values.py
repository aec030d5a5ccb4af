"""Values for a power flow: of a snapshot that a client sends, or read from a source of the runtime in one reading."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engineering_api.operations.caller import Caller
from openness_bridge.errors import Problem
from openness_bridge.plcsim.display_formats import format_value
from openness_bridge.plcsim.values import elementary
from runtime_data import data_types
from runtime_data.quality import GOOD
from runtime_data.runtime import Runtime
from runtime_data.sources.source import SourceStatus
from runtime_data.values import Scalar, Value, now

if TYPE_CHECKING:
    from simatic_xml.program.power_flow import Known


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Values of one moment.

    Attributes:
        values: By path, as the power flow takes them; only good ones.
        read: All values that were read, by path.
        time: When the oldest was read; microseconds since 1970.
        status: Of the source; None where a client sent the values.
    """

    values: Mapping[str, Known]
    read: Mapping[str, Value] = field(default_factory=dict)
    time: int = 0
    status: SourceStatus | None = None

    @property
    def is_live(self) -> bool:
        """Whether the values are of a CPU that executes its program now."""
        return (
            self.status is not None
            and self.status.state == "connected"
            and self.status.operating_state in ("", "Run")
            and (not self.read or any(each.is_good for each in self.read.values()))
        )


async def read(runtime: Runtime, caller: Caller, source: str, paths: Sequence[str], instance: str) -> Snapshot:
    """Read the values of operands.

    Args:
        runtime: The sources.
        caller: Who asks.
        source: Name of the source.
        paths: The operands.
        instance: What variables of the block itself are members of; empty where that is not known.

    Raises:
        Problem: There is no such source.
    """
    status = await asyncio.to_thread(lambda: runtime.sources.find(source).status())
    wanted = {path: f"{source}:{name}" for path in paths if (name := _tag_of(path, instance))}
    found = await runtime.read(caller, list(wanted.values())) if wanted else []
    values = dict(zip(wanted, found, strict=True))
    good = {path: each.value for path, each in values.items() if each.is_good and isinstance(each.value, Scalar)}
    return Snapshot(good, values, min((each.server_time for each in found), default=now()), status)


def of_client(given: Mapping[str, Scalar], types: Mapping[str, str]) -> Snapshot:
    """Return the snapshot that a client sends; names may lack quotes and differ in case.

    Args:
        given: Values by operand.
        types: Data types of the operands, by path.

    Raises:
        Problem: A value is none of its operand's type.
    """
    by_name = {_folded(name): value for name, value in given.items()}
    values: dict[str, Known] = {}
    read: dict[str, Value] = {}
    for path, data_type in types.items():
        value = by_name.get(_folded(path))
        if value is None:
            continue
        try:
            values[path] = data_types.accept(data_type, value) if elementary(data_type) else value
        except Problem as problem:
            raise problem.at(object=path, pointer="/values") from None
        read[path] = Value(path, values[path], data_type, GOOD.code)
    return Snapshot(values, read)


def show(value: Known, data_type: str) -> str:
    """Return a value as TIA Portal writes it; empty for one that is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    kind = elementary(data_type)
    return str(value) if kind is None or isinstance(value, str) else format_value(value, kind)


def show_read(value: Value) -> str:
    """Return a value of a source as text."""
    return value.text or (show(value.value, value.data_type) if isinstance(value.value, Scalar) else "")


def _tag_of(path: str, instance: str) -> str:
    """Return an operand as sources name it; empty for a variable of the block where its instance is not known."""
    if not path.startswith("#"):
        return path.replace('"', "") if _is_plain(path) else path
    if not instance:
        return ""
    whole = f"{instance}.{path.removeprefix('#')}"
    return whole.replace('"', "") if _is_plain(whole) else whole


def _is_plain(path: str) -> bool:
    """Return whether a path needs no quotes: no name in quotes has a point or bracket."""
    return not any(set(name) & set(".[]") for name in path.split('"')[1::2])


def _folded(name: str) -> str:
    return name.replace('"', "").strip().casefold()
