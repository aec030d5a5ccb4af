"""The simulated TIA Portal Openness object model.

`install` makes one simulated computer and returns its types by their .NET names,
which is all that a caller may use: the same names that a real installation has.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from fakes import plcsim
from fakes.openness import (
    block_groups,
    block_values,
    blocks,
    catalog,
    cax,
    compare,
    compile_messages,
    compiler,
    connection,
    core,
    cross_references,
    device_items,
    devices,
    dialogs,
    documents,
    download,
    errors,
    hmi_graphics,
    hmi_library_types,
    hmi_lists,
    hmi_screens,
    hmi_tags,
    hmi_target,
    hmi_unified,
    hmi_unified_alarms,
    hmi_unified_lists,
    hmi_unified_objects,
    hmi_unified_screens,
    hmi_unified_tags,
    io_addresses,
    io_systems,
    item_parts,
    library,
    library_collection,
    library_compare,
    library_copies,
    library_documents,
    library_folders,
    library_global,
    library_instances,
    library_kinds,
    library_modes,
    library_place,
    library_release,
    library_types,
    library_update,
    library_versions,
    login,
    net_types,
    network,
    online,
    options,
    plc_protection,
    plc_types,
    portal,
    ports,
    project,
    projects,
    prompts,
    reflection,
    results,
    software,
    sources,
    subnets,
    system,
    system_constants,
    tag_tables,
    tags,
    texts,
    umac,
    upload,
    watch,
    watch_entries,
)
from fakes.openness.machine import Machine
from fakes.openness.versions import TiaVersion

_MODULES: tuple[ModuleType, ...] = (
    core, errors, system, texts, catalog, cax, devices, device_items, item_parts, io_addresses, io_systems,
    plc_protection, umac, login, net_types, network, subnets, ports, project, projects, portal, dialogs, options, software,
    blocks, block_values, block_groups, plc_types, tags, tag_tables, system_constants, sources, watch, watch_entries, compiler, compile_messages,
    cross_references, documents, connection, online, prompts, download, results, upload, compare, library,
    library_kinds, library_modes, library_place, library_folders, library_copies, library_types, library_versions,
    library_instances, library_update, library_compare, library_release, library_documents, library_global,
    library_collection, hmi_target, hmi_screens, hmi_tags, hmi_lists, hmi_graphics, hmi_library_types, hmi_unified, hmi_unified_objects,
    hmi_unified_screens, hmi_unified_tags, hmi_unified_lists, hmi_unified_alarms,
)  # fmt: skip
_MODULES_FROM = {
    library_modes: "17", cross_references: "18", library_place: "18", library_compare: "19", documents: "20",
    library_release: "20", library_documents: "20", hmi_unified: "17", hmi_unified_objects: "17",
    hmi_unified_screens: "17", hmi_unified_tags: "17", hmi_unified_lists: "20", hmi_unified_alarms: "17",
}  # fmt: skip
"""Modules whose types a later TIA version brought."""
_OURS = frozenset({
    core.EngineeringObject, core.NetList, core.Composition, core.NamedComposition, core.ServiceAccess,
    core.BoundServiceAccess, plc_protection.Protection, umac.Umac, portal.PortalProcess, documents.Outcome,
    system.NetEnum, system.NetFlags, system.EnumClass, system.FileSystemInfo,
})  # fmt: skip
"""What the fake is made of and .NET does not have."""


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


def install(version: str = "20", **machine: Any) -> Installation:
    """Make a simulated computer with one TIA Portal version.

    Args:
        version: "15.1" to "21".
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
    types["TiaPortal"] = type("TiaPortal", (portal.TiaPortal,), {"_machine": computer})
    types["Enum"] = reflection.Enum
    types["AppDomain"] = reflection.app_domain(computer.version)
    return Installation(computer, types, plcsim.install(computer.simulation))
