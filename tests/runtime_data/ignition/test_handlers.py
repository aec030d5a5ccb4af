"""Handlers of users: off by default, in their folder, with a time limit, and what they may answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engineering_api.settings import CHANGEABLE, from_environment
from openness_bridge.errors import Problem
from runtime_data.ignition.webdev import Webdev
from tests.runtime_data.ignition.plant import BASE, Plant, plant_in, scripts_in, until
from tests.support.service import settings


def test_handlers_are_off_by_default(plant: Plant, tmp_path: Path) -> None:
    _ = scripts_in(tmp_path, hello="def doGet(request, session): return {'response': 'hi'}")
    assert "no resource" in plant.refused(404, "GET", "/hello")
    assert not [name for name in CHANGEABLE if name.startswith("ignition")], "nothing of it is set over HTTP"


def test_settings_by_the_environment(tmp_path: Path) -> None:
    found = from_environment(
        {
            "TIA_IGNITION_HANDLERS": str(tmp_path / "h"),
            "TIA_IGNITION_PROJECTS": "a, b",
            "TIA_IGNITION_HANDLER_LIMIT": "2.5",
            "TIA_DATA_DIR": str(tmp_path),
        }
    )
    assert (found.ignition_handlers, found.ignition_projects, found.ignition_handler_limit) == (
        tmp_path / "h",
        ["a", "b"],
        2.5,
    )


@pytest.mark.parametrize("place", ["data/workspace/handlers", "data", ".", "root", "root/inner", "nowhere"])
def test_a_folder_that_clients_can_write_to_is_refused(tmp_path: Path, place: str) -> None:
    for name in ("data/workspace/handlers", "root/inner"):
        (tmp_path / name).mkdir(parents=True)
    with pytest.raises(Problem) as refused:
        Webdev(settings(tmp_path / "data", roots=[tmp_path / "root"], ignition_handlers=tmp_path / place))
    assert refused.value.code == "settings.ignition"


ANSWERS = """
def doGet(request, session):
    kind = request["params"]["kind"]
    return {
        "html": {"html": "<b>hi</b>"},
        "old": {"html": "<b>", "contentType": "text/html; charset=latin-1"},
        "json": {"json": {"a": [1, None, True, "x"]}},
        "bytes": {"bytes": b"\\x00\\xff", "contentType": "image/png"},
        "file": {"file": "report.csv"},
        "response": {"response": "plain", "code": 202, "headers": {"X-Made-By": "a handler"}},
        "nothing": None,
        "outside": {"file": "../../secret.txt"},
        "link": {"file": "link.txt"},
        "two": {"html": "", "json": 1},
        "text": "text",
        "status": {"json": 1, "code": 99},
        "split": {"json": 1, "headers": {"X-A": "b\\r\\nX-C: d"}},
        "cookie": {"json": 1, "headers": {"Set-Cookie": "a=b"}},
        "unknown": {"page": 1},
        "object": {"bytes": "text"},
    }[kind]
"""


def test_what_a_handler_may_answer(tmp_path: Path) -> None:
    folder = scripts_in(tmp_path, answers=ANSWERS)
    (folder / "default" / "report.csv").write_text("a,b\n")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "default" / "link.txt").symlink_to(tmp_path / "secret.txt")
    with plant_in(tmp_path, ignition_handlers=folder) as plant:
        page = plant.send("GET", "/answers", kind="html")
        assert (page.text, page.headers["content-type"]) == ("<b>hi</b>", "text/html; charset=utf-8")
        assert "sandbox" in page.headers["content-security-policy"]
        assert plant.send("GET", "/answers", kind="old").headers["content-type"] == "text/html; charset=latin-1"
        assert plant.get("/answers", kind="json") == {"a": [1, None, True, "x"]}
        picture = plant.send("GET", "/answers", kind="bytes")
        assert (picture.content, picture.headers["content-type"]) == (b"\x00\xff", "image/png")
        file = plant.send("GET", "/answers", kind="file")
        assert (file.text, file.headers["content-type"].partition(";")[0]) == ("a,b\n", "text/csv")
        plain = plant.send("GET", "/answers", kind="response")
        assert (plain.status_code, plain.text, plain.headers["x-made-by"]) == (202, "plain", "a handler")
        nothing = plant.send("GET", "/answers", kind="nothing")
        assert (nothing.status_code, nothing.content) == (200, b"")
        for wrong in ("outside", "link", "two", "text", "status", "split", "cookie", "unknown", "object"):
            assert "cannot be sent" in plant.refused(500, "GET", "/answers", kind=wrong), wrong
        assert "secret" not in plant.refused(500, "GET", "/answers", kind="no such key")


ECHO = """
def describe(request):
    headers = request["headers"]
    return {"json": {
        "method": request["method"], "data": request["data"], "params": request["params"],
        "header": headers.get("x-own"), "same": headers["X-OWN"] == headers.get("X-Own"), "has": "x-own" in headers,
    }}
