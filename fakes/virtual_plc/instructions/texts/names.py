"""Names of blocks, instances and operands: GetBlockName, GetInstanceName, GetInstancePath, GetSymbolName, GetSymbolPath.

Facts: docs/facts/execution.md#names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.instructions.texts.strings import capacity
from virtual_plc.memory import call_names

CUT: Final = "\u2026"
"""The one character that replaces the part of a name that is left out."""


def shorten(name: str, size: int, most: int) -> str:
    """Return the first characters of a name, or with a negative size the last ones; 0 is the whole name."""
    wanted = min(abs(size) or len(name), most)
    if len(name) <= wanted:
        return name
    if wanted <= 1:
        return CUT[:wanted]
    return CUT + name[1 - wanted :] if size < 0 else name[: wanted - 1] + CUT


@register_maker("GetBlockName", "SIZE")
def _block_name(site: Site) -> Callable[[int], str]:
    name, most = site.block, capacity(site)
    return lambda SIZE: shorten(name, SIZE, most)


def _of_instance(find: Callable[..., str]) -> Callable[[Site], Callable[[int], str]]:
    def make(site: Site) -> Callable[[int], str]:
        services, block, most = site.services, site.block, capacity(site)
        return lambda SIZE: shorten(find(services.sites, block), SIZE, most)

    return make


def _of_operand(find: Callable[..., str]) -> Callable[[Site], Callable[..., str]]:
    def make(site: Site) -> Callable[..., str]:
        services, block, most = site.services, site.block, capacity(site)
        variable = site.operands.get("VARIABLE", "")

        def name(VARIABLE: Reference | Any, SIZE: int) -> str:  # noqa: ARG001 (its name is wanted, not its value)
            return shorten(find(services.sites, block, variable), SIZE, most)

        return name

    return make


register_maker("GetInstanceName", "SIZE")(_of_instance(call_names.instance_name))
register_maker("GetInstancePath", "SIZE")(_of_instance(call_names.instance_path))
register_maker("GetSymbolName", "&VARIABLE SIZE")(_of_operand(call_names.symbol_name))
register_maker("GetSymbolPath", "&VARIABLE SIZE")(_of_operand(call_names.symbol_path))
