"""Where operations belong behind a gateway: derived where it can be, and listed, so that a new one is thought of."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engineering_api.features.sections import SECTIONS
from engineering_api.gateway.routing import OPENING, version_of
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.terms import Lock, Site

CATALOGUE = Catalogue(SECTIONS)
AT_THE_GATEWAY = {
    "access",
    "api_keys",
    "assistant",
    "audit_log",
    "discovery",
    "health",
    "jobs",
    "mcp",
    "pipelines",
    "status",
    "system",
    "users",
    "webhooks",
    "workers",
}
"""The modules whose operations are the service's own."""
OF_THE_MACHINE = {
    "health.versions",
    "mcp.instance",
    "system.browse_file",
    "system.browse_folder",
    "system.browse_project",
}
"""What these modules have that is about a machine's portals and files."""


def test_the_gateways_own_operations_are_these() -> None:
    own = {
        op.name for op in CATALOGUE if op.name.partition(".")[0] in AT_THE_GATEWAY and op.lock is Lock.NONE
    } - OF_THE_MACHINE
    assert {op.name for op in CATALOGUE if op.site is Site.GATEWAY} == own


def test_what_takes_a_lock_is_at_a_worker() -> None:
    assert not [op.name for op in CATALOGUE if op.lock is not Lock.NONE and op.site is Site.GATEWAY]


def test_what_is_repeated_changes_nothing_unless_it_says_so() -> None:
    assert {op.name for op in CATALOGUE if op.repeatable and op.changes} == {
        "catalog.cache_load",
        "runtime_alarm_definitions.update",
        "runtime_history.insert",
        "runtime_logging.update",
    }
    assert not [op.name for op in CATALOGUE if not op.repeatable and not op.changes]


def test_what_opens_a_project_is_known_to_routing() -> None:
    opening = {op.name for op in CATALOGUE if op.event == "project.opened"}
    assert opening <= OPENING.keys()
    assert all(CATALOGUE.named(name) is not None for name in OPENING)


def test_the_version_is_in_the_extension() -> None:
    files = {
        "a/b.ap17": "17",
        r"C:\x\b.AP15_1": "15.1",
        "b.zap20": "20",
        "b.als21": "21",
        "b.zal19": "19",
        "b.xml": "",
        "": "",
    }
    assert {file: version_of(file) for file in files} == files


@pytest.mark.slow
def test_one_machine_needs_no_queue() -> None:
    """`tia serve` imports none of the packages that a queue server needs."""
    code = (
        "import sys; import engineering_api.app, engineering_api.cli.serve, engineering_api.cli.commands; "
        "print([m for m in ('saq', 'redis', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
