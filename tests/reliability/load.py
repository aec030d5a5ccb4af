"""What the clients of the kill test do until the server is gone: edits, savings, jobs, commits, settings of the service."""

from __future__ import annotations

import random
import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

from tests.reliability.forge import KEY
from tests.reliability.model import Ledger, Part, State
from tests.reliability.wire import Lost, Refused, Wire, segment

DEVICE = "PLC_1"
TAGS = f"/api/devices/{DEVICE}/tags"
TABLES = f"/api/devices/{DEVICE}/tag-tables"
SOURCES = f"/api/devices/{DEVICE}/external-sources/import-and-generate"
TYPES = ("Bool", "Int", "Real")
EDITORS = ("Editor_1", "Editor_2")
IMPORTER, WRITER, WATCHED = "Imported", "Blocks", "Watched"
MOST_WEBHOOKS = 50


class Load:
    """All clients of one round, each in a thread of its own, until the connection is lost."""

    def __init__(self, port: int, ledger: Ledger, seed: int, cast: tuple[str, ...]) -> None:
        """Start those of the cast."""
        self._port, self._ledger, self._over = port, ledger, threading.Event()
        self._random = {name: random.Random(f"{seed} {name}") for name in cast}  # noqa: S311
        self._threads = [threading.Thread(target=self._play, args=(name,), name=name) for name in cast]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Wait until every client has noticed the end."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _play(self, name: str) -> None:
        act = CAST[name]
        with Wire(self._port, KEY) as wire:
            try:
                while not self._over.is_set():
                    act(wire, self._ledger, self._random[name], name)
            except Lost:
                return
            except Exception as error:  # noqa: BLE001 - told by the check
                self._ledger.fault(f"{name}: {error!r}")


def edit_tags(wire: Wire, ledger: Ledger, chance: random.Random, name: str) -> None:
    """One step in a table of one's own: a tag is added, changed or deleted."""
    part = ledger.parts[name]
    known, kind = sorted(part.now), chance.random()
    mark = chance.randrange(1 << 30)
    if not known or (kind < 0.5 and len(known) < 60):
        tag, data_type = f"{name}_{uuid.UUID(int=chance.getrandbits(128)).hex[:12]}", chance.choice(TYPES)
        body = {"tableName": name, "name": tag, "dataType": data_type, "comment": f"{mark}"}
        step(ledger, part, part.now | {tag: [data_type, f"{mark}"]}, "tags.add", lambda: wire.send("POST", TAGS, body))
    elif kind < 0.8:
        tag = chance.choice(known)
        path, after = f"{TABLES}/{name}/tags/{segment(tag)}", part.now | {tag: [part.now[tag][0], f"{mark}"]}
        step(ledger, part, after, "tags.update", lambda: wire.send("PUT", path, {"comment": f"{mark}"}))
    else:
        tag = chance.choice(known)
        path, after = f"{TABLES}/{name}/tags/{segment(tag)}", {n: v for n, v in part.now.items() if n != tag}
        step(ledger, part, after, "tags.delete", lambda: wire.send("DELETE", path))


def write_blocks(wire: Wire, ledger: Ledger, chance: random.Random, name: str) -> None:
    """Write a version of two functions in one source: both change, or none."""
    part, version = ledger.parts[name], chance.randrange(1, 30_000)
    text = "".join(
        f'FUNCTION "{block}" : Int\nBEGIN\n    #{block} := {version};\nEND_FUNCTION\n' for block in ("Pair_A", "Pair_B")
    )
    after: State = {"Pair_A": version, "Pair_B": version}
    step(ledger, part, after, "sources.import_and_generate", lambda: wire.send("POST", SOURCES, {"sclContent": text}))


def import_tags(wire: Wire, ledger: Ledger, chance: random.Random, name: str) -> None:
    """Import twenty tags in one job, all of one mark: all change, or none."""
    part, mark = ledger.parts[name], f"{chance.randrange(1 << 30)}"
    tags = [
        {"name": f"{name}_{n}", "dataType": "Int", "logicalAddress": "", "path": name, "comment": mark}
        for n in range(20)
    ]
    part.sent({tag["name"]: ["Int", mark] for tag in tags})
    job = wire.send("POST", f"{TAGS}/actions/import", {"tags": tags, "mode": "update"})["jobId"]
    ledger.submitted(job, "")
    if ended(wire, job)["status"] == "Completed":
        part.done()
    else:
        ledger.fault(f"the import failed: {job}")


def save(wire: Wire, ledger: Ledger, chance: random.Random, _: str) -> None:
    """Save the project."""
    before = ledger.before_saving()
    wire.send("POST", "/api/projects/actions/save-sync")
    ledger.count("projects.save")
    ledger.saved(before)
    threading.Event().wait(chance.random() * 0.05)


