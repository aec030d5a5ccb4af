"""The client for programs that wait, against a server on a loopback port."""

import itertools
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engineering_api.client import AsyncClient, Client, Job, Problem
from engineering_api.client.calls import catalogue
from engineering_api.features.udts.udt_content import UdtMember
from engineering_api.operations.jobs import JobRecord
from openness_bridge.errors import Kind
from openness_bridge.program.tag_tables import TableInfo
from tests.support.service import KEY

COUNTER = """DATA_BLOCK "Data"
VAR
  count : DInt;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "Data".count := "Data".count + 1;
END_ORGANIZATION_BLOCK
"""


def test_a_typed_call_returns_the_struct_of_the_service(client: Client) -> None:
    made = client.tag_tables.create(device_name="PLC_1", name="Motors", folder="Line 1")
    assert isinstance(made, TableInfo)
    assert made.folder == "Line 1"
    assert made in client.tag_tables.list_(device_name="PLC_1")


@pytest.mark.parametrize("name", ["A/B", "50 % + more?", "..", "Füllstand #1", "a&b=c"])
def test_a_name_arrives_as_it_is_whatever_it_holds(client: Client, name: str) -> None:
    client.tag_tables.create(device_name="PLC_1", name="Before")
    client.tag_tables.update(device_name="PLC_1", table_name="Before", new_name=name)
    assert f"<Name>{name.replace('&', '&amp;')}</Name>" in client.tag_tables.export_xml(
        device_name="PLC_1", table_name=name
    )
    client.tag_tables.delete(device_name="PLC_1", table_name=name)


def test_a_refusal_is_raised_as_the_problem_that_it_is_there(client: Client) -> None:
    client.tag_tables.create(device_name="PLC_1", name="Motors")
    with pytest.raises(Problem) as caught:
        client.tag_tables.create(device_name="PLC_1", name="Motors")
    problem = caught.value
    assert (problem.code, problem.kind) == ("tag_table.exists", Kind.CONFLICT)
    assert problem.place is not None
    assert problem.place.table == "Motors"


def test_a_field_that_is_unknown_is_refused_before_anything_is_sent() -> None:
    with Client("http://127.0.0.1:1", KEY) as nobody, pytest.raises(Problem, match="Did you mean 'deviceName'"):
        nobody.call("tag_tables.list_", devicename_="PLC_1")


def test_any_operation_runs_by_name_with_plain_values(client: Client) -> None:
    made = client.call("tag_tables.create", deviceName="PLC_1", name="Valves")
    assert made["name"] == "Valves"
    with pytest.raises(Problem) as caught:
        client.call("tag_tables.paint")
    assert caught.value.code == "operation.not_found"


def test_the_whole_answer_has_message_and_headers(client: Client) -> None:
    answer = client.answer("tag_tables.create", device_name="PLC_1", name="Pumps")
    assert (answer.status, answer.message, answer.data["name"]) == (200, "Tag table created", "Pumps")
    assert answer.headers["content-type"] == "application/json"


def test_a_job_is_waited_for_and_tells_its_progress(client: Client, tmp_path: Path) -> None:
    told: list[JobRecord] = []
    archived = client.using(progress=told.append).projects.archive(path="a.zap20", save=True, wait=False)
    assert isinstance(archived, Job)
    assert archived.result().name == "a.zap20"
    assert [told[-1].status, told[-1].progress] == ["Completed", 100]
    assert archived.progress == 100
    again = client.job(archived.id)
    assert again.result()["name"] == "a.zap20"


def test_any_operation_runs_as_a_job(client: Client) -> None:
    job = client.submit("tag_tables.list_", device_name="PLC_1")
    assert [table["name"] for table in job.result()] == ["Default tag table"]


def test_what_made_a_job_fail_is_raised_by_its_result(client: Client) -> None:
    job = client.tag_tables.delete(device_name="PLC_1", table_name="Nothing", wait=False)
    with pytest.raises(Problem) as caught:
        job.result()
    assert caught.value.code == "tag_table.not_found"
    with pytest.raises(Problem) as ended:
        job.cancel()
    assert ended.value.code == "job.ended"


def test_a_list_is_filtered_sorted_and_paged(client: Client) -> None:
    for name in ("B1", "A1", "A2", "A3"):
        client.tag_tables.create(device_name="PLC_1", name=name)
    second = client.using(filter="name~A*", sort="-name", page=2, page_size=2)
    assert [table.name for table in second.tag_tables.list_(device_name="PLC_1")] == ["A1"]
    assert second.answer("tag_tables.list_", device_name="PLC_1").total == 3


def test_a_change_is_tried_before_it_is_made(client: Client) -> None:
    tried = client.preview("tag_tables.create", device_name="PLC_1", name="Tried")
    assert (tried.basis, tried.answer["name"]) == ("undone", "Tried")
    assert "Tried" not in [table.name for table in client.tag_tables.list_(device_name="PLC_1")]


