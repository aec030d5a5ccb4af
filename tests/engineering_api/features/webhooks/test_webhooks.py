"""Webhooks: what happens arrives, signed, in its order, at least once, whatever the receiver does."""

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.features.webhooks import engine, sending
from engineering_api.features.webhooks import store as store
from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.operations.events import KINDS
from engineering_api.security.identities import OWN_KEY
from tests.engineering_api.features.webhooks.receiver import Handler, Receiver, cut, held, receiving, receiving_tls
from tests.support.examples import examples
from tests.support.service import KEY, Client, settings

SIGNING = "a-long-secret-of-both"
LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture(autouse=True)
def without_long_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "DELAYS", (0.02, 0.05, 0.05))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as http:
        yield Client(http)


def hook(client: Client, url: str, *events: str, **more: Any) -> str:
    body = {"url": url, "events": list(events) or ["project.*"], "secret": SIGNING} | more
    made = client.ok("POST", "/api/webhooks", body)
    assert "secret" not in json.dumps(made).casefold()
    return str(made["id"])


def create(client: Client, name: str) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": name})


def save(client: Client, times: int = 1) -> None:
    for _ in range(times):
        client.ok("POST", "/api/projects/actions/save-sync", {})


def settled(client: Client, webhook: str, count: int, seconds: float = 90) -> list[Any]:
    """The deliveries, oldest first, once so many have ended."""
    end = time.monotonic() + seconds
    while True:
        found = client.ok("GET", f"/api/webhooks/{webhook}/deliveries")[::-1]
        if len([each for each in found if each["completedAt"]]) >= count:
            return list(found)
        assert time.monotonic() < end, found
        time.sleep(0.01)


def test_what_happens_arrives_signed(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url)
    create(client, "Conveyor")
    (came,) = receiver.until(1)
    assert came.headers["X-Event"] == came.payload["event"] == "project.opened"
    assert came.payload["data"]["target"]["name"] == "Conveyor"
    assert came.headers["X-Delivery-Id"] == came.payload["deliveryId"]
    assert came.headers["Host"] == receiver.url.split("/")[2]
    signed = came.headers["X-Timestamp"].encode() + b"." + came.body
    assert came.headers["X-Signature"] == "sha256=" + hmac.new(SIGNING.encode(), signed, hashlib.sha256).hexdigest()
    (delivery,) = settled(client, webhook, 1)
    assert (delivery["status"], delivery["attempts"][0]["statusCode"]) == ("Delivered", 200)
    assert delivery["id"] == came.payload["deliveryId"]
    assert client.ok("GET", f"/api/webhooks/{webhook}/deliveries", status="pending") == []
    assert client.ok("GET", f"/api/webhooks/{webhook}/deliveries/{delivery['id']}")["payload"] == came.payload


def test_only_what_a_receiver_wants_is_sent(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url, "project.saved")
    create(client, "Conveyor")
    save(client)
    assert [each["event"] for each in settled(client, webhook, 1)] == ["project.saved"]


def test_progress_is_sent_only_to_who_names_it(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url, "job.*")
    client.job("POST", "/api/projects/actions/create", {"name": "Conveyor"})
    found = settled(client, webhook, 3)
    assert [each["event"] for each in found] == ["job.created", "job.status", "job.status"]


def test_it_is_tried_again_after_faults_and_the_order_is_kept(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url)
    receiver.planned = [500, cut, 302]
    create(client, "Conveyor")
    save(client, 2)
    receiver.until(6)
    deliveries = settled(client, webhook, 3)
    assert [each["status"] for each in deliveries] == ["Delivered"] * 3
    codes = [attempt["statusCode"] for attempt in deliveries[0]["attempts"]]
    assert codes == [500, None, 302, 200]
    assert all(attempt["error"] for attempt in deliveries[0]["attempts"][:-1])
    arrived = [each.payload["deliveryId"] for each in receiver.received]
    assert arrived == [deliveries[0]["id"]] * 4 + [each["id"] for each in deliveries[1:]]


def test_after_the_last_attempt_it_has_failed_and_the_next_ones_go_on(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url)
    receiver.planned = [500] * 4
    create(client, "Conveyor")
    save(client)
    first, second = settled(client, webhook, 2)
    assert (first["status"], len(first["attempts"]), first["nextAttemptAt"]) == ("Failed", 4, None)
    assert second["status"] == "Delivered"
    again = client.ok("POST", f"/api/webhooks/{webhook}/deliveries/{first['id']}/actions/redeliver")
    assert again["redeliveryOf"] == first["id"]
    third = settled(client, webhook, 3)[-1]
    assert (third["id"], third["status"]) == (again["id"], "Delivered")
    first_sent, last_sent = receiver.received[0], receiver.received[-1]
    assert (last_sent.payload, last_sent.headers["X-Delivery-Id"]) == (first_sent.payload, first["id"])