doPost = doPut = doPatch = doDelete = lambda request, session: describe(request)
"""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_a_handler_gets(tmp_path: Path, method: str) -> None:
    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, deep__er__echo=ECHO)) as plant:
        headers = plant.headers | {"X-Own": "value"}
        found = plant.http.request(
            method, f"{BASE}/deep/er/echo", params={"a": "1", "b": ["2", "3"]}, content='{"x": 1}', headers=headers
        )
        assert found.json() == {
            "method": method,
            "data": '{"x": 1}',
            "params": {"a": "1", "b": ["2", "3"]},
            "header": "value",
            "same": True,
            "has": True,
        }
        assert "no doGet" in plant.refused(405, "GET", "/deep/er/echo")


@pytest.mark.parametrize(
    "path",
    [
        "/../outside",
        "/%2e%2e/outside",
        "/%2e%2e%2foutside",
        "/project/auth",
        "/deep%2f..%2f..%2foutside",
        "/a%00b",
        "/link",
    ],
)
def test_paths_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    folder = scripts_in(tmp_path, project__auth="def doGet(request, session): return {'response': 'shared'}")
    code = "def doGet(request, session): return {'response': 'outside'}"
    for place in (folder / "outside.py", tmp_path / "outside.py"):
        place.write_text(code)
    (folder / "default" / "link.py").symlink_to(tmp_path / "outside.py")
    with plant_in(tmp_path, ignition_handlers=folder) as plant:
        answer = plant.http.get(f"{BASE}{path}", headers=plant.headers)
        assert answer.status_code == 404, answer.text


STUCK = """
import pathlib, time
FOLDER = pathlib.Path(__file__).parent
def doGet(request, session):
    (FOLDER / "begun").write_text("")
    while not (FOLDER / "go").exists():
        time.sleep(0.01)
    try:
        system.tag.writeBlocking(["[memory]late"], [True])
    except Exception as error:
        (FOLDER / "refused").write_text(error.code)
