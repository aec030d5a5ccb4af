"""The project among people and machines: source control, pipelines, webhooks."""

from __future__ import annotations

import subprocess
import time
from typing import Any

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names

TRUNK = "main"


def current(branches: list[dict]) -> str:
    return next(branch["name"] for branch in branches if branch["isCurrentBranch"])


def the_project_is_committed(w: Walk) -> None:
    w.peek("devices.compile_", PLC)
    w.changes("source_control.init", seen="source_control.status", look=lambda s: s["isInitialized"])
    w.changes(
        "source_control.configure",
        {"authorName": "Ada", "authorEmail": "ada@plant.example"},
        seen="source_control.config",
    )
    assert w.read("source_control.config")["authorName"] == "Ada"
    w.between("source_control.export_preview", None, lambda: None)
    assert w.peek("source_control.status")["changedFilesCount"] > 10
    w.changes("source_control.commit", {"message": "As built"}, seen="source_control.log")
    assert w.read("source_control.status")["lastCommitMessage"] == "As built"
    w.peek("source_control.export_preview")
    assert w.peek("source_control.status")["changedFilesCount"] == 0, "nothing is reported that has not changed"


def one_change_is_one_file(w: Walk) -> None:
    w.peek(
        "tags.add", PLC | {"name": "Versioned", "dataType": "Bool", "logicalAddress": "%M90.0", "tableName": "Conveyor"}
    )
    w.peek("source_control.commit", {"message": "One tag more"})
    changed = w.read("source_control.diff", {"from": "HEAD~1", "to": "HEAD"})
    states = {"left": "commit:HEAD", "right": "commit:HEAD"}
    assert w.read("editing.compare", PLC | {"blockName": "Motor"} | states)["equal"] is True
    (file,) = changed["files"]
    assert w.read("source_control.log")[0]["filesChanged"] == 1
    assert (
        "Versioned" in w.read("source_control.file_content", {"commitSha": "HEAD", "filePath": file["path"]})["content"]
    )
    assert (
        "Versioned"
        not in w.peek("source_control.file_content", {"commitSha": "HEAD~1", "filePath": file["path"]})["content"]
    )
    back = w.changes(
        "source_control.restore",
        {"commitSha": "HEAD~1", "filePath": file["path"]},
        seen="tags.list_all",
        by=PLC,
        look=names,
    )
    assert back.gone == ["Versioned"]
    w.changes(
        "source_control.restore_all", {"commitSha": "HEAD", "force": True}, seen="tags.list_all", by=PLC, look=names
    )


def branches_part_and_meet(w: Walk) -> None:
    trunk = current(w.read("source_control.branches"))
    line = {"branchName": "line-2"}
    w.changes("source_control.create_branch", line, seen="source_control.branches", look=names)
    w.changes("source_control.checkout", line, seen="source_control.branches", look=current)
    w.peek(
        "tags.add", PLC | {"name": "OnBranch", "dataType": "Bool", "logicalAddress": "%M91.0", "tableName": "Conveyor"}
    )
    w.peek("source_control.commit", {"message": "On the branch"})
    w.peek("source_control.checkout", {"branchName": trunk})
    merged = w.changes("source_control.merge", line, seen="source_control.log")
    assert merged.after[0]["message"] == "On the branch"
    w.changes("source_control.delete_branch", line, seen="source_control.branches", look=names)


def it_goes_to_another_place(w: Walk) -> None:
    bare = w.http.app.state["service"].settings.git_folders[0] / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    remote = {"name": "origin", "url": str(bare)}
    w.changes("source_control.add_remote", remote, seen="source_control.remotes")
    w.between("source_control.push", {"remoteName": "origin"}, lambda: None)
    heads = subprocess.run(
        ["git", "-C", str(bare), "log", "-1", "--format=%H", "--all"], check=True, capture_output=True, text=True
    )
    assert heads.stdout.split()[0] == w.peek("source_control.log")[0]["sha"]
    assert (
        w.between("source_control.pull", {"remoteName": "origin"}, lambda: None).answer["sha"]
        == heads.stdout.split()[0]
    )
    assert names(w.read("source_control.remotes")) == ["origin"]
    w.changes("source_control.delete_remote", {"name": "origin"}, seen="source_control.remotes")


