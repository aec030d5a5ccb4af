"""Update check, update of the project and of libraries, harmonising and cleaning up.

An update brings instances to the default versions. What may be deleted or moved on the way can be chosen from V17 on
where a library is updated, from V20 on where a project is; older versions have one way.
Facts: docs/facts/openness-libraries.md#updates; docs/facts/tia-operations.md#libraries; the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from openness_bridge.enumerations import CleanUpMode, values_of
from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.library import libraries
from openness_bridge.library.libraries import PROJECT, TYPES, Which
from openness_bridge.lookup import all_devices, items, plc, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum, net_list

HARMONIZE = ("HarmonizeNames", "HarmonizePaths")
FORCE = ("SetOnlyHigherUpdatedVersionAsDefault", "ForceSetAnyUpdatedVersionAsDefault", "NoDefaultVersionChange")
STRUCTURE = ("RetainStructure", "UpdateStructure", "CancelIfStructureConflicts")
CLEAN_UP = values_of(CleanUpMode)


class UpdateMessage(msgspec.Struct, rename="camel", frozen=True):
    """A message of an update check, in the language of TIA Portal, with those below it."""

    description: str
    messages: list[UpdateMessage]


class UpdateReport(msgspec.Struct, rename="camel", frozen=True):
    """An update check: everything is up to date when it has no messages."""

    is_up_to_date: bool
    messages: list[UpdateMessage]


class Updated(msgspec.Struct, rename="camel", frozen=True):
    """The types and PLCs of an operation.

    Attributes:
        types: The types; a folder counts as the types in it.
        devices: The PLCs.
    """

    types: list[str]
    devices: list[str]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The choices of an update.

    Attributes:
        force: One of FORCE: which version is the default one of a library afterwards.
        structure: One of STRUCTURE: what to do with types in other folders.
        delete_unused: Whether to delete versions that nothing uses any more.
    """

    force: str = FORCE[0]
    structure: str = STRUCTURE[0]
    delete_unused: bool = False


def check(session: Session, which: Which, *, all_instances: bool) -> UpdateReport:
    """Report which instances in the project are not of the default versions of a library."""
    mode = "ReportOutOfDateAndUpToDate" if all_instances else "ReportOutOfDateOnly"
    library = libraries.find_library(session, which)
    found = library.UpdateCheck(session.project, enum(session.model, "UpdateCheckMode", mode))
    up_to_date = found
    if all_instances:
        up_to_date = library.UpdateCheck(session.project, enum(session.model, "UpdateCheckMode", "ReportOutOfDateOnly"))
    return UpdateReport(not list(up_to_date.Messages), [_message(each) for each in found.Messages])


def update_project(session: Session, which: Which, paths: list[str], devices: list[str], choices: Choices) -> Updated:
    """Bring instances in PLCs to the default versions; those of a global library through the project library.

    Args:
        session: The portal.
        which: The library.
        paths: Types or folders of types; empty for all.
        devices: The PLCs; empty for all.
        choices: The choices of the update.
    """
    selection, names = _selection(session, which, paths)
    scopes, found = _scopes(session, devices)
    wanted = ("delete",) if which.name is None else _GLOBAL
    options = _choices(session, choices, wanted, "CreateOptions")
    with transaction(session, "Update project"), refused_as("library.update_refused", Kind.CONFLICT):
        libraries.find_library(session, which).UpdateProject(selection, scopes, *options)
    return Updated(names, found)


def update_library(session: Session, which: Which, target: Which, paths: list[str], choices: Choices) -> Updated:
    """Bring the default versions of types to another library."""
    source, goal = libraries.find_library(session, which), libraries.find_library(session, target)
    selection, names = _selection(session, which, paths)
    options = _choices(session, choices, _GLOBAL, "ForceUpdateMode")
    with libraries.changing(session, target, "Update library"), refused_as("library.update_refused", Kind.CONFLICT):
        source.UpdateLibrary(selection, goal, *options)
    return Updated(names, [])


