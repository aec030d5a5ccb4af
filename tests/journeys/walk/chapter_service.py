"""The service itself: jobs, settings, documentation, files, the log, and its end."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import KEY, Walk, names


def anything_can_be_a_job(w: Walk) -> None:
    run = {"operation": "tag_tables.create", "arguments": PLC | {"name": "ByName"}}
    with_effect = w.peek("tag_tables.list_", PLC)
    assert w.read("jobs.execute_sync", run)["name"] == "ByName"
    assert len(w.peek("tag_tables.list_", PLC)) == len(with_effect) + 1
    job = w.read("jobs.execute", {"operation": "devices.get", "arguments": PLC})
    while w.read("jobs.get", job)["status"] in {"Pending", "Running"}:
        pass
    assert w.peek("jobs.get", job)["result"] == w.peek("devices.get", PLC)
    assert job["jobId"] in [each["jobId"] for each in w.read("jobs.list_")]
    assert w.refuses("jobs.cancel", job, 409, "job.ended")["message"]


def it_explains_itself(w: Walk) -> None:
    text = w.read("system.docs")
    section = next(each for each in w.read("system.sections") if "tags" in each["name"].casefold())
    name = section.get("slug") or section["name"]
    assert w.read("system.doc_section", {"sectionName": name})
    assert w.read("system.search_docs", {"q": "import tags from Excel"})
    assert {each["name"] for each in w.read("discovery.list_")} == {op.name for op in w.catalogue}
    assert w.read("discovery.info", {"route": "tag_tables.create"})[0]["name"] == "tag_tables.create"
    assert "tag-tables" in text


def without_a_gateway_there_are_no_workers(w: Walk) -> None:
    w.refuses("workers.list_", {}, 409, "gateway.none")
    w.refuses("workers.drain", {"name": "PC1"}, 409, "gateway.none")
    w.refuses("workers.resume", {"name": "PC1"}, 409, "gateway.none")


def its_files_can_be_chosen(w: Walk) -> None:
    assert "Conveyor.xml" in names(w.read("system.browse_file", {"path": "tags", "filter": "*.xml"})["entries"])
    assert "tags" in names(w.read("system.browse_folder", {"path": ""})["entries"])
    assert w.read("system.browse_project", {"path": "projects"})["entries"]


def it_is_set_up(w: Walk) -> None:
    w.changes("system.save_settings", {"keepJobsDays": 77}, seen="system.settings")
    assert w.read("system.settings")["keepJobsDays"] == 77 or 77 in w.peek("system.settings")["atNextStart"]
    logged = w.read("system.audit", {"limit": 1000})
    assert {"tag_tables.create", "online.download"} <= {entry["operation"] for entry in logged}
    assert w.http.get("/api/projects", headers={"X-API-Key": "wrong"}).status_code == 401
    assert KEY not in str(logged)
    whole = w.read("audit_log.verify")
    assert (whole["ok"], whole["broken"]) == (True, None)


def it_is_summed_up(w: Walk) -> None:
    found, details = w.read("status.summary"), w.peek("health.details")
    assert [each["processId"] for each in found["portals"]] == [each["processId"] for each in details["portals"]]
    assert found["plcs"] == w.peek("simulation_instances.list_")
    assert found["lastTestRun"] == w.peek("plc_test_runs.list_")[0]
    w.refuses("demo_project.create", {}, 409, "project.already_open")


def portals_come_and_go(w: Walk) -> None:
    w.refuses("access.local_key", {}, 403, "auth.not_local")
    w.refuses("health.shutdown", {}, 501, "server.not_served")
    entry = w.between("portals.whitelist", {"executable": sys.executable}, lambda: None).answer
    assert Path(sys.executable).name in str(entry)
    w.peek("projects.close", {"save": True})
    w.changes("portals.shutdown", {}, seen="portals.instances")
    seen = w.peek("portals.launch", {"withUi": True})
    w.changes("portals.detach", {}, seen="portals.status")
    back = w.changes("portals.attach", {"processId": seen["processId"]}, seen="portals.status")
    assert back.after["processId"] == seen["processId"]
    w.peek("portals.shutdown", {})


CHAPTERS = (
    anything_can_be_a_job,
    it_explains_itself,
    without_a_gateway_there_are_no_workers,
    its_files_can_be_chosen,
    it_is_set_up,
    it_is_summed_up,
    portals_come_and_go,
)