def submit_jobs(wire: Wire, ledger: Ledger, chance: random.Random, _: str) -> None:
    """More jobs at once than run side by side, each with an effect that can be counted: a snapshot, a pipeline."""
    jobs = []
    for _number in range(6):
        mark = f"job-{uuid.UUID(int=chance.getrandbits(128)).hex}"
        jobs.append(
            job := wire.send("POST", "/api/jobs/execute", chance.choice((snapshot_job, pipeline_job))(mark))["jobId"]
        )
        ledger.submitted(job, mark)
    for job in jobs:
        if ended(wire, job)["status"] == "Completed":
            ledger.completed.add(job)
        else:
            ledger.fault(f"the job failed: {job}")


def snapshot_job(mark: str) -> dict[str, Any]:
    """A job that keeps a snapshot, noted with the mark."""
    return {
        "operation": "history.snapshot_tags",
        "arguments": {"deviceName": DEVICE, "tableName": WATCHED, "note": mark},
    }


def pipeline_job(mark: str) -> dict[str, Any]:
    """A job that stores a pipeline, named by the mark."""
    return {"operation": "pipelines.save", "arguments": pipeline(mark, mark)}


def pipeline(name: str, description: str) -> dict[str, Any]:
    """A small pipeline."""
    return {"name": name, "description": description, "steps": [{"name": "save", "action": "projects.save"}]}


def configure(wire: Wire, ledger: Ledger, chance: random.Random, _: str) -> None:
    """Store a webhook, a pipeline, and a change of the pipeline; delete the oldest webhook of many."""
    mark = uuid.UUID(int=chance.getrandbits(128)).hex
    hook = {"url": "http://127.0.0.1:9/", "events": ["upload.finished"], "secret": mark, "description": mark}
    made = wire.send("POST", "/api/webhooks", hook)
    ledger.count("webhooks.create")
    ledger.keep("webhook", made["id"], mark)
    if len(known := ledger.kept["webhook"]) > MOST_WEBHOOKS:
        oldest = next(iter(known))
        ledger.drop("webhook", oldest)
        wire.send("DELETE", f"/api/webhooks/{oldest}")
        ledger.keep("deleted webhook", oldest, None)
    for version in ("first", "second"):
        wire.send("POST", "/api/pipelines", pipeline(f"set-{mark}", version))
        ledger.count("pipelines.save")
        ledger.keep("pipeline", f"set-{mark}", ("first", "second") if version == "first" else ("second",))
    threading.Event().wait(0.02)  # time: clients do other things between


def keep_snapshots(wire: Wire, ledger: Ledger, chance: random.Random, _: str) -> None:
    """Keep a snapshot of a tag table."""
    note = f"note-{chance.getrandbits(64):x}"
    made = wire.send("POST", f"/api/history/tags/{DEVICE}/{WATCHED}/actions/snapshot", {"note": note})
    ledger.count("history.snapshot_tags")
    ledger.keep("snapshot", made["snapshotId"], note)
    threading.Event().wait(0.02)  # time: clients do other things between


def commit(wire: Wire, ledger: Ledger, chance: random.Random, _: str) -> None:
    """Commit the project to its repository."""
    message = f"commit {chance.getrandbits(64):x}"
    try:
        done = wire.send("POST", "/api/source-control/commit-sync", {"message": message, "compile": True})
    except Refused as refusal:
        if refusal.code != "source_control.nothing_to_commit":
            raise
    else:
        ledger.count("source_control.commit")
        ledger.keep("commit", done["commit"]["sha"], message)
    threading.Event().wait(0.1)  # time: clients do other things between


CAST: dict[str, Callable[[Wire, Ledger, random.Random, str], None]] = {
    EDITORS[0]: edit_tags,
    EDITORS[1]: edit_tags,
    WRITER: write_blocks,
    IMPORTER: import_tags,
    "saver": save,
    "jobs": submit_jobs,
    "settings": configure,
    "history": keep_snapshots,
    "commits": commit,
}


def step(ledger: Ledger, part: Part, after: State, operation: str, send: Callable[[], Any]) -> None:
    """Do one step of a part, and note what becomes of it."""
    part.sent(after)
    try:
        send()
    except Refused as refusal:
        part.refused()
        ledger.fault(f"{operation} was refused: {refusal}")
    else:
        part.done()
        ledger.count(operation)


def ended(wire: Wire, job: str) -> Any:
    """A job, once it has ended."""
    while True:
        found = wire.send("GET", f"/api/jobs/{job}")
        if found["completedAt"]:
            return found
        threading.Event().wait(0.01)


def versions(wire: Wire) -> State:
    """The versions of the two functions, as they are in the project."""
    wire.send("POST", f"/api/devices/{DEVICE}/actions/compile-sync")
    found: State = {}
    blocks = {block["name"] for block in wire.send("GET", f"/api/devices/{DEVICE}/blocks")}
    for block in {"Pair_A", "Pair_B"} & blocks:
        text = wire.send("GET", f"/api/devices/{DEVICE}/blocks/{block}/content")["sourceText"]
        (number,) = re.findall(r":= (\d+);", text)
        found[block] = int(number)
    return found


def tags_of(wire: Wire, table: str) -> State:
    """The tags of a table, as they are in the project."""
    return {tag["name"]: [tag["dataType"], tag["comment"]] for tag in wire.send("GET", f"{TABLES}/{table}/tags")}
