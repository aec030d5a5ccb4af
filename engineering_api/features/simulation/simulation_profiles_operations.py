"""PLCSim Simulation: profiles, which list the instances to create."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.simulation import profiles
from engineering_api.features.simulation.profiles import InstanceDefinition, Profile, ProfileInfo, ProfilesApplied
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo

section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)


class OnProfile(Request, kw_only=True):
    """Which profile."""

    file_name: Annotated[str, named("Its file name; the extension .json may be left out.")]


class Save(Request, kw_only=True):
    """A profile."""

    name: Annotated[str, named("Its name.", "profileName", min_length=1, max_length=90)]
    description: Annotated[str, named("What it is for.")] = ""
    instances: Annotated[list[InstanceDefinition], named("Its instances.", max_length=16)]
    file_name: Annotated[str | None, named("File to keep it in; its name by default.")] = None
    overwrite: Annotated[bool, named("Replace a profile of the same file name.", destroys=True)] = False


ONE = {"fileName": "line-1.json"}


@section.operation(wait="GET /api/simulation/profiles", right=Right.VIEW, changes=False, tool="plcsim_list_profiles")
def list_(ctx: Context, request: Nothing) -> list[ProfileInfo]:
    """List the profiles."""
    del request
    return profiles.list_profiles(ctx)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/simulation/profiles",
    done="Profile saved",
    example={"name": "line-1", "instances": [{"name": "PLC_1", "cpuType": "CPU1511", "powerOn": True}]},
    tool="plcsim_save_profile",
)
def save(ctx: Context, request: Save) -> Profile:
    """Save a profile with its instances."""
    content = {"name": request.name, "description": request.description, "instances": request.instances}
    return profiles.save(ctx, request.file_name or request.name, content, overwrite=request.overwrite)


@section.operation(wait="GET /api/simulation/profiles/{fileName}", right=Right.VIEW, changes=False, example=ONE)
def get(ctx: Context, request: OnProfile) -> Profile:
    """Get a profile."""
    return profiles.get(ctx, request.file_name)


@section.operation(
    also="DELETE /api/simulation/profiles/{fileName}",
    example=ONE,
    destroys=True,
    undo=Undo.NEVER,
    done="Profile deleted",
    tool="plcsim_delete_profile",
)
def delete(ctx: Context, request: OnProfile) -> Profile:
    """Delete a profile; instances do not change."""
    return profiles.delete(ctx, request.file_name)


@section.operation(
    also="POST /api/simulation/profiles/{fileName}/actions/apply",
    example=ONE,
    destroys=True,
    undo=Undo.NEVER,
    done="Profile applied",
    tool="plcsim_load_profile",
)
def apply(ctx: Context, request: OnProfile) -> list[ProfilesApplied]:
    """Create the instances of a profile, and switch on those with powerOn."""
    return profiles.apply(ctx, request.file_name)
