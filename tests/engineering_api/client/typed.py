"""What a type checker knows of the answers of the clients: `python3 dev.py lint` checks this file."""

from typing import assert_type

from engineering_api.client import AsyncClient, AsyncJob, Client, Job
from openness_bridge.program.tag_tables import TableInfo
from openness_bridge.project.projects import ArchiveRef


def blocking(client: Client) -> None:
    assert_type(client.tag_tables.create(device_name="PLC_1", name="A"), TableInfo)
    assert_type(client.projects.archive(path="a.zap20"), ArchiveRef)
    assert_type(client.projects.archive(path="a.zap20", wait=False), Job[ArchiveRef])
    assert_type(client.using(page=2).tag_tables.list_(device_name="PLC_1"), list[TableInfo])


async def awaited(client: AsyncClient) -> None:
    assert_type(await client.tag_tables.create(device_name="PLC_1", name="A"), TableInfo)
    job = await client.projects.archive(path="a.zap20", wait=False)
    assert_type(job, AsyncJob[ArchiveRef])
    assert_type(await job.result(), ArchiveRef)