def test_a_slow_receiver_holds_nobody_up(client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    with receiving() as other:
        slow, quick = hook(client, receiver.url), hook(client, other.url)
        receiver.planned = [held(gate)]
        create(client, "Conveyor")
        save(client, 3)
        assert [each["status"] for each in settled(client, quick, 4)] == ["Delivered"] * 4
        assert len(client.ok("GET", f"/api/webhooks/{slow}/deliveries", status="pending")) == 4
        gate.set()
        assert [each["status"] for each in settled(client, slow, 4)] == ["Delivered"] * 4


def test_a_receiver_that_never_answers_is_given_up(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", 0.1)
    monkeypatch.setattr(engine, "DELAYS", (0.02,) * 1000)
    gate = threading.Event()

    def silent(handler: Handler) -> None:
        monkeypatch.setattr(sending, "TIMEOUT", 60.0)  # for what is sent after this one
        held(gate)(handler)

    receiver.planned = [silent]
    webhook = hook(client, receiver.url)
    create(client, "Conveyor")
    (delivery,) = settled(client, webhook, 1)
    gate.set()
    *given_up, arrived = delivery["attempts"]
    assert {each["error"] for each in given_up} == {"No answer in 0.1 s."}
    assert arrived["statusCode"] == 200


def test_what_was_queued_survives_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "DELAYS", (0.02,) * 500)
    with receiving() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
    with TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as http:
        client = Client(http)
        webhook = hook(client, receiver.url)
        create(client, "Conveyor")
        save(client)
        client.ok("POST", "/api/projects/actions/close-sync", {})
    with receiving(port) as receiver, TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as http:
        found = settled(Client(http), webhook, 3)
        assert [each["status"] for each in found] == ["Delivered"] * 3
        assert [each.payload["event"] for each in receiver.received] == [
            "project.opened",
            "project.saved",
            "project.closed",
        ]


def test_ping_goes_before_what_waits_and_tells_what_became_of_it(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "DELAYS", (3600,))
    webhook = hook(client, receiver.url)
    receiver.planned = [503, 200, 404]
    create(client, "Conveyor")
    receiver.until(1)
    pinged = client.ok("POST", f"/api/webhooks/{webhook}/actions/ping")
    assert (pinged["status"], pinged["event"]) == ("Delivered", "webhook.ping")
    pinged = client.ok("POST", f"/api/webhooks/{webhook}/actions/ping")
    assert (pinged["status"], pinged["attempts"][0]["statusCode"]) == ("Failed", 404)
    waiting = client.ok("GET", f"/api/webhooks/{webhook}/deliveries", status="pending")
    assert [each["event"] for each in waiting] == ["project.opened"]
    path = f"/api/webhooks/{webhook}/deliveries/{waiting[0]['id']}/actions/redeliver"
    client.refused(409, "webhook.delivery_pending", "POST", path)


def test_a_receiver_is_changed_paused_and_deleted(client: Client, receiver: Receiver) -> None:
    webhook = hook(client, receiver.url, "project.saved")
    path = f"/api/webhooks/{webhook}"
    changed = client.ok(
        "PUT", path, {"events": ["project.opened"], "description": "CI", "secret": "another-long-secret"}
    )
    assert (changed["events"], changed["description"], changed["url"]) == (["project.opened"], "CI", receiver.url)
    create(client, "Conveyor")
    (came,) = receiver.until(1)
    key, text = b"another-long-secret", came.headers["X-Timestamp"].encode() + b"." + came.body
    assert came.headers["X-Signature"] == "sha256=" + hmac.new(key, text, hashlib.sha256).hexdigest()
    client.ok("PUT", path, {"enabled": False, "events": ["*"]})
    save(client)
    assert [each["event"] for each in settled(client, webhook, 1)] == ["project.opened"]
    assert [each["id"] for each in client.ok("GET", "/api/webhooks")] == [webhook]
    tag = client.http.get(path).headers["etag"]
    client.ok("PUT", path, {"description": "theirs"})
    mine = client.http.put(path, json={"description": "mine"}, headers={"If-Match": tag})
    assert (mine.status_code, mine.json()["error"]["code"]) == (412, "request.precondition_failed")
    client.ok("DELETE", path)
    client.refused(404, "webhook.not_found", "GET", path)
    client.refused(404, "webhook.not_found", "GET", f"{path}/deliveries")
    client.refused(404, "webhook.not_found", "PUT", path, {"enabled": True})
    client.refused(404, "webhook.not_found", "POST", f"{path}/actions/ping")


def test_the_secret_is_kept_encrypted_and_told_nobody(tmp_path: Path) -> None:
    with receiving() as receiver, TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as http:
        client = Client(http)
        webhook = hook(client, receiver.url)
        answers = [client.ok("GET", path) for path in ("/api/webhooks", f"/api/webhooks/{webhook}", "/api/audit")]
        assert SIGNING not in json.dumps(answers)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SIGNING.encode() not in kept


def test_a_receiver_too_far_behind_loses_what_is_told(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_PENDING", 2)
    monkeypatch.setattr(engine, "DELAYS", (3600,))
    receiver.planned = [500]
    webhook = hook(client, receiver.url)
    create(client, "Conveyor")
    save(client, 2)
    found = settled(client, webhook, 1)
    assert [each["status"] for each in found] == ["Pending", "Pending", "Failed"]
    assert "too many deliveries waiting" in found[-1]["attempts"][0]["error"]


def test_the_order_is_kept_and_nothing_is_lost_whatever_the_receiver_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "DELAYS", (0.005,) * 50)
    create(client, "Conveyor")

    @examples(6)
    @given(faults=st.lists(st.sampled_from([200, 202, 301, 404, 500, cut]), max_size=10), times=st.integers(1, 4))
    def play(faults: list[Any], times: int) -> None:
        with receiving() as receiver:
            receiver.planned = list(faults)
            webhook = hook(client, receiver.url, "project.saved")
            save(client, times)
            found = settled(client, webhook, times)
            assert [each["status"] for each in found] == ["Delivered"] * times
            arrived = list(dict.fromkeys(each.payload["deliveryId"] for each in receiver.received))
            assert arrived == [each["id"] for each in found]
            assert sum(len(each["attempts"]) for each in found) == len(receiver.received)
            client.ok("DELETE", f"/api/webhooks/{webhook}")

    play()


def test_over_tls_the_certificate_is_checked_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "DELAYS", ())
    with receiving_tls(tmp_path) as (receiver, trusted):
        for certificate, status in ((None, "Failed"), (trusted, "Delivered")):
            if certificate is not None:
                monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            options = {"webhook_hosts": ["localhost", "127.0.0.1"]}
            with TestClient(create_app(settings(tmp_path / status, **options))) as http:
                client = Client(http)
                pinged = client.ok("POST", f"/api/webhooks/{hook(client, receiver.url)}/actions/ping")
                assert pinged["status"] == status, pinged
                other = hook(client, receiver.url.replace("localhost", "127.0.0.1"))
                assert "CERTIFICATE" in str(
                    client.ok("POST", f"/api/webhooks/{other}/actions/ping")["attempts"][0]["error"]
                )
        assert receiver.received[0].headers["Host"].startswith("localhost:")


