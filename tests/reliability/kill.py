"""A server under load is killed at any moment, again and again; what it acknowledged must be there.

    python -m tests.reliability.kill --rounds 300

Each round: clients load the server, it is killed (every other time together with the programs that it runs), another
is started on the same data folder, and everything that was acknowledged is looked for. What the rounds have in common:

- The project opens, and each client's part of it is a state from the last acknowledged saving on.
- A job whose id was answered is there and ends. One that was seen completed still is. No effect is there twice.
- Snapshots, webhooks, pipelines and commits that were acknowledged are there.
- The audit log has each operation that was acknowledged, and its chain is whole.
- The database is sound, and the server works on.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engineering_api.audit.chain import BROKEN
from engineering_api.audit.reading import Trail
from tests.reliability.forge import KEY, Forge
from tests.reliability.load import CAST, EDITORS, IMPORTER, TABLES, WATCHED, WRITER, Load, ended, tags_of, versions
from tests.reliability.model import Ledger, Part, State
from tests.reliability.wire import Refused, Wire

PROJECT = "projects/Killed/Killed.ap20"
PATIENCE = 60.0
LONGEST = 1.5
"""Seconds of load in a round."""
ROUNDS_OF_A_PROJECT = 25
"""After so many rounds everything starts anew, so that a round stays cheap."""


@dataclass
class Outcome:
    """What the rounds came to.

    Attributes:
        faults: Each a sentence; the rounds promise none.
        acknowledged: How often which operation was acknowledged.
        jobs: States of the jobs whose ids were answered, after the restart.
        parts: How many parts were found as last acknowledged, as saved last, and between.
    """

    rounds: int = 0
    faults: list[str] = field(default_factory=list)
    acknowledged: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)


class Killed:
    """One data folder whose server is killed again and again."""

    def __init__(self, forge: Forge, folder: Path, chance: random.Random) -> None:
        """Make a project with a PLC, and save it."""
        self._forge, self._folder, self._chance = forge, folder, chance
        self._ledger = Ledger({name: Part(name) for name in (*EDITORS, IMPORTER, WRITER)})
        self._pid, self._port = forge.start(folder, webhook_hosts=["127.0.0.1"])
        with Wire(self._port, KEY) as wire:
            wire.send("POST", "/api/projects/actions/create-sync", {"name": "Killed"})
            plc = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
            wire.send("POST", "/api/projects/devices/actions/add-sync", plc)
            for table in (*EDITORS, IMPORTER, WATCHED):
                wire.send("POST", f"{TABLES}/actions/create-sync", {"name": table})
            wire.send("POST", "/api/source-control/init")
            wire.send("POST", "/api/projects/actions/save-sync")

    def round(
        self,
        outcome: Outcome,
        meddle: Callable[[Path], None] | None = None,
        enough: Callable[[Ledger], bool] | None = None,
    ) -> None:
        """Load, kill, restart, check.

        Args:
            outcome: Gets what the round came to.
            enough: Whether the load, of the whole cast then, may end; after a random time with some of the cast by default.
            meddle: Is given the data folder while no server runs: for a test of the check itself.
        """
        ledger, chance = self._ledger, self._chance
        rest = [name for name in CAST if name != "saver"]
        cast = ("saver", *chance.sample(rest, len(rest) if enough else chance.randrange(3, len(rest) + 1)))
        before = Counter(ledger.operations)
        load = Load(self._port, ledger, chance.getrandbits(32), cast)
        end = time.monotonic() + (PATIENCE if enough else chance.random() * LONGEST)
        while time.monotonic() < end and not (enough and enough(ledger)):
            time.sleep(0.002)
        self._forge.kill(self._pid, group=chance.random() < 0.5)
        load.end()
        if meddle is not None:
            meddle(self._folder)
        self._pid, self._port = self._forge.start(self._folder, webhook_hosts=["127.0.0.1"])
        with Wire(self._port, KEY) as wire:
            self._check(wire, outcome)
        outcome.rounds += 1
        outcome.acknowledged += ledger.operations - before
        outcome.faults += [f"round {outcome.rounds}: {fault}" for fault in ledger.faults]
        ledger.faults.clear()

    def close(self) -> None:
        """Kill it for good."""
        self._forge.kill(self._pid)

    def _check(self, wire: Wire, outcome: Outcome) -> None:
        ledger = self._ledger
        self._check_database()
        self._check_jobs(wire, outcome)
        wire.send("POST", "/api/projects/actions/open-sync", {"path": PROJECT})
        for part in ledger.parts.values():
            found = versions(wire) if part.name == WRITER else tags_of(wire, part.name)
            outcome.parts[_place(part, found)] += 1
            if not part.allows(found):
                ledger.fault(f"{part.name} is {found}, which none of its {len(part.states) - part.saved} states is")
            part.go_on(found)
        self._check_kept(wire)
        wire.send("POST", "/api/projects/actions/save-sync")
        ledger.count("projects.save")

    def _check_database(self) -> None:
        with sqlite3.connect(self._folder / "service.db") as connection:
            (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            (cut,) = connection.execute(f"SELECT count(*) FROM audit WHERE operation = '{BROKEN}'").fetchone()  # noqa: S608
            logged = Counter(dict(connection.execute(LOGGED)))
        connection.close()
        if sound != "ok":
            self._ledger.fault(f"the database: {sound}")
        verdict = Trail(self._folder).verify()
        if not verdict.ok or cut:
            self._ledger.fault(f"the audit log: {verdict}, {cut} times cut")
        for operation, count in self._ledger.operations.items():
            if logged[operation] < count:
                self._ledger.fault(f"the audit log has {logged[operation]} of {count} {operation}")

    def _check_jobs(self, wire: Wire, outcome: Outcome) -> None:
        """Every job that was answered has ended in an allowed way, and its effect is there once or not at all."""
        ledger = self._ledger
        while any(wire.send("GET", f"/api/jobs?status={status}") for status in ("Pending", "Running")):
            time.sleep(0.01)  # jobs whose id was not answered any more run, too
        for job, mark in ledger.jobs.items():
            try:
                found = ended(wire, job)
            except Refused as refusal:
                ledger.fault(f"job {job}: {refusal}")
                continue
            outcome.jobs[state := _state(found)] += 1
            effects = self._effects(wire, found["operation"], mark) if mark else None
            if job in ledger.completed and state != "Completed":
                ledger.fault(f"job {job} was completed and is {state}")
            if effects is not None and effects not in EFFECTS.get(state, ()):
                ledger.fault(f"job {job} is {state} and has {effects} effects")
        ledger.jobs.clear()
        ledger.completed.clear()

    def _effects(self, wire: Wire, operation: str, mark: str) -> int:
        """How often a job's effect is there."""
        if operation == "pipelines.save":
            return list(wire.send("GET", "/api/pipelines")).count(mark)
        with sqlite3.connect(self._folder / "service.db") as connection:
            (count,) = connection.execute("SELECT count(*) FROM snapshots WHERE note = ?", (mark,)).fetchone()
        connection.close()
        return int(count)

    def _check_kept(self, wire: Wire) -> None:
        commits = wire.send("GET", "/api/source-control/log?count=1000")
        webhooks = {each["id"]: each["description"] for each in wire.send("GET", "/api/webhooks")}
        found: dict[str, dict[str, Any]] = {
            "webhook": webhooks,
            "deleted webhook": webhooks,
            "snapshot": {each["snapshotId"]: each["note"] for each in _snapshots(wire)},
            "commit": {each["sha"]: each["message"] for each in commits},
        }
        for kind, kept in self._ledger.kept.items():
            if kind == "pipeline":
                found[kind] = {name: _version(wire, name, wanted) for name, wanted in kept.items()}
            lost = {name: value for name, value in kept.items() if found[kind].get(name) != value}
            if lost:
                self._ledger.fault(f"{len(lost)} {kind}s are lost or changed: {list(lost)[:3]}")


