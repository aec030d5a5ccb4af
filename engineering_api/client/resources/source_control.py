"""Source Control: the open project as text in a git repository of its own.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
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
from engineering_api.features.source_control.source_control_operations import (
    AddRemote,
    Author,
    Commit,
    Compare,
    Forced,
    Log,
    OfFile,
    OnBranch,
    OnRemote,
    OtherRepository,
    Preview,
    RestoreAll,
    RestoreFile,
)
from engineering_api.operations.declaration import Nothing


class SourceControl(Resource):
    """Source Control: the open project as text in a git repository of its own."""

    def init(self) -> RepositoryStatus:
        """Make the open project's repository; one that is there stays as it is."""
        return self._client.run("source_control.init", Nothing(), RepositoryStatus)

    def status(self) -> RepositoryStatus:
        """Get what differs from the last commit, as of the last export (export-preview or commit)."""
        return self._client.run("source_control.status", Nothing(), RepositoryStatus)

    @overload
    def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: Literal[True] = True,
    ) -> Committed: ...

    @overload
    def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: Literal[False],
    ) -> Job[Committed]: ...

    def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: bool = True,
    ) -> Committed | Job[Committed]:
        """Export the project and commit it.

        Blocks, data types, tag tables, watch tables and stations; protected objects, which TIA Portal does not export, are
        named in the answer.

        Args:
            message: What was changed, and why.
            compile: Compile the programs first, because inconsistent objects cannot be read.
            skip_inconsistent: Leave inconsistent objects as they are in the last commit, instead of refusing.
            force: Commit the project as it is, even where that takes back what came in by checkout, merge or pull.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "source_control.commit",
                Commit(message=message, compile=compile, skip_inconsistent=skip_inconsistent, force=force),
                Committed,
            )
        return self._client.run(
            "source_control.commit",
            Commit(message=message, compile=compile, skip_inconsistent=skip_inconsistent, force=force),
            Committed,
        )

    @overload
    def export_preview(self, *, compile: bool = False, wait: Literal[True] = True) -> RepositoryStatus: ...

    @overload
    def export_preview(self, *, compile: bool = False, wait: Literal[False]) -> Job[RepositoryStatus]: ...

    def export_preview(self, *, compile: bool = False, wait: bool = True) -> RepositoryStatus | Job[RepositoryStatus]:
        """Export the project into the work tree, and get what a commit would change.

        Args:
            compile: Compile the programs first, because inconsistent objects cannot be read.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("source_control.export_preview", Preview(compile=compile), RepositoryStatus)
        return self._client.run("source_control.export_preview", Preview(compile=compile), RepositoryStatus)

    def log(self, *, count: int = 50, commit_sha: str = "HEAD", file_path: str | None = None) -> list[CommitInfo]:
        """List commits, newest first; those of one file or folder, too.

        Args:
            count: How many at most, newest first.
            commit_sha: Where to start. A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            file_path: Only commits that changed this file or folder.
        """
        return self._client.run(
            "source_control.log", Log(count=count, commit_sha=commit_sha, file_path=file_path), list[CommitInfo]
        )

    def diff(
        self, *, from_: str | None = None, to: str | None = None, file_path: str | None = None, explain: bool = False
    ) -> RepositoryDiff:
        """Compare two states; without any, the work tree with the last commit.

        Args:
            from_: The older state; the last commit, or the parent of `to`, by default. A commit: HEAD, HEAD~1, a
                branch, or an id of at least four digits.
            to: The newer state, a commit or WORKING; HEAD where `from` is given, otherwise WORKING.
            file_path: Only this file or folder.
            explain: Also say in words of the program what differs in SimaticML files.
        """
        return self._client.run(
            "source_control.diff", Compare(from_=from_, to=to, file_path=file_path, explain=explain), RepositoryDiff
        )

    def branches(self) -> list[Branch]:
        """List the branches of the repository, and those of its remotes as last fetched."""
        return self._client.run("source_control.branches", Nothing(), list[Branch])

    def create_branch(self, *, branch_name: str) -> Branch:
        """Make a branch at the last commit; the current branch stays the current one.

        Args:
            branch_name: The branch's name.
        """
        return self._client.run("source_control.create_branch", OnBranch(branch_name=branch_name), Branch)

    def checkout(self, *, branch_name: str, force: bool = False) -> Branch:
        """Make a branch the current one. The project stays as it is: restore-all brings the branch into it.

        Args:
            branch_name: The branch's name.
            force: Go on even where changes or commits are lost.
        """
        return self._client.run("source_control.checkout", Forced(branch_name=branch_name, force=force), Branch)

    def delete_branch(self, *, branch_name: str, force: bool = False) -> Branch:
        """Delete a branch; one with commits that the current branch has not only with force.

        Args:
            branch_name: The branch's name.
            force: Go on even where changes or commits are lost.
        """
        return self._client.run("source_control.delete_branch", Forced(branch_name=branch_name, force=force), Branch)

    def merge(self, *, branch_name: str) -> Merged:
        """Merge a branch into the current one; conflicts are refused, and nothing is merged then.

        Args:
            branch_name: The branch's name.
        """
        return self._client.run("source_control.merge", OnBranch(branch_name=branch_name), Merged)

    def push(self, *, remote_name: str | None = None, user_name: str = "", password: str = "") -> Pushed:
        """Send the current branch to a remote.

        Args:
            remote_name: The remote's name; origin by default.
            user_name: User at an http or https server.
            password: Password or token of that user; it is kept nowhere.
        """
        return self._client.run(
            "source_control.push",
            OtherRepository(remote_name=remote_name, user_name=user_name, password=password),
            Pushed,
        )

    def pull(self, *, remote_name: str | None = None, user_name: str = "", password: str = "") -> Merged:
        """Fetch from a remote and merge its branch into the current one; conflicts are refused, as in a merge.

        Args:
            remote_name: The remote's name; origin by default.
            user_name: User at an http or https server.
            password: Password or token of that user; it is kept nowhere.
        """
        return self._client.run(
            "source_control.pull",
            OtherRepository(remote_name=remote_name, user_name=user_name, password=password),
            Merged,
        )

    def config(self) -> RepositoryConfig:
        """Get whether the open project has a repository, and who commits."""
        return self._client.run("source_control.config", Nothing(), RepositoryConfig)

    def configure(self, *, author_name: str | None = None, author_email: str | None = None) -> RepositoryConfig:
        """Set who commits.

        Args:
            author_name: Name that commits carry.
            author_email: Mail address that commits carry.
        """
        return self._client.run(
            "source_control.configure", Author(author_name=author_name, author_email=author_email), RepositoryConfig
        )

    def remotes(self) -> list[RemoteRepository]:
        """List the remotes."""
        return self._client.run("source_control.remotes", Nothing(), list[RemoteRepository])

    def add_remote(self, *, name: str, url: str) -> RemoteRepository:
        """Add a remote: a server by http, https or ssh, or a repository in a folder that clients may use.

        Args:
            name: What it is called here, such as origin.
            url: https://, http:// or ssh:// URL, user@host:path, or an allowed folder of the server.
        """
        return self._client.run("source_control.add_remote", AddRemote(name=name, url=url), RemoteRepository)

    def delete_remote(self, *, name: str) -> RemoteRepository:
        """Forget a remote, with the branches that were fetched of it.

        Args:
            name: What it is called here.
        """
        return self._client.run("source_control.delete_remote", OnRemote(name=name), RemoteRepository)

    def file_content(self, *, file_path: str, commit_sha: str = "HEAD") -> FileAtCommit:
        """Get a file as it is in a commit or in the work tree; null where it is not there.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits. WORKING is the work tree, as
                of the last export.
            file_path: The file's path in the repository.
        """
        return self._client.run(
            "source_control.file_content", OfFile(commit_sha=commit_sha, file_path=file_path), FileAtCommit
        )

    @overload
    def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: Literal[True] = True
    ) -> ProjectRestored: ...

    @overload
    def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: Literal[False]
    ) -> Job[ProjectRestored]: ...

    def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: bool = True
    ) -> ProjectRestored | Job[ProjectRestored]:
        """Bring one file of a commit back into the project: a block, data type, tag table, watch table, or absent station.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            file_path: The file's path in the repository.
            device_name: The PLC that it goes to; the one that it is of by default.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "source_control.restore",
                RestoreFile(commit_sha=commit_sha, file_path=file_path, device_name=device_name),
                ProjectRestored,
            )
        return self._client.run(
            "source_control.restore",
            RestoreFile(commit_sha=commit_sha, file_path=file_path, device_name=device_name),
            ProjectRestored,
        )

    @overload
    def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRestored: ...

    @overload
    def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: Literal[False],
    ) -> Job[ProjectRestored]: ...

    def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: bool = True,
    ) -> ProjectRestored | Job[ProjectRestored]:
        """Bring the project to the state of a commit or branch, each object after what it needs.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            device_name: Only this PLC or station.
            mode: all: everything or nothing. each: as much as can be.
            delete: Delete objects that the commit has not.
            compile: Compile the programs afterwards, and compare the project with the commit.
            force: Give up changes of the project that are in no commit.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "source_control.restore_all",
                RestoreAll(
                    commit_sha=commit_sha,
                    device_name=device_name,
                    mode=mode,
                    delete=delete,
                    compile=compile,
                    force=force,
                ),
                ProjectRestored,
            )
        return self._client.run(
            "source_control.restore_all",
            RestoreAll(
                commit_sha=commit_sha, device_name=device_name, mode=mode, delete=delete, compile=compile, force=force
            ),
            ProjectRestored,
        )