def outcome(w: Walk, execution: dict[str, Any]) -> tuple[str, list[str]]:
    """The end of an execution, and of its steps."""
    while (seen := w.peek("pipelines.get_execution", execution))["status"] in {"Pending", "Running"}:
        time.sleep(0.01)
    return seen["status"], [step["status"] for step in seen["stepResults"]]


def pipelines_run(w: Walk) -> None:
    step = {"name": "Make", "action": "tag_tables.create", "params": {"deviceName": "${device}", "name": "ByPipeline"}}
    pipeline = {"name": "Nightly", "trigger": "manual", "variables": {"device": "PLC_1"}, "steps": [step]}
    assert w.read("pipelines.validate", pipeline)["valid"] is True
    assert w.peek("pipelines.validate", pipeline | {"steps": [step | {"action": "none.such"}]})["valid"] is False
    w.changes("pipelines.save", pipeline, seen="pipelines.list_")
    assert w.read("pipelines.get", {"name": "Nightly"})["steps"][0]["name"] == "Make"
    timed = pipeline | {"trigger": "cron 0 2 * * *"}
    w.changes("pipelines.update", timed, seen="pipelines.get", by={"name": "Nightly"})
    assert "Nightly" in str(w.read("pipelines.schedules"))
    w.peek("pipelines.update", pipeline)
    ran = w.changes("pipelines.run_sync", {"name": "Nightly"}, seen="tag_tables.list_", by=PLC, look=names)
    assert ran.appeared == ["ByPipeline"]
    done = {"executionId": ran.answer["id"]}
    assert w.read("pipelines.get_execution", done)["status"] == "Completed"
    assert [each["id"] for each in w.read("pipelines.executions", {"name": "Nightly"})] == [ran.answer["id"]]
    w.refuses("pipelines.start", done, 409, "pipeline.execution_begun")
    w.changes("pipelines.run", {"name": "Nightly"}, seen="pipelines.executions", by={"name": "Nightly"}, look=len)
    patient = step | {"retryCount": 9, "retryDelayMs": 5000}
    w.peek("pipelines.save", pipeline | {"name": "Patient", "steps": [patient, step | {"name": "After"}]})
    w.peek("pipelines.run", {"name": "Patient"})
    last = {"executionId": w.peek("pipelines.executions", {"name": "Patient"})[0]["id"]}
    w.between("pipelines.cancel", last, lambda: None)
    assert outcome(w, last) == ("Cancelled", ["Cancelled", "Skipped"])
    w.peek("pipelines.delete", {"name": "Patient"})
    template = w.read("pipelines.list_templates")[0]
    w.changes(
        "pipelines.instantiate", {"templateId": template["id"], "pipelineName": "FromTemplate"}, seen="pipelines.list_"
    )
    w.changes("pipelines.delete", {"name": "FromTemplate"}, seen="pipelines.list_")
    assert w.read("pipelines.list_") == ["Nightly"]


def others_are_told(w: Walk) -> None:
    """Nobody listens at that address: the log of deliveries says so."""
    hook = {"url": "http://127.0.0.1:9/hook", "events": ["project.saved"], "secret": "a-long-secret-of-both"}
    made = w.changes("webhooks.create", hook, seen="webhooks.list_").answer
    on = {"webhookId": made["id"]}
    w.changes("webhooks.ping", on, seen="webhooks.deliveries", by=on, look=len)
    delivery = on | {"deliveryId": w.read("webhooks.deliveries", on)[0]["id"]}
    assert w.read("webhooks.get_delivery", delivery)["event"]
    w.changes("webhooks.redeliver", delivery, seen="webhooks.deliveries", by=on, look=len)
    w.changes("webhooks.update", on | {"enabled": False}, seen="webhooks.get", by=on)
    assert hook["secret"] not in str(w.read("webhooks.get", on))
    w.changes("webhooks.delete", on, seen="webhooks.list_")
    assert w.read("webhooks.list_") == []


CHAPTERS = (
    the_project_is_committed,
    one_change_is_one_file,
    branches_part_and_meet,
    it_goes_to_another_place,
    pipelines_run,
    others_are_told,
)
