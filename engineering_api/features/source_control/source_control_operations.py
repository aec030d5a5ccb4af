"""Source Control: the open project as text in a separate git repository."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.features.source_control import branches as branching
from engineering_api.features.source_control import history, open_project
from engineering_api.features.source_control import remotes as others
from engineering_api.features.source_control import restore as source_control_restore
from engineering_api.features.source_control.model import (
    Branch,
    CommitInfo,
    Committed,
    FileAtCommit,
    Merged,
    ProjectRestored,
    Pushed,
    RemoteRepository,
    RepositoryConfig,
    RepositoryDiff,
    RepositoryStatus,
)
from engineering_api.features.source_control.remote_places import RemotePlaces
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named, secret
from engineering_api.operations.terms import TOLD, Lock, Place, Right, Trial, Undo

section = Section("Source Control", place=Place.WORKER)
PREFIX = "/api/source-control"
MOTOR = "blocks/PLC_1/Drives/Motor.xml"
REVISION = "A commit: HEAD, HEAD~1, a branch, or an id of at least four digits."


class Preview(Request, kw_only=True):
    """Whether to compile first."""

    compile: Annotated[bool, named("Compile the programs first, because inconsistent objects cannot be read.")] = False


class Commit(Request, kw_only=True):
    """The message of the commit, and what may be left out."""

    message: Annotated[str, named("What you changed, and why.")]
    compile: Annotated[
        bool, named("Compile the programs first, because inconsistent objects cannot be read.", vendor=True)
    ] = False
    skip_inconsistent: Annotated[
        bool, named("Leave inconsistent objects as they are in the last commit, instead of refusing.", vendor=True)
    ] = False
    force: Annotated[
        bool,
        named(
            "Commit the project as it is, even if that reverses what came in by checkout, merge or pull.",
            destroys=True,
        ),
    ] = False


class Log(Request, kw_only=True):
    """Which commits."""

    count: Annotated[int, named("How many at most, newest first.", "limit", ge=1, le=10000)] = 50
    commit_sha: Annotated[str, named(f"Where to start. {REVISION}", "branch", "branchName")] = "HEAD"
    file_path: Annotated[str | None, named("Only commits that changed this file or folder.", "path")] = None


class Compare(Request, kw_only=True):
    """Which two states."""

    from_: Annotated[
        str | None, named(f"The older state; the last commit, or the parent of `to`, by default. {REVISION}")
    ] = msgspec.field(default=None, name="from")
    to: Annotated[
        str | None, named("The newer state, a commit or WORKING; HEAD where `from` is given, otherwise WORKING.")
    ] = None
    file_path: Annotated[str | None, named("Only this file or folder.", "path")] = None
    explain: Annotated[bool, named("Also say in words of the program what differs in SimaticML files.")] = False


class OnBranch(Request, kw_only=True):
    """Which branch."""

    branch_name: Annotated[str, named("The branch's name.", "name")]


class Forced(OnBranch, kw_only=True):
    """Which branch, and whether something may be lost."""

    force: Annotated[bool, named("Continue even if changes or commits are lost.", destroys=True)] = False


class OtherRepository(Request, kw_only=True):
    """Which remote, and who asks there."""

    remote_name: Annotated[str | None, named("The remote's name; origin by default.", "remote", "name")] = None
    user_name: Annotated[str, named("User at an http or https server.", "user")] = ""
    password: Annotated[str, secret("Password or token of that user; it is kept nowhere.", "token")] = ""


class Author(Request, kw_only=True):
    """Who commits."""

    author_name: Annotated[str | None, named("Name that commits carry.", "name")] = None
    author_email: Annotated[str | None, named("Mail address that commits carry.", "email")] = None


class AddRemote(Request, kw_only=True):
    """Another repository."""

    name: Annotated[str, named("Its name here, such as origin.", "remoteName")]
    url: Annotated[
        str,
        named(
            "https://, http:// or ssh:// URL, user@host:path, or a folder of the server that TIA_GIT_FOLDERS allows."
        ),
    ]


class OnRemote(Request, kw_only=True):
    """Which remote."""

    name: Annotated[str, named("Its name here.", "remoteName")]


class OfFile(Request, kw_only=True):
    """Which file of which state."""

    commit_sha: Annotated[str, named(f"{REVISION} WORKING is the work tree, as of the last export.", "commit")] = "HEAD"
    file_path: Annotated[str, named("The file's path in the repository.", "path")]


class RestoreFile(Request, kw_only=True):
    """Which file of which commit, and where to."""

    commit_sha: Annotated[str, named(REVISION, "commit")]
    file_path: Annotated[str, named("The file's path in the repository.", "path")]
    device_name: Annotated[str | None, named("The target PLC; by default the one that the file belongs to.")] = None


class RestoreAll(Request, kw_only=True):
    """Which state, and how."""

    commit_sha: Annotated[str, named(REVISION, "commit", "branch", "branchName")] = "HEAD"
    device_name: Annotated[str | None, named("Only this PLC or station.")] = None
    mode: Annotated[Literal["all", "each"], named("all: everything or nothing. each: as much as can be.")] = "all"
    delete: Annotated[bool, named("Delete objects that are not in the commit.", destroys=True)] = True
    compile: Annotated[bool, named("Compile the programs afterwards, and compare the project with the commit.")] = True
    force: Annotated[bool, named("Give up changes of the project that are in no commit.", destroys=True)] = False


@section.operation(also=f"POST {PREFIX}/init", done="Repository initialized", destroys=False, undo=Undo.NEEDLESS)
def init(ctx: Context, _: Nothing) -> RepositoryStatus:
    """Create the repository of the open project. An existing repository does not change."""
    return open_project.initialize(ctx)


@section.operation(also=f"GET {PREFIX}/status", right=Right.VIEW, changes=False, tool="vcs_status")
def status(ctx: Context, _: Nothing) -> RepositoryStatus:
    """Get what differs from the last commit, as of the last export (export-preview or commit)."""
    return open_project.status(open_project.any_repository(ctx))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also=f"POST {PREFIX}/commit-sync",
    also_job=f"POST {PREFIX}/commit",
    lock=Lock.PROJECT,
    example={"message": "Interlock of the conveyor's motor"},
    done=TOLD,
    tool="vcs_commit",
)
def commit(ctx: Context, request: Commit) -> Committed:
    """Export the project and commit it.

    The commit has blocks, data types, tag tables, watch tables and stations. The answer names protected objects, which TIA
    Portal does not export.
    """
    return open_project.commit(
        ctx,
        request.message,
        compile_first=request.compile,
        skip_inconsistent=request.skip_inconsistent,
        force=request.force,
    )


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also=f"POST {PREFIX}/export-preview-sync",
    also_job=f"POST {PREFIX}/export-preview",
    lock=Lock.PROJECT,
    done="Project exported",
)
def export_preview(ctx: Context, request: Preview) -> RepositoryStatus:
    """Export the project into the work tree, and get what a commit would change."""
    return open_project.preview(ctx, compile_first=request.compile)


@section.operation(also=f"GET {PREFIX}/log", right=Right.VIEW, changes=False, example={"count": 20})
def log(ctx: Context, request: Log) -> list[CommitInfo]:
    """List commits, newest first, also those of one file or folder."""
    return history.log(open_project.repository(ctx), request.count, request.commit_sha, request.file_path)


@section.operation(
    also=f"GET {PREFIX}/diff",
    right=Right.VIEW,
    changes=False,
    example={"from": "HEAD~1", "to": "HEAD", "explain": True},
    tool="vcs_diff",
)
def diff(ctx: Context, request: Compare) -> RepositoryDiff:
    """Compare two states; without any, the work tree with the last commit."""
    found = open_project.repository(ctx)
    return history.diff(
        found, request.from_ or None, request.to or None, request.file_path or None, explain=request.explain
    )


@section.operation(also=f"GET {PREFIX}/branches", right=Right.VIEW, changes=False)
def branches(ctx: Context, _: Nothing) -> list[Branch]:
    """List the branches of the repository, and those of its remotes as last fetched."""
    return branching.list_branches(open_project.repository(ctx))


@section.operation(
    also=f"POST {PREFIX}/branches",
    example={"branchName": "line-2"},
    destroys=False,
    undo=Undo.NEEDLESS,
    done="Branch created",
)
def create_branch(ctx: Context, request: OnBranch) -> Branch:
    """Create a branch at the last commit, without checking it out."""
    found = open_project.repository(ctx)
    with found.lock:
        return branching.create(found, request.branch_name)


@section.operation(
    also=f"POST {PREFIX}/branches/checkout",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"branchName": "line-2"},
    done="Branch checked out",
)
def checkout(ctx: Context, request: Forced) -> Branch:
    """Check out a branch. The project does not change: restore-all brings the branch into it."""
    found = open_project.repository(ctx)
    with found.lock:
        return branching.checkout(found, request.branch_name, force=request.force)


@section.operation(
    also=f"DELETE {PREFIX}/branches/{{branchName}}",
    destroys=True,
    undo=Undo.NEVER,
    example={"branchName": "line-2"},
    done="Branch deleted",
)
def delete_branch(ctx: Context, request: Forced) -> Branch:
    """Delete a branch. Set force to delete one with commits that are not in the current branch."""
    found = open_project.repository(ctx)
    with found.lock:
        return branching.delete(found, request.branch_name, force=request.force)


@section.operation(
    also=f"POST {PREFIX}/merge",
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    example={"branchName": "line-2"},
    destroys=True,
    undo=Undo.NEVER,
    done=TOLD,
)
def merge(ctx: Context, request: OnBranch) -> Merged:
    """Merge a branch into the current one. If there are conflicts, nothing is merged."""
    found = open_project.repository(ctx)
    with found.lock:
        return branching.merge(found, found.commit(request.branch_name), request.branch_name, trial=ctx.trial)


@section.operation(
    also=f"POST {PREFIX}/push",
    example={"remoteName": "origin"},
    done=TOLD,
    destroys=False,
    undo=Undo.NEVER,
)
def push(ctx: Context, request: OtherRepository) -> Pushed:
    """Send the current branch to a remote."""
    found = open_project.repository(ctx)
    return others.push(found, request.remote_name, ctx.service.part(RemotePlaces), request.user_name, request.password)


@section.operation(
    also=f"POST {PREFIX}/pull",
    trial=Trial.PLANNED,
    example={"remoteName": "origin"},
    done=TOLD,
    destroys=True,
    undo=Undo.NEVER,
)
def pull(ctx: Context, request: OtherRepository) -> Merged:
    """Fetch from a remote and merge its branch into the current one. If there are conflicts, nothing is merged.

    A dry run only fetches, and lists what the merge would change.
    """
    found, places = open_project.repository(ctx), ctx.service.part(RemotePlaces)
    return others.pull(found, request.remote_name, places, request.user_name, request.password, trial=ctx.trial)


@section.operation(also=f"GET {PREFIX}/config", right=Right.VIEW, changes=False)
def config(ctx: Context, _: Nothing) -> RepositoryConfig:
    """Get whether the open project has a repository, and who commits."""
    return open_project.any_repository(ctx).config()


@section.operation(
    also=(f"PUT {PREFIX}/config", f"POST {PREFIX}/config"),
    destroys=True,
    undo=Undo.NEVER,
    example={"authorName": "A. Engineer", "authorEmail": "engineer@plant.example"},
    done="Configuration changed",
)
def configure(ctx: Context, request: Author) -> RepositoryConfig:
    """Set who commits."""
    found = open_project.repository(ctx)
    with found.lock:
        return found.configure(request.author_name, request.author_email)


@section.operation(also=f"GET {PREFIX}/remotes", right=Right.VIEW, changes=False)
def remotes(ctx: Context, _: Nothing) -> list[RemoteRepository]:
    """List the remotes."""
    return others.list_remotes(open_project.repository(ctx))


@section.operation(
    also=f"POST {PREFIX}/remotes",
    done="Remote added",
    destroys=False,
    undo=Undo.NEVER,
    example={"name": "origin", "url": "https://git.plant.example/line.git"},
)
def add_remote(ctx: Context, request: AddRemote) -> RemoteRepository:
    """Add a remote: a server by http, https or ssh that TIA_GIT_HOSTS allows, or a repository in a folder of TIA_GIT_FOLDERS."""
    return others.add(open_project.repository(ctx), request.name, request.url, ctx.service.part(RemotePlaces))


@section.operation(
    also=f"DELETE {PREFIX}/remotes/{{name}}",
    example={"name": "origin"},
    destroys=True,
    undo=Undo.NEVER,
    done="Remote deleted",
)
def delete_remote(ctx: Context, request: OnRemote) -> RemoteRepository:
    """Delete a remote, with the branches that were fetched from it."""
    found = open_project.repository(ctx)
    with found.lock:
        return others.remove(found, request.name)


@section.operation(
    also=f"GET {PREFIX}/file-content",
    right=Right.VIEW,
    changes=False,
    example={"commitSha": "HEAD", "filePath": MOTOR},
)
def file_content(ctx: Context, request: OfFile) -> FileAtCommit:
    """Get a file as it is in a commit or in the work tree; null where it is not there."""
    return history.content(open_project.repository(ctx), request.commit_sha, request.file_path)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also=f"POST {PREFIX}/restore-sync",
    also_job=f"POST {PREFIX}/restore",
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    example={"commitSha": "HEAD~1", "filePath": MOTOR},
    done="Restored",
)
def restore(ctx: Context, request: RestoreFile) -> ProjectRestored:
    """Bring one file of a commit back into the project: a block, data type, tag table, watch table, or absent station."""
    return source_control_restore.file(ctx, request.commit_sha, request.file_path, request.device_name)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also=f"POST {PREFIX}/restore-all-sync",
    also_job=f"POST {PREFIX}/restore-all",
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    example={"commitSha": "line-2"},
    done="Restored",
)
def restore_all(ctx: Context, request: RestoreAll) -> ProjectRestored:
    """Restore the project to the state of a commit or branch, in the order of dependencies.

    A dry run exports the project into the work tree, and lists what the restore would do to each object. It does not try
    the programs of stations that are created first.
    """
    return source_control_restore.restore_all(
        ctx,
        request.commit_sha,
        request.device_name,
        each=request.mode == "each",
        delete=request.delete,
        compile_after=request.compile,
        force=request.force,
    )