"""


def test_a_slow_handler_is_answered_with_an_error_and_can_do_no_more(tmp_path: Path) -> None:
    folder = scripts_in(tmp_path, stuck=STUCK)
    with plant_in(tmp_path, ignition_handlers=folder, ignition_handler_limit=0.2) as plant:
        _ = plant.memory(late="Bool")
        assert "0.2 s" in plant.refused(504, "GET", "/stuck")
        assert (folder / "default" / "begun").exists(), "it began"
        (folder / "default" / "go").write_text("")
        until(lambda: (folder / "default" / "refused").exists() and (folder / "default" / "refused").read_text() != "")
        assert (folder / "default" / "refused").read_text() == "ignition.handler_ended"
        assert plant.get("/api/tags", path="[memory]late")["late"]["value"] is None


def test_others_are_served_while_handlers_wait_and_only_so_many_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runtime_data.ignition.scripting import handlers

    monkeypatch.setattr(handlers, "MOST", 1)
    folder = scripts_in(tmp_path, stuck=STUCK, quick="def doGet(request, session): return {'response': 'quick'}")
    with plant_in(tmp_path, ignition_handlers=folder, ignition_handler_limit=0.2) as plant:
        _ = plant.refused(504, "GET", "/stuck")
        busy = plant.send("GET", "/quick")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
        assert plant.get("/api/tags", path="[PLC_1]Plant/Status")["Status"]["value"] == 2
        (folder / "default" / "go").write_text("")
        until(lambda: plant.send("GET", "/quick").status_code == 200)


@pytest.mark.parametrize(
    "code",
    ["def doGet(request, session): 1 / 0", "not python", "raise SystemExit", "import nothing_of_this_name"],
)
def test_a_handler_that_fails(tmp_path: Path, code: str) -> None:
    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, broken=code)) as plant:
        assert plant.refused(500, "GET", "/broken") == "The handler failed; the log of the service has the details."
        assert plant.get("/api/browse")


def test_a_changed_script_counts_at_once_and_keeps_no_state(tmp_path: Path) -> None:
    folder = scripts_in(
        tmp_path, count="seen = []\ndef doGet(request, session):\n    seen.append(1)\n    return {'json': len(seen)}"
    )
    with plant_in(tmp_path, ignition_handlers=folder) as plant:
        assert [plant.get("/count"), plant.get("/count")] == [1, 1]
        (folder / "default" / "count.py").write_text("def doGet(request, session): return {'json': 'changed'}")
        assert plant.get("/count") == "changed"


SYSTEM = """
def doGet(request, session):
    found = system.tag.browse("[PLC_1]Plant", {"name": "S*", "dataType": "Int2"})
    one = system.tag.readBlocking("[PLC_1]Plant/Status")[0]
    unknown = system.tag.readBlocking(["[PLC_1]nope"])[0]
    try:
        system.dataset.toCSV
    except AttributeError:
        other = "refused"
    return {"json": {
        "browsed": [each["fullPath"] for each in found.getResults()],
        "value": one.getValue(), "time": one.timestamp.getTime() > 0, "code": one.quality.getCode(),
        "unknown": [unknown.value, str(unknown.getQuality()), unknown.quality.isBad()],
        "all": [str(each) for each in system.tag.writeBlocking(["[PLC_1]Plant/Status", "[PLC_1]Plant/Setpoint"], 9)],
        "other": other,
    }}
"""


def test_functions_of_system_tag(tmp_path: Path) -> None:
    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, functions=SYSTEM)) as plant:
        assert plant.get("/functions") == {
            "browsed": ["[PLC_1]Plant/Status", "[PLC_1]Plant/Setpoint"],
            "value": 2,
            "time": True,
            "code": 192,
            "unknown": [None, "Bad_NotFound", True],
            "all": ["Good", "Good"],
            "other": "refused",
        }
        assert plant.send("GET", "/functions").headers["X-Online"] == "PLC_1=unknown", "no project is open"


WRITES = """
def doGet(request, session):
    return {"json": [str(each) for each in system.tag.writeBlocking(["[PLC_1]Plant/Status"], [9])]}
"""


def test_a_handler_writes_with_the_right_of_its_caller(tmp_path: Path) -> None:
    from tests.runtime_data.ignition.plant import make_key

    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, writes=WRITES)) as plant:
        viewer, operator = make_key(plant, "viewer"), make_key(plant, "operator")
        plant.headers = {"X-API-Key": viewer}
        assert plant.get("/writes") == ["Bad_AccessDenied"]
        plant.headers = {"X-API-Key": operator}
        assert plant.get("/writes") == ["Good"]


CALLS = """
def doPost(request, session):
    import json
    client = system.net.httpClient(timeout=5000)
    answer = client.post(json.loads(request["data"])["url"], data={"n": 1}, headers={"X-Plant": "North"})
    return {"json": [answer.good, answer.statusCode, answer.text]}
"""


def test_a_handler_asks_another_system(tmp_path: Path) -> None:
    from tests.engineering_api.features.webhooks.receiver import receiving

    folder = scripts_in(tmp_path, calls=CALLS)
    with receiving() as receiver, plant_in(tmp_path, ignition_handlers=folder) as plant:
        answered: Any = plant.post("/calls", {"url": receiver.url})
        (came,) = receiver.received
    assert answered == [True, 200, ""]
    assert (came.headers["X-Plant"], came.body) == ("North", b'{"n":1}')
