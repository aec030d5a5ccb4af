"""What a program asks of its CPU: STOP, cycle time, interrupts, and the error that the block itself handles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import DataType
from virtual_plc.cpu.services import Services
from virtual_plc.faults import Fault
from virtual_plc.instructions.registry import KEEP, Reference, Site, register_maker
from virtual_plc.instructions.texts import dates
from virtual_plc.memory.shapes import copy_into
from virtual_plc.memory.storage import new

_REQUESTS: Final = {
    "STP": "",
    "RE_TRIGR": "",
    "WAIT": "WT",
    "SRT_DINT": "OB_NR DTIME SIGN",
    "CAN_DINT": "OB_NR",
    "SET_TINT": "OB_NR SDT PERIOD",
    "SET_TINTL": "OB_NR SDT LOCAL PERIOD ACTIVATE",
    "CAN_TINT": "OB_NR",
    "ACT_TINT": "OB_NR",
    "SET_CINT": "OB_NR CYCLE PHASE",
    "ATTACH": "OB_NR EVENT ADD",
    "DETACH": "OB_NR EVENT",
    "DIS_AIRT": "",
    "EN_AIRT": "",
}
"""Requests with their inputs; they return RET_VAL."""

_WITHOUT_VALUE: Final = ("STP", "RE_TRIGR", "WAIT")
_QUERIES: Final = {"QRY_DINT": "STATUS", "QRY_TINT": "STATUS", "QRY_CINT": "CYCLE PHASE STATUS"}
"""Queries about an OB with their outputs."""
_BLOCK_TYPES: Final = {"OB": 1, "FC": 2, "FB": 3}
"""Numbers of the kinds of blocks in CODE_ADDRESS."""


def _plain(value: Any, data_type: DataType | None) -> Any:
    """Return an input as the CPU takes it: a moment in nanoseconds since 1970."""
    return dates.moment(value, data_type) if data_type is not None and dates.is_moment(data_type) else value


def _request(name: str, inputs: tuple[str, ...]) -> Callable[[Site], Callable[..., Any]]:
    def make(site: Site) -> Callable[..., Any]:
        types = [site.actual.get(each) for each in inputs]

        def ask(*given: Any) -> Any:
            named = zip(inputs, given, types, strict=True)
            arguments = {key: _plain(value, kind) for key, value, kind in named if value is not None}
            status = site.services.request(name, **arguments)
            return None if name in _WITHOUT_VALUE else (status, status == 0)

        return ask

    return make


for _name, _inputs in _REQUESTS.items():
    register_maker(_name, _inputs, "" if _name in _WITHOUT_VALUE else "RET ENO")(
        _request(_name, tuple(_inputs.split()))
    )


def _query(name: str, outputs: tuple[str, ...]) -> Callable[[Site], Callable[[int], tuple[Any, ...]]]:
    def make(site: Site) -> Callable[[int], tuple[Any, ...]]:
        def ask(OB_NR: int) -> tuple[Any, ...]:
            found = site.services.query(name, OB_NR=OB_NR)
            return (*(found.get(each, 0) for each in outputs), found["Ret_Val"], found["Ret_Val"] == 0)

        return ask

    return make


for _name, _outputs in _QUERIES.items():
    register_maker(_name, "OB_NR", f"{_outputs} RET ENO")(_query(_name, tuple(_outputs.split())))


# The error of the block ----------------------------------------------------------------------------------------------


def _take_error(services: Services) -> Fault | None:
    """Return the error that the block keeps, and delete it."""
    found = services.error
    services.error = None
    return found


@register_maker("GET_ERR_ID", "", "ID RET ENO")
def _get_error_id(site: Site) -> Callable[[], tuple[Any, int, bool]]:
    """Return the number of the error for its target, which stays as it is without one, and as a value."""

    def get() -> tuple[Any, int, bool]:
        found = _take_error(site.services)
        number = 0 if found is None else found.event & 0xFFFF
        return number or KEEP, number, bool(number)

    return get


@register_maker("GET_ERROR", "&ERROR", "ENO")
def _get_error(site: Site) -> Callable[[Reference], bool]:
    """Write what is known of an error; addresses are not (0). Without an error the target stays as it is."""
    block = site.memory.program.blocks[site.block.casefold()]

    def get(ERROR: Reference) -> bool:
        found, target = _take_error(site.services), ERROR.get()
        if found is None:
            return False
        copy_into(target, new(site.actual["ERROR"]))
        target.ERROR_ID = found.event & 0xFFFF
        target.REACTION = _reaction(found)
        target.CODE_ADDRESS.BLOCK_TYPE = _BLOCK_TYPES[block.kind]
        target.CODE_ADDRESS.CB_NUMBER = block.number
        return True

    return get


def _reaction(fault: Fault) -> int:
    """Return what happened instead: 0 a write was ignored, 1 a read gave a substitute."""
    return 0 if fault.code.endswith("write") else 1
