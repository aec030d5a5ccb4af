"""A Python client of the service: `Client` for programs that wait, `AsyncClient` for those on an event loop.

Both are typed from the structs of the service itself: `client.tag_tables.create(device_name="PLC_1", name="Motors")` returns
a `TableInfo`. The methods are generated from the catalogue (`python3 dev.py generate`).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engineering_api.client.answers import Answer
    from engineering_api.client.asynchronous import AsyncClient
    from engineering_api.client.blocking import Client
    from engineering_api.client.jobs import AsyncJob, Job
    from engineering_api.client.options import Options
    from engineering_api.operations.dry_run import DryRun
    from openness_bridge.errors import Detail, Kind, Place, Problem

__all__ = [
    "Answer",
    "AsyncClient",
    "AsyncJob",
    "Client",
    "Detail",
    "DryRun",
    "Job",
    "Kind",
    "Options",
    "Place",
    "Problem",
]

_HOMES = {
    "Answer": "engineering_api.client.answers",
    "AsyncClient": "engineering_api.client.asynchronous",
    "AsyncJob": "engineering_api.client.jobs",
    "Client": "engineering_api.client.blocking",
    "DryRun": "engineering_api.operations.dry_run",
    "Job": "engineering_api.client.jobs",
    "Options": "engineering_api.client.options",
} | dict.fromkeys(("Detail", "Kind", "Place", "Problem"), "openness_bridge.errors")


def __getattr__(name: str) -> Any:
    """Import a name when it is used: the command line needs a part of the package, and none of the generated methods."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    try:
        return getattr(importlib.import_module(_HOMES[name]), name)
    except ImportError as error:
        raise _explain(error) from error


def _explain(error: ImportError) -> ImportError:
    """Return what to do about a module that is missing."""
    from engineering_api.extras import SERVICE, is_foreign, missing

    if is_foreign(error):
        return ImportError(missing(SERVICE, error.name or str(error)).message, name=error.name)
    if error.name == "engineering_api.client.resources":
        return ImportError(
            "The methods of the client are not generated yet: run python3 dev.py generate", name=error.name
        )
    return error
