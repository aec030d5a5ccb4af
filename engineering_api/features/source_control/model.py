"""Answers of source control, as in the contract."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.features.change_list import Change
from engineering_api.operations.fields import Model
from openness_bridge.errors import Detail
from simatic_xml.diff.changes import Kind

ChangeKind = Annotated[str, msgspec.Meta(title="ChangeKind", extra_json_schema={"enum": [each.value for each in Kind]})]
FileStatus = Annotated[Literal["Added", "Modified", "Deleted", "Renamed"], msgspec.Meta(title="FileStatus")]
RestoreAction = Annotated[
    Literal["Imported", "Deleted", "Created", "Kept", "Failed"], msgspec.Meta(title="RestoreAction")
]


class ChangedFile(Model):
    """A file of the work tree that is not as in the last commit.

    Attributes:
        domain: The first part of the path.
        device_name: The PLC or station; empty for what belongs to none.
        item_name: The object's name; of other files the file's.
        old_path: Where it was before it was renamed.
    """

    file_path: str
    status: FileStatus
    domain: str
    device_name: str
    item_name: str
    old_path: str | None = None


class RepositoryStatus(Model):
    """The repository of the open project, as of the last export.

    Attributes:
        path: Its work tree on the server.
        branch: The current branch, or null where none is checked out.
        is_applied: Whether the project was brought to the state of the last commit, or that commit was made of it.
        left_out: Objects that the last export could not read; their files stand as they were.
        exported_at: When the project was last exported into the work tree.
    """

    is_initialized: bool
    changed_files_count: int
    changes: list[ChangedFile]
    last_commit_sha: str | None = None
    last_commit_message: str | None = None
    last_commit_date: str | None = None
    path: str | None = None
    branch: str | None = None
    is_applied: bool = True
    left_out: list[Detail] = []
    exported_at: str | None = None


class CommitInfo(Model):
    """A commit.

    Attributes:
        timestamp: When it was written.
        files_changed: Against its first parent.
    """

    sha: str
    short_sha: str
    message: str
    author: str
    timestamp: str
    files_changed: int


class Committed(Model):
    """A commit that was just made.

    Attributes:
        left_out: Objects that cannot be exported, such as protected blocks; they are not in the commit, or as before.
        message: In a sentence.
    """

    message: str
    commit: CommitInfo
    branch: str
    changes: list[ChangedFile]
    left_out: list[Detail]


class ProgramChange(Model):
    """One difference within a SimaticML file, in words of the program.

    Attributes:
        path: Where, such as Motor/Input/start.
        network: Counted from 1.
        text: The whole difference as one line.
    """

    path: str
    kind: ChangeKind
    network: int | None
    text: str


class FileDifference(Model):
    """A file that differs.

    Attributes:
        old_path: Where it was before it was renamed.
        changes: What differs in words of the program, where that was asked for and the file is SimaticML.
    """

    path: str
    status: FileStatus
    lines_added: int
    lines_deleted: int
    old_path: str | None = None
    changes: list[ProgramChange] | None = None


class RepositoryDiff(Model):
    """What differs between two states.

    Attributes:
        to_sha: A commit, or WORKING for the work tree.
        patch: As git prints it.
        is_truncated: Whether the patch was too large and ends early; the files are complete.
    """

    from_sha: str
    to_sha: str
    patch: str
    is_truncated: bool
    files: list[FileDifference]


class Branch(Model):
    """A branch, of this repository or of a remote as last fetched."""

    name: str
    is_current_branch: bool
    is_remote: bool
    last_commit_sha: str
    last_commit_message: str


class Merged(Model):
    """What a merge or a pull did.

    Attributes:
        message: In a sentence.
        sha: The commit that the branch is at now.
        files: Those that changed in the work tree. The project is as it was: restore-all brings them into it.
        changes: What became of each file and its object, in the repository.
    """

    message: str
    branch: str
    sha: str
    files: list[str]
    changes: list[Change] = []


class Pushed(Model):
    """What a push did.

    Attributes:
        message: In a sentence.
    """

    message: str
    branch: str
    remote: str
    sha: str


class RemoteRepository(Model):
    """Another repository."""

    name: str
    url: str


class RepositoryConfig(Model):
    """Who commits.

    Attributes:
        enabled: Whether the open project has a repository.
    """

    enabled: bool
    author_name: str
    author_email: str


class FileAtCommit(Model):
    """A file of one state; null where it is not in it."""

    content: str | None


class RestoredItem(Model):
    """What became of one file of a commit.

    Attributes:
        action: Created is a station; so is Kept, which a restore does not touch.
        objects: The names of the objects.
    """

    path: str
    action: RestoreAction
    objects: list[str]
    error: Detail | None = None


class ProjectRestored(Model):
    """What a restore changed in the project.

    Attributes:
        commit_sha: The state that was brought back.
        failed: How many items failed; the others are done.
        unchanged: How many files were as in the commit already.
        compile_errors: What the compiler found afterwards.
        differences: Files that the project, read again afterwards, has otherwise than the commit.
        changes: What became of each object of the commit, and of those that are not in it.
    """

    commit_sha: str
    failed: int
    unchanged: int
    items: list[RestoredItem]
    compile_errors: list[str] = []
    differences: list[str] = []
    changes: list[Change] = []
