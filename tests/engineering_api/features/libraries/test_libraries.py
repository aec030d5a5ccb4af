"""The project library and global libraries over HTTP: master copies, types, versions, updates, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import CPU, FIRMWARE, Client, settings

PLC = "/api/devices/PLC_1"
LIBRARY = "/api/project/library"
COPIES = f"{LIBRARY}/master-copies"
TYPES = f"{LIBRARY}/types"
GLOBAL = "/api/libraries/global"
ON_PLC = {"deviceName": "PLC_1"}
SCALE = """FUNCTION "Scale" : Int
VAR_INPUT
  raw : Int;
END_VAR
BEGIN
  #Scale := #raw * 2;
END_FUNCTION
"""
FASTER = SCALE.replace("* 2", "* 3")
BROKEN = SCALE.replace("#raw * 2", "#nothing")
PUMP = """FUNCTION_BLOCK "Pump"
VAR_OUTPUT
  level : Int;
END_VAR
BEGIN
  #level := "Scale"(raw := 5);
END_FUNCTION_BLOCK
"""


def put(client: Client, source: str) -> None:
    """Make blocks of SCL in PLC_1."""
    client.ok("POST", f"{PLC}/external-sources/import-and-generate", {"sclContent": source})


def blocks(client: Client) -> list[str]:
    return sorted(f"{each['folder']}/{each['name']}" for each in client.ok("GET", f"{PLC}/blocks"))


def text_of(client: Client, block: str) -> str:
    """The content of a block, compiled first."""
    client.ok("POST", f"{PLC}/actions/compile-sync", {"scope": "software"})
    return str(client.ok("GET", f"{PLC}/blocks/{block}/content"))


def copies(client: Client, base: str = LIBRARY, **query: Any) -> list[str]:
    return [each["path"] for each in client.ok("GET", f"{base}/master-copies", **query)]


def versions(client: Client, name: str, base: str = LIBRARY) -> list[tuple[str, str, bool]]:
    found = next(each for each in client.ok("GET", f"{base}/types") if each["name"] == name)
    return [(each["version"], each["state"], each["isDefault"]) for each in found["versions"]]


def reopened(client: Client) -> None:
    path = client.ok("POST", "/api/projects/actions/close-sync", {"save": True})["path"]
    job = client.job("POST", "/api/projects/actions/open", {"path": path})
    assert job["status"] == "Completed", job


@pytest.fixture
def scale(plc: Client) -> Client:
    """A client whose PLC_1 has the function Scale."""
    put(plc, SCALE)
    return plc


@pytest.fixture
def typed(scale: Client) -> Client:
    """A client whose project library has the type Scale 1.0.0."""
    scale.ok("POST", TYPES, ON_PLC | {"source": "Scale", "folder": "Math", "version": "1.0.0", "author": "me"})
    return scale


@pytest.fixture
def shared(typed: Client) -> Client:
    """A client with an open global library that has the type as well."""
    typed.ok("POST", GLOBAL, {"name": "Shared"})
    typed.ok("POST", f"{LIBRARY}/actions/update-library", {"types": ["Scale"]})
    return typed


# -- master copies ------------------------------------------------------------------------


def test_a_block_goes_through_the_library_into_another_folder(scale: Client) -> None:
    made = scale.ok("POST", COPIES, ON_PLC | {"source": "Scale", "folder": "A/B", "name": "Kept"})
    assert (made["path"], made["content"]) == ("A/B/Kept", [{"name": "Scale", "type": "FC"}])
    assert scale.ok("GET", COPIES) == [made]
    use = ON_PLC | {"name": "Kept", "folder": "New"}
    scale.refused(409, "master_copy.instantiate_refused", "POST", f"{COPIES}/actions/instantiate", use)
    assert "New/Scale" not in blocks(scale)
    scale.refused(404, "folder.not_found", "DELETE", f"{PLC}/blocks/folders", folder="New", force="true")
    made = scale.ok("POST", f"{COPIES}/actions/instantiate", use | {"mode": "rename"})
    assert made == {"name": "Scale_1", "type": "FC", "device": "PLC_1", "folder": "New"}
    assert "New/Scale_1" in blocks(scale)
    reopened(scale)
    assert copies(scale) == ["A/B/Kept"]
    scale.ok("DELETE", f"{COPIES}/{quote('A/B/Kept', safe='')}")
    assert copies(scale) == []


def test_a_name_alone_does_while_only_one_has_it(scale: Client) -> None:
    for folder in ("A", "B", ""):
        scale.ok("POST", COPIES, ON_PLC | {"source": "Scale", "folder": folder})
    scale.ok("DELETE", f"{COPIES}/Scale")
    assert copies(scale) == ["A/Scale", "B/Scale"]
    error = scale.refused(409, "master_copy.ambiguous", "DELETE", f"{COPIES}/Scale")
    assert "A/Scale, B/Scale" in error["message"]
    scale.ok("DELETE", f"{COPIES}/{quote('B/Scale', safe='')}")
    scale.ok("DELETE", f"{COPIES}/Scale")


@pytest.mark.parametrize(
    ("source", "kind", "content"),
    [
        ("", "", "Device"),
        ("PLC tags", "", ""),
        ("Default tag table", "TagTable", "PlcTagTable"),
        ("F", "", "PlcBlockUserGroup"),
    ],
)
def test_what_a_master_copy_can_be_made_of(scale: Client, source: str, kind: str, content: str) -> None:
    scale.ok("POST", f"{PLC}/blocks/folders", {"folder": "F"})
    body = ON_PLC | {"source": source, "sourceType": kind}
    if not content:
        scale.refused(404, "object.not_found", "POST", COPIES, body)
        return
    assert scale.ok("POST", COPIES, body)["content"][0]["type"] == content


def test_a_station_is_put_into_the_project_again(scale: Client) -> None:
    scale.ok("POST", COPIES, ON_PLC | {"sourceType": "device", "name": "Cell"})
    scale.refused(409, "master_copy.instantiate_refused", "POST", f"{COPIES}/actions/instantiate", {"name": "Cell"})
    made = scale.ok("POST", f"{COPIES}/actions/instantiate", {"name": "Cell", "mode": "Rename"})
    names = [each["name"] for each in scale.ok("GET", "/api/projects/devices")]
    assert made["name"] in names
    assert len(names) == 2
    assert any(
        each["name"] == "Scale" for each in scale.ok("GET", f"/api/devices/{quote(made['name'], safe='')}/blocks")
    )


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"deviceName": "PLC_9", "source": "Scale"}, 404, "device.not_found"),
        ("", {"deviceName": "PLC_1", "source": "Nothing"}, 404, "object.not_found"),
        ("", {"deviceName": "PLC_1", "source": "Scale", "sourceType": "UDT"}, 404, "udt.not_found"),
        ("", {"deviceName": "PLC_1", "source": "Scale", "sourceType": "Screen"}, 400, "request.unknown_value"),
        ("", {"deviceName": "PLC_1", "sourceType": "Block"}, 400, "request.missing_field"),
        ("", {"source": "Scale"}, 400, "request.missing_field"),
        ("/actions/instantiate", {"deviceName": "PLC_1", "name": "Nothing"}, 404, "master_copy.not_found"),
        ("/actions/instantiate", {"name": "Scale"}, 400, "request.missing_field"),
        (
            "/actions/instantiate",
            {"deviceName": "PLC_1", "name": "Scale", "mode": "Merge"},
            400,
            "request.unknown_value",
        ),
        ("/folders", {"folder": ""}, 400, "folder.empty_path"),
        ("/folders", {"folder": "F"}, 409, "folder.exists"),
        ("/folders", {"folder": "x" * 200}, 422, "library.folder_refused"),
        ("/folders/actions/delete", {"folder": "G"}, 404, "folder.not_found"),
        ("/folders/actions/delete", {"folder": ""}, 409, "folder.root"),
        ("/folders/actions/delete", {"folder": "F"}, 409, "folder.not_empty"),
    ],
)
def test_bad_requests_are_refused_and_change_nothing(
    scale: Client, path: str, body: dict[str, str], status: int, code: str
) -> None:
    scale.ok("POST", COPIES, ON_PLC | {"source": "Scale", "folder": "F"})
    scale.refused(status, code, "POST", COPIES + path, body)
    assert copies(scale) == ["F/Scale"]


def test_folders_come_and_go(scale: Client) -> None:
    scale.ok("POST", f"{COPIES}/folders", {"folderName": "A/B"})
    scale.ok("POST", COPIES, ON_PLC | {"source": "Scale", "folder": "A/B"})
    tree = scale.ok("GET", f"{LIBRARY}/tree")
    (above,) = tree["masterCopies"]["children"]
    assert (above["name"], above["children"][0]["children"][0]["path"]) == ("A", "A/B/Scale")
    info = scale.ok("GET", LIBRARY)
    assert (info["masterCopyCount"], info["folderCount"], info["isGlobal"]) == (1, 2, False)
    assert scale.ok("POST", f"{COPIES}/folders/actions/delete", {"folder": "A", "force": True})["folder"] == "A"
    assert scale.ok("GET", f"{LIBRARY}/tree")["masterCopies"]["children"] == []
    scale.ok("POST", f"{TYPES}/folders", {"folder": "T"})
    scale.ok("POST", f"{TYPES}/folders/actions/delete", {"folder": "T"})


# -- types and versions -------------------------------------------------------------------


def test_a_type_is_made_of_a_block_which_becomes_its_instance(typed: Client) -> None:
    (found,) = typed.ok("GET", TYPES)
    assert (found["path"], found["type"], found["status"]) == ("Math/Scale", "CodeBlockLibraryType", "Consistent")
    (version,) = found["versions"]
    assert (version["version"], version["state"], version["isDefault"], version["author"]) == (
        "1.0.0",
        "Committed",
        True,
        "me",
    )
    detail = typed.ok("GET", f"{TYPES}/Scale")
    assert detail["instances"] == [{"device": "PLC_1", "name": "Scale", "version": "1.0.0"}]
    assert detail == typed.ok("GET", f"{TYPES}/{found['guid']}")
    reopened(typed)
    assert typed.ok("GET", TYPES) == [found]


def test_a_new_version_is_what_the_block_is_now(typed: Client) -> None:
    put(typed, FASTER)
    made = typed.ok(
        "POST", f"{TYPES}/versions", ON_PLC | {"typeName": "Scale", "version": "1.1.0", "comment": "faster"}
    )
    assert made["libraryType"]["versions"][1]["comment"] == {"en-US": "faster"}
    assert versions(typed, "Scale") == [("1.0.0", "Committed", False), ("1.1.0", "Committed", True)]
    both = {"typeName": "Scale", "leftVersion": "1.1.0", "rightVersion": "1.0.0"}
    compared = typed.ok("POST", f"{TYPES}/actions/compare", both)
    assert compared["isEqual"] is False
    assert any("* 3" in row["left"] and "* 2" in row["right"] for row in compared["properties"]), compared
    assert typed.ok("POST", f"{TYPES}/actions/compare", {"typeName": "Scale"})["isEqual"] is True
    typed.refused(
        400, "request.missing_field", "POST", f"{TYPES}/actions/compare", {"typeName": "Scale", "version": "1.0.0"}
    )
    typed.ok("POST", f"{TYPES}/Scale/actions/set-default", {"version": "1.0.0"})
    assert [each[2] for each in versions(typed, "Scale")] == [True, False]


def test_a_version_stays_in_work_until_it_is_released_or_discarded(typed: Client) -> None:
    put(typed, FASTER)
    body = ON_PLC | {"typeName": "Scale", "release": False}
    made = typed.ok("POST", f"{TYPES}/versions", body)
    pending = made["libraryType"]["versions"][1]
    assert (pending["version"], pending["state"], pending["dependencies"]) == ("1.0.1", "InWork", None)
    typed.refused(422, "library_type.refused", "POST", f"{TYPES}/versions", body)
    typed.refused(
        409, "library_type.default_refused", "POST", f"{TYPES}/Scale/actions/set-default", {"version": "1.0.1"}
    )
    typed.ok("POST", f"{TYPES}/versions", body | {"override": True})
    typed.ok("POST", f"{TYPES}/Scale/actions/discard")
    assert versions(typed, "Scale") == [("1.0.0", "Committed", True)]
    assert "* 2" in text_of(typed, "Scale")
    typed.refused(409, "library_type.not_in_work", "POST", f"{TYPES}/Scale/actions/release", {"version": "2.0.0"})


def test_a_version_that_is_not_released_keeps_the_work(typed: Client) -> None:
    put(typed, FASTER)
    body = ON_PLC | {"typeName": "Scale", "version": "0.9.0"}
    error = typed.refused(422, "library_type.release_refused", "POST", f"{TYPES}/versions", body)
    assert "1.0.1 remains in work" in error["message"]
    assert "* 3" in text_of(typed, "Scale")
    typed.ok("POST", f"{TYPES}/Scale/actions/release", {"version": "1.2.0", "author": "me", "comment": "at last"})
    assert versions(typed, "Scale") == [("1.0.0", "Committed", False), ("1.2.0", "Committed", True)]


def test_a_block_with_errors_gives_no_version(typed: Client) -> None:
    put(typed, BROKEN)
    body = ON_PLC | {"typeName": "Scale", "version": "2.0.0"}
    error = typed.refused(422, "library_type.inconsistent", "POST", f"{TYPES}/versions", body)
    assert error["place"] == {"device": "PLC_1", "object": "Scale"}
    typed.ok("POST", f"{PLC}/blocks/actions/rename", {"blockName": "Scale", "newName": "Broken"})
    put(typed, SCALE)
    assert versions(typed, "Scale") == [("1.0.0", "Committed", True)]
    put(typed, PUMP.replace('"Scale"(raw := 5)', "#nothing"))
    typed.refused(422, "library_type.inconsistent", "POST", TYPES, ON_PLC | {"source": "Pump"})
    assert [each["name"] for each in typed.ok("GET", TYPES)] == ["Scale"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"source": "Nothing"}, 404, "object.not_found"),
        ("", {"source": "Pump", "version": "one"}, 400, "library_type.version_number"),
        ("/versions", {"typeName": "Nothing"}, 404, "library_type.not_found"),
        ("/versions", {"typeName": "Scale", "version": "1.0.0"}, 409, "library_version.exists"),
        ("/versions", {"typeName": "Scale", "source": "Pump"}, 422, "library_type.refused"),
        ("/actions/instantiate", {"typeName": "Scale", "version": "9.9.9"}, 404, "library_version.not_found"),
        ("/actions/instantiate", {"typeName": "Scale", "paths": "Anywhere"}, 400, "request.unknown_value"),
    ],
)
def test_what_is_wrong_with_a_type_is_said_and_nothing_stays(
    typed: Client, path: str, body: dict[str, str], status: int, code: str
) -> None:
    put(typed, PUMP)
    typed.refused(status, code, "POST", TYPES + path, ON_PLC | body)
    assert [each["name"] for each in typed.ok("GET", TYPES)] == ["Scale"]
    assert versions(typed, "Scale") == [("1.0.0", "Committed", True)]


def test_dependencies_are_told_and_keep_a_type_from_being_deleted(typed: Client) -> None:
    put(typed, PUMP)
    typed.ok("POST", TYPES, ON_PLC | {"source": "Pump", "version": "1.0.0"})
    found = {each["name"]: each["versions"][0] for each in typed.ok("GET", TYPES)}
    assert found["Pump"]["dependencies"] == [{"typeName": "Scale", "version": "1.0.0"}]
    assert found["Scale"]["dependents"] == [{"typeName": "Pump", "version": "1.0.0"}]
    error = typed.refused(409, "library_type.delete_refused", "DELETE", f"{TYPES}/Scale")
    assert "Pump" in error["message"]
    typed.ok("DELETE", f"{PLC}/blocks/Pump")
    typed.ok("DELETE", f"{PLC}/blocks/Scale")
    made = typed.ok("POST", f"{TYPES}/actions/instantiate", ON_PLC | {"typeName": "Pump", "folder": "Drives"})
    assert (made["name"], made["type"]) == ("Pump", "FB")
    assert {"Drives/Pump", "/Scale"} <= set(blocks(typed))
    for block in ("Pump", "Scale"):
        typed.ok("DELETE", f"{PLC}/blocks/{block}")
    typed.ok("POST", f"{TYPES}/versions/actions/delete", {"typeName": "Pump", "version": "1.0.0"})
    assert typed.ok("DELETE", f"{TYPES}/Scale")["name"] == "Scale"
    assert typed.ok("GET", TYPES) == []


def test_instances_are_updated_harmonized_and_unused_versions_cleaned_up(typed: Client) -> None:
    put(typed, FASTER)
    typed.ok("POST", f"{TYPES}/versions", ON_PLC | {"typeName": "Scale", "version": "1.1.0"})
    typed.ok("POST", f"{TYPES}/Scale/actions/set-default", {"version": "1.0.0"})
    check = f"{LIBRARY}/update-check"
    report = typed.ok("GET", check)
    assert (report["isUpToDate"], report["messages"][0]["description"]) == (False, "Update check for: PLC_1")
    done = typed.ok("POST", f"{LIBRARY}/actions/update-project", {"types": ["Math"]})
    assert done == {"types": ["Scale"], "devices": ["PLC_1"]}
    assert "* 2" in text_of(typed, "Scale")
    assert typed.ok("GET", check) == {"isUpToDate": True, "messages": []}
    assert (
        typed.ok("GET", check, all="true")["messages"][0]["messages"][0]["messages"][0]["description"] == "Up-to-date"
    )
    typed.ok("POST", f"{PLC}/blocks/actions/rename", {"blockName": "Scale", "newName": "Mine"})
    typed.ok("POST", f"{LIBRARY}/actions/harmonize", {"types": ["Scale"], "paths": True})
    assert "Math/Scale" in blocks(typed)
    typed.refused(400, "request.missing_field", "POST", f"{LIBRARY}/actions/harmonize", {"names": False})
    typed.ok("POST", f"{LIBRARY}/actions/clean-up")
    assert versions(typed, "Scale") == [("1.0.0", "Committed", True)]
    typed.ok("DELETE", f"{PLC}/blocks/Scale")
    typed.ok("POST", f"{LIBRARY}/actions/clean-up", {"mode": "DeleteUnusedTypes"})
    assert typed.ok("GET", TYPES) == []


# -- global libraries ---------------------------------------------------------------------


def test_a_global_library_lives_beside_projects(shared: Client, workspace: Path) -> None:
    shared.ok("POST", f"{GLOBAL}/master-copies", ON_PLC | {"source": "Scale", "folder": "F", "libraryName": "Shared"})
    (listed,) = shared.ok("GET", GLOBAL)
    assert (listed["name"], listed["libraryType"], listed["isOpen"], listed["isModified"]) == (
        "Shared",
        "User",
        True,
        True,
    )
    assert Path(listed["path"]) == workspace / "libraries" / "Shared" / "Shared.al20"
    shared.refused(409, "library.not_saved", "POST", f"{GLOBAL}/actions/close")
    shared.refused(409, "library.not_saved", "POST", f"{GLOBAL}/actions/archive")
    shared.ok("POST", f"{GLOBAL}/actions/save")
    archive = shared.ok("POST", f"{GLOBAL}/actions/archive")
    assert archive["path"] == str(workspace / "archives" / "Shared.zal20")
    shared.ok("POST", f"{GLOBAL}/actions/close")
    assert [(each["name"], each["isOpen"]) for each in shared.ok("GET", GLOBAL)] == [("Shared", False)]
    shared.refused(409, "library.not_open", "GET", f"{GLOBAL}/tree")
    shared.ok("POST", f"{GLOBAL}/actions/open", {"name": "Shared", "readOnly": True})
    assert copies(shared, GLOBAL) == ["F/Scale"]
    assert shared.ok("GET", f"{GLOBAL}/info")["isReadOnly"] is True
    body = ON_PLC | {"source": "Scale"}
    shared.refused(422, "master_copy.refused", "POST", f"{GLOBAL}/master-copies", body)
    shared.refused(409, "library.save_refused", "POST", f"{GLOBAL}/actions/save")
    shared.ok("POST", f"{GLOBAL}/actions/close")
    again = {"archivePath": "archives/Shared.zal20", "targetDirectory": "restored"}
    shared.ok("POST", f"{GLOBAL}/actions/retrieve", again)
    shared.ok("POST", f"{GLOBAL}/master-copies/folders", {"folder": "New"})
    assert shared.ok("DELETE", f"{GLOBAL}/master-copies", {"name": "F/Scale"})["name"] == "Scale"
    assert copies(shared, GLOBAL) == []
    saved = shared.ok("POST", f"{GLOBAL}/actions/save", {"directory": "elsewhere/Other"})
    assert saved["name"] == "Other"
    assert shared.ok("POST", f"{GLOBAL}/actions/close", {"discard": True})["name"] == "Other"


def test_a_master_copy_of_a_global_library_comes_into_the_project(scale: Client) -> None:
    scale.ok("POST", GLOBAL, {"name": "Shared"})
    scale.ok("POST", f"{GLOBAL}/master-copies", ON_PLC | {"source": "Scale"})
    use = ON_PLC | {"name": "Scale", "mode": "Rename"}
    assert scale.ok("POST", f"{GLOBAL}/master-copies/actions/instantiate", use)["name"] == "Scale_1"


def test_types_of_a_global_library_come_into_another_project(shared: Client) -> None:
    assert versions(shared, "Scale", GLOBAL) == [("1.0.0", "Committed", True)]
    assert shared.ok("GET", f"{GLOBAL}/tree")["types"]["children"][0]["name"] == "Math"
    shared.ok("POST", f"{GLOBAL}/actions/close", {"save": True})
    shared.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
    shared.ok("POST", "/api/projects/actions/create-sync", {"name": "Next"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    shared.ok("POST", "/api/projects/devices/actions/add-sync", body)
    shared.ok("POST", f"{GLOBAL}/actions/open", {"path": "libraries/Shared/Shared.al20"})
    made = shared.ok("POST", f"{GLOBAL}/types/actions/instantiate", ON_PLC | {"typeName": "Math/Scale"})
    assert made["name"] == "Scale"
    assert [each["path"] for each in shared.ok("GET", TYPES)] == ["Math/Scale"]
    assert shared.ok("GET", f"{GLOBAL}/update-check") == {"isUpToDate": True, "messages": []}
    shared.refused(409, "library_type.delete_refused", "DELETE", f"{TYPES}/Scale")
    shared.ok("DELETE", f"{GLOBAL}/types/Scale")
    assert shared.ok("GET", f"{GLOBAL}/types") == []


def test_a_new_version_goes_out_and_comes_in_by_updates(shared: Client) -> None:
    put(shared, FASTER)
    shared.ok("POST", f"{TYPES}/versions", ON_PLC | {"typeName": "Scale", "version": "2.0.0"})
    shared.ok("POST", f"{LIBRARY}/actions/update-library", {"force": "noDefaultVersionChange"})
    assert [each[2] for each in versions(shared, "Scale", GLOBAL)] == [True, False]
    compared = shared.ok("POST", f"{TYPES}/actions/compare", {"typeName": "Scale", "rightLibrary": "Shared"})
    assert compared["isEqual"] is False
    body = {"version": "2.0.0"}
    shared.ok("POST", f"{GLOBAL}/types/Scale/actions/set-default", body)
    shared.ok("POST", f"{TYPES}/Scale/actions/set-default", {"version": "1.0.0"})
    done = shared.ok("POST", f"{GLOBAL}/actions/update-project", {"force": "ForceSetAnyUpdatedVersionAsDefault"})
    assert done == {"types": ["Scale"], "devices": ["PLC_1"]}
    assert versions(shared, "Scale")[1] == ("2.0.0", "Committed", True)
    shared.ok("POST", f"{GLOBAL}/actions/clean-up")
    assert versions(shared, "Scale", GLOBAL) == [("2.0.0", "Committed", True)]
    shared.ok("POST", f"{GLOBAL}/actions/update-library", {"types": ["Scale"]})


def test_several_open_libraries_are_told_apart_by_name(shared: Client) -> None:
    shared.ok("POST", GLOBAL, {"name": "Second"})
    error = shared.refused(409, "library.ambiguous", "GET", f"{GLOBAL}/types")
    assert "Shared, Second" in error["message"]
    assert shared.ok("GET", f"{GLOBAL}/types", libraryName="second") == []
    body = {"libraryName": "Shared", "targetLibrary": "Second"}
    shared.ok("POST", f"{GLOBAL}/actions/update-library", body)
    assert [each["name"] for each in shared.ok("GET", f"{GLOBAL}/types", libraryName="Second")] == ["Scale"]
    shared.refused(409, "library.not_open", "GET", f"{GLOBAL}/types", libraryName="Third")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"name": "Shared"}, 409, "library.exists"),
        ("", {"name": "a|b"}, 422, "library.create_refused"),
        ("/actions/open", {"path": "../x.al20"}, 403, "path.outside_roots"),
        ("/actions/open", {"path": "nothing.al20"}, 404, "file.not_found"),
        ("/actions/open", {"path": "x.txt"}, 400, "file.wrong_kind"),
        ("/actions/open", {"path": "x.al20"}, 409, "library.open_refused"),
        ("/actions/open", {"path": "x.al20", "readOnly": True, "upgrade": True}, 400, "library.upgrade_read_only"),
        ("/actions/archive", {"path": "x.zap20"}, 400, "file.wrong_kind"),
        ("/actions/archive", {"path": "x.zal20", "save": True}, 409, "file.exists"),
        ("/actions/retrieve", {"archivePath": "x.zal20"}, 422, "library.retrieve_refused"),
    ],
)
def test_bad_files_are_refused(
    shared: Client, workspace: Path, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    for name in ("x.al20", "x.txt", "x.zal20"):
        (workspace / name).write_text("no library")
    shared.refused(status, code, "POST", GLOBAL + path, body)
    assert [each["name"] for each in shared.ok("GET", GLOBAL) if each["isOpen"]] == ["Shared"]


# -- versions of TIA Portal ---------------------------------------------------------------


def test_what_a_version_lacks_is_said(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version="16"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Old"})
        body = {"orderNumber": CPU, "version": "V2.8", "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        put(client, SCALE)
        for path, body in (
            (TYPES, ON_PLC | {"source": "Scale"}),
            (f"{TYPES}/Scale/actions/discard", {}),
            (f"{TYPES}/Scale/actions/set-default", {"version": "1.0.0"}),
            (f"{TYPES}/actions/compare", {"typeName": "Scale"}),
        ):
            client.refused(501, "library_type.tia_version", "POST", path, body)
        for action in ("harmonize", "clean-up"):
            client.refused(501, "library.tia_version", "POST", f"{LIBRARY}/actions/{action}", {})
        client.ok("POST", COPIES, ON_PLC | {"source": "Scale"})
        use = ON_PLC | {"name": "Scale", "folder": "New"}
        client.refused(409, "master_copy.instantiate_refused", "POST", f"{COPIES}/actions/instantiate", use)
        rename = use | {"mode": "Rename"}
        client.refused(501, "master_copy.mode_not_offered", "POST", f"{COPIES}/actions/instantiate", rename)
        client.ok("POST", f"{COPIES}/actions/instantiate", use | {"mode": "Replace"})
        assert [each for each in blocks(client) if each.endswith("Scale")] == ["New/Scale"]
        update = f"{LIBRARY}/actions/update-project"
        client.refused(501, "library.choices_not_offered", "POST", update, {"deleteUnused": True})
        client.ok("POST", update, {})


def test_no_project_is_said(client: Client) -> None:
    client.refused(409, "project.none", "GET", f"{LIBRARY}/tree")
    client.ok("POST", GLOBAL, {"name": "Alone"})
    assert client.ok("GET", f"{GLOBAL}/master-copies") == []
    client.refused(409, "project.none", "POST", f"{GLOBAL}/master-copies", ON_PLC | {"source": "X"})