def test_many_changes_at_once_leave_one_task_for_each_receiver(client: Client, receiver: Receiver) -> None:
    service = client.http.app.state.service.part(Webhooks)

    async def many() -> None:
        one = (await service.add(receiver.url, ["project.opened"], SIGNING, "", OWN_KEY, enabled=True)).id
        changes = [
            service.change(one, OWN_KEY, description=str(number), url=f"{receiver.url}?{number}")
            for number in range(20)
        ]
        await asyncio.gather(*changes)

    client.http.blocking_portal.call(many)
    create(client, "Conveyor")
    receiver.until(1)
    (webhook,) = client.ok("GET", "/api/webhooks")
    settled(client, webhook["id"], 1)
    assert len(receiver.received) == 1


def test_what_cannot_be_a_webhook_is_refused(client: Client) -> None:
    url, good = "http://127.0.0.1:9/hook", {"events": ["*"], "secret": SIGNING}
    for wrong in (
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "127.0.0.1/hook",
        "http://",
        "http://u:p@127.0.0.1/",
        "http://[::",
    ):
        client.refused(422, "webhook.url", "POST", "/api/webhooks", good | {"url": wrong})
    client.refused(422, "webhook.secret", "POST", "/api/webhooks", good | {"url": url, "secret": "short"})
    client.refused(422, "webhook.event", "POST", "/api/webhooks", good | {"url": url, "events": []})
    error = client.refused(
        422, "webhook.event", "POST", "/api/webhooks", good | {"url": url, "events": ["*", "Project Saved"]}
    )
    assert error["place"] == {"pointer": "/events/1"}
    assert client.ok("GET", "/api/webhooks") == []


def test_only_the_key_may_see_or_change_them(client: Client) -> None:
    del client.http.headers["X-API-Key"]
    client.refused(401, "auth.required", "GET", "/api/webhooks")
    client.refused(
        401, "auth.required", "POST", "/api/webhooks", {"url": "http://127.0.0.1", "events": [], "secret": ""}
    )
    client.http.headers["X-API-Key"] = KEY


def test_events_that_never_happen_are_refused(client: Client) -> None:
    body = {"url": "http://127.0.0.1:9/", "events": ["project.saved", "project.sayed"], "secret": SIGNING}
    error = client.refused(422, "webhook.event", "POST", "/api/webhooks", body)
    assert error["place"] == {"pointer": "/events/1"}


def test_every_event_of_an_operation_can_be_asked_for() -> None:
    assert {op.event for op in catalogue() if op.event} < set(KINDS)


def test_what_a_second_process_queues_is_sent_once_and_by_the_first(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOOK_AGAIN", 0.05)
    with TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as first:
        hook(Client(first), receiver.url, "project.opened")
        with TestClient(create_app(settings(tmp_path, webhook_hosts=LOOPBACK))) as second:
            create(Client(second), "Line")
        receiver.until(1)
    time.sleep(0.2)  # time: nothing may happen meanwhile
    assert len(receiver.received) == 1
