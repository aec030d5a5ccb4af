"""Use of master copies in a project: CreateFrom of blocks, folders of blocks, data types, tag tables and stations.

Facts: docs/facts/openness-libraries.md#master-copies. What Rename calls the new object, that Replace stays in its
folder, and that a station gets another name where its own is used, is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_dotnet.system import require_type
from fake_openness.blocks.block_groups import (
    PlcBlockComposition,
    PlcBlockUserGroup,
    PlcBlockUserGroupComposition,
    create_block,
    create_group,
)
from fake_openness.blocks.plc_types import PlcTypeComposition, create_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_levels
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ImportOptions
from fake_openness.hardware import hardware_files
from fake_openness.hardware.devices import Device, DeviceComposition, create_device
from fake_openness.hardware.hardware import FOLDER
from fake_openness.library import instances, placement
from fake_openness.library.copies import MasterCopy, free_name
from fake_openness.library.kinds import MasterCopyMode
from fake_openness.library.library_object import refusal
from fake_openness.library.package import RUNTIME, SOFTWARE, Content, Package, Part, station
from fake_openness.library.placement import UpdatePathsMode
from fake_openness.library.versions import CodeBlockLibraryTypeVersion, LibraryTypeVersion, PlcTypeLibraryTypeVersion
from fake_openness.online.station_image import walk_items
from fake_openness.program import references
from fake_openness.program.importing import settle_cultures
from fake_openness.program.plc import _Plc
from fake_openness.tags import tag_rules
from fake_openness.tags.tag_names import tables_of
from fake_openness.tags.tag_tables import PlcTagTable, PlcTagTableComposition, create_table
from fake_openness.technology.technology_groups import (
    TechnologicalInstanceDBComposition,
    create_technology_object,
)
from fake_openness.technology.technology_objects import TechnologicalInstanceDB
from simatic_xml.model import Block, PlcType, TagTable

Throw, Rename, Replace = MasterCopyMode.ThrowIfExists, MasterCopyMode.Rename, MasterCopyMode.Replace
_LATE = {"InstanceDB": 1}
"""Instance data blocks come after the function blocks that they belong to."""


def element(target: PlcBlockComposition | PlcTypeComposition, source: Any, mode: Any) -> Any:
    """Make a block or data type from a master copy or from a version of a type.

    Raises:
        TypeError: Neither of them.
        EngineeringTargetInvocationException: Another kind of content, or a rule is broken; nothing was changed.
    """
    if isinstance(source, LibraryTypeVersion):
        wanted = PlcTypeLibraryTypeVersion if hasattr(target._group, "_types") else CodeBlockLibraryTypeVersion
        paths = (
            UpdatePathsMode.KeepExistingPathsInTarget if mode is None else require_type(mode, UpdatePathsMode, "mode")
        )
        return placement.instantiate(target, require_type(source, wanted, "libraryTypeVersion"), paths)
    package = _package(source)
    plc = target._plc
    plc._require_offline("Creating an object from a master copy")
    content = package.content(package.parts[0], plc._context.version) if package.parts else None
    kind = PlcType if hasattr(target._group, "_types") else Block
    if package.folders or len(package.parts) != 1 or not isinstance(content, kind):
        raise _wrong_content(source, package)
    with plc._context.whole():
        return _put(target, content, package.parts[0], _mode(plc, mode))


create_block.defined_by(element)
create_type.defined_by(element)


@create_technology_object.defined_by
def technology_object(
    target: TechnologicalInstanceDBComposition, source: EngineeringObject, mode: Any
) -> TechnologicalInstanceDB:
    """Make a technology object from a master copy; what belongs to an axis is not in it."""
    package = _package(source)
    plc, chosen = target._plc, _mode(target._plc, mode)
    plc._require_offline("Creating an object from a master copy")
    if package.kind != "TechnologicalInstanceDB":
        raise _wrong_content(source, package)
    content = package.content(package.parts[0], plc._context.version)
    assert isinstance(content, Block)  # noqa: S101 - by its kind
    there = plc._program.find(content.name)
    if chosen is Rename:
        content.name, content.number = free_name(content.name, lambda name: plc._program.find(name) is not None), None
    elif there is not None and (chosen is Throw or there._parent is not target):
        raise _there(content.name)
    settle_cultures(plc, content, ImportOptions.SkipInactiveCultures)
    with plc._context.whole():
        return target._take([content], ImportOptions.Override)[0]


@create_table.defined_by
def table(target: PlcTagTableComposition, source: EngineeringObject, mode: Any) -> PlcTagTable:
    """Make a tag table from a master copy."""
    package = _package(source)
    plc, chosen = target._plc, _mode(target._plc, mode)
    plc._require_offline("Creating an object from a master copy")
    if package.kind != "PlcTagTable":
        raise _wrong_content(source, package)
    content = package.content(package.parts[0], plc._context.version)
    assert isinstance(content, TagTable)  # noqa: S101 - by its kind
    tables = {each._name.casefold(): each for each in tables_of(plc)}
    there = tables.get(content.name.casefold())
    if chosen is Rename:
        content.name = free_name(content.name, lambda name: name.casefold() in tables)
        there = None
    elif there is not None and (chosen is Throw or there._parent is not target):
        raise _there(content.name)
    settle_cultures(plc, content, ImportOptions.SkipInactiveCultures)
    tag_rules.check_table(plc, content, there)
    with plc._context.whole():
        return target._replace(content)


@create_group.defined_by
def group(target: PlcBlockUserGroupComposition, source: EngineeringObject, mode: Any) -> PlcBlockUserGroup:
    """Make a folder of blocks from a master copy, with the folders in it."""
    package = _package(source)
    plc, chosen = target._plc, _mode(target._plc, mode)
    plc._require_offline("Creating an object from a master copy")
    if package.kind != "PlcBlockUserGroup":
        raise _wrong_content(source, package)
    there = target._by_name.get(package.name.casefold())
    if there is not None and chosen is Throw:
        raise _there(package.name)
    require_levels(len(target._group._path()) + max((len(folder) for folder in package.folders), default=0))
    with plc._context.whole():
        if there is not None and chosen is Replace:
            there.Delete()
        made = target._make(free_name(package.name, lambda name: name.casefold() in target._by_name))
        for folder in package.folders:
            made._descend(folder)
        for part, content in _contents(plc, package, chosen):
            home: Any = made._descend(part.folder)
            _put(home._blocks, content, part, chosen)
        return made


@create_device.defined_by
def device(target: DeviceComposition, source: EngineeringObject) -> Device:
    """Make a station from a master copy, outside of IO systems; a used name is replaced.

    Raises:
        EngineeringTargetInvocationException: Another kind of content.
    """
    package = _package(source)
    if package.kind != "Device":
        raise _wrong_content(source, package)
    hardware, document = target._hardware, station(package)
    devices = {each._name.casefold(): each for each in hardware.every_device()}
    with target._context.whole():
        document["name"] = free_name(document["name"], lambda name: name.casefold() in devices)
        return _station(target, document, package)


def _station(target: DeviceComposition, document: dict[str, Any], package: Package) -> Device:
    hardware = target._hardware
    folder = hardware.new_folder(document["name"])
    heads = {head._name.casefold() for each in hardware.every_device() if (head := each._head()) is not None}
    for item in walk_items(document):
        interface = item.get("interface", {})
        if hardware.subnets._find_by_name(interface.get("subnet", "")) is None:
            interface.pop("subnet", None)
        if item.get("role") in ("cpu", "head") or item.get("software"):
            item["name"] = free_name(item["name"], lambda name: name.casefold() in heads)
        if item.get("software"):
            item["software"] = f"{FOLDER}/{folder}/software"
    context = target._context
    for name, content in package.files.items():
        if name.startswith((SOFTWARE, RUNTIME)):
            context.note_change(context.files.put(f"{FOLDER}/{folder}/{name}", content))
    hardware_files.load_station(hardware, document, folder)
    return next(each for each in hardware.every_device() if each._name == document["name"])


# -- one element --------------------------------------------------------------------------


def _put(target: Any, content: Block | PlcType, part: Part, mode: MasterCopyMode) -> Any:
    plc: _Plc = target._plc
    there = plc._program.find(content.name) or plc._tag_names.find(content.name)
    if there is not None and mode is Rename:
        content.name = free_name(content.name, lambda name: _used(plc, name))
    elif there is not None and mode is Throw:
        raise _there(content.name)
    options = ImportOptions.Override if mode is Replace else ImportOptions.None_
    made = placement.put(target, content, options)
    if part.version and instances.library_of(plc)._version(part.version) is not None:
        made._update(library_version=part.version)
    return made


def _contents(plc: _Plc, package: Package, mode: MasterCopyMode) -> Iterator[tuple[Part, Block]]:
    """Yield the blocks of a folder; where some are renamed, the others follow."""
    found: list[tuple[Part, Content]] = [(part, package.content(part, plc._context.version)) for part in package.parts]
    blocks = sorted((pair for pair in found if isinstance(pair[1], Block)), key=lambda pair: _LATE.get(pair[1].kind, 0))
    names = {content.name.casefold() for _, content in blocks}
    for _, content in blocks if mode is Rename else ():
        if _used(plc, content.name):
            old = content.name
            content.name = free_name(old, lambda name: name.casefold() in names or _used(plc, name))
            names.add(content.name.casefold())
            for _, other in blocks:
                assert isinstance(other, Block)  # noqa: S101 - sorted out above
                references.rename(other, old, content.name)
    for part, content in blocks:
        assert isinstance(content, Block)  # noqa: S101 - sorted out above
        yield part, content


def _used(plc: _Plc, name: str) -> bool:
    return plc._program.find(name) is not None or plc._tag_names.find(name) is not None


def _package(source: Any) -> Package:
    return require_type(source, MasterCopy, "masterCopy")._package()


def _mode(plc: _Plc, mode: Any) -> MasterCopyMode:
    if mode is not None and not plc._context.version.has("20"):
        msg = "No method matches given arguments: CreateFrom takes a master copy alone before V20"
        raise TypeError(msg)
    return Throw if mode is None else require_type(mode, MasterCopyMode, "mode")


def _wrong_content(source: Any, package: Package) -> EngineeringTargetInvocationException:
    msg = f"The master copy '{source._name}' holds a {package.kind}, which cannot be created here."
    return refusal("wrong_content", msg, source._name)


def _there(name: str) -> EngineeringTargetInvocationException:
    return refusal("exists", f"'{name}' exists already: rename or replace it.", name)
