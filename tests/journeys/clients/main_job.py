"""The main job by the client that openapi-python-client made: typed from end to end, without a cast.

Arguments: the server's address and the key. mypy checks this file together with the generated package.
"""

import sys
from http import HTTPStatus

from simatic_engineering_api_client import AuthenticatedClient
from simatic_engineering_api_client.api.async_jobs import jobs_get
from simatic_engineering_api_client.api.blocks import sources_import_and_generate
from simatic_engineering_api_client.api.devices import devices_add, devices_compile, devices_compile_job
from simatic_engineering_api_client.api.project_operations import projects_close, projects_create
from simatic_engineering_api_client.api.tags_constants import tags_add
from simatic_engineering_api_client.models import (
    CompileReport,
    DevicesAddBody,
    DevicesCompileBody,
    DevicesCompileJobBody,
    JobRecord,
    JobRef,
    ProblemDetails,
    ProjectRef,
    ProjectsCloseBody,
    ProjectsCreateBody,
    SourcesImportAndGenerateBody,
    TagsAddBody,
)

TABLE = "Default tag table"
SOURCE = """FUNCTION_BLOCK "Motor"
VAR_INPUT
  run : Bool;
END_VAR
BEGIN
  "Lamp" := #run;
END_FUNCTION_BLOCK
"""


def main(url: str, key: str) -> None:
    """Make a project with a CPU, a tag and a block, compile it, and read a job and a problem."""
    client = AuthenticatedClient(base_url=url, token=key, prefix="", auth_header_name="X-API-Key")
    made = projects_create.sync(client=client, body=ProjectsCreateBody(name="Generated"))
    assert isinstance(made, ProjectRef), made
    device = DevicesAddBody(order_number="6ES7 511-1AK02-0AB0", version="V2.9", name="PLC_1")
    assert devices_add.sync_detailed(client=client, body=device).status_code is HTTPStatus.OK
    lamp = TagsAddBody(name="Lamp", data_type="Bool", logical_address="%Q0.0", table_name=TABLE)
    tags_add.sync(client=client, device_name="PLC_1", body=lamp)
    sources_import_and_generate.sync(
        client=client, device_name="PLC_1", body=SourcesImportAndGenerateBody(scl_content=SOURCE)
    )
    compiled = devices_compile.sync(client=client, device_name="PLC_1", body=DevicesCompileBody())
    assert isinstance(compiled, CompileReport), compiled
    begun = devices_compile_job.sync(client=client, device_name="PLC_1", body=DevicesCompileJobBody())
    assert isinstance(begun, JobRef), begun
    job = jobs_get.sync(client=client, job_id=begun.job_id)
    assert isinstance(job, JobRecord), job
    missing = devices_compile.sync(client=client, device_name="PLC_2", body=DevicesCompileBody())
    assert isinstance(missing, ProblemDetails), missing
    found = [made.name, compiled.result.state, job.operation, missing.code, str(missing.candidates)]
    sys.stdout.write(" ".join(found))
    projects_close.sync(client=client, body=ProjectsCloseBody(discard=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
