"""The computer that is simulated, and which types its TIA Portal has."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import fake_plcsim as plcsim
from fake_dotnet import errors as system_errors
from fake_dotnet import lists as net_lists
from fake_dotnet import objects as net_objects
from fake_dotnet import system
from fake_openness.blocks import block_groups, block_values, blocks, document_import, plc_types, sources
from fake_openness.cax import cax
from fake_openness.core import (
    compile_messages,
    compiling,
    errors,
    interfaces,
    objects,
    options,
    reflection,
    self_description,
    showing,
    texts,
)
from fake_openness.core.machine import Machine
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware import catalog, device_items, devices, io_addresses, item_parts, plc_protection
from fake_openness.hmi import (
    graphics,
    lists,
    runtime,
    screens,
    target,
    unified,
    unified_alarms,
    unified_lists,
    unified_objects,
    unified_screens,
    unified_tags,
)
from fake_openness.hmi import tags as hmi_tags
from fake_openness.library import (
    collection,
    copies,
    folders,
    global_libraries,
    instances,
    kinds,
    library,
    modes,
    placement,
    release,
    update,
    use,
    versions,
)
from fake_openness.library import compare as library_compare
from fake_openness.library import documents as library_documents
from fake_openness.library import hmi_types as hmi_library_types
from fake_openness.library import types as library_types
from fake_openness.network import io_systems, net_types, network, ports, subnets
from fake_openness.online import compare, connection, download, legitimation, online, prompts, results, upload
from fake_openness.program import cross_references, documents, plc
from fake_openness.project import about, dialogs, portal, project, projects, settings
from fake_openness.security import login, umac
from fake_openness.software import plc_software
from fake_openness.tags import system_constants, tag_tables, tags, watch, watch_entries
from fake_openness.technology import parameters, technology_groups, technology_objects
from simatic_xml.versions import DEFAULT_PORTAL

_MODULES: tuple[ModuleType, ...] = (
    objects,
    interfaces,
    self_description,
    showing,
    errors,
    system_errors,
    system,
    net_lists,
    net_objects,
    texts,
    catalog,
    cax,
    devices,
    device_items,
    item_parts,
    io_addresses,
    io_systems,
    plc_protection,
    umac,
    login,
    net_types,
    network,
    subnets,
    ports,
    about,
    project,
    projects,
    settings,
    portal,
    dialogs,
    options,
    plc,
    plc_software,
    technology_objects,
    technology_groups,
    parameters,
    blocks,
    block_values,
    block_groups,
    plc_types,
    tags,
    tag_tables,
    system_constants,
    sources,
    watch,
    watch_entries,
    compiling,
    compile_messages,
    cross_references,
    documents,
    document_import,
    connection,
    legitimation,
    online,
    prompts,
    download,
    results,
    upload,
    compare,
    library,
    kinds,
    modes,
    placement,
    folders,
    copies,
    library_types,
    versions,
    instances,
    update,
    library_compare,
    release,
    library_documents,
    global_libraries,
    collection,
    use,
    runtime,
    target,
    screens,
    hmi_tags,
    lists,
    graphics,
    hmi_library_types,
    unified,
    unified_objects,
    unified_screens,
    unified_tags,
    unified_lists,
    unified_alarms,
)
_MODULES_FROM = {
    modes: "17",
    cross_references: "18",
    placement: "18",
    library_compare: "19",
    documents: "20",
    document_import: "20",
    release: "20",
    library_documents: "20",
    unified: "17",
    unified_objects: "17",
    unified_screens: "17",
    unified_tags: "17",
    unified_lists: "20",
    unified_alarms: "17",
}
"""Modules whose types a later TIA version brought."""
_OURS = frozenset(
    {
        objects.EngineeringObject,
        net_lists.NetList,
        net_objects.NetObject,
        system_errors.NetException,
        objects.Composition,
        objects.NamedComposition,
        interfaces.Interface,
        objects.ServiceAccess,
        objects.BoundServiceAccess,
        plc_protection.Protection,
        umac.Umac,
        portal.PortalProcess,
        dialogs.ServerStopped,
        document_import.Outcome,
        system.BoxedInteger,
        system.NetEnum,
        system.NetFlags,
        system.EnumClass,
        system.FileSystemInfo,
    }
)
"""Types of the fake that .NET does not have."""
_CASTS = frozenset({"IConfiguration", "IGenerateSource", "ILibraryTypeOrFolderSelection", "IUpdateProjectScope"})
"""Interfaces that are bases of classes here: a caller gets the cast to them."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A simulated computer and the types of its TIA Portal.

    Attributes:
        machine: The computer: processes, clock, call counter, fault hooks.
        types: .NET type name to type; `TiaPortal` is bound to this computer.
        plcsim: The types of its PLCSIM Advanced, in the same way.
    """

    machine: Machine
    types: dict[str, type[Any]]
    plcsim: dict[str, Any]


def install(version: str = DEFAULT_PORTAL, **machine: Any) -> Installation:
    """Make a simulated computer with one TIA Portal version.

    Args:
        version: Such as "20" or "15.1".
        machine: Further fields of Machine, such as clock.

    Raises:
        ValueError: The version is not known.
    """
    computer = Machine(TiaVersion.of(version), **machine)
    types = {
        name: value
        for module in _MODULES
        if computer.version.has(_MODULES_FROM.get(module, "0"))
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and name[0].isupper()
        and value.__module__ == module.__name__
        and value not in _OURS
        and computer.version.has(getattr(value, "_SINCE", "0"))
    }
    for name, cast in interfaces.generated(computer.version).items():
        if name not in types or name in _CASTS:
            types[name] = cast
    types["TiaPortal"] = type("TiaPortal", (portal.TiaPortal,), {"_machine": computer})
    types["Object"] = net_objects.NetObject
    types["Enum"] = reflection.Enum
    types["AppDomain"] = reflection.app_domain(computer.version)
    return Installation(computer, types, plcsim.install(computer.simulation))