def harmonize(session: Session, paths: list[str], devices: list[str], options: list[str]) -> Updated:
    """Give instances the names and folders of their types (V17 and later).

    Args:
        session: The portal.
        paths: Types or folders of types; empty for all.
        devices: The PLCs; empty for all.
        options: Of HARMONIZE; at least one.
    """
    _require(session, "HarmonizeProjectOptions", "harmonizing")
    selection, names = _selection(session, PROJECT, paths)
    scopes, found = _scopes(session, devices)
    chosen = enum(session.model, "HarmonizeProjectOptions", options[0])
    for each in options[1:]:
        chosen = chosen | enum(session.model, "HarmonizeProjectOptions", each)
    with transaction(session, "Harmonize project"), refused_as("library.harmonize_refused", Kind.CONFLICT):
        session.project.ProjectLibrary.HarmonizeProject(selection, scopes, chosen)
    return Updated(names, found)


def clean_up(session: Session, which: Which, paths: list[str], mode: str) -> Updated:
    """Delete versions, and with DeleteUnusedTypes types, that nothing uses (V17 and later).

    Raises:
        Problem: Before V17, or DeleteUnusedTypes in a global library, which has no such choice.
    """
    _require(session, "CleanUpMode", "cleaning up")
    if which.name is not None and mode != CLEAN_UP[0]:
        msg = f"A global library is cleaned up with {CLEAN_UP[0]} only: delete its types one by one."
        raise Problem("library.clean_up_mode", msg)
    selection, names = _selection(session, which, paths)
    options = [enum(session.model, "CleanUpMode", mode)] if which.name is None else []
    with libraries.changing(session, which, "Clean up library"), refused_as("library.clean_up_refused", Kind.CONFLICT):
        libraries.find_library(session, which).CleanUpLibrary(selection, *options)
    return Updated(names, [])


_GLOBAL = ("force", "delete", "structure")


def _choices(session: Session, choices: Choices, wanted: tuple[str, ...], since: str) -> list[Any]:
    """Return the enumerations of an update in the order of its parameters; none in versions without the type `since`.

    Raises:
        Problem: A choice differs from the default where this version has none.
    """
    if not session.model.has(since):
        if choices != Choices():
            msg = f"In TIA Portal V{session.model.version} this update has no options: leave them out."
            raise Problem("library.choices_not_offered", msg, kind=Kind.UNSUPPORTED)
        return []
    made = {
        "force": enum(session.model, "ForceUpdateMode", choices.force),
        "structure": enum(session.model, "StructureConflictResolutionMode", choices.structure),
        "delete": enum(
            session.model, "DeleteUnusedVersionsMode", "AutomaticallyDelete" if choices.delete_unused else "DoNotDelete"
        ),
    }
    return [made[name] for name in wanted]


def _selection(session: Session, which: Which, paths: list[str]) -> tuple[Any, list[str]]:
    top = libraries.root(libraries.find_library(session, which), TYPES)
    chosen = [_type_or_folder(session, which, top, path) for path in paths] if paths else [top]
    names = [name for each in chosen for name in _type_names(each)]
    return net_list(session.model, "ILibraryTypeOrFolderSelection", chosen), list(dict.fromkeys(names))


def _type_or_folder(session: Session, which: Which, top: Any, path: str) -> Any:
    folder = libraries.folder_at(top, path)
    return folder if folder is not None else libraries.find(session, which, TYPES, path)[0]


def _type_names(chosen: Any) -> Iterator[str]:
    if hasattr(chosen, "Versions"):
        yield str(chosen.Name)
    else:
        for each, _ in libraries.walk(chosen, TYPES):
            yield str(each.Name)


def _scopes(session: Session, devices: list[str]) -> tuple[Any, list[str]]:
    found = [plc(session, name) for name in devices] if devices else list(_programs(session))
    return net_list(session.model, "IUpdateProjectScope", found), [str(each.Name) for each in found]


def _programs(session: Session) -> Iterator[Any]:
    for device, _ in all_devices(session.project):
        for item in items(device):
            software = software_of(session, item)
            if software is not None:
                yield software


def _require(session: Session, type_name: str, what: str) -> None:
    if not session.model.has(type_name):
        msg = f"TIA Portal V{session.model.version} offers no {what} by Openness: use V17 or later, or TIA Portal's user interface."
        raise Problem("library.tia_version", msg, kind=Kind.UNSUPPORTED)


def _message(found: Any) -> UpdateMessage:
    return UpdateMessage(str(found.Description), [_message(each) for each in found.Messages])
