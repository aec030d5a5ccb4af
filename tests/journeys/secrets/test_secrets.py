"""No secret that a client sends is found again: not in an answer, a log, a job, an event, the audit log, or any file.

Each field that `secret(...)` describes gets a text of its own, in requests that are good and in those that are wrong in
many ways, on every way by which an operation can be run. Afterwards everything that the service has said and written is
searched for these texts. What is sealed or hashed does not have them.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import msgspec
import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import metas, secrets_of
from engineering_api.operations.terms import Mode, Right
from openness_bridge.errors import Problem
from tests.support.service import CPU, FIRMWARE, KEY, Client, settings

SOUNDS_SECRET = re.compile(r"passw|secret|token|(^|_)key($|_)|credential|pin$", re.IGNORECASE)
NO_SECRETS = {
    "project_key": "a project's name",
    "key_id": "what a key is called",
    "key": "the idempotency key of a push",
    "forget_key": "whether one is forgotten",
    "max_tokens": "a number of words",
    "max_total_tokens": "a number of words",
    "api_key_required": "whether one is",
    "api_key_source": "where one comes from",
    "password_secret": "the name of a variable of the service",
    "passwords": "names of variables of the service, in routes/online.py",
}
ALWAYS = ("access.login", "projects.open_", "security.set_password", "webhooks.create", "assistant.save_settings")
"""Operations of each kind, which every run tries; the others are slow together."""
CASES = [(op.name, name) for op in catalogue() for name in secrets_of(op.request) if name != "arguments"]


@dataclass
class Searched:
    """A running service, and all that it has said."""

    client: Client
    folder: Path
    said: list[tuple[str, str]] = field(default_factory=list)

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> None:
        """Send a request, good or not, and keep what is answered."""
        answer = self.client.http.request(method, path, json=body, **more)
        self.said.append((f"{method} {path.partition('?')[0]}", f"{answer.headers} {answer.text}"))

    def places(self, marker: str, log: str) -> list[str]:
        """Where a text is found again."""
        forms = {marker, quote(marker), base64.b64encode(marker.encode()).decode()[2:-4]}
        found = [f"answer of {what}" for what, text in self.said if any(form in text for form in forms)]
        found += ["log"] if any(form in log for form in forms) else []
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        for path in files:
            content = path.read_bytes()
            if any(form.encode(kind) in content for form in forms for kind in ("utf-8", "utf-16-le")):
                found.append(str(path.relative_to(self.folder)))
        return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    folder = tmp_path_factory.mktemp("secrets")
    with TestClient(create_app(settings(folder, mcp_write=True))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok(
            "POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        )
        yield Searched(client, folder)


def structs(kind: Any, seen: dict[type[msgspec.Struct], None]) -> dict[type[msgspec.Struct], None]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen[kind] = None
        for each in msgspec.structs.fields(kind):
            structs(each.type, seen)
    for part in get_args(kind):
        structs(part, seen)
    return seen


def test_what_sounds_secret_is_marked_or_said_to_be_none() -> None:
    found = set[str]()
    for op in catalogue():
        for struct in structs(op.request, {}):
            for each in msgspec.structs.fields(struct):
                if SOUNDS_SECRET.search(each.name) and not any(
                    (meta.extra or {}).get("secret") for meta in metas(each.type)
                ):
                    found.add(each.name)
    assert found == set(NO_SECRETS)
    assert len(CASES) > 15


@pytest.mark.parametrize(
    ("name", "secret"),
    [pytest.param(*case, marks=() if case[0] in ALWAYS else pytest.mark.slow) for case in CASES],
    ids=lambda each: str(each),
)
def test_a_secret_is_not_found_again(
    service: Searched, caplog: pytest.LogCaptureFixture, name: str, secret: str
) -> None:
    caplog.set_level(logging.DEBUG)
    service.said.clear()
    op = catalogue().named(name)
    assert op is not None
    marker = f"Zq7!{name.replace('.', 'x').replace('_', 'y')}{secret.replace('_', 'z')}M4rk"
    for arguments in requests(op, secret, marker):
        routes(service, op, arguments)
        by_name(service, op, arguments)
    in_urls_and_headers(service, op, secret, marker)
    for path in (
        "/api/jobs",
        "/api/audit?limit=200",
        "/metrics",
        "/api/pipelines",
        "/api/pipelines/executions",
        "/api/projects/history",
        "/api/assistant/settings",
        "/api/webhooks",
        "/api/settings",
    ):
        service.send("GET", path)
    by_tool(service, op, secret, marker)
    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]  # the test's own client
    log = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert service.places(marker, log) == []


def requests(op: Operation, secret: str, marker: str) -> Iterator[dict[str, Any]]:
    """A good request with the secret, and some that are wrong beside it or in it."""
    info = next(each for each in msgspec.structs.fields(op.request) if each.name == secret)
    wire = info.encode_name
    example = {key: value for key, value in op.example.items() if key != wire}
    given: Any = {"FullAccess": marker, marker: "x"} if secret in {"passwords"} else marker
    good = example | {wire: {"FullAccess": marker} if secret in {"passwords"} else marker}
    yield good
    yield example | {wire: given, "noSuchField": marker}
    yield example | {wire: [marker]}
    yield example | {wire: {"a": marker}}
    yield good | {key: [{"x": 1}] for key in example}
    yield {wire: marker}
    yield good | {wire: marker * 2000}


def routes(service: Searched, op: Operation, arguments: dict[str, Any]) -> None:
    """Send a request to each route of its operation: waiting, as a job, as a dry run."""
    for route in op.routes:
        path = route.path
        for name in route.parameters:
            path = path.replace(f"{{{name}}}", quote(str(arguments.get(name, "x")), safe=""))
        body = {key: value for key, value in arguments.items() if key not in route.parameters}
        service.send(route.method, path, body)
        service.send(route.method, path, body, headers={"Prefer": "respond-async"})
        service.send(route.method, f"{path}?dryRun=true", body)
        if route.mode is Mode.JOB:
            break


def by_name(service: Searched, op: Operation, arguments: dict[str, Any]) -> None:
    """Run an operation through those that run others."""
    call = {"operation": op.name, "arguments": arguments}
    for body in (call, call | {"dryRun": True}, call | {"nonsense": 1}):
        service.send("POST", "/api/jobs/execute-sync", body)
    service.send("POST", "/api/jobs/execute-sync", call, headers={"Prefer": "respond-async"})
    service.send("POST", "/api/jobs/execute", call)
    if "noSuchField" in arguments:
        return  # a pipeline's step is a free document: what is called by no known name cannot be told from other texts
    pipeline = {"name": f"P {op.name}", "steps": [{"name": "A", "action": op.name, "params": arguments}]}
    for route in ("/api/pipelines", "/api/pipelines/actions/validate"):
        service.send("POST", route, pipeline)
    service.send("POST", f"/api/pipelines/{quote(pipeline['name'])}/run", {})


def by_tool(service: Searched, op: Operation, secret: str, marker: str) -> None:
    """Run an operation as a tool of models."""
    toolbox = service.client.http.app.state.service.part(Toolbox)
    arguments = dict(op.example) | {secret: marker}
    caller = Caller("model", Right.ADMINISTER)
    for name, given in (
        (op.name, arguments),
        (op.name.replace(".", "_"), arguments),
        ("run_operation", {"operation": op.name, "arguments": arguments}),
    ):
        try:
            answer = service.client.http.blocking_portal.call(
                lambda n=name, g=given: toolbox.call(n, g, caller, writing=True)
            )
        except Problem as problem:
            service.said.append((f"tool {name}", f"{problem.message} {problem.details} {problem.place}"))
        else:
            service.said.append((f"tool {name}", str(answer)))


def in_urls_and_headers(service: Searched, op: Operation, secret: str, marker: str) -> None:
    """Send a secret where it does not belong."""
    route = op.routes[0]
    path = route.path
    for name in route.parameters:
        path = path.replace(f"{{{name}}}", quote(str(op.example.get(name, "x")), safe=""))
    for name in (secret, "api_key", "X-API-Key", "access_token", "password"):
        answer = service.client.http.request(route.method, path, params={name: marker}, json={})
        assert answer.json()["error"]["code"] == "request.secret_in_url", (name, answer.text)
        service.said.append((f"query {name}", f"{answer.headers} {answer.text}"))
    service.send("GET", f"/api/no-such-route?api_key={quote(marker)}")
    service.send("GET", f"/api/projects?X-API-Key={quote(marker)}", headers={"X-API-Key": KEY})
    for header in ({"X-API-Key": marker}, {"Authorization": f"Bearer {marker}"}, {"Authorization": f"Basic {marker}"}):
        service.send("GET", "/api/projects", headers=header)
