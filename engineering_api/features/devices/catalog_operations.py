"""The hardware catalogue: found by order number, searched by words, kept in a cache."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.devices import hardware_catalog
from engineering_api.features.devices.hardware_catalog import CacheStatus, HardwareCatalogCache
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Task, Undo
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Problem
from openness_bridge.hardware import catalog
from openness_bridge.hardware.catalog import CatalogEntry

section = Section("Devices", reach=Reach.NOTHING)


class Find(Request):
    """Which article."""

    order_number: Annotated[
        str, named("The whole order number; blanks and case do not matter.", "articleNumber", "mlfb")
    ]


class Search(Request):
    """What to look for."""

    query: Annotated[str, named("Words, or part of an order number.", "keyword", "q", min_length=1)]
    limit: Annotated[int, named("How many at most, best first.", ge=1, le=1000)] = 50


class ImageAddress(Request):
    """Which article."""

    order_number: Annotated[str, named("The order number.")]


@section.operation(
    wait="POST /api/catalog/actions/find-sync",
    job="POST /api/catalog/actions/find",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"orderNumber": "6ES7 511-1AK02-0AB0"},
)
def find(ctx: Context, request: Find) -> list[CatalogEntry]:
    """Find an article by its whole order number: an entry for each firmware, the newest first."""
    found = hardware_catalog.find(_entries(ctx), request.order_number)
    if found:
        return found
    msg = f"'{request.order_number}' is not in the hardware catalogue: try POST /api/catalog/actions/search-sync."
    raise Problem("catalog.not_found", msg, kind=Kind.MISSING)


@section.operation(
    wait="POST /api/catalog/actions/search-sync",
    job="POST /api/catalog/actions/search",
    also="POST /api/catalog/search",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"query": "DI 32", "limit": 20},
    tool="search_catalog",
    task=Task.HARDWARE,
    when="to find the order number of a CPU, module or panel.",
    unless="for devices of the project: list_devices.",
)
def search(ctx: Context, request: Search) -> list[CatalogEntry]:
    """Search the catalogue by words or part of an order number, best match first. Words with typing errors are found, too."""
    return hardware_catalog.search(_entries(ctx), request.query, request.limit)


@section.operation(wait="GET /api/catalog/cache/status", right=Right.VIEW, lock=Lock.NONE, changes=False)
def cache_status(ctx: Context, _: Nothing) -> CacheStatus:
    """Get whether the catalogue is in memory and on disk, how many entries it has, and when it was read."""
    return ctx.service.part(HardwareCatalogCache).status()


@section.operation(
    wait="POST /api/catalog/cache/load", lock=Lock.NONE, repeatable=True, destroys=False, undo=Undo.NEEDLESS
)
def cache_load(ctx: Context, _: Nothing) -> CacheStatus:
    """Load the catalogue from disk into memory."""
    if ctx.service.part(HardwareCatalogCache).load():
        return ctx.service.part(HardwareCatalogCache).status()
    msg = "There is no catalogue on disk for this TIA Portal version: build it with POST /api/catalog/cache/build."
    raise Problem("catalog.no_cache", msg, kind=Kind.MISSING)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    job="POST /api/catalog/cache/build",
    also="POST /api/catalog/cache/build-sync",
    done="Catalogue read",
)
def cache_build(ctx: Context, _: Nothing) -> CacheStatus:
    """Read the whole catalogue from TIA Portal and keep it in memory and on disk. This takes minutes with a real TIA Portal."""
    ctx.progress.report(0, "Reading the hardware catalogue")
    entries = catalog.read_all(ctx.session, ctx.progress.report)
    ctx.progress.report(95, f"Saving {len(entries)} entries")
    ctx.service.part(HardwareCatalogCache).fill(entries, now())
    return ctx.service.part(HardwareCatalogCache).status()


@section.operation(
    wait="GET /api/catalog/images/{orderNumber}",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"orderNumber": "6ES7 511-1AK02-0AB0"},
    no_tool="it refuses always: Openness provides no pictures",
)
def image(_ctx: Context, request: ImageAddress) -> None:
    """Answer 501: TIA Portal Openness provides no pictures of articles."""
    msg = (
        f"There is no picture of '{request.order_number}': TIA Portal Openness provides none. The manufacturer's "
        "product pages have pictures by order number."
    )
    raise Problem("catalog.no_images", msg, kind=Kind.UNSUPPORTED)


def _entries(ctx: Context) -> list[CatalogEntry]:
    """The cached entries; the portal is asked only when there are none."""
    session = ctx.session
    return ctx.service.part(HardwareCatalogCache).entries(lambda: session.call(lambda: catalog.read_all(session)), now)
