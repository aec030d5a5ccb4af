"""The repository of one project: its work tree, what is staged of it, and its commits.

The work tree holds the last export of the project. `refs/engineering-api/project` remembers the commit that the
project is known to be in the state of: one that was made of it, or that was brought into it. A commit on anything else
would take back what came in by checkout, merge or pull, so that it is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engineering_api.features.source_control import git_folder, layout
from engineering_api.features.source_control.git import Git
from engineering_api.features.source_control.model import ChangedFile, FileStatus, RepositoryConfig
from engineering_api.files import git_names
from openness_bridge.errors import Detail, Kind, Place, Problem

PROJECT = "refs/engineering-api/project"
RESTORED = "refs/engineering-api/restored"
MADE = "refs/engineering-api/made"
"""A commit of the project that is being made, so that one whose making was cut off is known for what it is."""
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
STATUSES: dict[str, FileStatus] = {"A": "Added", "M": "Modified", "D": "Deleted", "R": "Renamed", "T": "Modified"}
_SUBMODULE = "160000 "
AUTHOR = ("Engineering API", "engineering-api@localhost")
_REVISION = re.compile(r"(?!-)(?!.*(?:\.\.|@\{))[^\x00-\x20\x7f~^:?*\[\\]+(?:[~^]\d{0,9}){0,9}")
_README = """# {name}

The program and the hardware of the TIA Portal project {name} as text, written by the engineering API.

| folder | what |
|---|---|
| `blocks/<PLC>/<folder>/<block>.xml` | blocks as SimaticML |
| `udts/<PLC>/<folder>/<type>.xml` | PLC data types as SimaticML |
| `tags/<PLC>/<folder>/<table>.xml` | tag tables as SimaticML |
| `watch/<PLC>/<folder>/<table>.xml` | watch tables as SimaticML |
| `technology/<PLC>/<folder>/<object>.xml` | technology objects as SimaticML |
| `hardware/<station>.aml` | stations as AutomationML |
| `project.json` | what is known of the project and its devices |

