"""The handlers that the user's document prints run unchanged, below the addresses that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.sources.registry import SourceDefinition
from tests.runtime_data.ignition.plant import Plant, plant_in
from tests.support.service import KEY

READ = '''
def doGet(request, session):
    """Read tag values and return as JSON."""
    import json

    # Read multiple tags at once
    tag_paths = [
        "[default]Plant/Temperature",
        "[default]Plant/Pressure",
        "[default]Plant/FlowRate",
        "[default]Plant/Status"
    ]

    values = system.tag.readBlocking(tag_paths)

    # Build response object
    response_data = {}
    for path, qv in zip(tag_paths, values):
        tag_name = path.split("/")[-1]
        response_data[tag_name] = {
            "value": qv.value,
            "quality": str(qv.quality),
            "timestamp": str(qv.timestamp)
        }

    # Return JSON response
    return {
        "json": response_data,
        "contentType": "application/json"
    }
'''
WRITE = '''
def doPost(request, session):
    """Write tag values from an incoming JSON payload."""
    import json

    # Parse the JSON body
    body = request["data"]
    payload = json.loads(body)

    # Validate required fields
    if "writes" not in payload:
        return {
            "json": {"error": "Missing 'writes' field"},
            "code": 400
        }

    tag_paths = []
    tag_values = []

    for write in payload["writes"]:
        tag_paths.append(write["path"])
        tag_values.append(write["value"])

    # Execute tag writes
    results = system.tag.writeBlocking(tag_paths, tag_values)

    # Build response with write results
    write_results = []
    for path, result in zip(tag_paths, results):
        write_results.append({
            "path": path,
            "success": result.isGood()
        })

    return {
        "json": {
            "status": "completed",
            "results": write_results
        },
        "contentType": "application/json"
    }
'''
SHARED = '''
def validateRequest(request):
    """Validate API key from request headers."""
    auth_header = request.get("headers", {}).get("Authorization", "")

    if not auth_header.startswith("Bearer "):
        return False, {
            "json": {"error": "Missing or invalid Authorization header"},
            "code": 401
        }

    token = auth_header[7:]  # Remove "Bearer " prefix
    valid_tokens = system.tag.readBlocking(
        ["[default]Config/API/ValidTokens"]
    )[0].value

    if token not in valid_tokens.split(","):
        return False, {
            "json": {"error": "Invalid API token"},
            "code": 403
        }

    return True, None
'''
SECURED = '''
def doGet(request, session):
    """Secured GET endpoint with CORS support."""
    import json

    # CORS headers for cross-origin requests
    cors_headers = {
        "Access-Control-Allow-Origin": "https://your-app.com",
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Authorization, Content-Type"
    }

    # Handle preflight OPTIONS request
    if request.get("method") == "OPTIONS":
        return {"code": 204, "headers": cors_headers}

    # Validate authentication
    is_valid, error_response = project.auth.validateRequest(request)
    if not is_valid:
        error_response["headers"] = cors_headers
        return error_response

    # Proceed with tag reading
    tag_paths = ["[default]Plant/Temperature"]
    values = system.tag.readBlocking(tag_paths)

    return {
        "json": {"Temperature": values[0].value},
        "headers": cors_headers,
        "contentType": "application/json"
    }
'''
PROJECT = "/system/webdev/my-project"


def write_scripts(folder: Path, **scripts: str) -> Path:
    """Put handlers of my-project into a folder; two underscores part folders."""
    for name, text in scripts.items():
        file = folder / "my-project" / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    scripts = {"api__tags": READ, "api__write": WRITE, "api__secured": SECURED, "project__auth": SHARED}
    folder = write_scripts(tmp_path / "handlers", **scripts)
    with plant_in(tmp_path, ignition_handlers=folder, ignition_projects=["my-project", "default"]) as made:
        yield made


def test_the_printed_read(plant: Plant) -> None:
    found = plant.get(f"{PROJECT}/api/tags")
    assert {name: each["value"] for name, each in found.items()} == {
        "Temperature": 24.5,
        "Pressure": 1.25,
        "FlowRate": 3.0,
        "Status": 2,
    }
    own = plant.get("/api/tags", path=[f"[default]Plant/{name}" for name in found])
    assert own == found, "the route that is built in answers what the printed handler answers"


def test_the_printed_write(plant: Plant) -> None:
    body: dict[str, Any] = {
        "writes": [{"path": "[default]Plant/Setpoint", "value": 42}, {"path": "[default]nope", "value": 1}]
    }
    done = plant.post(f"{PROJECT}/api/write", body)
    assert done == {
        "status": "completed",
        "results": [
            {"path": "[default]Plant/Setpoint", "success": True},
            {"path": "[default]nope", "success": False},
        ],
    }
    assert plant.get("/api/tags", path="[PLC_1]Plant/Setpoint")["Setpoint"]["value"] == 42
    assert plant.refused(400, "POST", f"{PROJECT}/api/write", {"other": 1}) == "Missing 'writes' field"
    entries = plant.http.get("/api/audit", headers={"X-API-Key": KEY}).json()["data"]
    assert [each["operation"] for each in entries].count("ignition.write") == 1


def define_memory(plant: Plant) -> None:
    """Make the provider `default` a source of the service's own tags: a simulated PLC gives no texts."""
    source = plant.service.part(Runtime).sources.create(SourceDefinition("default", "memory", default=True))
    assert isinstance(source, MemorySource)
    source.define(MemoryTag("Config.API.ValidTokens", "String", "alpha,beta"))
    source.define(MemoryTag("Plant.Temperature", "Real", 21.5))


@pytest.mark.parametrize(
    ("authorization", "status", "body"),
    [
        ("Bearer beta", 200, {"Temperature": 21.5}),
        ("Bearer gamma", 403, {"error": "Invalid API token"}),
        ("Basic YTpi", 401, {"error": "Missing or invalid Authorization header"}),
    ],
)
def test_the_printed_login(plant: Plant, authorization: str, status: int, body: Any) -> None:
    define_memory(plant)
    headers = {"X-Ignition-API-Token": KEY, "Authorization": authorization}
    answer = plant.http.get(f"{PROJECT}/api/secured", headers=headers)
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["access-control-allow-origin"] == "https://your-app.com"


def test_the_login_of_the_service_comes_first(plant: Plant) -> None:
    define_memory(plant)
    answer = plant.http.get(f"{PROJECT}/api/secured", headers={"Authorization": "Bearer beta"})
    assert (answer.status_code, answer.json()) == (403, {"error": "Invalid API token"})
