"""The routes that the vendor prints, held against those that the catalogue serves."""

import re
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from engineering_api.app import catalogue
from engineering_api.operations.binding import bind_document
from engineering_api.operations.fields import metas
from engineering_api.operations.terms import shape
from tests import ROOT
from tests.oracle.clr.sections import through
from tests.support.service import CPU, Client
from tests.support.state.needs import NEEDS

PRINTED = Path(__file__).with_name("printed_routes.tsv")
PAGE, README = ROOT / "docs" / "routes.md", ROOT / "README.md"
COLUMNS = ("openness", "plcsim", "service", "none")
ELSEWHERE = {"assistant.models", "hmi_lists.library_type"}
"""Their examples are refused, but they work: with a language model, and with a project that has types of HMI."""
STREAMS = {("GET", "/mcp/sse"), ("POST", "/mcp/messages")}
"""Printed routes that are transports of a protocol and no operations; tests/engineering_api/features/mcp/test_mcp.py drives them."""


def lines() -> list[list[str]]:
    """Section, method, path, and what does it on a real system: openness, plcsim, service (itself), or none."""
    return [line.split("\t") for line in PRINTED.read_text(encoding="utf-8").splitlines()]


def printed() -> list[tuple[str, str, str]]:
    return [(section, method, path.partition("?")[0]) for section, method, path, _ in lines()]


def served(*, alias: bool | None = None) -> dict[tuple[str, str], str]:
    return {
        (route.method, shape(route.path)): op.name
        for op in catalogue()
        for route in op.routes
        if alias is None or route.alias is alias
    }


def test_the_list_is_the_printed_one() -> None:
    rows = printed()
    assert len(rows) == 316
    assert len({(method, shape(path)) for _, method, path in rows}) == 312


@pytest.mark.parametrize("section", sorted({section for section, *_ in lines()}))
def test_every_printed_route_is_served(section: str) -> None:
    present = served(alias=False)
    missing = [f"{m} {p}" for s, m, p in printed() if s == section and (m, shape(p)) not in {*present, *STREAMS}]
    assert missing == []


def counted() -> dict[str, list[int]]:
    """For each section: printed routes, those served, those of each column, and those that run through .NET."""
    present, through_net = served(alias=False), through()
    rows: dict[str, list[int]] = {}
    for section, method, path, how in lines():
        name = present.get((method, shape(path.partition("?")[0])))
        row = [1, 1, *(int(how == column) for column in COLUMNS), int(name in through_net)]
        rows[section] = [sum(pair) for pair in zip(rows.get(section, [0] * len(row)), row, strict=True)]
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    return rows


def test_the_table_of_the_readme_counts_what_is_served() -> None:
    table = PAGE.read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")
    ]
    shown = {row[0]: row[1:] for row in rows if len(row) == len(COLUMNS) + 4 and row[0] != "section"}
    assert shown == {section: [str(count or "") for count in row] for section, row in counted().items()}


def refusing() -> dict[tuple[str, str], tuple[int, str]]:
    """The printed routes that the page says always refuse: status and code by method and path."""
    row = r"^\| `(\w+) (/\S+)` \| (\d{3}) `([\w.]+)` \|"
    found = re.findall(row, PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {(method, path): (int(status), code) for method, path, status, code in found}


def test_a_route_that_always_refuses_does(plc: Client) -> None:
    plc.ok("POST", "/api/devices/PLC_1/blocks", {"kind": "GlobalDB", "name": "Data", "members": []})
    names = {"orderNumber": CPU, "deviceName": "PLC_1", "tableName": "Force table", "blockName": "Data"}
    bodies = {"force-tables": {"name": "Second"}, "export-prodiag": {"exportPath": "out"}}
    for (method, path), (status, code) in refusing().items():
        filled = path.format(**{name: quote(value) for name, value in names.items()})
        plc.refused(status, code, method, filled, bodies.get(path.rpartition("/")[2]))


def test_routes_that_always_refuse_are_counted_apart() -> None:
    present = served(alias=False)
    shapes = {(method, shape(path)) for _, method, path in printed()}
    ours = {(method, shape(path)) for method, path in refusing()}
    assert ours <= shapes
    never = {name for name, need in NEEDS.items() if need.refused} & {present.get(key) for key in shapes}
    assert {present[key] for key in ours} == never - ELSEWHERE
    working, refused = 316 - len(ours), len(ours)
    assert f"{working} do their work on the fake" in PAGE.read_text(encoding="utf-8")
    assert f"{working} do their work on the fake and {refused} always refuse there" in README.read_text(
        encoding="utf-8"
    )


def test_no_route_claims_to_be_printed_that_is_not() -> None:
    known = {(method, shape(path)) for _, method, path in printed()}
    assert sorted(key for key in served(alias=False) if key not in known) == []


def test_no_alias_is_a_printed_route() -> None:
    known = {(method, shape(path)) for _, method, path in printed()}
    assert sorted(key for key in served(alias=True) if key in known) == []


def test_every_path_parameter_is_a_field_of_the_request() -> None:
    for op in catalogue():
        fields = set(op.request.__struct_encode_fields__)
        for route in op.routes:
            assert set(route.parameters) <= fields, f"{op.name}: {route}"


def test_every_operation_is_described_and_has_an_example_where_it_needs_arguments() -> None:
    for op in catalogue():
        assert op.summary.endswith("."), f"{op.name} has no summary"
        assert op.example or not any(_required(op.request)), f"{op.name} has no example"


def _required(request: type) -> list[str]:
    return [field.name for field in msgspec.structs.fields(request) if field.required]


def test_every_example_is_a_valid_request() -> None:
    for op in catalogue():
        if op.example:
            bind_document(op.request, dict(op.example))


def test_every_field_is_described() -> None:
    for op in catalogue():
        for field in msgspec.structs.fields(op.request):
            assert any(meta.description for meta in metas(field.type)), f"{op.name}: {field.name}"


def test_names_are_resource_and_verb() -> None:
    for op in catalogue():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", op.name)