Each export writes these files again; other files stay as they are. A character of a name that no file can have is %XX.
"""


@dataclass(eq=False, slots=True)
class Repository:
    """One repository. From worker threads only.

    Attributes:
        folder: Its work tree.
        project: The project's name.
        lock: Held by the code that reads or writes the work tree.
        left_out: What the last export could not read.
        exported_at: When that was.
    """

    folder: Path
    project: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    left_out: list[Detail] = field(default_factory=list)
    exported_at: str | None = None

    @property
    def git(self) -> Git:
        """Git in its work tree."""
        return Git(self.folder)

    @property
    def is_initialized(self) -> bool:
        """Whether there is one. What only looks like one, such as a link, is refused."""
        git_folder.require_plain(self.git.git_folder)
        return (self.folder / ".git" / "HEAD").is_file()

    def require(self) -> Repository:
        """Return this repository.

        Raises:
            Problem: There is none yet.
        """
        if not self.is_initialized:
            msg = "This project has no repository yet: make one with POST /api/source-control/init."
            raise Problem("source_control.not_initialized", msg, kind=Kind.CONFLICT)
        return self

    def initialize(self) -> None:
        """Make it; one that is there stays as it is."""
        if self.is_initialized:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.git.must("init", "--quiet", "--template=", "--initial-branch=main")
        (self.folder / "README.md").write_text(_README.format(name=self.project), encoding="utf-8", newline="\n")
        (self.folder / ".gitattributes").write_text("* -text\n", encoding="utf-8", newline="\n")

    # -- the work tree ----------------------------------------------------------------

    def write(self, files: Mapping[str, bytes], kept: set[str]) -> None:
        """Make an export the content of the work tree.

        Args:
            files: All of it by path; a file that is the same already is not touched.
            kept: Paths that stay as they are.
        """
        for path in set(self._list_exported()) - files.keys() - kept:
            (self.folder / path).unlink()
        for path, content in files.items():
            self._write(self.folder / path, content)

    def stage(self) -> str:
        """Stage the work tree as it is; returns its tree.

        Raises:
            Problem: There is another repository in it, whose settings git would read.
        """
        for inner, folders, files in os.walk(self.folder):
            if inner == str(self.folder):
                folders.remove(".git")
            if found := next(filter(git_names.is_git_name, (*folders, *files)), ""):
                msg = (
                    f"'{Path(inner) / found}' is a git repository in the repository of the project: move it elsewhere."
                )
                raise Problem("source_control.nested_repository", msg, kind=Kind.CONFLICT)
        self.git.must("add", "--all", "--force", "--", ".")
        return self.git.must("write-tree").text

    def require_plain_tree(self, revision: str) -> None:
        """Refuse a commit that would bring a git folder or a submodule into the work tree.

        Raises:
            Problem: `source_control.hostile_tree`.
        """
        entries = [each.partition("\t") for each in self.git.must("ls-tree", "-r", "-z", revision).fields]
        paths = [path for _, _, path in entries]
        found = git_names.find_git_folder(paths) or next(
            (path for about, _, path in entries if about.startswith(_SUBMODULE)), ""
        )
        if found:
            msg = f"The commit {revision[:40]} has a git folder or submodule at '{found[:200]}', which is not checked out: delete it there."
            raise Problem("source_control.hostile_tree", msg, kind=Kind.CONFLICT, place=Place(path=found))

    def clean(self) -> None:
        """Make the work tree that of the last commit."""
        self.git.must("reset", "--quiet", "--hard", "HEAD")

    def _list_exported(self) -> list[str]:
        """Return the paths of all files in the folders that exports write."""
        roots = [self.folder / domain for domain in layout.DOMAINS]
        files = [file for root in roots if root.is_dir() for file in root.rglob("*") if not file.is_dir()]
        return [file.relative_to(self.folder).as_posix() for file in files]

    def _write(self, file: Path, content: bytes) -> None:
        with suppress(OSError):
            if file.read_bytes() == content:
                return
        for above in reversed(file.relative_to(self.folder).parents[:-1]):
            if (self.folder / above).is_file():
                (self.folder / above).unlink()
        if file.is_dir():
            shutil.rmtree(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    # -- commits ----------------------------------------------------------------------

    def branch(self) -> str | None:
        """Return the current branch, which may have no commit yet; None where none is checked out."""
        return self.git.run("symbolic-ref", "--quiet", "--short", "HEAD").text or None

    def on_branch(self) -> str:
        """Return the current branch.

        Raises:
            Problem: None is checked out.
        """
        found = self.branch()
        if found is None:
            msg = "No branch is checked out, so a commit would belong to none: check out a branch first."
            raise Problem("source_control.detached", msg, kind=Kind.CONFLICT)
        return found

    def find(self, revision: str) -> str | None:
        """Return the id of a commit, or None."""
        found = self.git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return found.text if found.code == 0 else None

    def commit(self, revision: str) -> str:
        """Return the id of the commit that a client names: HEAD, HEAD~2, a branch, or an id.

        Raises:
            Problem: That is no name, or there is no such commit.
        """
        if not _REVISION.fullmatch(revision):
            msg = f"'{revision}' names no commit: use HEAD, HEAD~1, a branch, or a commit's id."
            raise Problem("source_control.bad_revision", msg, kind=Kind.INVALID)
        found = self.find(revision)
        if found is None:
            msg = f"There is no commit '{revision}': GET /api/source-control/log lists them."
            raise Problem("source_control.no_commit", msg, kind=Kind.MISSING).at(object=revision)
        return found

    def tree(self, revision: str) -> str | None:
        """Return the tree of a commit, or None where there is no such commit."""
        found = self.git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}")
        return found.text if found.code == 0 else None

    def record(self, message: str) -> str:
        """Commit what is staged; returns the id.

        Raises:
            Problem: There is no branch to commit to.
        """
        self.on_branch()
        self.git.must(
            "commit",
            "--quiet",
            "--no-verify",
            "--cleanup=whitespace",
            "--file=-",
            given=message.encode(),
            environment=self.identity(),
        )
        return self.git.must("rev-parse", "HEAD").text

    def record_project(self, message: str) -> str:
        """Commit what is staged, which is the project as it is; returns the id. Cut off at any point, it is made or is not.

        Raises:
            Problem: There is no branch to commit to.
        """
        self.on_branch()
        text = self.git.must("stripspace", given=message.encode()).output
        parent = ["-p", "HEAD"] if self.tree("HEAD") else []
        made = self.git.must(
            "commit-tree", self.git.must("write-tree").text, *parent, "-F", "-", given=text, environment=self.identity()
        ).text
        self.git.must("update-ref", MADE, made)
        self.git.must("update-ref", "-m", "commit", "HEAD", made)
        self.mark_applied(made)
        return made

    def changes(self, before: str, after: str) -> list[ChangedFile]:
        """Return the files that differ between two trees or commits."""
        listed = iter(self.git.must("diff-tree", "-r", "-z", "-M", "--name-status", before, after).fields)
        found: list[ChangedFile] = []
        for status in listed:
            old = next(listed) if status.startswith("R") else None
            found.append(_to_changed_file(next(listed), STATUSES.get(status[0], "Modified"), old))
        return found

    def merge_base(self, one: str, other: str) -> str:
        """Return the last commit that two have in common; the empty tree where they have none."""
        found = self.git.run("merge-base", one, other)
        return found.text if found.code == 0 else EMPTY_TREE

    # -- what of it is in the project -------------------------------------------------

    def is_applied(self) -> bool:
        """Return whether the project is in the state of the last commit, but for changes in it since."""
        return self.tree("HEAD") == self.tree(PROJECT) or self._was_cut_off()

    def _was_cut_off(self) -> bool:
        """Return whether the last commit was made of the project, and its maker ended before it could note that."""
        made = self.git.run("rev-parse", "--verify", "--quiet", MADE)
        return made.code == 0 and made.text == self.git.run("rev-parse", "--verify", "--quiet", "HEAD").text

    def mark_applied(self, commit: str) -> None:
        """Remember that a commit was made of the project, or brought into it as the last of its branch."""
        self.git.must("update-ref", PROJECT, commit)
        self.git.must("update-ref", "-d", MADE)

    def mark_restored(self, commit: str) -> None:
        """Remember that the project was brought to the state of a commit; of an older one, to commit that again."""
        self.git.must("update-ref", RESTORED, commit)
        if self.tree(commit) == self.tree("HEAD"):
            self.mark_applied(commit)

    def require_committed(self, tree: str, *more: str) -> None:
        """Refuse to continue where something would be lost.

        Args:
            tree: That of the work tree.
            more: Further commits that hold it, perhaps.

        Raises:
            Problem: The work tree is in no commit that is known.
        """
        if tree in {self.tree(each) for each in ("HEAD", PROJECT, RESTORED, *more)}:
            return
        changed = [change.file_path for change in self.changes(self.tree("HEAD") or EMPTY_TREE, tree)]
        if self.find(PROJECT) is None:
            changed = self._list_own(tree)
        if changed:
            names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
            msg = f"There are changes that are in no commit ({names}): commit them first, or set force to discard them."
            raise Problem("source_control.uncommitted", msg, kind=Kind.CONFLICT)

    def _list_own(self, tree: str) -> list[str]:
        """Return objects that a project has, and that differ from the last commit or are not in it."""
        changes = self.changes(self.tree("HEAD") or EMPTY_TREE, tree)
        return [each.file_path for each in changes if each.status != "Deleted" and layout.item_at(each.file_path)]

    # -- who commits ------------------------------------------------------------------

    def config(self) -> RepositoryConfig:
        """Return who commits."""
        name, email = (self._read_setting(f"user.{what}") if self.is_initialized else "" for what in ("name", "email"))
        return RepositoryConfig(
            enabled=self.is_initialized, author_name=name or AUTHOR[0], author_email=email or AUTHOR[1]
        )

    def configure(self, name: str | None, email: str | None) -> RepositoryConfig:
        """Set who commits.

        Raises:
            Problem: A name or address that git cannot write.
        """
        for what, value in (("name", name), ("email", email)):
            if value is None:
                continue
            if not value.strip() or any(character in "<>" or not character.isprintable() for character in value):
                msg = f"The author's {what} must have some characters, and neither < nor > nor line breaks."
                raise Problem("source_control.bad_author", msg, kind=Kind.INVALID)
            self.git.must("config", "--local", f"user.{what}", value.strip())
        return self.config()

    def identity(self) -> dict[str, str]:
        """Return who commits, as git's variables."""
        known = self.config()
        return {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", known.author_name), ("EMAIL", known.author_email))
        }

    def _read_setting(self, name: str) -> str:
        return self.git.run("config", "--local", "--get", name).text


def _to_changed_file(path: str, status: FileStatus, old: str | None) -> ChangedFile:
    item = layout.item_at(path)
    return ChangedFile(
        file_path=path,
        status=status,
        domain=path.partition("/")[0],
        device_name=item.device if item else "",
        item_name=item.name if item else path.rpartition("/")[2],
        old_path=old,
    )
