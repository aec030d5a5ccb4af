"""The protection of a CPU: access level with its passwords, access control, display, confidential configuration data.

TIA Portal gives no password back, so no answer has one. Each service may be missing: with this CPU, firmware or version
of TIA Portal. Facts: docs/facts/openness-online.md#protection-of-the-cpu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from openness_bridge import attribute_values
from openness_bridge.attribute_values import Scalar
from openness_bridge.enumerations import AccessControl, AccessLevel, MasterSecret, one_of, values_of
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.lookup import items, locate_plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program.blocks import list_blocks
from openness_bridge.values import enum, enum_name, enum_names, secure, service, set_attribute

VIA_LEVELS = "EnabledWithAccessControlViaAccessLevel"
LEVELS = values_of(AccessLevel)[1:]
"""The access levels, the least strict first: those before the chosen one can have a password."""
MASTER_SECRET_ACTIONS = ("protect", "unprotect", "change", "reset")


SettableLevel = Annotated[str, one_of("SettableLevel", *LEVELS)]
MasterSecretAction = Annotated[str, one_of("MasterSecretAction", *MASTER_SECRET_ACTIONS)]


class ProtectionInfo(msgspec.Struct, rename="camel", frozen=True):
    """The access that a CPU allows without a password.

    Attributes:
        levels: All levels, the least strict first.
        levels_with_password: Those that can have a password now.
    """

    device: str
    protection_level: AccessLevel
    levels: list[SettableLevel]
    levels_with_password: list[SettableLevel]


class SecuritySummary(msgspec.Struct, rename="camel", frozen=True):
    """Which protection a CPU has; null where the CPU or this TIA Portal does not have it.

    Attributes:
        access_control: The kind of access control: Disabled, users and roles, or access levels.
        master_secret: None (not protected), WithPassword, or WithoutPassword (the password is missing).
        display_protection: Whether the display can have a password; whether it has one cannot be read.
        protected_blocks: Names of the blocks with know-how protection.
        is_project_protected: Whether the project has users and roles.
    """

    device: str
    cpu: str
    protection_level: AccessLevel | None
    access_control: AccessControl | None
    master_secret: MasterSecret | None
    display_protection: bool
    protected_blocks: list[str]
    is_project_protected: bool | None


def summary(session: Session, device: str) -> SecuritySummary:
    """Return which protection a CPU has."""
    found = locate_plc(session, device)
    levels = _service(session, found.cpu, "PlcAccessLevelProvider")
    control = _service(session, found.cpu, "PlcAccessControlConfigurationProvider")
    secret = _service(session, found.cpu, "PlcMasterSecretConfigurator")
    umac = _service(session, session.project, "UmacConfigurator")
    return SecuritySummary(
        device=str(found.device.Name),
        cpu=str(found.cpu.Name),
        protection_level=None if levels is None else enum_name(levels.PlcProtectionAccessLevel),
        access_control=None if control is None else enum_name(control.PlcAccessControlConfiguration),
        master_secret=None if secret is None else enum_name(secret.MasterSecretConfiguration),
        display_protection=_display(session, found.cpu) is not None,
        protected_blocks=[block.name for block in list_blocks(session, device) if block.is_know_how_protected],
        is_project_protected=None if umac is None else int(umac.EngineeringFunctionRights.Count) > 0,
    )


def protection_level(session: Session, device: str) -> ProtectionInfo:
    """Return what a CPU allows without a password."""
    provider = _require_service(session, device, "PlcAccessLevelProvider")
    level = enum_name(provider.PlcProtectionAccessLevel)
    known = set(enum_names(session.model, provider.PlcProtectionAccessLevel))
    ordered = [each for each in LEVELS if each in known]
    return ProtectionInfo(device, level, ordered, ordered[: ordered.index(level)] if level in ordered else [])


def set_password(session: Session, device: str, level: str, password: str) -> ProtectionInfo:
    """Give an access level a password, or another one.

    Raises:
        Problem: No such level, it can have none with the chosen one, or the password breaks the rules.
    """
    provider = _require_service(session, device, "PlcAccessLevelProvider")
    with refused_as("security.password_refused", device=device, object=level):
        provider.SetPassword(_level(session, provider, level), secure(session.model, password))
    return protection_level(session, device)


def reset_password(session: Session, device: str, level: str) -> ProtectionInfo:
    """Remove the password of an access level.

    Raises:
        Problem: No such level, or it can have none with the chosen one.
    """
    provider = _require_service(session, device, "PlcAccessLevelProvider")
    with refused_as("security.password_refused", device=device, object=level):
        provider.ResetPassword(_level(session, provider, level))
    return protection_level(session, device)


def set_display_password(session: Session, device: str, password: str) -> None:
    """Give the display of a CPU a password.

    Raises:
        Problem: The CPU has no display, or the password breaks the rules.
    """
    display = _display(session, locate_plc(session, device).cpu)
    if display is None:
        msg = f"The display of '{device}' cannot be protected: the CPU has none."
        raise Problem("security.no_display", msg, kind=Kind.UNSUPPORTED, place=Place(device=device))
    with refused_as("security.password_refused", device=device):
        display.SetPassword(secure(session.model, password))


def master_secret(session: Session, device: str, action: str, password: str, new_password: str) -> str:
    """Protect, unprotect, change or reset the confidential configuration data; returns its state then.

    Raises:
        Problem: The CPU does not have that, a password is missing or wrong, or TIA Portal refuses.
    """
    secret = _require_service(session, device, "PlcMasterSecretConfigurator")
    first, second = secure(session.model, password), secure(session.model, new_password)
    calls = {
        "protect": lambda: secret.Protect(first),
        "unprotect": lambda: secret.Unprotect(first) if password else secret.Unprotect(),
        "change": lambda: secret.ChangePassword(first, second),
        "reset": lambda: secret.Reset(),
    }
    with refused_as("security.master_secret_refused", device=device):
        calls[action]()
    return enum_name(secret.MasterSecretConfiguration)


def configure(
    session: Session,
    device: str,
    *,
    level: str | None,
    control: str | None,
    passwords: Mapping[str, str],
    attributes: Mapping[str, Scalar],
) -> SecuritySummary:
    """Set access control, access level, passwords and attributes of a CPU: all of them, or none.

    Args:
        session: The portal.
        device: The PLC.
        level: The access level; a CPU that has access control is set to decide by levels for it.
        control: Who decides about access.
        passwords: Access level to its password.
        attributes: Further attributes of the CPU.

    Raises:
        Problem: A part is not available, or TIA Portal refuses it.
    """
    cpu = locate_plc(session, device).cpu
    with refused_as("security.configure_refused", device=device), transaction(session, "Configure security"):
        _set_control(session, device, control or (VIA_LEVELS if level else None), wanted=control is not None)
        if level or passwords:
            provider = _require_service(session, device, "PlcAccessLevelProvider")
            if level:
                wanted = _level(session, provider, level)
                set_attribute(session.model, provider, "PlcProtectionAccessLevel", wanted)
            for each, password in passwords.items():
                provider.SetPassword(_level(session, provider, each), secure(session.model, password))
        for name, value in attributes.items():
            set_attribute(session.model, cpu, name, attribute_values.box(session, value))
    return summary(session, device)


def _set_control(session: Session, device: str, control: str | None, *, wanted: bool) -> None:
    """Choose who decides; without a request, only on CPUs that have the choice."""
    if control is None:
        return
    provider = _service(session, locate_plc(session, device).cpu, "PlcAccessControlConfigurationProvider")
    if provider is None and wanted:
        raise _not_offered(device, "PlcAccessControlConfigurationProvider")
    if provider is not None:
        name = _member(session, provider.PlcAccessControlConfiguration, control, "access control", device)
        chosen = enum(session.model, "PlcAccessControlConfiguration", name)
        set_attribute(session.model, provider, "PlcAccessControlConfiguration", chosen)


def _level(session: Session, provider: Any, name: str) -> Any:
    """Return an access level by its name, without regard to case; "read" is ReadAccess."""
    level = _member(session, provider.PlcProtectionAccessLevel, name, "access level", "")
    return enum(session.model, "PlcProtectionAccessLevel", level)


def _member(session: Session, value: Any, name: str, what: str, device: str) -> str:
    known = [each for each in enum_names(session.model, value) if each != "None"]
    plain = "".join(character for character in name.casefold() if character.isalnum())
    found = next((each for each in known if each.casefold() in {plain, f"{plain}access"}), None)
    if found is None:
        msg = f"There is no {what} '{name}': use {', '.join(known)}."
        raise Problem(f"security.{what.replace(' ', '_')}", msg, kind=Kind.REFUSED, place=Place(device=device or None))
    return found


def _display(session: Session, cpu: Any) -> Any:
    """Return the protection of the display, which is a service of the CPU or of an item built into it."""
    for item in (cpu, *items(cpu)):
        found = _service(session, item, "DisplayProtection")
        if found is not None:
            return found
    return None


def _service(session: Session, obj: Any, type_name: str) -> Any:
    """Return a service, or None where the object or this version of TIA Portal does not have it."""
    return service(obj, getattr(session.model, type_name)) if session.model.has(type_name) else None


def _require_service(session: Session, device: str, type_name: str) -> Any:
    found = _service(session, locate_plc(session, device).cpu, type_name)
    if found is None:
        raise _not_offered(device, type_name)
    return found


def _not_offered(device: str, type_name: str) -> Problem:
    msg = f"'{device}' offers no {type_name}: this CPU, its firmware or this TIA Portal cannot do it."
    return Problem("security.not_offered", msg, kind=Kind.UNSUPPORTED, place=Place(device=device))
