"""The error codes of the description: what the table has, and what the code can raise."""

from __future__ import annotations

import json
import subprocess
import sys

import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.documentation.pages import render_all
from engineering_api.features.blocks import blocks_operations
from engineering_api.features.projects import projects_operations
from engineering_api.features.tags import tags_operations
from engineering_api.web.openapi.codes import STEPS, failures, table
from engineering_api.web.openapi.document import FORMS, describe
from engineering_api.web.openapi.options import FAILURES


def test_an_operation_has_its_own_codes_and_those_of_its_steps() -> None:
    add = failures(catalogue().of(tags_operations.add))
    assert {"tag.exists", "project.none", "portal.none"} <= set(add[409])
    assert {"device.not_found", "tag_table.not_found"} <= set(add[404])
    assert {"constant_value.type", "tag_name.too_long"} <= set(add[422])
    assert "request.precondition_failed" in add[412]
    assert "auth.key" in add[401]


def test_an_operation_has_no_codes_of_others() -> None:
    assert "project.already_open" in failures(catalogue().of(projects_operations.open_))[409]
    assert "project.already_open" not in failures(catalogue().of(tags_operations.add))[409]
    reads = failures(catalogue().of(blocks_operations.list_))
    assert 412 not in reads
    assert {code for code in reads[404] if code.endswith("not_found")} <= {
        "device.not_found",
        "file.not_found",
        "worker.not_found",
    }


@pytest.mark.parametrize("api", FORMS)
def test_each_status_and_code_is_described(api: int) -> None:
    described = json.loads(msgspec.json.encode(describe(catalogue(), VERSION, api)))
    for op in catalogue():
        wanted = {str(status): codes for status, codes in failures(op).items()}
        for path, route in FORMS[api].routes(op):
            shown = described["paths"][path][route.method.lower()]
            assert shown["x-codes"] == wanted
            assert {each for each in shown["responses"] if each[0] in "45"} == set(wanted)
    assert {status for op in catalogue() for status in failures(op)} <= set(FAILURES)


def test_the_table_names_operations_and_steps_only() -> None:
    assert set(table()) <= {op.name for op in catalogue()} | set(STEPS)
    assert set(STEPS) <= set(table())


def test_the_pages_have_the_codes() -> None:
    assert "`tag.exists`" in render_all(catalogue())


@pytest.mark.slow
def test_the_table_is_what_the_code_raises() -> None:
    command = [sys.executable, "-m", "tests.support.codes.record"]  # it takes 2 GB of memory, so not in this process
    assert subprocess.run([*command, "--check"], check=False).returncode == 0, " ".join(command[1:])
