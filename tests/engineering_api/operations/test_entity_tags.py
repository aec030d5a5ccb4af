"""Edits can be bound to what their caller has read: of two, one succeeds and the other is told so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
TABLE = f"{DEVICE}/tag-tables/Motors"


def tag_of(client: Client, path: str) -> str:
    return str(client.http.get(path).headers["ETag"])


def create(client: Client, name: str, tag: str) -> Any:
    return client.http.post(f"{DEVICE}/tag-tables", json={"name": name}, headers={"If-Match": tag})


def test_the_tag_is_of_the_data_and_not_of_the_time(plc: Client) -> None:
    assert tag_of(plc, DEVICE) == tag_of(plc, DEVICE)
    before = tag_of(plc, f"{DEVICE}/tag-tables")
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Motors"})
    assert tag_of(plc, f"{DEVICE}/tag-tables") != before


def test_who_has_it_already_is_not_sent_it_again(plc: Client) -> None:
    answer = plc.http.get(DEVICE, headers={"If-None-Match": f'"other", {tag_of(plc, DEVICE)}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert plc.http.get(DEVICE, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_second_of_two_edits_is_refused_and_told_where_to_look(plc: Client) -> None:
    seen = tag_of(plc, f"{DEVICE}/tag-tables")
    first = create(plc, "Motors", seen)
    assert first.status_code == 200
    assert first.headers["ETag"] == tag_of(plc, f"{DEVICE}/tag-tables")
    second = create(plc, "Valves", seen)
    assert second.status_code == 412
    assert second.json()["error"]["code"] == "request.precondition_failed"
    assert "GET /api/devices/{deviceName}/tag-tables" in second.json()["message"]
    assert create(plc, "Valves", first.headers["ETag"]).status_code == 200


def test_of_many_at_once_exactly_one_wins(plc: Client) -> None:
    seen = tag_of(plc, f"{DEVICE}/tag-tables")
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: create(plc, f"T{n}", seen).status_code, range(8)))
    assert sorted(statuses) == [200] + [412] * 7


def test_of_two_that_create_the_same_one_is_told_of_a_conflict(plc: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: plc.http.post(f"{DEVICE}/tag-tables", json={"name": "Same"}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_a_job_keeps_its_condition(plc: Client) -> None:
    seen = tag_of(plc, f"{DEVICE}/tag-tables")
    headers = {"If-Match": seen, "Prefer": "respond-async"}
    first = plc.http.post(f"{DEVICE}/tag-tables", json={"name": "Motors"}, headers=headers)
    assert plc.ended(first.json()["data"]["jobId"])["status"] == "Completed"
    second = plc.http.post(f"{DEVICE}/tag-tables", json={"name": "Valves"}, headers=headers)
    assert second.status_code == 412


def test_a_tag_is_added_to_the_table_that_was_seen(plc: Client) -> None:
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Motors"})
    seen = tag_of(plc, f"{TABLE}/tags")
    statuses = [
        plc.http.post(f"{TABLE}/tags", json={"name": name}, headers={"If-Match": seen}).status_code
        for name in ("first", "second")
    ]
    assert statuses == [200, 412]


def test_a_tag_without_a_table_is_bound_to_the_tables(plc: Client) -> None:
    seen = tag_of(plc, f"{DEVICE}/tag-tables")
    statuses = [
        plc.http.post(f"{DEVICE}/tags", json={"name": name}, headers={"If-Match": seen}).status_code
        for name in ("first", "second")
    ]
    assert statuses == [200, 412]


def test_generated_blocks_are_bound_to_the_blocks(plc: Client) -> None:
    seen = tag_of(plc, f"{DEVICE}/blocks")
    statuses = []
    for name in ("A", "B"):
        text = f'FUNCTION "{name}" : Void\nBEGIN\nEND_FUNCTION\n'
        path = f"{DEVICE}/external-sources/import-and-generate"
        answer = plc.http.post(path, json={"sclContent": text}, headers={"If-Match": seen})
        statuses.append(answer.status_code)
    assert statuses == [200, 412]


def test_a_block_is_replaced_as_it_was_seen_although_each_export_has_its_time(plc: Client) -> None:
    source = 'FUNCTION "A" : Void\nBEGIN\n    ;\nEND_FUNCTION\n'
    plc.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": source})
    plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    path = f"{DEVICE}/blocks/A/content"
    reads = [plc.http.get(path, headers={"Cache-Control": "no-cache"}) for _ in range(2)]
    assert reads[0].json()["data"]["rawXml"] != reads[1].json()["data"]["rawXml"]
    assert reads[0].headers["ETag"] == reads[1].headers["ETag"]
    body = {"sourceText": source.replace("    ;", "    // new\n    ;")}
    statuses = [
        plc.http.put(path, json=body, headers={"If-Match": reads[0].headers["ETag"]}, params=query).status_code
        for query in ({"dryRun": True}, {}, {})
    ]
    assert statuses == [200, 200, 412]


def test_a_dry_run_leaves_what_is_known_of_a_block_that_is_not_compiled(plc: Client) -> None:
    source = 'FUNCTION "A" : Void\nBEGIN\n    ;\nEND_FUNCTION\n'
    plc.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": source})
    path = f"{DEVICE}/blocks/A/content"
    before = plc.http.get(path)
    assert before.json()["data"]["needsCompilation"]
    assert before.json()["data"]["sourceText"]
    plc.ok("PUT", path, {"sourceText": source.replace("    ;", "    // new\n    ;")}, dryRun=True)
    after = plc.http.get(path)
    assert (after.json()["data"], after.headers["ETag"]) == (before.json()["data"], before.headers["ETag"])


def test_a_device_is_renamed_only_as_it_was_seen(plc: Client) -> None:
    seen = tag_of(plc, DEVICE)
    body = {"deviceName": "PLC_1", "newName": "Packaging"}
    assert plc.http.post("/api/devices/actions/rename", json=body, headers={"If-Match": '"other"'}).status_code == 412
    assert plc.http.post("/api/devices/actions/rename", json=body, headers={"If-Match": seen}).status_code == 200


def test_what_no_read_shows_cannot_be_bound(client: Client) -> None:
    answer = client.http.post("/api/instance/actions/launch", json={}, headers={"If-Match": '"x"'})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.no_entity_tag")
    assert client.ok("GET", "/api/instances") == []


def test_any_state_will_do_when_it_exists(plc: Client) -> None:
    assert create(plc, "Motors", "*").status_code == 200
