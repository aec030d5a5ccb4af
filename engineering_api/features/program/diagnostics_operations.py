"""Diagnostics: what the loaded Openness version has, and which services a PLC offers."""

from __future__ import annotations

from typing import Annotated, Literal

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right
from openness_bridge.program import reflection
from openness_bridge.program.reflection import Category, EnumInfo, NamespaceInfo, ServiceList, TypeDetails, TypeInfo

section = Section("Diagnostics", right=Right.VIEW)
Kind = Literal["class", "interface", "enum", "struct", "delegate"]


class TypeFilter(Request, kw_only=True):
    """Which types."""

    filter: Annotated[str, named("A part of the full name, without regard to case; all types when empty.", "query")] = (
        ""
    )
    kind: Annotated[Kind | None, named("Only types of this kind: class, interface, enum, struct or delegate.")] = None


class TypeAddress(Request, kw_only=True):
    """Which type."""

    type_name: Annotated[str, named("Its simple or full name, without regard to case.", "name", "q")]


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


ON_DEVICE = {"deviceName": "PLC_1"}


@section.operation(wait="GET /api/diagnostic/namespaces", lock=Lock.NONE, changes=False, reach=Reach.NOTHING)
def namespaces(ctx: Context, _: Nothing) -> list[NamespaceInfo]:
    """List the namespaces of the loaded Openness assemblies with their numbers of types."""
    return reflection.namespaces(ctx.service.portals.model)


@section.operation(
    wait="GET /api/diagnostic/types",
    lock=Lock.NONE,
    changes=False,
    example={"filter": "PlcBlock"},
    reach=Reach.NOTHING,
)
def types(ctx: Context, request: TypeFilter) -> list[TypeInfo]:
    """List the Openness types whose full name contains a text."""
    return reflection.types(ctx.service.portals.model, request.filter, request.kind)


@section.operation(
    wait="GET /api/diagnostic/search",
    lock=Lock.NONE,
    changes=False,
    example={"typeName": "OnlineProvider"},
    reach=Reach.NOTHING,
)
def search(ctx: Context, request: TypeAddress) -> list[TypeDetails]:
    """Find a type by its name: base, interfaces, and the values of an enum. Several namespaces may have the name."""
    return reflection.search(ctx.service.portals.model, request.type_name)


@section.operation(
    wait="GET /api/diagnostic/enum-values/{typeName}",
    lock=Lock.NONE,
    changes=False,
    example={"typeName": "OnlineState"},
    reach=Reach.NOTHING,
)
def enum_values(ctx: Context, request: TypeAddress) -> EnumInfo:
    """Get the members of an enum with their numbers."""
    return reflection.enum_values(ctx.service.portals.model, request.type_name)


@section.operation(wait="GET /api/diagnostic/providers", lock=Lock.NONE, changes=False, reach=Reach.NOTHING)
def providers(ctx: Context, _: Nothing) -> list[TypeInfo]:
    """List the services of Openness: every type that GetService can be asked for."""
    return reflection.providers(ctx.service.portals.model)


@section.operation(
    wait="GET /api/diagnostic/online-download-types",
    lock=Lock.NONE,
    changes=False,
    reach=Reach.NOTHING,
)
def online_download_types(ctx: Context, _: Nothing) -> list[Category]:
    """List the types of online access, connections, download and upload, by purpose."""
    return reflection.online_download_types(ctx.service.portals.model)


@section.operation(wait="GET /api/diagnostic/plc-services/{deviceName}", changes=False, example=ON_DEVICE)
def plc_services(ctx: Context, request: OnDevice) -> ServiceList:
    """List the services that a PLC's program offers."""
    return reflection.plc_services(ctx.session, request.device_name)


@section.operation(wait="GET /api/diagnostic/cpu-services/{deviceName}", changes=False, example=ON_DEVICE)
def cpu_services(ctx: Context, request: OnDevice) -> ServiceList:
    """List the services that a PLC's CPU offers."""
    return reflection.cpu_services(ctx.session, request.device_name)
