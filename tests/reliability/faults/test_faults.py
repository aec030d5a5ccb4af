"""What goes wrong with a real TIA Portal costs one call or one session, never the server or somebody's work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from engineering_api.features.portals import portals_operations as portals
from fake_openness.project.dialogs import ServerStopped
from fake_openness.project.faults import Faults
from openness_bridge.errors import Problem
from openness_bridge.model import Model
from openness_bridge.portal.own_projects import OwnProjects
from tests.support.faults import Plant
from tests.support.service import CPU, FIRMWARE, Client, settings

CREATE = "/api/projects/actions/create-sync"
TABLES = "/api/devices/PLC_1/tag-tables"
LIBRARIES = "/api/libraries/global"
ATTACH, LAUNCH = "/api/instance/actions/attach", "/api/instance/actions/launch"
DETACH, SHUTDOWN = "/api/instance/actions/detach", "/api/instance/actions/shutdown"
SAVE, CLOSE = "/api/projects/actions/save", "/api/projects/actions/close-sync"


def pids(plant: Plant) -> list[int]:
    return [instance["processId"] for instance in plant.client.ok("GET", "/api/instances")]


# -- a crash ------------------------------------------------------------------------------


def test_after_a_crash_the_next_request_has_another_portal(plant: Plant) -> None:
    plant.with_plc()
    (before,) = pids(plant)
    path = plant.client.ok("GET", "/api/projects")[0]["path"]
    plant.faults.at("Find", plant.faults.crash(), of="PlcTagTableComposition")
    error = plant.client.refused(503, "tia.portal_lost", "POST", TABLES, {"name": "Motors"})
    assert "unsaved changes are lost" in error["message"]
    assert plant.client.ok("GET", "/api/projects") == []
    (after,) = pids(plant)
    assert after != before
    assert plant.client.ok("POST", "/api/projects/actions/open-sync", {"path": path})["name"] == "Conveyor"
    assert "Motors" not in plant.tables()


def test_a_job_says_that_the_portal_crashed(plant: Plant) -> None:
    plant.with_plc()
    plant.faults.at("Save", plant.faults.crash())
    job = plant.client.job("POST", SAVE)
    assert (job["status"], job["problem"]["code"]) == ("Failed", "tia.portal_lost")


def test_after_a_crash_requests_do_not_go_to_another_portal_by_themselves(plant: Plant) -> None:
    plant.client.ok("POST", LAUNCH)
    plant.client.ok("POST", CREATE, {"name": "Other"})
    lost = plant.client.ok("POST", LAUNCH)["processId"]
    plant.machine.processes[lost].end()
    plant.client.refused(503, "tia.portal_lost", "GET", "/api/projects")
    assert plant.client.ok("GET", "/api/instance/status")["state"] == "disconnected"
    assert plant.client.ok("GET", "/api/projects") == []


# -- a hang -------------------------------------------------------------------------------


def test_a_call_that_hangs_fails_and_the_server_goes_on(plant: Plant) -> None:
    plant.with_plc()
    (pid,) = pids(plant)
    hang = plant.hang("Save", of="Project")
    with ThreadPoolExecutor() as pool:
        job = pool.submit(plant.client.job, "POST", SAVE)
        assert hang.wait_until_reached()
        waiting = pool.submit(plant.client.http.get, "/api/projects")
        assert plant.client.ok("GET", "/api/health/ping") == {"pong": True}
        assert plant.client.ok("GET", "/api/instance/diagnostics")[0]["busySeconds"] >= 0
        plant.wait_long()
        ended = job.result()
        assert (ended["status"], ended["problem"]["code"]) == ("Failed", "tia.hangs")
        assert "attach" in ended["problem"]["message"]
        assert waiting.result().json()["error"]["code"] == "tia.hangs"
    assert plant.client.ok("GET", "/api/instance/status")["state"] == "disconnected"
    assert pids(plant) == [pid], "the portal itself is left as it is"
    assert plant.client.ok("POST", ATTACH, {"processId": pid})["processId"] == pid
    assert plant.client.ok("GET", "/api/projects")[0]["name"] == "Conveyor"


def test_what_a_given_up_call_did_before_it_came_back_is_undone(plant: Plant) -> None:
    plant.with_plc()
    (pid,) = pids(plant)
    hang = plant.hang("Import", of="PlcTagTableComposition")
    plant.wait_long_for(hang)
    tags = [{"name": f"T{n}", "dataType": "Bool", "logicalAddress": f"%M{n}.0"} for n in range(3)]
    body = {"tags": tags}
    plant.client.refused(504, "tia.hangs", "POST", "/api/devices/PLC_1/tags/actions/import-sync", body)
    plant.client.ok("POST", ATTACH, {"processId": pid})
    hang.release()
    _quiet(plant, pid)
    assert plant.client.ok("GET", "/api/devices/PLC_1/tags/all") == []


def _quiet(plant: Plant, pid: int) -> None:
    """Wait until no transaction is open in a portal."""
    process = plant.machine.processes[pid]
    for _ in range(1000):
        if process.exclusive is None:
            return
        plant.client.ok("GET", "/api/health/ping")
    raise AssertionError("the transaction is still open")


def test_attaching_to_a_portal_that_does_not_answer_is_given_up(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = plant.client.ok("POST", LAUNCH, {"withUi": True})["processId"]
    plant.client.ok("POST", DETACH)
    hang = plant.hang("GetCurrentProcess")
    portals_of = plant.client.http.app.state["service"].portals
    with ThreadPoolExecutor() as pool, monkeypatch.context() as impatient:
        impatient.setattr(portals_of, "_patience", 2.0)
        attached = pool.submit(plant.client.http.post, ATTACH, json={"processId": pid})
        assert hang.wait_until_reached()
        assert plant.client.ok("GET", "/api/health/ping") == {"pong": True}
        assert plant.client.ok("GET", "/api/instance/status")["state"] == "disconnected"
        assert attached.result().json()["error"]["code"] == "tia.hangs"
    assert plant.client.ok("POST", ATTACH, {"processId": pid})["processId"] == pid


def test_the_status_does_not_wait_for_a_portal_that_is_busy(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant.with_plc()
    hang = plant.hang("Save", of="Project")
    with ThreadPoolExecutor() as pool:
        job = pool.submit(plant.client.job, "POST", SAVE)
        assert hang.wait_until_reached()
        with monkeypatch.context() as impatient:
            impatient.setattr(portals, "PATIENCE", 0.05)
            status = plant.client.ok("GET", "/api/instance/status")
        assert (status["state"], status["isConnected"], status["projectName"]) == ("busy", True, None)
        hang.release()
        assert job.result()["status"] == "Completed"
    assert plant.client.ok("GET", "/api/instance/status")["projectName"] == "Conveyor"


def test_a_portal_that_hangs_can_be_ended_by_force(plant: Plant) -> None:
    plant.with_plc()
    hang = plant.hang("Save", of="Project")
    with ThreadPoolExecutor() as pool:
        job = pool.submit(plant.client.job, "POST", SAVE)
        assert hang.wait_until_reached()
        plant.client.ok("POST", SHUTDOWN, {"force": True})
        assert pids(plant) == []
        assert job.result()["status"] == "Failed"


def test_a_slow_call_holds_up_its_own_portal_only(plant: Plant) -> None:
    plant.with_plc()
    plant.faults.at("Save", plant.faults.slow(LONG), of="Project")
    with ThreadPoolExecutor() as pool:
        job = pool.submit(plant.client.job, "POST", SAVE)
        assert plant.client.ok("GET", "/api/health/ping") == {"pong": True}
        assert job.result()["status"] == "Completed"


LONG = 0.3


# -- dialogs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("buttons", "pressed", "code"),
    [
        (["Yes", "No", "Cancel"], "Cancel", "tia.aborted"),
        (["Yes", "No"], "No", "tia.aborted"),
        (["Abort", "Retry", "Ignore"], "Abort", "tia.aborted"),
        (["Ok"], "Ok", None),
    ],
)
def test_a_dialog_is_answered_so_that_nothing_is_lost(
    plant: Plant, buttons: list[str], pressed: str, code: str | None
) -> None:
    plant.with_plc()
    plant.faults.at("Save", plant.faults.question("Alles überschreiben?", *buttons), of="Project")
    if code is None:
        plant.client.ok("POST", "/api/projects/actions/save-sync")
    else:
        error = plant.client.refused(409, code, "POST", "/api/projects/actions/save-sync")
        (detail,) = [each for each in error["details"] if each["code"] == "tia.dialog"]
        assert f"Alles überschreiben? (answered {pressed})" in detail["message"]
    (process,) = plant.client.ok("GET", "/api/instance/diagnostics")
    assert [(each["choices"], each["answer"]) for each in process["dialogs"]] == [(buttons, pressed)]


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("POST", "/api/devices/actions/rename", {"deviceName": "PLC_1", "newName": "Other"}),
        ("PUT", f"{TABLES}/Motors/tags/Speed", {"dataType": "DInt"}),
        ("POST", "/api/devices/PLC_1/security/configure", {"protectionLevel": "ReadAccess"}),
    ],
)
def test_a_question_in_a_change_of_an_attribute_is_answered(
    plant: Plant, method: str, route: str, body: dict[str, Any]
) -> None:
    """The fake ends the server where a question comes up in a setter, as pythonnet would stop it."""
    plant.with_plc()
    plant.client.ok("POST", TABLES, {"name": "Motors"})
    plant.client.ok("POST", f"{TABLES}/Motors/tags", {"name": "Speed", "dataType": "Int"})
    fault = plant.faults.at("SetAttribute", plant.faults.question("Wirklich?", "Yes", "No"))
    plant.client.refused(409, "tia.aborted", method, route, body)
    assert fault.struck == 1
    (process,) = plant.client.ok("GET", "/api/instance/diagnostics")
    assert [each["answer"] for each in process["dialogs"]] == ["No"]


@pytest.mark.parametrize("use", ["get", "set", "iterate", "index"])
def test_the_fake_ends_the_server_where_pythonnet_would_stop_it(use: str) -> None:
    installation = fake_openness.install()
    faults = Faults(installation.machine)
    projects = installation.types["TiaPortal"]().Projects
    with TemporaryDirectory() as folder:
        project = projects.Create(installation.types["DirectoryInfo"](folder), "P")
        project.Devices.CreateWithItem(f"OrderNumber:{CPU}/{FIRMWARE}", "PLC_1", "PLC_1")
        net = project.Subnets.Create("System:Subnet.Ethernet", "Net")
        devices = project.Devices
        for member in ("Name", "GetEnumerator", "Item"):
            faults.at(member, faults.question("Wirklich?", "Ok"), times=9)
        uses: dict[str, Callable[[], object]] = {
            "get": lambda: net.Name,
            "set": lambda: setattr(net, "Name", "Other"),
            "iterate": lambda: list(devices),
            "index": lambda: devices[0],
        }
        with pytest.raises(ServerStopped):
            uses[use]()
        assert project.Subnets.Find("Net") == net


def test_a_question_that_only_a_person_may_answer_is_left_to_one(plant: Plant) -> None:
    pid = plant.client.ok("POST", LAUNCH, {"withUi": True})["processId"]
    plant.with_plc()
    person = plant.faults.hang()
    plant.hangs.append(person)
    plant.wait_long_for(person)
    plant.faults.at("Save", plant.faults.question("Noch einmal?", "Retry", "Ignore", person=person), of="Project")
    job = plant.client.job("POST", SAVE)
    assert job["problem"]["code"] == "tia.hangs"
    person.release()
    assert plant.client.ok("POST", ATTACH, {"processId": pid})["processId"] == pid


def test_a_notice_is_remembered(plant: Plant) -> None:
    plant.with_plc()
    plant.faults.at("Save", plant.faults.notice("Gespeichert."), of="Project")
    plant.client.ok("POST", "/api/projects/actions/save-sync")
    (process,) = plant.client.ok("GET", "/api/instance/diagnostics")
    assert [each["text"] for each in process["dialogs"]] == ["Gespeichert."]


# -- refusals -----------------------------------------------------------------------------


REFUSALS = [
    ("LicenseNotFoundException", 403, "tia.licence_missing"),
    ("EngineeringSecurityException", 403, "tia.access_refused"),
    ("EngineeringObjectDisposedException", 410, "tia.object_gone"),
    ("EngineeringOutOfMemoryException", 503, "tia.out_of_memory"),
    ("EngineeringUserAbortException", 409, "tia.aborted"),
]


@pytest.mark.parametrize(("kind", "status", "code"), REFUSALS)
def test_a_refusal_by_its_type_leaves_nothing_half_done(plant: Plant, kind: str, status: int, code: str) -> None:
    plant.with_plc()
    before = plant.tables()
    struck = plant.refuse("Create", kind, of="PlcTagTableComposition")
    plant.client.refused(status, code, "POST", TABLES, {"name": "Motors"})
    assert struck.struck == 1
    assert plant.tables() == before
    assert plant.client.ok("POST", TABLES, {"name": "Motors"})["name"] == "Motors"


def test_another_clients_exclusive_access_is_named(plant: Plant) -> None:
    plant.with_plc()
    (pid,) = pids(plant)
    other = plant.types["TiaPortal"].GetProcess(pid).Attach()
    tags = {"tags": [{"name": "T", "dataType": "Bool", "logicalAddress": "%M0.0"}]}
    with other.ExclusiveAccess("somebody else's work"):
        plant.client.refused(409, "portal.in_use", "POST", "/api/devices/PLC_1/tags/actions/import-sync", tags)
    plant.client.ok("POST", "/api/devices/PLC_1/tags/actions/import-sync", tags)


def test_a_step_that_tia_portal_undid_is_no_success(plant: Plant) -> None:
    plant.with_plc()
    plant.refuse("CommitOnDispose", "EngineeringTargetInvocationException")
    tags = {"tags": [{"name": "T", "dataType": "Bool", "logicalAddress": "%M0.0"}]}
    plant.client.refused(409, "transaction.rolled_back", "POST", "/api/devices/PLC_1/tags/actions/import-sync", tags)
    assert plant.client.ok("GET", "/api/devices/PLC_1/tags/all") == []


def test_a_handle_that_died_is_found_again(plant: Plant) -> None:
    plant.with_plc()
    plant.refuse("TagTables", "EngineeringObjectDisposedException", of="PlcTagTableSystemGroup")
    plant.client.refused(410, "tia.object_gone", "GET", TABLES)
    assert plant.tables()


# -- texts --------------------------------------------------------------------------------


def outcomes(plant: Plant) -> list[tuple[int, str]]:
    """What the service says to requests that TIA Portal refuses, without the texts."""
    client, bad = plant.client, '9#Bad name with " in it'
    block = "FUNCTION_BLOCK"
    requests: list[tuple[str, str, Any]] = [
        ("POST", TABLES, {"name": "Motors"}),
        ("POST", TABLES, {"name": "Motors"}),
        ("POST", TABLES, {"name": bad}),
        ("POST", "/api/devices/PLC_1/tag-tables/Motors/tags", {"name": "A", "dataType": "Nope"}),
        ("POST", "/api/devices/PLC_1/tag-tables/Motors/tags", {"name": bad, "dataType": "Bool"}),
        ("DELETE", "/api/devices/PLC_1/tag-tables/Default%20tag%20table", None),
        ("DELETE", "/api/devices/PLC_1/blocks/None", None),
        ("POST", CREATE, {"name": "Second"}),
        ("POST", "/api/projects/actions/open-sync", {"path": "none.ap20"}),
        ("POST", "/api/projects/actions/archive-sync", {"path": "x.txt"}),
        ("POST", "/api/devices/PLC_1/blocks/actions/import-sync", {"xml": f"<{block}/>"}),
        ("POST", "/api/projects/devices/actions/add-sync", {"orderNumber": "6ES7 000", "version": "V1", "name": "X"}),
        (
            "POST",
            "/api/projects/devices/actions/add-sync",
            {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"},
        ),
        ("POST", CLOSE, {}),
    ]
    answers = [client.http.request(method, path, json=body) for method, path, body in requests]
    return [(each.status_code, each.json().get("error", {}).get("code", "")) for each in answers]


def test_localised_texts_decide_nothing(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant.with_plc()
    english = outcomes(plant)
    refused = [code for _, code in english if code]
    assert len(refused) >= 10
    plant.client.ok("DELETE", f"{TABLES}/Motors")
    kind = plant.types["EngineeringException"]
    made = kind.__init__
    monkeypatch.setattr(
        kind,
        "__init__",
        lambda self, text, *details, **more: made(
            self, "Der Vorgang ist fehlgeschlagen.", *("Einzelheit" for _ in details), **more
        ),
    )
    assert outcomes(plant) == english


# -- whose work it is -----------------------------------------------------------------------


@pytest.fixture
def foreign(plant: Plant) -> Plant:
    """A portal on a screen whose user has a project open, and this service attached to it."""
    plant.client.ok("POST", LAUNCH, {"withUi": True})
    plant.with_plc()
    pid = pids(plant)[0]
    plant.client.ok("POST", DETACH)
    plant.client.ok("POST", ATTACH, {"processId": pid})
    return plant


def test_a_project_that_others_opened_is_not_closed(foreign: Plant) -> None:
    foreign.client.refused(409, "project.not_own", "POST", CLOSE, {})
    foreign.client.refused(409, "project.not_own", "POST", SHUTDOWN, {})
    assert foreign.client.ok("GET", "/api/projects")[0]["name"] == "Conveyor"
    assert foreign.client.ok("POST", CLOSE, {"foreign": True})["name"] == "Conveyor"


def test_leaving_lets_the_users_project_open(foreign: Plant) -> None:
    (process,) = foreign.machine.processes.values()
    foreign.client.ok("POST", DETACH)
    assert [project.Name for project in process.projects or ()] == ["Conveyor"]


def test_unsaved_work_of_others_is_not_dropped_either(foreign: Plant) -> None:
    foreign.client.ok("POST", TABLES, {"name": "Motors"})
    foreign.client.refused(409, "project.not_saved", "POST", CLOSE, {"foreign": True})
    foreign.client.refused(409, "project.not_saved", "POST", SHUTDOWN, {})
    foreign.client.ok("POST", CLOSE, {"foreign": True, "save": True})


def test_unsaved_work_outlives_a_server_that_is_stopped(tmp_path: Path) -> None:
    model = Model("20", fake_openness.install("20").types.__getitem__, "fake")
    with TestClient(create_app(settings(tmp_path), model)) as http:
        client = Client(http)
        path = client.ok("POST", CREATE, {"name": "Conveyor"})["path"]
        client.ok("POST", "/api/projects/actions/save-sync")
        client.ok(
            "POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        )
    (copy,) = (tmp_path / "rescued").iterdir()
    assert copy.name.startswith("Conveyor-")
    (file,) = copy.glob("*.ap20")
    with TestClient(create_app(settings(tmp_path, roots=[tmp_path / "rescued"]), model)) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/open-sync", {"path": path})
        assert client.ok("GET", "/api/projects/devices") == []
        client.ok("POST", CLOSE, {})
        client.ok("POST", "/api/projects/actions/open-sync", {"path": str(file)})
        assert len(client.ok("GET", "/api/projects/devices")) == 1
    assert len(list((tmp_path / "rescued").iterdir())) == 1


def test_unsaved_work_in_a_global_library_outlives_a_server_that_is_stopped(tmp_path: Path) -> None:
    model = Model("20", fake_openness.install("20").types.__getitem__, "fake")
    with served(tmp_path, model) as client:
        saved = client.ok("POST", LIBRARIES, {"name": "Shared"})["path"]
        client.ok("POST", LIBRARIES + "/master-copies/folders", {"folderPath": "Pumps"})
    (copy,) = (tmp_path / "rescued").iterdir()
    assert copy.name.startswith("Shared-")
    (file,) = copy.glob("*.al20")
    for path, rescued in ((saved, False), (str(file), True)):
        with served(tmp_path, model) as client:
            client.ok("POST", LIBRARIES + "/actions/open", {"path": path})
            assert ("'Pumps'" in str(client.ok("GET", LIBRARIES + "/tree"))) is rescued


# -- which projects are the service's own, past its end -----------------------------------------


@contextmanager
def served(folder: Path, model: Model, process_id: int | None = None) -> Iterator[Client]:
    """A service on a computer, which attaches to a portal that runs there."""
    with TestClient(create_app(settings(folder, roots=[folder / "rescued"]), model)) as http:
        client = Client(http)
        if process_id is not None:
            client.ok("POST", ATTACH, {"processId": process_id})
        yield client


@pytest.fixture
def left(tmp_path: Path) -> tuple[Model, int]:
    """A computer with a portal on a screen, where a service that has ended opened a project; and its process id."""
    installation = fake_openness.install("20")
    model = Model("20", installation.types.__getitem__, "fake")
    with served(tmp_path, model) as client:
        client.ok("POST", LAUNCH, {"withUi": True})
        client.ok("POST", CREATE, {"name": "Conveyor"})
    (process_id,) = installation.machine.processes
    return model, process_id


def test_a_service_that_is_started_again_knows_its_project(left: tuple[Model, int], tmp_path: Path) -> None:
    with served(tmp_path, *left) as client:
        assert client.ok("POST", CLOSE, {})["name"] == "Conveyor"
    with served(tmp_path, *left) as client:
        client.refused(409, "project.none", "POST", CLOSE, {})


def test_another_service_does_not(left: tuple[Model, int], tmp_path: Path) -> None:
    with served(tmp_path / "other", *left) as client:
        client.refused(409, "project.not_own", "POST", CLOSE, {})


@pytest.mark.parametrize("kept", [b"", b"{", b"[{}]", b'[{"processId":1,"started":"x","path":"y"}]'])
def test_what_cannot_be_read_is_somebody_elses(left: tuple[Model, int], tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "own-projects.json").write_bytes(kept)
    with served(tmp_path, *left) as client:
        client.refused(409, "project.not_own", "POST", CLOSE, {})


def test_a_process_id_that_is_used_again_is_another_portal(tmp_path: Path) -> None:
    known = OwnProjects(tmp_path / "own.json")
    known.of(4711, "2026-01-01T08:00:00").add("C:/a.ap20")
    again = OwnProjects(tmp_path / "own.json")
    assert "C:/a.ap20" in again.of(4711, "2026-01-01T08:00:00")
    assert "C:/a.ap20" not in again.of(4711, "2026-01-02T08:00:00")
    assert "C:/a.ap20" not in again.of(4712, "2026-01-01T08:00:00")


def test_a_project_that_was_saved_as_another_is_not_the_services_when_somebody_opens_it(plant: Plant) -> None:
    before = plant.client.ok("POST", CREATE, {"name": "Conveyor"})["path"]
    plant.client.ok("POST", "/api/projects/actions/save-sync", {"directory": "elsewhere"})
    (process,) = plant.machine.processes.values()
    opened = process.projects
    assert opened is not None
    (project,) = opened
    project.Close()
    opened.Open(plant.types["FileInfo"](before))
    plant.client.refused(409, "project.not_own", "POST", CLOSE, {})


def test_requests_go_to_a_lost_portal_no_more_before_anybody_hears_of_the_loss(plant: Plant) -> None:
    plant.client.ok("POST", LAUNCH, {})
    portals = plant.client.http.app.state["service"].portals
    session = portals.current
    heard: list[object] = []
    begun, go_on = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        go_on.wait(60)

    session.post(hang, lambda _, error: heard.append((portals.current, error.code)))
    assert begun.wait(60)
    session.lose(Problem("tia.hangs", "It hangs."))
    go_on.set()
    assert heard == [(None, "tia.hangs")]
