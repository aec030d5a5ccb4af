"""Creates, opens, saves, archives, retrieves and describes projects.

Facts: docs/facts/openness.md#projects. All functions run on the portal's thread.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.portal.portal import Session, is_own
from openness_bridge.portal.rescue import save_copy
from openness_bridge.values import delegate, di, enum, fi, moment, secure, service, set_attribute

PROJECT_FILE = re.compile(r"\.ap\d+(_\d+)?$", re.IGNORECASE)
ARCHIVE_FILE = re.compile(r"\.zap\d+(_\d+)?$", re.IGNORECASE)


class ProjectInfo(msgspec.Struct, rename="camel", frozen=True):
    """An open project.

    Attributes:
        size_kb: Size of the saved files in KB.
    """

    name: str
    path: str
    author: str
    comment: str
    version: str
    created_at: str | None
    modified_at: str | None
    modified_by: str
    size_kb: int
    is_modified: bool
    is_primary: bool
    languages: list[str]


class ProjectRef(msgspec.Struct, rename="camel", frozen=True):
    """Name and file of a project."""

    name: str
    path: str


class ClosedProject(ProjectRef, frozen=True):
    """A project that was closed.

    Attributes:
        copy: The file of the copy that has the changes that were not saved; empty where there is none.
        message: In a sentence.
    """

    copy: str
    message: str


class ArchiveRef(msgspec.Struct, rename="camel", frozen=True):
    """An archive that was written."""

    name: str
    path: str
    size: int


class Login(msgspec.Struct, frozen=True):
    """A user of a protected project, and the password."""

    name: str
    password: str


def open_projects(session: Session) -> list[ProjectInfo]:
    """Return the open projects, the primary one first."""
    projects = [describe(project) for project in session.portal.Projects]
    return sorted(projects, key=lambda project: not project.is_primary)


def describe(project: Any) -> ProjectInfo:
    """Return the known facts about an open project."""
    return ProjectInfo(
        name=str(project.Name),
        path=str(project.Path.FullName),
        author=str(project.Author),
        comment=editing_text(project, project.Comment),
        version=str(project.Version),
        created_at=moment(project.CreationTime),
        modified_at=moment(project.LastModified),
        modified_by=str(project.LastModifiedBy),
        size_kb=int(project.Size),
        is_modified=bool(project.IsModified),
        is_primary=bool(project.IsPrimary),
        languages=[str(language.Culture.Name) for language in project.LanguageSettings.ActiveLanguages],
    )


def editing_text(project: Any, text: Any) -> str:
    """Return a multilingual text in the project's editing language."""
    item = text.Items.Find(project.LanguageSettings.EditingLanguage)
    return "" if item is None else str(item.Text)


def set_text(session: Session, text: Any, value: str) -> None:
    """Write a multilingual text in the project's editing language."""
    item = text.Items.Find(session.project.LanguageSettings.EditingLanguage)
    set_attribute(session.model, item, "Text", value)


def create(session: Session, folder: Path, name: str, comment: str | None = None) -> ProjectRef:
    """Create folder/name/name.apNN and open it."""
    _require_none_open(session)
    if (folder / name).exists():
        msg = f"'{folder / name}' exists already: choose another name or folder."
        raise Problem("project.exists", msg, kind=Kind.CONFLICT, place=Place(path=str(folder / name)))
    folder.mkdir(parents=True, exist_ok=True)
    with refused_as("project.create_refused", object=name):
        project = session.portal.Projects.Create(di(session.model, folder), name)
    ref = _note_opened(session, project)
    if comment:
        set_text(session, project.Comment, comment)
        project.Save()
    return ref


def open_project(session: Session, path: Path, *, upgrade: bool = False, login: Login | None = None) -> ProjectRef:
    """Open a project file; an older one only with upgrade, as a copy."""
    _require_kind(path, PROJECT_FILE, "project file (.apNN)")
    _require_none_open(session)
    projects = session.portal.Projects
    with refused_as("project.open_refused", Kind.CONFLICT, path=str(path)):
        arguments = (fi(session.model, path), *_credentials(session, login))
        project = projects.OpenWithUpgrade(*arguments) if upgrade else projects.Open(*arguments)
    return _note_opened(session, project)


def save(session: Session) -> ProjectRef:
    """Save the open project."""
    project = session.project
    with refused_as("project.save_refused", Kind.CONFLICT, path=str(project.Path.FullName)):
        project.Save()
    return _ref(project)


def save_as(session: Session, folder: Path) -> ProjectRef:
    """Save the open project into a new folder and continue there."""
    project = session.project
    own, before = is_own(session, project), str(project.Path.FullName)
    with refused_as("project.save_refused", Kind.CONFLICT, path=str(folder)):
        project.SaveAs(di(session.model, folder))
    ref = _ref(session.project)
    session.opened.discard(before)
    if own:
        session.opened.add(ref.path)
    return ref


