"""Lists, exports, imports and deletes PLC data types (UDTs) and their folders.

Openness has no Create for them: it imports every type as SimaticML. An imported one is inconsistent, and cannot be
exported, until it is compiled, so the bridge compiles it. The caller must compile all that use it.
Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-program.md#data-types,
docs/facts/tia-operations.md#import, docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.groups import Names
from openness_bridge.importing import Languages, import_objects
from openness_bridge.lookup import plc, program_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import compile as compiling
from openness_bridge.program import origins, sources
from openness_bridge.program.origins import Origin
from openness_bridge.values import enum, fi, moment, service, set_attribute

TYPES = "Types"
SHOWN = ("Name", "IsConsistent", "IsKnowHowProtected", "ModifiedDate")
"""The attributes of each data type in lists."""


UdtNodeKind = Annotated[str, one_of("UdtNodeKind", "Folder", "UserFolder", "UDT")]


class UdtInfo(msgspec.Struct, rename="camel", frozen=True):
    """A PLC data type.

    Attributes:
        folder: Names of its folders from "PLC data types", joined by /; a slash in a name is %2F.
    """

    name: str
    is_consistent: bool
    modified_date: str | None
    folder: str
    is_know_how_protected: bool


class UdtNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or type of the tree."""

    name: str
    node_type: UdtNodeKind
    is_folder: bool
    children: list[UdtNode] = []
    udt_info: UdtInfo | None = None


def list_types(session: Session, device: str) -> list[UdtInfo]:
    """Return all PLC data types of a device, from all its folders; none where it has no program, such as a panel."""
    software = program_of(session, device)
    found = groups.walk(software.TypeGroup, TYPES) if software else ()
    return [_info(session, udt, folder) for udt, folder in found]


def tree(session: Session, device: str) -> UdtNode:
    """Return the folders of a PLC with their data types."""
    return _node(session, plc(session, device).TypeGroup, ())


def find(session: Session, device: str, name: str) -> tuple[Any, Names]:
    """Return a data type and the names of its folders.

    Raises:
        Problem: There is none of that name.
    """
    root = plc(session, device).TypeGroup
    found = next(groups.find_all(root, TYPES, name), None)
    if found is None:
        raise not_found("udt", name, (str(each.Name) for each, _ in groups.walk(root, TYPES)), device=device)
    return found


def describe(session: Session, device: str, name: str) -> UdtInfo:
    """Return the known facts about a data type without its members."""
    return _info(session, *find(session, device, name))


def export_xml(session: Session, device: str, name: str) -> bytes:
    """Return a data type as SimaticML.

    Raises:
        Problem: No such type, or it is not consistent or protected.
    """
    return xml_of(session, find(session, device, name)[0], device, name)


def xml_of(session: Session, udt: Any, device: str, name: str) -> bytes:
    """Return the SimaticML of a found data type: a search for each takes several calls."""
    _require_consistent(udt, device, name)
    with temporary(".xml") as path, refused_as("udt.export_refused", Kind.CONFLICT, device=device, object=name):
        udt.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
        return path.read_bytes()


def export_source(session: Session, device: str, name: str) -> bytes:
    """Return a data type as a source (.udt), as TIA Portal writes it.

    Raises:
        Problem: No such type, or it is not consistent or protected.
    """
    udt = find(session, device, name)[0]
    _require_consistent(udt, device, name)
    with temporary(".udt") as path:
        sources.write_source(session, [udt], path, with_dependencies=False, device=device)
        return path.read_bytes()


def _require_consistent(udt: Any, device: str, name: str) -> None:
    if not udt.IsConsistent:
        msg = f"The data type '{name}' is inconsistent and cannot be read: compile the PLC, then try again."
        raise Problem("udt.inconsistent", msg, kind=Kind.CONFLICT).at(device=device, object=name)


def import_file(
    session: Session,
    device: str,
    path: Path,
    folder: str,
    *,
    override: bool,
    languages: Languages = "activate",
    ignore_missing: bool = False,
    origin: Origin | None = None,
) -> list[UdtInfo]:
    """Import the data types of a SimaticML file into a folder, which is made where it is missing, and compile them.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """
    with transaction(session, f"Import {path.name}"):
        software = plc(session, device)
        group = groups.find_or_create(software.TypeGroup, folder, device)
        with refused_as("udt.import_refused", Kind.REFUSED, device=device):
            made = import_objects(
                session,
                group.Types,
                path,
                override=override,
                languages=languages,
                ignore_missing=ignore_missing,
            )
    found = compile_imported(session, device, [str(udt.Name) for udt in made])
    if origin is not None:
        origins.remember(session, str(software.Name), [(each.name, each.modified_date) for each in found], origin)
    return found


