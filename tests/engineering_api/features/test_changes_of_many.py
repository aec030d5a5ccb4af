"""Every change of many objects answers one list: the plan of a dry run is the result, and it names what really changed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from simatic_xml import Document, Member, PlcType, TagTable, dump, load
from tests.engineering_api.features.hmi.hmi_kit import CLASSIC, UNIFIED, add_panels, put
from tests.engineering_api.features.source_control.kit import API, BLOCKS, SCL, TABLES, add_tag, commit, write
from tests.fakes.fake_openness import hmi_kit
from tests.fakes.fake_openness.hmi_kit import document
from tests.support.service import Client, settings

PLC = "/api/devices/PLC_1"
INVERTED = SCL.replace("#run := #start;", "#run := NOT #start;")
PUMP = 'FUNCTION "Pump" : Void\nBEGIN\n    ;\nEND_FUNCTION\n'
CHANGED = ("created", "replaced", "deleted")


@dataclass(frozen=True)
class Place:
    """Where a case happens.

    Attributes:
        shelf: A folder whose repositories may be remotes.
    """

    client: Client
    workspace: Path
    shelf: Path


State = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """An operation on a project.

    Attributes:
        prepare: Makes the project, and what comes into it.
        state: What of it is where the operation works, by the names of the objects.
        expected: The list: the status of each object.
        basis: How the dry run found it; empty where the operation has its own.
    """

    name: str
    prepare: Callable[[Place], object]
    state: Callable[[Place], State]
    method: str
    path: str
    body: Any
    expected: dict[str, str]
    basis: str = "undone"
    query: dict[str, Any] = field(default_factory=dict)


# -- what is there ------------------------------------------------------------------------


def program(place: Place) -> State:
    """The blocks with their code, the data types, and the tag tables with their tags."""
    client = place.client
    client.ok("POST", f"{PLC}/actions/compile-sync", {"scope": "software"})
    found = {
        each["name"]: (each["folder"], client.ok("GET", f"{BLOCKS}/{each['name']}/content")["sourceText"])
        for each in client.ok("GET", BLOCKS)
    }
    for each in client.ok("GET", f"{PLC}/udts"):
        found[each["name"]] = (each["folder"], client.ok("GET", f"{PLC}/udts/{each['name']}")["members"])
    for each in client.ok("GET", TABLES):
        found[each["name"]] = (each["folder"], client.ok("GET", f"{TABLES}/{each['name']}/tags"))
    return found


def tags_of_line(place: Place) -> State:
    """The tags of a table."""
    return {each["name"]: each for each in place.client.ok("GET", f"{TABLES}/Line/tags")}


def committed(place: Place) -> State:
    """The files of the last commit, by their names without extension."""
    folder = place.client.ok("GET", f"{API}/status")["path"]
    listed = git(folder, "ls-tree", "-r", "HEAD").splitlines()
    return {line.rpartition("\t")[2].rpartition("/")[2].removesuffix(".xml"): line for line in listed}


def git(folder: str | Path, *words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@b"]
    done = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


# -- what comes ---------------------------------------------------------------------------


def line(place: Place) -> Client:
    """A program with a repository that has one commit."""
    client = place.client
    write(client, SCL)
    client.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Line", "folder": "Area/One"})
    add_tag(client, "bStart", "%I0.0")
    client.ok("POST", f"{API}/init")
    commit(client, "As delivered")
    return client


def pushed_by_another(place: Place) -> None:
    client = line(place)
    bare, other = place.shelf / "line.git", place.shelf / "other"
    git(place.shelf, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    client.ok("POST", f"{API}/remotes", {"name": "origin", "url": str(bare)})
    client.ok("POST", f"{API}/push")
    git(place.shelf, "clone", "--quiet", str(bare), str(other))
    for folder in (other, Path(client.ok("GET", f"{API}/status")["path"])):
        (folder / "notes.txt").write_text("Both have written this.\n")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", f"Notes of {folder.name}")
    motor = other / "blocks/PLC_1/Motor.xml"
    motor.write_text(motor.read_text(encoding="utf-8").replace("<Name>Motor</Name>", "<Name>Motor</Name> "))
    (other / "blocks/PLC_1/Motor_1.xml").unlink()
    (other / "udts/PLC_1/Empty.xml").write_text("<Document/>\n")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "-m", "Of another")
    git(other, "push", "--quiet")


def fetched(place: Place) -> None:
    pushed_by_another(place)
    git(place.client.ok("GET", f"{API}/status")["path"], "fetch", "--quiet", "origin")


def changed_since_commit(place: Place) -> None:
    client = line(place)
    client.ok("DELETE", f"{BLOCKS}/Motor_1")
    write(client, INVERTED.partition("DATA_BLOCK")[0])
    write(client, PUMP)


def blocks_to_import(place: Place) -> None:
    write(line(place), PUMP)
    (place.workspace / "in").mkdir()
    for name in ("Motor", "Motor_1", "Pump"):
        xml = str(place.client.ok("GET", f"{BLOCKS}/{name}/export-xml"))
        changed = xml.replace("<Name>Motor_1<", "<Name>Motor_2<").replace("Bool", "Word")
        (place.workspace / "in" / f"{name}.xml").write_text(changed, encoding="utf-8")
    types = PlcType("Drive", [Member("speed", "LReal")]), PlcType("Extra", [Member("a", "Int")])
    (place.workspace / "in" / "Types.xml").write_bytes(dump(Document("V20", [*types])))
    there = load(str(place.client.ok("GET", f"{TABLES}/Line/export-xml")).encode()).objects
    (place.workspace / "in" / "Tables.xml").write_bytes(dump(Document("V20", [*there, TagTable("Extra")])))


def source_to_generate(place: Place) -> None:
    blocks_to_import(place)
    text = INVERTED + PUMP + PUMP.replace("Pump", "Extra")
    body = {"sourceName": "line.scl", "content": text}
    place.client.ok("POST", f"{PLC}/external-sources/from-text", body)


def tags_to_import(place: Place) -> None:
    client = line(place)
    client.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Other"})
    add_tag(client, "bSame", "%I0.1")
    add_tag(client, "bElse", "%I0.3", "Other")
    rows = [
        "bStart;Bool;%I7.0;",
        "bSame;Bool;%I0.1;",
        "bNew;Bool;%I0.2;",
        "bElse;Bool;%I0.3;Area\\One\\Line",
        "// spare;;;",
    ]
    (place.workspace / "list.csv").write_text("\n".join(["Name;Data Type;Logical Address;Path", *rows, ""]))


def folders(place: Place) -> None:
    """A folder with a folder and an object in each tree of the program, and one of master copies."""
    client = line(place)
    for path in (BLOCKS, TABLES, f"{PLC}/udts", "/api/project/library/master-copies"):
        client.ok("POST", f"{path}/folders", {"folder": "Old/Empty"})
    objects = [
        {"kind": "FB", "name": "Valve", "language": "SCL", "folder": "Old"},
        {"kind": "FC", "name": "Calc", "language": "SCL", "folder": "Old/Deep"},
        {"kind": "UDT", "name": "Speeds", "members": [{"name": "a", "type": "Int"}], "folder": "Old"},
        {"kind": "TagTable", "name": "Spare", "folder": "Old"},
    ]
    client.ok("POST", "/api/blockgeneration/generate-from-design", {"deviceName": "PLC_1", "objects": objects})
    for folder in ("watch-force-tables", "external-sources"):
        client.ok("POST", f"{PLC}/{folder}/folders", {"folder": "Old"})
    client.ok("POST", f"{PLC}/watch-tables", {"tableName": "Look", "folder": "Old"})
    client.ok("POST", f"{PLC}/external-sources/from-text", {"name": "old.scl", "content": PUMP, "folder": "Old"})
    copy = {"deviceName": "PLC_1", "source": "Motor", "folder": "Old"}
    client.ok("POST", "/api/project/library/master-copies", copy)


def panel_with(route: str, old: str, new: str, suffix: str) -> Callable[[Place], None]:
    """A panel that has the objects of one file, and another file."""

    def prepare(place: Place) -> None:
        add_panels(place.client)
        (place.workspace / "Count.hmi.js").write_text("export function Count() {}\n")
        put(place.client, place.workspace, route, old, f"old{suffix}")
        (place.workspace / f"new{suffix}").write_text(new)
        (place.workspace / "Other.hmi.js").write_text("export function Other() {}\n")

    return prepare


def on_panel(route: str, name: str = "name") -> Callable[[Place], State]:
    """What a list shows of a panel, by names of the objects or of their tables."""

    def listed(place: Place) -> State:
        found: dict[str, list[Any]] = {}
        for each in place.client.ok("GET", route):
            found.setdefault(each[name], []).append(each)
        return dict(found)

    return listed


def tree(path: str) -> Callable[[Place], State]:
    """What a tree shows: folders by their paths, objects by their names."""

    def nodes(place: Place) -> State:
        top = place.client.ok("GET", path)
        return dict(_nodes(top.get("masterCopies", top), ""))

    return nodes


def _nodes(node: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for each in node["children"]:
        name = f"{above}{each['name']}" if each["isFolder"] else each["name"]
        yield name, above
        yield from _nodes(each, f"{name}/") if each["isFolder"] else ()


def placed(path: str) -> Callable[[Place], State]:
    """What a list shows of objects in folders, with these folders."""

    def listed(place: Place) -> State:
        found = place.client.ok("GET", path)
        return {each["name"]: each["folder"] for each in found} | {
            each["folder"]: "" for each in found if each["folder"]
        }

    return listed


PULLED = {"Motor": "replaced", "Motor_1": "deleted", "Empty": "created", "notes.txt": "unchanged"}
RESTORED = {
    "Motor": "replaced",
    "Motor_1": "created",
    "Pump": "deleted",
    "Drive": "unchanged",
    "Main": "unchanged",
    "Line": "unchanged",
    "Default tag table": "unchanged",
    "S7-1500/ET200MP station_1": "unchanged",
}
IMPORTED = {"Motor": "replaced", "Motor_2": "created", "Pump": "unchanged", "Spare": "created"}
BULK = {
    "deviceName": "PLC_1",
    "files": ["in/Motor.xml", "in/Motor_1.xml", "in/Pump.xml"],
    "items": [{"document": {"kind": "TagTable", "name": "Spare"}}],
}
BAD = {"document": {"kind": "DB", "name": "Lost", "members": [{"name": "a", "type": '"Missing"'}]}}


def deleted(kind: str, state: Callable[[Place], State], path: str, *names: str, method: str = "DELETE") -> Case:
    body = {"folder": "Old", "force": True}
    sent: dict[str, Any] = {"query": body} if method == "DELETE" else {}
    gone = dict.fromkeys(("Old", *names), "deleted")
    return Case(f"delete_{kind}", folders, state, method, path, body if method == "POST" else None, gone, **sent)


def imported_hmi(what: str, old: str, new: str, same: str, made: str, names: tuple[str, str, str]) -> Case:
    """An import of an object in place of another one, of one that is there already, and of a new one."""
    route, body = f"{CLASSIC}/{what}", {"importFilePath": "new.xml", "override": True}
    expected = dict(zip(names, ("replaced", "unchanged", "created"), strict=True))
    prepare = panel_with(route, document(old, same), document(new, same, made), ".xml")
    state = on_panel(route, "table" if what == "tags" else "name")
    return Case(f"import_{what}", prepare, state, "POST", f"{route}/actions/import", body, expected)


def imported_markup(what: str, old: str, new: str, **expected: str) -> Case:
    """An import of a file of a Unified panel in place of another one."""
    route, body = f"{UNIFIED}/{what}", {"importFilePath": "new.hmi.yml", "override": True}
    prepare = panel_with(route, old, new, ".hmi.yml")
    return Case(f"markup_{what}", prepare, on_panel(route), "POST", f"{route}/actions/import", body, expected)


def imported_file(name: str, path: str, file: str, **expected: str) -> Case:
    """An import of one file at its own route."""
    body = {"importFilePath": f"in/{file}", "override": True}
    return Case(f"file_{name}", blocks_to_import, program, "POST", f"{path}/actions/{name}", body, expected)


def imported_tags(name: str, mode: str, **expected: str) -> Case:
    """An import of a list with an equal tag, a changed, a new and a wrong one, and a comment."""
    path, body = f"{TABLES}/Line/actions/import-csv-sync", {"filePath": "list.csv", "mode": mode, "partial": True}
    expected |= {"bNew": "created", "bElse": "refused", "": "skipped"}
    return Case(name, tags_to_import, tags_of_line, "POST", path, body, expected, "")


def lists_of(*names: str, text: str) -> str:
    """A file of text lists."""
    entry = f"{{From: 1, To: 1, Text: {{en-US: {text}}}}}"
    return "TextLists:\n" + "".join(f"  {name}: {{ListRange: Decimal, Entries: [{entry}]}}\n" for name in names)


CASES = [
    imported_hmi(
        "screens",
        hmi_kit.screen("Start", 1),
        hmi_kit.screen("Start", 3),
        hmi_kit.screen("Tank", 5),
        hmi_kit.screen("Motor", 2),
        ("Start", "Tank", "Motor"),
    ),
    imported_hmi(
        "tags",
        hmi_kit.table("Tank", hmi_kit.tag("Level")),
        hmi_kit.table("Tank", hmi_kit.tag("Level", "Real")),
        hmi_kit.table("Line", hmi_kit.tag("Count")),
        hmi_kit.table("Pump", hmi_kit.tag("Speed")),
        ("Tank", "Line", "Pump"),
    ),
    imported_hmi(
        "text-lists",
        hmi_kit.text_list("States", "off"),
        hmi_kit.text_list("States", "off", "on"),
        hmi_kit.text_list("Errors", "none"),
        hmi_kit.text_list("Modes", "auto"),
        ("States", "Errors", "Modes"),
    ),
    imported_hmi(
        "connections",
        hmi_kit.connection("C1"),
        hmi_kit.connection("C1", "PLC_2"),
        hmi_kit.connection("C3"),
        hmi_kit.connection("C2"),
        ("C1", "C3", "C2"),
    ),
    imported_markup(
        "tags",
        "Tags:\n  Level: {DataType: Int}\n  Speed: {DataType: Int}\n",
        "Tags:\n  Level: {DataType: Int}\n  Speed: {DataType: Real}\n  Mode: {DataType: Int}\n",
        Level="unchanged",
        Speed="replaced",
        Mode="created",
    ),
    imported_markup(
        "text-lists",
        lists_of("States", "Modes", text="Running"),
        lists_of("States", text="Running") + lists_of("Modes", "Errors", text="No").removeprefix("TextLists:\n"),
        States="unchanged",
        Modes="replaced",
        Errors="created",
    ),
    Case(
        "bulk_import",
        blocks_to_import,
        program,
        "POST",
        "/api/blockgeneration/bulk-import",
        BULK | {"override": True},
        IMPORTED,
        "planned",
    ),
    Case(
        "bulk_import_each",
        blocks_to_import,
        program,
        "POST",
        "/api/blockgeneration/bulk-import",
        BULK | {"items": [*BULK["items"], BAD], "mode": "each"},
        IMPORTED | {"Motor": "refused", "Pump": "refused", "Lost": "refused"},
        "planned",
    ),
    imported_file("import-sync", BLOCKS, "Motor.xml", Motor="replaced"),
    imported_file("import-sync", BLOCKS, "Pump.xml", Pump="unchanged"),
    imported_file("import-sync", BLOCKS, "Motor_1.xml", Motor_2="created"),
    imported_file("import", f"{PLC}/udts", "Types.xml", Drive="replaced", Extra="created"),
    imported_file("import-xml-sync", TABLES, "Tables.xml", Line="unchanged", Extra="created"),
    Case(
        "file_of_source",
        blocks_to_import,
        program,
        "POST",
        f"{PLC}/external-sources/import-and-generate",
        {"sclContent": INVERTED + PUMP + PUMP.replace("Pump", "Extra")},
        {"Motor": "replaced", "Drive": "unchanged", "Motor_1": "unchanged", "Pump": "unchanged", "Extra": "created"},
    ),
    Case(
        "file_added_before",
        source_to_generate,
        program,
        "POST",
        f"{PLC}/external-sources/line.scl/generate",
        {},
        {"Motor": "replaced", "Drive": "unchanged", "Motor_1": "unchanged", "Pump": "unchanged", "Extra": "created"},
    ),
    imported_tags("tags_update", "update", bStart="replaced", bSame="unchanged"),
    imported_tags("tags_create", "create", bStart="refused", bSame="unchanged"),
    imported_tags("tags_skip", "skip", bStart="skipped", bSame="skipped"),
    deleted("blocks", tree(f"{BLOCKS}/tree"), f"{BLOCKS}/folders", "Old/Empty", "Old/Deep", "Valve", "Calc"),
    deleted("udts", tree(f"{PLC}/udts/tree"), f"{PLC}/udts/folders", "Old/Empty", "Speeds"),
    deleted("tables", tree(f"{TABLES}/tree"), f"{TABLES}/folders", "Old/Empty", "Spare"),
    deleted("watch_tables", placed(f"{PLC}/watch-tables"), f"{PLC}/watch-force-tables/folders", "Look"),
    deleted("sources", placed(f"{PLC}/external-sources"), f"{PLC}/external-sources/folders", "old.scl"),
    deleted(
        "master_copies",
        tree("/api/project/library/tree"),
        "/api/project/library/master-copies/folders/actions/delete",
        "Old/Empty",
        "Motor",
        method="POST",
    ),
    Case("pull", pushed_by_another, committed, "POST", f"{API}/pull", {}, PULLED, "planned"),
    Case("merge", fetched, committed, "POST", f"{API}/merge", {"branchName": "origin/main"}, PULLED, "planned"),
    Case(
        "restore_all",
        changed_since_commit,
        program,
        "POST",
        f"{API}/restore-all-sync",
        {"force": True},
        RESTORED,
        "planned",
    ),
    Case(
        "restore",
        changed_since_commit,
        program,
        "POST",
        f"{API}/restore-sync",
        {"commitSha": "HEAD", "filePath": "blocks/PLC_1/Motor.xml"},
        {"Motor": "replaced"},
        "planned",
    ),
]


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def client(tmp_path: Path, shelf: Path) -> Iterator[Client]:
    with TestClient(create_app(settings(tmp_path, git_folders=[shelf]))) as http:
        yield Client(http)


def changes_of(answer: Any) -> list[dict[str, Any]]:
    """The list of an answer; an import of one file has a change at each object."""
    found: list[dict[str, Any]] = answer["changes"] if isinstance(answer, dict) else [each["change"] for each in answer]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_plan_is_the_result_and_names_what_changed(case: Case, plc: Client, workspace: Path, shelf: Path) -> None:
    place = Place(plc, workspace, shelf)
    case.prepare(place)
    before = case.state(place)
    plan = plc.ok(case.method, case.path, case.body, dryRun=True, **case.query)
    assert case.state(place) == before
    result = plc.ok(case.method, case.path, case.body, **case.query)
    assert plan.get("basis", "") == case.basis
    changes = changes_of(result)
    assert changes_of(plan.get("answer", plan)) == changes
    listed = {each["object"]: each["status"] for each in changes}
    assert listed == case.expected, [(each["object"], each["reason"]) for each in changes]
    assert len(listed) == len(changes)
    after = case.state(place)
    assert {name for name, status in listed.items() if status in CHANGED} == {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert {name for name, status in listed.items() if status == "created"} == after.keys() - before.keys()
    assert {name for name, status in listed.items() if status == "deleted"} == before.keys() - after.keys()
