"""A Python client of the service: `Client` for programs that wait, `AsyncClient` for those on an event loop.

Both are typed from the structs of the service itself: `client.tag_tables.create(device_name="PLC_1", name="Motors")` returns
a `TableInfo`. The methods are generated from the catalogue (`python3 dev.py generate`).
"""

from engineering_api.client.answers import Answer

try:
    from engineering_api.client.asynchronous import AsyncClient
    from engineering_api.client.blocking import Client
except ImportError as error:
    if error.name != "engineering_api.client.resources":
        raise
    msg = "The methods of the client are not generated yet: run python3 dev.py generate"
    raise ImportError(msg, name=error.name) from error
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