LOGGED = "SELECT operation, count(*) FROM audit WHERE outcome = 'ok' GROUP BY operation"
EFFECTS = {
    "Completed": (1,),
    "job.interrupted": (0, 1),
    "project.none": (0,),
    "portal.none": (0,),
}
"""How often a job's effect may be there, by the state or the code of the problem that it ended with."""


def _state(job: Any) -> str:
    return str(job["problem"]["code"] if job["status"] == "Failed" else job["status"])


def _place(part: Part, found: State) -> str:
    if found == part.now:
        return "as acknowledged last"
    return "as saved last" if found == part.states[part.saved] else "between"


def _snapshots(wire: Wire) -> Iterable[Any]:
    return list(wire.send("GET", "/api/history/snapshots?limit=1000"))


def _version(wire: Wire, name: str, wanted: Any) -> Any:
    """What is expected of a pipeline, if it is one of the versions that it may have."""
    try:
        return wanted if wire.send("GET", f"/api/pipelines/{name}")["description"] in wanted else None
    except Refused:
        return None


def rounds(forge: Forge, count: int, seed: int, folder: Path, *, tell: bool = False) -> Outcome:
    """Kill a server so many times.

    Args:
        forge: Starts the servers.
        count: Rounds.
        seed: Of everything that is random, but for the course of the threads.
        folder: For the data folders.
        tell: Whether each fault is printed when it is found.
    """
    outcome, chance = Outcome(), random.Random(seed)  # noqa: S311 - a game, not a secret
    killed: Killed | None = None
    try:
        while outcome.rounds < count:
            if outcome.rounds % ROUNDS_OF_A_PROJECT == 0:
                if killed is not None:
                    killed.close()
                shutil.rmtree(folder / "data", ignore_errors=True)
                killed = Killed(forge, folder / "data", chance)
            assert killed is not None
            known = len(outcome.faults)
            killed.round(outcome)
            for fault in outcome.faults[known:] if tell else ():
                print(fault, flush=True)  # noqa: T201
    finally:
        if killed is not None:
            killed.close()
    return outcome


def main() -> None:
    """Run rounds, and print a row of a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.kill", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        forge = Forge(Path(name) / "servers.log")
        begin = time.monotonic()
        outcome = rounds(forge, given.rounds, given.seed, Path(name), tell=True)
        seconds = time.monotonic() - begin
        forge.close()
        log = (Path(name) / "servers.log").read_text(errors="replace")
    told = (outcome.acknowledged, outcome.jobs, outcome.parts)
    texts = [", ".join(f"{count:,} {what}" for what, count in each.most_common()) for each in told]
    print(  # noqa: T201
        f"| kills under load | {outcome.rounds} | {len(outcome.faults)} faults | {seconds:.0f} s | "
        f"{sum(outcome.acknowledged.values()):,} acknowledged ({texts[0]}); jobs: {texts[1]}; parts: {texts[2]} |"
    )
    if "Traceback" in log:
        print(log[log.index("Traceback") :][:4000], file=sys.stderr)  # noqa: T201
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
