"""How requests are read: names in any case, nothing ignored, every mistake with its place."""

from pathlib import Path

import pytest

from tests.support.service import KEY, Client

CREATE = "/api/projects/actions/create-sync"


def test_field_names_are_read_in_any_case(client: Client) -> None:
    client.ok("POST", CREATE, {"NAME": "A", "Comment": "x"})


def test_an_unknown_field_is_reported_with_the_nearest_name(client: Client) -> None:
    error = client.refused(400, "request.unknown_field", "POST", CREATE, {"name": "A", "coment": "x", "zzz": 1})
    assert error["place"] == {"pointer": "/coment"}
    assert "'comment'" in error["message"]
    assert [detail["place"]["pointer"] for detail in error["details"]] == ["/coment", "/zzz"]
    assert client.ok("GET", "/api/projects") == []


def test_a_field_that_is_given_twice_must_say_the_same(plc: Client) -> None:
    error = plc.refused(400, "request.repeated_field", "POST", CREATE, {"Name": "A", "name": "B"})
    assert error["place"] == {"pointer": "/name"}
    tags = "/api/devices/PLC_1/tags"
    plc.refused(400, "request.repeated_field", "POST", tags, {"deviceName": "PLC_2", "name": "x"})
    plc.refused(400, "request.repeated_field", "POST", tags, {"DeviceName": "PLC_2", "name": "x"})
    plc.refused(400, "request.repeated_field", "GET", f"{tags}/all?filter=a&filter=b")
    plc.ok("POST", tags, {"DeviceName": "PLC_1", "deviceName": "PLC_1", "name": "x"})


def test_a_missing_field(client: Client) -> None:
    error = client.refused(400, "request.missing_field", "POST", CREATE, {})
    assert error["place"] == {"pointer": "/name"}


@pytest.mark.parametrize(("body", "pointer"), [({"name": 5}, "/name"), ({"name": "A", "comment": []}, "/comment")])
def test_a_wrong_type(client: Client, body: dict[str, object], pointer: str) -> None:
    assert client.refused(400, "request.wrong_type", "POST", CREATE, body)["place"] == {"pointer": pointer}


@pytest.mark.parametrize("text", [b'{"name":', b"\xff\xfe", b'{"name": "\xff"}', b"nonsense", b"[" * 100_000])
def test_malformed_json(client: Client, text: bytes) -> None:
    answer = client.http.post(CREATE, content=text, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.malformed_json")


def test_a_body_that_is_no_object(client: Client) -> None:
    client.refused(400, "request.not_an_object", "POST", CREATE, ["A"])


def test_an_unknown_route(client: Client) -> None:
    client.refused(404, "route.not_found", "GET", "/api/nothing/here")
    client.refused(405, "route.method", "PUT", "/api/projects")


def test_numbers_in_the_query_are_read(client: Client) -> None:
    client.refused(400, "request.wrong_type", "GET", "/api/jobs", limit="many")
    assert client.ok("GET", "/api/jobs", limit=5) == []


def test_words_of_a_closed_set_are_read_in_any_case(plc: Client) -> None:
    job = plc.job("POST", "/api/projects/actions/save")
    for status in ("Completed", "completed", "COMPLETED", ""):
        assert [each["jobId"] for each in plc.ok("GET", "/api/jobs", status=status)] == [job["jobId"]]
    assert plc.ok("GET", "/api/jobs", status="running") == []
    error = plc.refused(400, "request.wrong_type", "GET", "/api/jobs?status=complete")
    assert "Valid values: Cancelled, Completed, Failed, Pending, Running." in error["message"]


@pytest.mark.parametrize("value", ["true", "True", "TRUE", "false"])
def test_a_truth_value_of_a_query_is_true_or_false(plc: Client, value: str) -> None:
    plc.ok("GET", "/api/devices/PLC_1/online/interfaces", search=value)
    plc.ok("POST", "/api/devices/PLC_1/tag-tables", {"name": "Inputs"}, dryRun="true")


@pytest.mark.parametrize("value", ["1", "0", "yes", ""])
def test_any_other_text_is_no_truth_value(plc: Client, value: str) -> None:
    plc.refused(400, "request.wrong_type", "GET", "/api/devices/PLC_1/online/interfaces", search=value)
    table = "/api/devices/PLC_1/tag-tables"
    plc.refused(400, "request.wrong_type", "POST", table, {"name": "Inputs"}, dryRun=value)


@pytest.mark.parametrize("value", ["true", 1, 0])
def test_a_truth_value_of_a_body_is_no_text_and_no_number(plc: Client, value: object) -> None:
    stop = {"instance": "PLC_1", "powerOff": value}
    plc.refused(400, "request.wrong_type", "POST", "/api/simulation/stop", stop)
    table = "/api/devices/PLC_1/tag-tables"
    plc.refused(400, "request.wrong_type", "POST", table, {"name": "Inputs", "dryRun": value})


def test_a_number_of_a_body_is_no_text_though_the_path_has_only_text(plc: Client) -> None:
    path = "/api/devices/PLC_1/actions/download-sync"
    plc.refused(400, "request.wrong_type", "POST", path, {"pcInterfaceNumber": "1"})


def test_the_key_is_asked_for(client: Client) -> None:
    del client.http.headers["X-API-Key"]
    client.refused(401, "auth.required", "GET", "/api/projects")
    client.ok("GET", "/api/health")
    client.ok("GET", "/api/health/ping")
    client.http.headers["X-API-Key"] = "wrong"
    client.refused(401, "auth.key", "GET", "/api/projects")
    client.http.headers["X-API-Key"] = KEY
    client.ok("GET", "/api/projects")


def test_a_portal_can_be_named_in_a_header(client: Client) -> None:
    client.http.headers["X-TIA-Instance"] = "x"
    client.refused(400, "request.instance", "GET", "/api/projects")
    client.http.headers["X-TIA-Instance"] = "1"
    client.refused(409, "portal.not_attached", "GET", "/api/projects")


def test_head_answers_as_get_does_without_a_body(plc: Client) -> None:
    got, asked = plc.http.get("/api/projects/devices"), plc.http.head("/api/projects/devices")
    assert (asked.status_code, asked.content, asked.headers["ETag"]) == (200, b"", got.headers["ETag"])
    assert plc.http.head("/api/events").status_code == 200
    assert plc.http.head("/api/nothing").status_code == 404


def test_a_method_that_a_path_does_not_take_is_told_which_it_takes(client: Client) -> None:
    answer = client.http.put("/api/pipelines")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST, OPTIONS, HEAD")


def test_a_folder_is_no_file_to_write(plc: Client, workspace: Path) -> None:
    (workspace / "out").mkdir()
    plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    body = {"exportPath": "out", "overwrite": True}
    error = plc.refused(409, "file.exists", "POST", "/api/devices/PLC_1/blocks/Main/actions/export", body)
    assert "name a file in it" in error["message"]
