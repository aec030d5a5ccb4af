"""The service's settings over HTTP: read as a whole, changed where that is safe, kept for the next start."""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model, Request, named
from engineering_api.settings import AT_ONCE, CHANGEABLE, DEFAULT_PORT, read_saved, save
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal import loader

AT_START = "Fixed when the service starts."


class SecuritySettings(Model):
    """Who may call.

    Attributes:
        api_key_required: Whether every route but the public ones needs the key.
        api_key_source: given (option or environment), or stored in the data folder. The key itself is never returned.
    """

    api_key_required: bool
    api_key_source: Literal["given", "stored"]


class SettingsInfo(Model):
    """The service's settings.

    Attributes:
        backend: auto, fake or openness.
        tia_version: The wanted TIA Portal version; null for the newest installed one.
        active_backend: The backend that runs.
        active_tia_version: The version that runs.
        data_dir: Folder of the service's own files.
        workspace: The folder that relative paths of clients start from.
        roots: Further folders that clients' paths may be in.
        headless: Whether a portal is started when one is needed and none is attached.
        quiet: Whether only warnings are logged.
        wait_limit: Seconds after which a waiting route answers with a job instead.
        keep_jobs_days: Days after which ended jobs are removed.
        at_next_start: Names of the settings that were changed and hold from the next start on.
    """

    backend: str
    tia_version: str | None
    active_backend: str
    active_tia_version: str
    host: str
    port: int
    data_dir: str
    workspace: str
    roots: list[str]
    headless: bool
    quiet: bool
    wait_limit: float
    keep_jobs_days: int
    security: SecuritySettings
    at_next_start: list[str]


class SaveSettings(Request):
    """The settings; those that are left out keep their values. Fixed settings may be sent back unchanged."""

    backend: Annotated[
        Literal["auto", "fake", "openness"] | UnsetType, named("auto, fake or openness; from the next start on.")
    ] = UNSET
    tia_version: Annotated[
        str | UnsetType | None, named("TIA Portal version such as 20; null for the newest. From the next start on.")
    ] = UNSET
    headless: Annotated[
        bool | UnsetType, named("Start a portal without user interface when one is needed and none is attached.")
    ] = UNSET
    quiet: Annotated[bool | UnsetType, named("Log warnings only.")] = UNSET
    wait_limit: (
        Annotated[float, named("Seconds until a waiting route answers with a job.", ge=0.1, le=86400)] | UnsetType
    ) = UNSET
    keep_jobs_days: Annotated[int, named("Days until ended jobs are removed.", ge=1, le=36500)] | UnsetType = UNSET
    active_backend: Annotated[str | UnsetType, named(AT_START)] = UNSET
    active_tia_version: Annotated[str | UnsetType, named(AT_START)] = UNSET
    host: Annotated[str | UnsetType, named(AT_START)] = UNSET
    port: Annotated[int | UnsetType, named(AT_START)] = UNSET
    data_dir: Annotated[str | UnsetType, named(AT_START)] = UNSET
    workspace: Annotated[str | UnsetType, named(AT_START)] = UNSET
    roots: Annotated[list[str] | UnsetType, named(AT_START)] = UNSET
    security: Annotated[SecuritySettings | UnsetType, named(AT_START)] = UNSET
    at_next_start: Annotated[list[str] | UnsetType, named("Read only.")] = UNSET


def describe(ctx: Context) -> SettingsInfo:
    """Return the settings as they are, those for the next start included; never the key."""
    settings, model = ctx.service.settings, ctx.service.portals.model
    saved = read_saved(settings.data_dir)
    later = {name: saved.get(name, getattr(settings, name)) for name in ("backend", "tia_version")}
    return SettingsInfo(
        backend=str(later["backend"]),
        tia_version=None if later["tia_version"] is None else str(later["tia_version"]),
        active_backend=model.backend,
        active_tia_version=model.version,
        host=settings.host,
        port=DEFAULT_PORT if settings.port is None else settings.port,
        data_dir=str(settings.data_dir),
        workspace=str(ctx.roots.workspace),
        roots=[str(root) for root in settings.roots],
        headless=settings.headless,
        quiet=settings.quiet,
        wait_limit=settings.wait_limit,
        keep_jobs_days=settings.keep_jobs_days,
        security=SecuritySettings(api_key_required=True, api_key_source="given" if settings.api_key else "stored"),
        at_next_start=[_wire(name) for name, value in later.items() if value != getattr(settings, name)],
    )


def change(ctx: Context, request: SaveSettings) -> SettingsInfo:
    """Change settings, at once where that can be, and keep them for the next start.

    Raises:
        Problem: A setting is fixed while the service runs, or TIA Portal is not available in the version.
    """
    now = describe(ctx)
    given = {name: value for name in request.__struct_fields__ if (value := getattr(request, name)) is not UNSET}
    for name, value in given.items():
        if name not in {*CHANGEABLE, "at_next_start"} and value != getattr(now, name):
            msg = f"'{_wire(name)}' is fixed while the service runs: start it with another value (tia serve --help)."
            raise Problem("settings.fixed", msg, kind=Kind.CONFLICT, place=Place(pointer=f"/{_wire(name)}"))
    changed = {name: value for name, value in given.items() if name in CHANGEABLE and value != getattr(now, name)}
    _require_startable(str(given.get("backend", now.backend)), given.get("tia_version", now.tia_version))
    if changed:
        save(ctx.service.settings.data_dir, changed)
    _apply(ctx, {name: value for name, value in changed.items() if name in AT_ONCE})
    return describe(ctx)


def _apply(ctx: Context, changed: dict[str, object]) -> None:
    settings = ctx.service.settings
    for name, value in changed.items():
        setattr(settings, name, value)
    ctx.service.portals.launch_when_needed = settings.headless
    if "quiet" in changed:
        logging.getLogger().setLevel(logging.WARNING if settings.quiet else logging.INFO)


def _require_startable(backend: str, version: object) -> None:
    """Refuse what the next start would fail with."""
    installed = loader.installed_versions()
    if backend == "fake" or (backend == "auto" and not installed):
        loader.load("fake", None if version is None else str(version))
    elif version is None and installed:
        return
    elif version not in installed:
        msg = f"TIA Portal V{version or '?'} is not installed here. Installed: {', '.join(installed) or 'none'}."
        raise Problem("backend.version", msg, kind=Kind.REFUSED, place=Place(pointer="/tiaVersion"))


def _wire(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