def compile_imported(session: Session, device: str, names: list[str]) -> list[UdtInfo]:
    """Compile data types after an import; one that is only tried cannot, because no transaction allows it."""
    if session.trying:
        return [describe(session, device, name) for name in names]
    return [compile_udt(session, device, name) for name in names]


def import_xml(session: Session, device: str, xml: bytes, folder: str, *, override: bool) -> list[UdtInfo]:
    """Import data types of SimaticML in memory; its texts must be in active languages."""
    with temporary(".xml") as path:
        path.write_bytes(xml)
        return import_file(session, device, path, folder, override=override, languages="refuse")


def compile_udt(session: Session, device: str, name: str) -> UdtInfo:
    """Compile a data type where this version can; its state shows whether that succeeded."""
    udt, folder = find(session, device, name)
    if not udt.IsConsistent:
        compilable = service(udt, session.model.ICompilable)
        if compilable is not None:
            compiling.run_compiler(session, compilable)
    return _info(session, udt, folder)


def inconsistent(session: Session, device: str) -> list[str]:
    """Return the names of all blocks and data types of a PLC that must be compiled."""
    software = plc(session, device)
    found = [item for item, _ in groups.walk(software.TypeGroup, TYPES)]
    found += [item for item, _ in groups.walk(software.BlockGroup, "Blocks")]
    return [str(item.Name) for item in found if not item.IsConsistent]


def rename(session: Session, device: str, name: str, new_name: str) -> UdtInfo:
    """Give a data type another name.

    Raises:
        Problem: No such type, or the name is used or refused.
    """
    udt, folder = find(session, device, name)
    if new_name.casefold() != name.casefold():
        require_free(session, device, new_name)
    with refused_as("udt.rename_refused", Kind.REFUSED, device=device, object=name):
        set_attribute(session.model, udt, "Name", new_name)
    from openness_bridge.program import program_reading

    program_reading.forget(session)
    return _info(session, udt, folder)


def require_free(session: Session, device: str, name: str) -> None:
    """Refuse a name that a data type or block of the PLC has.

    Raises:
        Problem: It is used.
    """
    software = plc(session, device)
    for kind, root, collection in (("udt", software.TypeGroup, TYPES), ("block", software.BlockGroup, "Blocks")):
        if next(groups.find_all(root, collection, name), None) is not None:
            what = "data type" if kind == "udt" else kind
            msg = f"A {what} '{name}' exists already: choose another name."
            raise Problem(f"{kind}.exists", msg, kind=Kind.CONFLICT).at(device=device, object=name)


def delete(session: Session, device: str, name: str) -> UdtInfo:
    """Delete a data type; returns the deleted type. All that use it become inconsistent."""
    udt, folder = find(session, device, name)
    gone = _info(session, udt, folder)
    with refused_as("udt.delete_refused", Kind.CONFLICT, device=device, object=name):
        udt.Delete()
    return gone


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder for data types."""
    with transaction(session, f"Create folder {path}"):
        groups.create(plc(session, device).TypeGroup, path, device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder of data types; one that is not empty only with force. Returns it and its content."""
    return groups.delete(plc(session, device).TypeGroup, path, TYPES, device, force=force)


def _node(session: Session, group: Any, folder: Names) -> UdtNode:
    folders = [_node(session, inner, (*folder, str(inner.Name))) for inner in group.Groups]
    infos = [_info(session, udt, folder) for udt in group.Types]
    types = [UdtNode(info.name, "UDT", False, [], info) for info in infos]
    return UdtNode(str(group.Name), "UserFolder" if folder else "Folder", True, folders + types)


def _info(session: Session, udt: Any, folder: Names) -> UdtInfo:
    name, consistent, protected, modified = read_together(session, udt, *SHOWN)
    return UdtInfo(
        name=str(name),
        is_consistent=bool(consistent),
        modified_date=moment(modified),
        folder=groups.join(folder),
        is_know_how_protected=bool(protected),
    )
