"""Rules of the protection of CPUs, and of users and roles. Each test is named after its rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_openness.core import passwords
from tests.fakes.fake_openness.hardware_kit import CPU_315, CPU_1212, CPU_1511, CPU_1513, Kit, named
from tests.fakes.fake_openness.plc import code

CPU_31 = "OrderNumber:6ES7 511-1AL03-0AB0/V3.1"
CPU_1214_47 = "OrderNumber:6ES7 214-1AG40-0XB0/V4.7"
CPU_1512SP_29 = "OrderNumber:6ES7 512-1DK01-0AB0/V2.9"
CPU_F = "OrderNumber:6ES7 511-1FK02-0AB0/V2.9"
GOOD = "Abcdef1!"
SERVICES = (
    "PlcAccessLevelProvider",
    "PlcMasterSecretConfigurator",
    "PlcAccessControlConfigurationProvider",
    "DisplayProtection",
)


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit.new(tmp_path)


def secure(kit: Kit, text: str) -> Any:
    made = kit.type("SecureString")()
    for character in text:
        made.AppendChar(character)
    return made


def cpu_of(kit: Kit, article: str = CPU_1513) -> Any:
    return named(kit.cpu(article), "PLC_1")


def again(kit: Kit) -> Any:
    kit.reopen()
    return named(next(iter(kit.project.Devices)), "PLC_1")


def levels(kit: Kit, cpu: Any) -> Any:
    return kit.service(cpu, "PlcAccessLevelProvider")


def level(kit: Kit, name: str) -> Any:
    return getattr(kit.type("PlcProtectionAccessLevel"), name)


def errors(kit: Kit) -> list[str]:
    result = kit.service(next(iter(kit.project.Devices)), "ICompilable").Compile()
    return [message.Description for message in leaves(result.Messages) if message.State.ToString() == "Error"]


def leaves(messages: Any) -> list[Any]:
    return [leaf for each in messages for leaf in (leaves(each.Messages) if each.Messages.Count else [each])]


@pytest.mark.parametrize(
    ("article", "version", "offered"),
    [
        (CPU_315, "20", ""),
        (CPU_1511, "20", "level display"),
        (CPU_1513, "20", "level secret display"),
        (CPU_1511, "16", "level display"),
        (CPU_31, "20", "level secret control display"),
        (CPU_1212, "20", "level"),
        (CPU_1214_47, "20", "level secret control"),
        (CPU_1512SP_29, "20", "level secret"),
    ],
)
def test_services_depend_on_cpu_firmware_and_version(tmp_path: Path, article: str, version: str, offered: str) -> None:
    kit = Kit.new(tmp_path, version)
    cpu = cpu_of(kit, article)
    short = dict(zip(SERVICES, ("level", "secret", "control", "display"), strict=True))
    known = [name for name in SERVICES if name in kit.installation.types]
    found = [short[name] for name in known if kit.service(cpu, name) is not None]
    assert found == offered.split()


def test_a_new_cpu_allows_everything(kit: Kit) -> None:
    assert levels(kit, cpu_of(kit)).PlcProtectionAccessLevel.ToString() == "FullAccess"


def test_a_failsafe_cpu_has_one_more_level(kit: Kit) -> None:
    provider = levels(kit, cpu_of(kit, CPU_F))
    assert provider.PlcProtectionAccessLevel.ToString() == "FullAccessIncludingFailsafe"
    provider.PlcProtectionAccessLevel = level(kit, "FullAccess")
    provider.SetPassword(level(kit, "FullAccessIncludingFailsafe"), secure(kit, "abc"))


@pytest.mark.parametrize("name", ["None_", "FullAccessIncludingFailsafe"])
def test_a_level_that_the_cpu_does_not_have_is_refused(kit: Kit, name: str) -> None:
    provider = levels(kit, cpu_of(kit))
    assert code(setattr, provider, "PlcProtectionAccessLevel", level(kit, name)) == "protection.level"


def test_only_levels_less_strict_than_the_chosen_one_have_passwords(kit: Kit) -> None:
    provider = levels(kit, cpu_of(kit))
    refused = "protection.level_without_password"
    assert code(provider.SetPassword, level(kit, "FullAccess"), secure(kit, "abc")) == refused
    provider.PlcProtectionAccessLevel = level(kit, "HMIAccess")
    provider.SetPassword(level(kit, "ReadAccess"), secure(kit, "abc"))
    assert code(provider.SetPassword, level(kit, "HMIAccess"), secure(kit, "abc")) == refused
    assert code(provider.ResetPassword, level(kit, "NoAccess")) == refused


def test_a_restricted_cpu_compiles_only_with_a_password_for_full_access(kit: Kit) -> None:
    provider = levels(kit, cpu_of(kit))
    assert errors(kit) == []
    provider.PlcProtectionAccessLevel = level(kit, "ReadAccess")
    assert any("no password for FullAccess" in text for text in errors(kit))
    provider.SetPassword(level(kit, "FullAccess"), secure(kit, "abc"))
    assert errors(kit) == []
    provider.ResetPassword(level(kit, "FullAccess"))
    assert any("no password for FullAccess" in text for text in errors(kit))


def test_protection_is_saved_as_hashes_and_rolled_back(kit: Kit) -> None:
    cpu = cpu_of(kit)
    provider = levels(kit, cpu)
    provider.PlcProtectionAccessLevel = level(kit, "NoAccess")
    provider.SetPassword(level(kit, "FullAccess"), secure(kit, "open-sesame"))
    kit.service(cpu, "DisplayProtection").SetPassword(secure(kit, "open-sesame"))
    kit.service(cpu, "PlcMasterSecretConfigurator").Protect(secure(kit, "open-sesame"))
    before = cpu._protection
    kit.undone(lambda: setattr(provider, "PlcProtectionAccessLevel", level(kit, "ReadAccess")))
    assert cpu._protection == before
    assert again(kit)._protection == before
    files = [path.read_bytes() for path in kit.folder.rglob("*") if path.is_file()]
    assert not any(b"open-sesame" in content for content in files)
    assert passwords.opens(before.passwords["FullAccess"], "open-sesame")
    assert len({before.passwords["FullAccess"], before.display, before.secret}) == 3


def test_access_levels_need_access_control_by_levels_where_there_is_the_choice(kit: Kit) -> None:
    cpu = cpu_of(kit, CPU_31)
    control, provider = kit.service(cpu, "PlcAccessControlConfigurationProvider"), levels(kit, cpu)
    modes = kit.type("PlcAccessControlConfiguration")
    assert control.PlcAccessControlConfiguration.ToString() == "Disabled"
    assert code(setattr, provider, "PlcProtectionAccessLevel", level(kit, "ReadAccess")) == "protection.control"
    control.PlcAccessControlConfiguration = modes.EnabledWithAccessControlViaAccessLevel
    provider.PlcProtectionAccessLevel = level(kit, "ReadAccess")
    control.PlcAccessControlConfiguration = modes.EnabledWithAccessControl
    assert provider.PlcProtectionAccessLevel.ToString() == "FullAccess"


def test_the_master_secret_goes_through_its_states(kit: Kit) -> None:
    secret = kit.service(cpu_of(kit), "PlcMasterSecretConfigurator")
    state = lambda: secret.MasterSecretConfiguration.ToString()  # noqa: E731
    one, two = secure(kit, "one"), secure(kit, "two")
    assert (state(), code(secret.ChangePassword, one, two)) == ("None", "protection.secret_missing")
    secret.Protect(one)
    assert (state(), code(secret.Protect, two)) == ("WithPassword", "protection.secret_set")
    assert code(secret.ChangePassword, two, one) == "protection.secret_wrong"
    secret.ChangePassword(one, two)
    assert code(secret.Unprotect) == code(secret.Unprotect, one) == "protection.secret_wrong"
    secret.Unprotect(two)
    assert (state(), errors(kit)) == ("None", [])
    secret.Protect(one)
    secret.Reset()
    assert state() == "WithoutPassword"
    assert any("without a password" in text for text in errors(kit))


@pytest.mark.parametrize(
    ("version", "kind"),
    [("20", "EngineeringPasswordPolicyViolationException"), ("17", "EngineeringTargetInvocationException")],
)
@pytest.mark.parametrize("text", ["", "with blank", "x" * 121])
def test_a_password_of_a_plc_has_no_blanks(tmp_path: Path, version: str, kind: str, text: str) -> None:
    kit = Kit.new(tmp_path, version)
    display = kit.service(cpu_of(kit), "DisplayProtection")
    with pytest.raises(kit.type(kind)):
        display.SetPassword(secure(kit, text))


# -- users and roles ----------------------------------------------------------------------


@pytest.fixture
def protected(kit: Kit) -> Kit:
    kit.project.ProtectProject("Boss", secure(kit, GOOD))
    return kit


def login(kit: Kit, name: str = "Boss", password: str = GOOD, kind: str = "Project") -> Any:
    def fill(credentials: Any) -> None:
        credentials.Name, credentials.Type = name, getattr(kit.type("UmacUserType"), kind)
        credentials.SetPassword(secure(kit, password))

    return kit.type("UmacDelegate")(fill)


def closed(kit: Kit) -> Any:
    """The file of the project, saved and closed."""
    path = kit.project.Path
    kit.project.Save()
    kit.project.Close()
    return path


def umac(kit: Kit) -> Any:
    return kit.service(kit.project, "UmacConfigurator")


def test_before_v17_there_are_no_users(tmp_path: Path) -> None:
    kit = Kit.new(tmp_path, "16")
    assert "UmacConfigurator" not in kit.installation.types
    with pytest.raises(AttributeError):
        _ = kit.project.ProtectProject


def test_a_project_that_is_not_protected_has_no_users_and_roles(kit: Kit) -> None:
    service = umac(kit)
    assert (service.ProjectUsers.Count, service.SystemRoles.Count, service.EngineeringFunctionRights.Count) == (0, 0, 0)
    assert code(service.ProjectUsers.Create, "Eva", secure(kit, GOOD)) == "umac.not_protected"
    assert code(service.CustomRoles.Create, "Service", "") == "umac.not_protected"


def test_a_project_is_protected_once_and_has_an_administrator(protected: Kit) -> None:
    service = umac(protected)
    assert [[role.Name for role in user.Roles] for user in service.ProjectUsers] == [["Engineering Administrator"]]
    assert service.EngineeringFunctionRights.Count > 0
    assert code(protected.project.ProtectProject, "Other", secure(protected, GOOD)) == "umac.protected"


def test_users_and_roles_are_saved_with_hashed_passwords(protected: Kit) -> None:
    service = umac(protected)
    role = service.CustomRoles.Create("Service", "on call")
    user = service.ProjectUsers.Create("Eva", secure(protected, GOOD))
    user.Roles.Add(role)
    user.Deactivate()
    path = closed(protected)
    protected.project = protected.portal.Projects.Open(path, login(protected))
    assert all(GOOD.encode() not in p.read_bytes() for p in protected.folder.rglob("*") if p.is_file())
    eva = umac(protected).ProjectUsers.Find("eva")
    assert (eva.Name, eva.IsActive, [each.Name for each in eva.Roles]) == ("Eva", False, ["Service"])
    umac(protected).CustomRoles.Find("Service").Delete()
    assert eva.Roles.Count == 0


def test_a_protected_project_is_opened_by_an_active_user_alone(protected: Kit) -> None:
    umac(protected).ProjectUsers.Create("Eva", secure(protected, GOOD)).Deactivate()
    path = closed(protected)
    projects = protected.portal.Projects
    assert code(projects.Open, path) == "project.login_missing"
    for wrong in (
        login(protected, "Nobody"),
        login(protected, "Boss", "Wrong-1x"),
        login(protected, "Eva"),
        login(protected, kind="Global"),
    ):
        assert code(projects.Open, path, wrong) == "project.login_wrong"
    assert projects.Count == 0
    with pytest.raises(protected.type("EngineeringDelegateInvocationException")):
        projects.Open(path, protected.type("UmacDelegate")(lambda _: 1 / 0))
    assert projects.OpenWithUpgrade(path, login(protected, "boss")).Name == "Line"


def test_an_archive_of_a_protected_project_asks_too(protected: Kit) -> None:
    protected.project.Save()
    folder = protected.type("DirectoryInfo")(str(protected.folder))
    protected.project.Archive(folder, "Line.zap20", protected.type("ProjectArchivationMode").Compressed)
    closed(protected)
    target = protected.type("DirectoryInfo")(str(protected.folder / "there"))
    projects = protected.portal.Projects
    assert code(projects.Retrieve, protected.file("Line.zap20"), target) == "project.login_missing"
    other = protected.type("DirectoryInfo")(str(protected.folder / "elsewhere"))
    assert projects.Retrieve(protected.file("Line.zap20"), other, login(protected)).Name == "Line"


def test_names_of_users_and_roles_are_unique(protected: Kit) -> None:
    service = umac(protected)
    eva = service.ProjectUsers.Create("Eva", secure(protected, GOOD))
    assert code(service.ProjectUsers.Create, "EVA", secure(protected, GOOD)) == "name.exists"
    assert code(eva.SetName, "boss") == "name.exists"
    eva.SetName("Ada")
    assert service.ProjectUsers.Find("Ada") == eva
    assert code(service.CustomRoles.Create, "HMI Operator", "") == "name.exists"


def test_the_last_administrator_stays(protected: Kit) -> None:
    service = umac(protected)
    boss, administrator = service.ProjectUsers[0], service.SystemRoles.Find("Engineering Administrator")
    for attempt in (boss.Delete, boss.Deactivate, lambda: boss.Roles.Remove(administrator)):
        assert code(attempt) == "umac.last_administrator"
    other = service.ProjectUsers.Create("Eva", secure(protected, GOOD))
    other.Roles.Add(administrator)
    boss.Delete()
    assert [user.Name for user in service.ProjectUsers] == ["Eva"]


@pytest.mark.parametrize("text", ["", "Short1!", "alllower1!", "ALLUPPER1!", "NoDigits!", "NoSpecial1"])
def test_a_password_of_a_user_has_characters_of_all_kinds(protected: Kit, text: str) -> None:
    with pytest.raises(protected.type("EngineeringPasswordPolicyViolationException")):
        umac(protected).ProjectUsers.Create("Eva", secure(protected, text))
    assert umac(protected).ProjectUsers.Count == 1