def close(
    session: Session,
    *,
    save_first: bool = False,
    discard: bool = False,
    foreign: bool = False,
    copies: Path | None = None,
) -> ClosedProject:
    """Close the open project.

    Args:
        session: The portal.
        save_first: Whether changes are saved.
        discard: Whether changes are lost.
        foreign: Whether a project is closed that somebody else opened, such as the person at the portal.
        copies: The folder for a copy with the changes, where they are neither saved nor lost.

    Raises:
        Problem: It has changes that are not saved, and nothing says what becomes of them; or somebody else opened it, and
            foreign is not set.
    """
    project = session.project
    if not foreign and not is_own(session, project):
        msg = f"This service did not open '{project.Name}': close it in TIA Portal, or set foreign to close it anyway."
        raise Problem("project.not_own", msg, kind=Kind.CONFLICT)
    if project.IsModified and save_first:
        project.Save()
    ref, copy, message = _ref(project), "", "Project closed"
    if project.IsModified and not discard:
        if copies is None:
            msg = (
                f"The project '{project.Name}' has changes that are not saved: set save to save them, keep to keep them in a "
                "copy, or discard to drop them."
            )
            raise Problem("project.not_saved", msg, kind=Kind.CONFLICT)
        with refused_as("project.save_refused", Kind.CONFLICT, path=str(copies)):
            save_copy(session.model, project, copies)
        copy = _ref(session.project).path
        message = f"Project closed. It had changes that were not saved: the copy '{copy}' has them."
    session.project.Close()
    session.opened.discard(ref.path)
    session.forget()
    return ClosedProject(ref.name, ref.path, copy, message)


def archive(session: Session, target: Path, *, save_first: bool = False) -> ArchiveRef:
    """Write the saved project to a .zapNN file."""
    _require_kind(target, ARCHIVE_FILE, "project archive (.zapNN)")
    project = session.project
    if save_first and project.IsModified:
        project.Save()
    if project.IsModified:
        msg = f"The project '{project.Name}' has changes that are not saved: set save, or save it first."
        raise Problem("project.not_saved", msg, kind=Kind.CONFLICT)
    if target.exists():
        raise Problem("file.exists", f"'{target}' exists already.", kind=Kind.CONFLICT, place=Place(path=str(target)))
    mode = enum(session.model, "ProjectArchivationMode", "Compressed")
    target.parent.mkdir(parents=True, exist_ok=True)
    with refused_as("project.archive_refused", Kind.CONFLICT, path=str(target)):
        project.Archive(di(session.model, target.parent), target.name, mode)
    return ArchiveRef(target.name, str(target), target.stat().st_size)


def retrieve(
    session: Session, source: Path, folder: Path, *, upgrade: bool = False, login: Login | None = None
) -> ProjectRef:
    """Unpack an archive below a folder and open it."""
    _require_kind(source, ARCHIVE_FILE, "project archive (.zapNN)")
    _require_none_open(session)
    folder.mkdir(parents=True, exist_ok=True)
    projects = session.portal.Projects
    retrieve_it = projects.RetrieveWithUpgrade if upgrade else projects.Retrieve
    with refused_as("project.retrieve_refused", Kind.REFUSED, path=str(source)):
        project = retrieve_it(fi(session.model, source), di(session.model, folder), *_credentials(session, login))
    return _note_opened(session, project)


def set_simulation_support(session: Session, *, enabled: bool) -> bool:
    """Set that blocks are compiled so that PLCSIM can run them; returns the present state.

    From V21 the setting is a service of the project, from V16 a property.

    Raises:
        Problem: This version has neither.
    """
    project = session.project
    holder = project
    if session.model.has("PlcSimulationSettingsProvider"):
        holder = service(project, session.model.PlcSimulationSettingsProvider) or project
    if not hasattr(holder, "IsSimulationDuringBlockCompilationEnabled"):
        msg = f"TIA Portal V{session.model.version} does not have this setting in Openness: set it in the project's properties."
        raise Problem("project.no_simulation_setting", msg, kind=Kind.UNSUPPORTED)
    set_attribute(session.model, holder, "IsSimulationDuringBlockCompilationEnabled", enabled)
    return bool(holder.IsSimulationDuringBlockCompilationEnabled)


def archive_suffix(project: Any) -> str:
    """Return the extension of the project's archives, such as .zap20."""
    return ".z" + Path(str(project.Path.FullName)).suffix[1:]


def _credentials(session: Session, login: Login | None) -> tuple[Any, ...]:
    """Return the argument that names the user of a protected project; none without a login."""
    if login is None:
        return ()

    def fill(credentials: Any) -> None:
        credentials.Name = login.name
        credentials.Type = enum(session.model, "UmacUserType", "Project")
        credentials.SetPassword(secure(session.model, login.password))

    return (delegate(session.model, "UmacDelegate", fill),)


def _note_opened(session: Session, project: Any) -> ProjectRef:
    """Note that this service opened a project."""
    session.forget()
    session.opened.add(str(project.Path.FullName))
    return _ref(project)


def _ref(project: Any) -> ProjectRef:
    return ProjectRef(str(project.Name), str(project.Path.FullName))


def _require_none_open(session: Session) -> None:
    for project in session.portal.Projects:
        if project.IsPrimary:
            msg = f"The project '{project.Name}' is already open: close it first, or launch another portal."
            raise Problem("project.already_open", msg, kind=Kind.CONFLICT)


def _require_kind(path: Path, kind: re.Pattern[str], what: str) -> None:
    if not kind.match(path.suffix):
        raise Problem("file.wrong_kind", f"'{path.name}' is not a {what}.", kind=Kind.REFUSED)
