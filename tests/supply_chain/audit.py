"""Whether a package that the project uses is known to be vulnerable, and whether its licence is allowed.

pip-audit asks an advisory service. Such a service cannot be reached from everywhere, and a mirror may leave advisories out;
either would look like a clean result. So each service is asked first about a package that is known to be vulnerable: only one
that says so is believed. When there is none, the audit ends with a status of its own (`UNAUDITED`), so that its caller decides;
a vulnerability that is found stops CI, unless policy.toml lists it with a reason and a day that has not passed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.supply_chain.installed import packages
from tests.supply_chain.licences import refused
from tests.supply_chain.policy import Ignored, policy

SERVICES = ("pypi", "osv")
PROBE = {"jinja2": "2.10"}
"""Vulnerable since 2019 (PYSEC-2019-217)."""
SECONDS = 15
UNAUDITED = 3
"""The exit status when no advisory service answers: neither "no vulnerability" (0) nor "a fault" (1)."""


class Vulnerability(msgspec.Struct, frozen=True):
    """As pip-audit tells of it."""

    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class Dependency(msgspec.Struct, frozen=True):
    """What a service says of one package.

    Attributes:
        skip_reason: Why it says nothing.
    """

    name: str
    version: str = ""
    vulns: list[Vulnerability] = []
    skip_reason: str = ""


class Answer(msgspec.Struct, frozen=True):
    """pip-audit's JSON."""

    dependencies: list[Dependency]


Ask = Callable[[str, Mapping[str, str]], list[Dependency]]
"""Asks a service about versions by package; an empty list when it does not answer."""


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Attributes:
        service: That was believed; empty when there was none.
        faults: Sentences that stop CI.
        notes: Sentences that do not.
    """

    service: str
    faults: list[str]
    notes: list[str]


def audit(versions: Mapping[str, str], ignored: list[Ignored], ask: Ask, today: dt.date) -> Report:
    """Ask the first advisory service that can be believed about packages.

    Args:
        versions: By package.
        ignored: Vulnerabilities that do not stop CI.
        ask: Asks a service.
        today: The day that `ignored` is held to.
    """
    service = next((each for each in SERVICES if any(found.vulns for found in ask(each, PROBE))), "")
    if not service:
        return Report("", [], [f"NOT AUDITED: no advisory service answers here ({', '.join(SERVICES)})."])
    answers = ask(service, versions)
    known = {each.name for each in answers if not each.skip_reason}
    bearable = {(each.package, each.id): each for each in ignored if each.until >= today}
    found = [(each, vulnerability) for each in answers for vulnerability in each.vulns]
    faults, notes, used = [], [], set()
    for package, vulnerability in found:
        names = [(package.name, name) for name in (vulnerability.id, *vulnerability.aliases)]
        entry = next((bearable[name] for name in names if name in bearable), None)
        if entry is None:
            fixed = ", ".join(vulnerability.fix_versions) or "no version yet"
            faults.append(f"{package.name} {package.version} is vulnerable: {vulnerability.id}, fixed in {fixed}.")
        else:
            used.add(entry)
            notes.append(f"{package.name}: {entry.id} is ignored until {entry.until}: {entry.reason}")
    notes += [f"NOT AUDITED: {name}; {service} does not know it." for name in sorted(versions.keys() - known)]
    notes += [f"{each.id} of {each.package} is ignored without need." for each in ignored if each not in used]
    return Report(service, faults, notes)


def pip_audit(service: str, versions: Mapping[str, str]) -> list[Dependency]:
    """Ask by pip-audit, without installing anything."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--requirement", str(file),
             "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off", "--timeout", str(SECONDS)],
            capture_output=True, check=False, cwd=folder,
        )  # fmt: skip
    try:
        return msgspec.json.decode(done.stdout, type=Answer).dependencies
    except msgspec.DecodeError:
        return []


def main(arguments: Sequence[str] = (), ask: Ask = pip_audit) -> int:
    """Report; 0 if nothing was found, 1 for what stops CI, `UNAUDITED` if nobody could be asked.

    Args:
        arguments: `--require` makes it a fault that nobody could be asked.
        ask: Asks a service.
    """
    parser = argparse.ArgumentParser(prog="dev.py audit")
    parser.add_argument("--require", action="store_true", help="fail when no advisory service answers")
    required = parser.parse_args(arguments).require
    decided, delivered = policy(), packages()
    asked = {name: package.version for name, package in packages(tools=True).items()}
    report = audit(asked, decided.ignored, ask, dt.datetime.now(dt.UTC).date())
    faults = [*report.faults, *refused(delivered, decided.licences)]
    print(f"{len(delivered)} packages of the service: licences compared with policy.toml.")
    if report.service:
        print(f"{len(asked)} packages, with developers' tools: asked {report.service} for vulnerabilities.")
    for note in report.notes:
        print(f"WARNING: {note}", file=sys.stderr)
    for fault in faults:
        print(f"ERROR: {fault}", file=sys.stderr)
    if faults or (required and not report.service):
        return 1
    return 0 if report.service else UNAUDITED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