def test_an_edit_is_bound_to_what_was_read(client: Client) -> None:
    client.udts.create(device_name="PLC_1", name="Motor", members=[UdtMember(name="Speed", data_type="Int")])
    read = client.answer("udts.get", device_name="PLC_1", udt_name="Motor")
    longer = [UdtMember(name="Speed", data_type="Int"), UdtMember(name="Running", data_type="Bool")]
    bound = client.using(if_match=read.etag)
    bound.udts.update(device_name="PLC_1", udt_name="Motor", members=longer)
    with pytest.raises(Problem) as caught:
        bound.udts.update(device_name="PLC_1", udt_name="Motor", members=[])
    assert caught.value.kind is Kind.CHANGED
    kept = client.udts.get(device_name="PLC_1", udt_name="Motor").members
    assert [member.name for member in kept] == ["Speed", "Running"]


def test_events_are_seen_as_they_happen_and_again_after_a_number(client: Client) -> None:
    stream = client.events(after=0)
    job = client.submit("tag_tables.list_", device_name="PLC_1")
    job.result()
    mine = list(itertools.takewhile(lambda event: not is_end(event, job.id), stream))
    created = next(event for event in mine if event.subject == job.id)
    assert (created.kind, created.data) == ("job.created", {"operation": "tag_tables.list_"})
    following = next(iter(client.events(after=created.number)))
    assert following.number == created.number + 1


def is_end(event: object, job_id: str) -> bool:
    return getattr(event, "subject", "") == job_id and getattr(event, "data", {}).get("status") == "Completed"


def test_a_stream_that_is_refused_raises_the_problem(client: Client) -> None:
    with pytest.raises(Problem) as caught:
        next(client.simulation_values(["bStart"], instance="nobody"))
    assert caught.value.kind in {Kind.MISSING, Kind.CONFLICT, Kind.REFUSED}


def test_a_server_that_is_not_there_is_named(client: Client) -> None:
    with Client("http://127.0.0.1:1", KEY) as nobody, pytest.raises(Problem, match="tia serve") as caught:
        nobody.using(retries=0).health.ping()
    assert caught.value.code == "client.unreachable"


def test_a_wrong_key_is_refused(url: str) -> None:
    with Client(url, "wrong") as stranger, pytest.raises(Problem) as caught:
        stranger.projects.list_()
    assert (caught.value.code, caught.value.kind) == ("auth.key", Kind.UNIDENTIFIED)


def test_the_environment_names_server_and_key(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIA_URL", url)
    monkeypatch.setenv("TIA_API_KEY", KEY)
    with Client() as found:
        assert found.health.ping().pong


def test_the_server_of_this_computer_is_found_by_the_list_of_those_that_run(
    url: str, server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TIA_URL", "TIA_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIA_DATA_DIR", str(server_folder / "data"))
    with Client() as found:
        assert found.server.url == url
        assert found.health.ping().pong


def test_an_unknown_instance_is_refused_for_a_client_that_uses_it(client: Client) -> None:
    with pytest.raises(Problem) as caught:
        client.using(instance=999_999_999).tag_tables.list_(device_name="PLC_1")
    assert caught.value.kind in {Kind.MISSING, Kind.CONFLICT}


def test_every_operation_has_a_method_on_both_clients() -> None:
    for op in catalogue():
        resource, _, verb = op.name.partition(".")
        for kind in (Client, AsyncClient):
            made = getattr(kind, resource).fget.__annotations__["return"]
            module = __import__(f"engineering_api.client.resources.{resource}", fromlist=[made])
            assert callable(getattr(getattr(module, made), verb)), op.name


def test_values_of_a_simulated_plc_are_streamed(client: Client) -> None:
    client.sources.import_and_generate(device_name="PLC_1", scl_content=COUNTER)
    client.devices.compile_(device_name="PLC_1")
    client.simulation_instances.create(name="PLC_1")
    try:
        client.simulation_instances.power_on(name="PLC_1")
        client.simulation.connect(instance="PLC_1")
        client.online.download(device_name="PLC_1")
        client.online.start_cpu(device_name="PLC_1")
        readings = client.simulation_values(["Data.count"], instance="PLC_1", period=0.02, change_only=True)
        first, second = itertools.islice(readings, 2)
        assert second["Data.count"] > first["Data.count"]
        online = client.online_values("PLC_1", ["Data.count"], period=0.02)
        assert next(online)["Data.count"] >= second["Data.count"]
    finally:
        client.simulation_instances.delete(name="PLC_1")


HANGING = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    b': beat {"time":1}\r\n\r\nevent: values\r\ndata: [{"name":"a","value":1,"online":"differs"}]\r\n\r\n'
)


def test_a_stream_without_a_beat_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server hangs after its first values: they are given with their program, then the client says that they are old."""
    monkeypatch.setattr("engineering_api.client.blocking.STALE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as pool:

        def hang() -> socket.socket:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(HANGING)
            return connection

        answering = pool.submit(hang)
        with Client(f"http://127.0.0.1:{listener.getsockname()[1]}", "k") as client:
            stream = client.online_values("PLC_1", ["a"])
            first = next(stream)
            assert (first, first.online) == ({"a": 1}, "differs")
            with pytest.raises(Problem) as caught:
                next(stream)
            assert caught.value.code == "client.stale"
        answering.result().close()
