"""Protection of the PLC and of the project, and the diagnostics of the object model."""

from __future__ import annotations

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk

PASSWORD = "Change-Me-1"  # noqa: S105 - of a project that the test makes


def the_object_model_is_described(w: Walk) -> None:
    spaces = {each["name"] for each in w.read("diagnostics.namespaces")}
    types = w.read("diagnostics.types", {"filter": "OnlineProvider"})
    assert {each["namespace"] for each in types} <= spaces
    assert w.read("diagnostics.search", {"typeName": "OnlineProvider"})[0]["fullName"] in [
        each["fullName"] for each in types
    ]
    assert "Online" in str(w.read("diagnostics.enum_values", {"typeName": "OnlineState"})["values"])
    assert "OnlineProvider" in str(w.read("diagnostics.providers"))
    assert "DownloadProvider" in str(w.read("diagnostics.online_download_types"))
    assert w.read("diagnostics.plc_services", PLC)["services"]
    assert "OnlineProvider" in str(w.read("diagnostics.cpu_services", PLC)["services"])


def findings(w: Walk) -> list[str]:
    """What the compiler says: passwords can be read nowhere, but it knows a level that needs one."""
    w.peek("devices.compile_", PLC)
    return sorted(each["message"] for each in w.peek("devices.compile_", PLC | {"scope": "hardware"})["diagnostics"])


def the_plc_is_protected(w: Walk) -> None:
    level = {"protectionLevel": "ReadAccess", "passwords": {"FullAccess": PASSWORD}}
    w.changes("security.configure", PLC | level, seen="security.protection_level", by=PLC)
    gone = w.between("security.delete_password", PLC | {"accessLevel": "FullAccess"}, lambda: findings(w))
    given = w.between(
        "security.set_password", PLC | {"accessLevel": "FullAccess", "password": PASSWORD}, lambda: findings(w)
    )
    assert gone.before != gone.after == given.before != given.after, "the compiler tells a level without its password"
    assert "FullAccess" in w.read("security.protection_level", PLC)["levelsWithPassword"]
    w.between("security.set_display_password", PLC | {"password": PASSWORD}, lambda: None)
    secret = w.changes(
        "security.master_secret", PLC | {"action": "protect", "password": PASSWORD}, seen="security.summary", by=PLC
    )
    assert PASSWORD not in str([given, secret, w.read("security.summary", PLC)])


def the_project_is_protected(w: Walk) -> None:
    w.changes(
        "security.protect_project",
        {"userName": "Maria", "password": PASSWORD, "confirm": True},
        seen="security.summary",
        by=PLC,
    )
    role = w.read("security.roles")[0]["name"]
    w.changes("security.create_user", {"userName": "Ada", "password": PASSWORD, "roles": [role]}, seen="security.users")
    assert PASSWORD not in str(w.read("security.users"))


CHAPTERS = (the_object_model_is_described, the_plc_is_protected, the_project_is_protected)