class AsyncSourceControl(AsyncResource):
    """Source Control: the open project as text in a git repository of its own."""

    async def init(self) -> RepositoryStatus:
        """Make the open project's repository; one that is there stays as it is."""
        return await self._client.run("source_control.init", Nothing(), RepositoryStatus)

    async def status(self) -> RepositoryStatus:
        """Get what differs from the last commit, as of the last export (export-preview or commit)."""
        return await self._client.run("source_control.status", Nothing(), RepositoryStatus)

    @overload
    async def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: Literal[True] = True,
    ) -> Committed: ...

    @overload
    async def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[Committed]: ...

    async def commit(
        self,
        *,
        message: str,
        compile: bool = False,
        skip_inconsistent: bool = False,
        force: bool = False,
        wait: bool = True,
    ) -> Committed | AsyncJob[Committed]:
        """Export the project and commit it.

        Blocks, data types, tag tables, watch tables and stations; protected objects, which TIA Portal does not export, are
        named in the answer.

        Args:
            message: What was changed, and why.
            compile: Compile the programs first, because inconsistent objects cannot be read.
            skip_inconsistent: Leave inconsistent objects as they are in the last commit, instead of refusing.
            force: Commit the project as it is, even where that takes back what came in by checkout, merge or pull.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "source_control.commit",
                Commit(message=message, compile=compile, skip_inconsistent=skip_inconsistent, force=force),
                Committed,
            )
        return await self._client.run(
            "source_control.commit",
            Commit(message=message, compile=compile, skip_inconsistent=skip_inconsistent, force=force),
            Committed,
        )

    @overload
    async def export_preview(self, *, compile: bool = False, wait: Literal[True] = True) -> RepositoryStatus: ...

    @overload
    async def export_preview(self, *, compile: bool = False, wait: Literal[False]) -> AsyncJob[RepositoryStatus]: ...

    async def export_preview(
        self, *, compile: bool = False, wait: bool = True
    ) -> RepositoryStatus | AsyncJob[RepositoryStatus]:
        """Export the project into the work tree, and get what a commit would change.

        Args:
            compile: Compile the programs first, because inconsistent objects cannot be read.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("source_control.export_preview", Preview(compile=compile), RepositoryStatus)
        return await self._client.run("source_control.export_preview", Preview(compile=compile), RepositoryStatus)

    async def log(self, *, count: int = 50, commit_sha: str = "HEAD", file_path: str | None = None) -> list[CommitInfo]:
        """List commits, newest first; those of one file or folder, too.

        Args:
            count: How many at most, newest first.
            commit_sha: Where to start. A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            file_path: Only commits that changed this file or folder.
        """
        return await self._client.run(
            "source_control.log", Log(count=count, commit_sha=commit_sha, file_path=file_path), list[CommitInfo]
        )

    async def diff(
        self, *, from_: str | None = None, to: str | None = None, file_path: str | None = None, explain: bool = False
    ) -> RepositoryDiff:
        """Compare two states; without any, the work tree with the last commit.

        Args:
            from_: The older state; the last commit, or the parent of `to`, by default. A commit: HEAD, HEAD~1, a
                branch, or an id of at least four digits.
            to: The newer state, a commit or WORKING; HEAD where `from` is given, otherwise WORKING.
            file_path: Only this file or folder.
            explain: Also say in words of the program what differs in SimaticML files.
        """
        return await self._client.run(
            "source_control.diff", Compare(from_=from_, to=to, file_path=file_path, explain=explain), RepositoryDiff
        )

    async def branches(self) -> list[Branch]:
        """List the branches of the repository, and those of its remotes as last fetched."""
        return await self._client.run("source_control.branches", Nothing(), list[Branch])

    async def create_branch(self, *, branch_name: str) -> Branch:
        """Make a branch at the last commit; the current branch stays the current one.

        Args:
            branch_name: The branch's name.
        """
        return await self._client.run("source_control.create_branch", OnBranch(branch_name=branch_name), Branch)

    async def checkout(self, *, branch_name: str, force: bool = False) -> Branch:
        """Make a branch the current one. The project stays as it is: restore-all brings the branch into it.

        Args:
            branch_name: The branch's name.
            force: Go on even where changes or commits are lost.
        """
        return await self._client.run("source_control.checkout", Forced(branch_name=branch_name, force=force), Branch)

    async def delete_branch(self, *, branch_name: str, force: bool = False) -> Branch:
        """Delete a branch; one with commits that the current branch has not only with force.

        Args:
            branch_name: The branch's name.
            force: Go on even where changes or commits are lost.
        """
        return await self._client.run(
            "source_control.delete_branch", Forced(branch_name=branch_name, force=force), Branch
        )

    async def merge(self, *, branch_name: str) -> Merged:
        """Merge a branch into the current one; conflicts are refused, and nothing is merged then.

        Args:
            branch_name: The branch's name.
        """
        return await self._client.run("source_control.merge", OnBranch(branch_name=branch_name), Merged)

    async def push(self, *, remote_name: str | None = None, user_name: str = "", password: str = "") -> Pushed:
        """Send the current branch to a remote.

        Args:
            remote_name: The remote's name; origin by default.
            user_name: User at an http or https server.
            password: Password or token of that user; it is kept nowhere.
        """
        return await self._client.run(
            "source_control.push",
            OtherRepository(remote_name=remote_name, user_name=user_name, password=password),
            Pushed,
        )

    async def pull(self, *, remote_name: str | None = None, user_name: str = "", password: str = "") -> Merged:
        """Fetch from a remote and merge its branch into the current one; conflicts are refused, as in a merge.

        Args:
            remote_name: The remote's name; origin by default.
            user_name: User at an http or https server.
            password: Password or token of that user; it is kept nowhere.
        """
        return await self._client.run(
            "source_control.pull",
            OtherRepository(remote_name=remote_name, user_name=user_name, password=password),
            Merged,
        )

    async def config(self) -> RepositoryConfig:
        """Get whether the open project has a repository, and who commits."""
        return await self._client.run("source_control.config", Nothing(), RepositoryConfig)

    async def configure(self, *, author_name: str | None = None, author_email: str | None = None) -> RepositoryConfig:
        """Set who commits.

        Args:
            author_name: Name that commits carry.
            author_email: Mail address that commits carry.
        """
        return await self._client.run(
            "source_control.configure", Author(author_name=author_name, author_email=author_email), RepositoryConfig
        )

    async def remotes(self) -> list[RemoteRepository]:
        """List the remotes."""
        return await self._client.run("source_control.remotes", Nothing(), list[RemoteRepository])

    async def add_remote(self, *, name: str, url: str) -> RemoteRepository:
        """Add a remote: a server by http, https or ssh, or a repository in a folder that clients may use.

        Args:
            name: What it is called here, such as origin.
            url: https://, http:// or ssh:// URL, user@host:path, or an allowed folder of the server.
        """
        return await self._client.run("source_control.add_remote", AddRemote(name=name, url=url), RemoteRepository)

    async def delete_remote(self, *, name: str) -> RemoteRepository:
        """Forget a remote, with the branches that were fetched of it.

        Args:
            name: What it is called here.
        """
        return await self._client.run("source_control.delete_remote", OnRemote(name=name), RemoteRepository)

    async def file_content(self, *, file_path: str, commit_sha: str = "HEAD") -> FileAtCommit:
        """Get a file as it is in a commit or in the work tree; null where it is not there.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits. WORKING is the work tree, as
                of the last export.
            file_path: The file's path in the repository.
        """
        return await self._client.run(
            "source_control.file_content", OfFile(commit_sha=commit_sha, file_path=file_path), FileAtCommit
        )

    @overload
    async def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: Literal[True] = True
    ) -> ProjectRestored: ...

    @overload
    async def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: Literal[False]
    ) -> AsyncJob[ProjectRestored]: ...

    async def restore(
        self, *, commit_sha: str, file_path: str, device_name: str | None = None, wait: bool = True
    ) -> ProjectRestored | AsyncJob[ProjectRestored]:
        """Bring one file of a commit back into the project: a block, data type, tag table, watch table, or absent station.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            file_path: The file's path in the repository.
            device_name: The PLC that it goes to; the one that it is of by default.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "source_control.restore",
                RestoreFile(commit_sha=commit_sha, file_path=file_path, device_name=device_name),
                ProjectRestored,
            )
        return await self._client.run(
            "source_control.restore",
            RestoreFile(commit_sha=commit_sha, file_path=file_path, device_name=device_name),
            ProjectRestored,
        )

    @overload
    async def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRestored: ...

    @overload
    async def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[ProjectRestored]: ...

    async def restore_all(
        self,
        *,
        commit_sha: str = "HEAD",
        device_name: str | None = None,
        mode: Literal["all", "each"] = "all",
        delete: bool = True,
        compile: bool = True,
        force: bool = False,
        wait: bool = True,
    ) -> ProjectRestored | AsyncJob[ProjectRestored]:
        """Bring the project to the state of a commit or branch, each object after what it needs.

        Args:
            commit_sha: A commit: HEAD, HEAD~1, a branch, or an id of at least four digits.
            device_name: Only this PLC or station.
            mode: all: everything or nothing. each: as much as can be.
            delete: Delete objects that the commit has not.
            compile: Compile the programs afterwards, and compare the project with the commit.
            force: Give up changes of the project that are in no commit.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "source_control.restore_all",
                RestoreAll(
                    commit_sha=commit_sha,
                    device_name=device_name,
                    mode=mode,
                    delete=delete,
                    compile=compile,
                    force=force,
                ),
                ProjectRestored,
            )
        return await self._client.run(
            "source_control.restore_all",
            RestoreAll(
                commit_sha=commit_sha, device_name=device_name, mode=mode, delete=delete, compile=compile, force=force
            ),
            ProjectRestored,
        )
