"""Profiles of simulations: lists of instances, kept as files that people can read and pass on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import msgspec

from engineering_api.durable import write_file
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model, named, path_field
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim import instances as plcsim_instances
from openness_bridge.plcsim.instances import Interface, Settings
from openness_bridge.plcsim.runtime import OperatingState

_NAME = re.compile(r"[^<>:\"/\\|?*\x00-\x1f]{1,100}")


class InstanceDefinition(Model):
    """An instance of a profile; what is null is left as PLCSIM Advanced makes it."""

    name: Annotated[str, named("Its name.", "instanceName", min_length=1, max_length=63)]
    cpu_type: Annotated[str | None, named("Such as CPU1511.")] = None
    communication_interface: Annotated[str | None, named("Softbus or TCPIP.")] = None
    storage_path: Annotated[
        str | None, path_field("Folder of its memory card, inside the allowed folders.", writes=True)
    ] = None
    ip_address: Annotated[str | None, named("IPv4 address; set when it is switched on.", "ip")] = None
    subnet_mask: Annotated[str, named("Subnet mask.", "mask")] = "255.255.255.0"
    default_gateway: Annotated[str, named("Gateway; 0.0.0.0 for none.", "gateway")] = "0.0.0.0"  # noqa: S104
    operating_mode: Annotated[str | None, named("Default, SingleStep_C and so on.")] = None
    scale_factor: Annotated[float, named("Virtual seconds in a real one.", ge=0.01, le=100)] = 1
    power_on: Annotated[bool, named("Switch it on when the profile is applied.", "autoStart")] = False


class Profile(Model):
    """A profile.

    Attributes:
        file_name: What it is found by.
    """

    file_name: str
    name: str
    description: str
    instances: list[InstanceDefinition]


class ProfileInfo(Model):
    """A profile in the list."""

    file_name: str
    name: str
    description: str
    instance_count: int


class ProfilesApplied(Model):
    """What became of an instance of a profile."""

    name: str
    created: bool
    operating_state: OperatingState


class _Stored(msgspec.Struct, rename="camel", forbid_unknown_fields=False):
    name: str
    description: str = ""
    instances: list[InstanceDefinition] = []


def _folder(ctx: Context) -> Path:
    return ctx.service.settings.data_dir / "simulation-profiles"


def _file(ctx: Context, file_name: str) -> Path:
    """Return the file of a profile; its extension may be left out.

    Raises:
        Problem: The name is none of a file in the folder.
    """
    name = file_name if file_name.lower().endswith(".json") else f"{file_name}.json"
    if not _NAME.fullmatch(name) or name.startswith("."):
        msg = f"'{file_name}' is not a file name: it has no path separators and none of the characters that files cannot have."
        raise Problem("profile.name", msg, kind=Kind.INVALID, place=Place(pointer="/fileName"))
    return _folder(ctx) / name


def list_profiles(ctx: Context) -> list[ProfileInfo]:
    """Return all profiles, by name; a file that is none is left out."""
    found = []
    for file in sorted(_folder(ctx).glob("*.json")):
        try:
            profile = _read(file)
        except Problem:
            continue
        found.append(
            ProfileInfo(
                file_name=file.name,
                name=profile.name,
                description=profile.description,
                instance_count=len(profile.instances),
            )
        )
    return found


def get(ctx: Context, file_name: str) -> Profile:
    """Return a profile.

    Raises:
        Problem: There is none, or the file is none.
    """
    return _read(_find_existing(ctx, file_name))


def save(ctx: Context, file_name: str, profile: dict[str, Any], *, overwrite: bool) -> Profile:
    """Keep a profile.

    Raises:
        Problem: The name cannot be used, or is taken.
    """
    file = _file(ctx, file_name)
    if file.exists() and not overwrite:
        msg = f"There is a profile '{file.name}' already: choose another name, or set overwrite."
        raise Problem("profile.exists", msg, kind=Kind.CONFLICT, place=Place(object=file.name))
    write_file(file, msgspec.json.format(msgspec.json.encode(_Stored(**profile)), indent=2))
    return _read(file)


def delete(ctx: Context, file_name: str) -> Profile:
    """Delete a profile; instances stay as they are."""
    file = _find_existing(ctx, file_name)
    profile = _read(file)
    file.unlink()
    return profile


def apply(ctx: Context, file_name: str) -> list[ProfilesApplied]:
    """Make the instances of a profile as it says; those that are there already are set as far as their state allows.

    Raises:
        Problem: Of the first instance that cannot be made; those before it are there.
    """
    profile = get(ctx, file_name)
    return [_apply(ctx, definition) for definition in profile.instances]


def _apply(ctx: Context, wanted: InstanceDefinition) -> ProfilesApplied:
    simulation = ctx.service.simulation
    created = wanted.name.casefold() not in {each.name.casefold() for each in simulation.instances()}
    storage = str(ctx.roots.resolve(wanted.storage_path)) if wanted.storage_path else None
    if created:
        simulation.register(wanted.name, wanted.cpu_type)
    is_off = simulation.handle(wanted.name).state() == "Off"
    settings = Settings(
        cpu_type=wanted.cpu_type if is_off else None,
        communication_interface=wanted.communication_interface if is_off else None,
        storage_path=storage if is_off else None,
        operating_mode=wanted.operating_mode,
        scale_factor=wanted.scale_factor,
    )
    plcsim_instances.configure(simulation, wanted.name, settings)
    if wanted.power_on:
        plcsim_instances.power_on(simulation, wanted.name)
    if wanted.ip_address is not None and simulation.handle(wanted.name).state() != "Off":
        suite = Interface(0, wanted.ip_address, wanted.subnet_mask, wanted.default_gateway)
        plcsim_instances.set_network(simulation, wanted.name, suite, remanent=True)
    return ProfilesApplied(name=wanted.name, created=created, operating_state=simulation.handle(wanted.name).state())


def _find_existing(ctx: Context, file_name: str) -> Path:
    file = _file(ctx, file_name)
    if not file.is_file():
        known = ", ".join(each.name for each in sorted(_folder(ctx).glob("*.json"))) or "none"
        raise Problem(
            "profile.not_found",
            f"There is no profile '{file.name}'. There are: {known}.",
            kind=Kind.MISSING,
            place=Place(object=file.name),
        )
    return file


def _read(file: Path) -> Profile:
    try:
        stored = msgspec.json.decode(file.read_bytes(), type=_Stored)
    except (msgspec.DecodeError, OSError) as error:
        msg = f"The file '{file.name}' is not a profile: {error}."
        raise Problem("profile.unreadable", msg, kind=Kind.REFUSED, place=Place(path=file.name)) from error
    return Profile(file_name=file.name, name=stored.name, description=stored.description, instances=stored.instances)
