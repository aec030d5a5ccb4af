"""Repositories that make git run a command: each vector creates a file, the canary, where git obeys it."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOOKS = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg",
    "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update", "proc-receive",
    "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite",
    "sendemail-validate", "fsmonitor-watchman", "post-index-change",
)  # fmt: skip


@dataclass(frozen=True)
class Vector:
    """A configuration that runs a command.

    Attributes:
        config: Its text; RUN is the command that creates the canary, FOLDER a folder with what the vector needs.
        attributes: A .gitattributes of the work tree.
        bites: A command of git that shows that it works, where nothing protects; a shell runs it in a repository.
    """

    config: str
    attributes: str = ""
    bites: str = ""


EXT = '[protocol "ext"]\n\tallow = always'
SIGN = "[commit]\n\tgpgSign = true"
COMMIT = "git commit --allow-empty -m x"
FILL = "printf 'protocol=https\\nhost=x\\n\\n' | git credential fill"
OBJECT = "git cat-file -p 1234567890123456789012345678901234567890"
VECTORS = {
    "core.fsmonitor": Vector('[core]\n\tfsmonitor = "RUN"', bites="git status"),
    "core.sshcommand": Vector('[core]\n\tsshCommand = "RUN"', bites="git fetch ssh://localhost/x"),
    "core.alternaterefscommand": Vector('[core]\n\talternateRefsCommand = "RUN"'),
    "core.hookspath": Vector('[core]\n\thooksPath = "FOLDER/hooks"', bites=COMMIT),
    "core.pager": Vector('[core]\n\tpager = "RUN"'),
    "core.editor": Vector('[core]\n\teditor = "RUN;:"', bites="git commit --allow-empty --amend"),
    "sequence.editor": Vector('[sequence]\n\teditor = "RUN;:"', bites="git rebase -i --root"),
    "core.askpass": Vector('[core]\n\taskPass = "FOLDER/run"', bites=FILL),
    "core.gitproxy": Vector('[core]\n\tgitProxy = "FOLDER/run"', bites="git fetch git://localhost/x"),
    "core.attributesfile": Vector('[core]\n\tattributesFile = "FOLDER/attributes"\n[filter "x"]\n\tclean = "RUN;cat"', bites="git add ."),
    "core.excludesfile": Vector('[core]\n\texcludesFile = "FOLDER/attributes"'),
    "core.worktree": Vector('[core]\n\tworktree = "FOLDER"'),
    "filter.x.clean": Vector('[filter "x"]\n\tclean = "RUN;cat"', "* filter=x", bites="git add ."),
    "filter.x.smudge": Vector('[filter "x"]\n\tsmudge = "RUN;cat"', "* filter=x", bites="rm README.md; git checkout README.md"),
    "filter.x.process": Vector('[filter "x"]\n\tprocess = "RUN"', "* filter=x", bites="git add ."),
    "diff.external": Vector('[diff]\n\texternal = "FOLDER/run"', bites="echo y > README.md; git diff"),
    "diff.x.textconv": Vector('[diff "x"]\n\ttextconv = "RUN;cat"', "* diff=x", bites="echo y > README.md; git diff"),
    "diff.x.command": Vector('[diff "x"]\n\tcommand = "FOLDER/run"', "* diff=x", bites="echo y > README.md; git diff"),
    "merge.x.driver": Vector('[merge "x"]\n\tdriver = "RUN;:"', "* merge=x"),
    "include.path": Vector('[include]\n\tpath = "FOLDER/included"', bites="git status"),
    "includeif.gitdir:/.path": Vector('[includeIf "gitdir:/"]\n\tpath = "FOLDER/included"', bites="git status"),
    "includeif.onbranch:**.path": Vector('[includeIf "onbranch:**"]\n\tpath = "FOLDER/included"', bites="git status"),
    "uploadpack.packobjectshook": Vector('[uploadpack]\n\tpackObjectsHook = "RUN"'),
    "receive.procreceiverefs": Vector('[receive]\n\tprocReceiveRefs = "refs"\n[core]\n\thooksPath = "FOLDER/hooks"'),
    "gpg.program": Vector('[gpg]\n\tprogram = "FOLDER/run"\n' + SIGN, bites=COMMIT),
    "gpg.ssh.program": Vector(
        '[gpg]\n\tformat = ssh\n'
        '[gpg "ssh"]\n\tprogram = "FOLDER/run"\n\tdefaultKeyCommand = "FOLDER/run"\n' + SIGN, bites=COMMIT,
    ),
    "log.showsignature": Vector('[log]\n\tshowSignature = true\n[gpg]\n\tprogram = "FOLDER/run"'),
    "credential.helper": Vector('[credential]\n\thelper = "!RUN"', bites=FILL),
    "credential.https://x.helper": Vector('[credential "https://x"]\n\thelper = "!RUN"', bites=FILL),
    "url.ext::RUN #.insteadof": Vector('[url "ext::RUN #"]\n\tinsteadOf = "https://"\n' + EXT, bites="git fetch https://x"),
    "url.ext::RUN #.pushinsteadof": Vector('[url "ext::RUN #"]\n\tpushInsteadOf = "https://"\n' + EXT, bites="git push https://x HEAD"),
    "protocol.ext.allow": Vector(EXT),
    "remote.o.vcs": Vector('[remote "o"]\n\turl = https://x/y\n\tvcs = "ext"\n' + EXT),
    "remote.o.uploadpack": Vector('[remote "o"]\n\turl = "FOLDER/other"\n\tuploadpack = "RUN;git-upload-pack"', bites="git fetch o"),
    "remote.o.receivepack": Vector('[remote "o"]\n\turl = "FOLDER/other"\n\treceivepack = "RUN;git-receive-pack"', bites="git push o HEAD"),
    "remote.o.pushurl": Vector('[remote "o"]\n\turl = https://x/y\n\tpushurl = "ext::RUN"\n' + EXT, bites="git push o HEAD"),
    "remote.o.promisor": Vector('[remote "o"]\n\turl = "ext::RUN"\n\tpromisor = true\n' + EXT, bites=OBJECT),
    "extensions.partialclone": Vector(
        '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = o\n'
        '[remote "o"]\n\turl = "ext::RUN"\n' + EXT, bites=OBJECT,
    ),
    "extensions.worktreeconfig": Vector("[extensions]\n\tworktreeConfig = true"),
    "submodule.s.update": Vector('[submodule "s"]\n\turl = "FOLDER/other"\n\tupdate = "!RUN"'),
    "trailer.x.command": Vector('[trailer "x"]\n\tcommand = "RUN"', bites="echo x | git interpret-trailers"),
    "alias.status": Vector('[alias]\n\tl = "!RUN"', bites="git l"),
    "interactive.difffilter": Vector('[interactive]\n\tdiffFilter = "RUN"'),
    "gc.recentobjectshook": Vector('[gc]\n\trecentObjectsHook = "RUN"'),
    "maintenance.auto": Vector('[maintenance]\n\tauto = true\n[core]\n\thooksPath = "FOLDER/hooks"'),
    "http.proxy": Vector("[http]\n\tproxy = http://127.0.0.1:9"),
    "http.sslcert": Vector('[http]\n\tsslCert = "FOLDER/run"'),
    "http.cookiefile": Vector('[http]\n\tcookieFile = "FOLDER/run"'),
    "browser.x.cmd": Vector('[browser "x"]\n\tcmd = "RUN"'),
    # other ways to write a setting
    "one line": Vector('[core] fsmonitor = "RUN"', bites="git status"),
    "old form": Vector('[filter.x]\n\tclean = "RUN;cat"', "* filter=x", bites="git add ."),
    "continued": Vector('[core]\n\tfsmoni\\\ntor = "RUN"'),
    "continued value": Vector('[user]\n\tname = a \\\n[core]\n\tfsmonitor = "RUN"'),
    "capitals": Vector('[CORE]\n\tFSMONITOR = "RUN"', bites="git status"),
    "carriage returns": Vector('[core]\r\n\tfsmonitor = "RUN"\r\n', bites="git status"),
}  # fmt: skip
"""By the name that is refused; the last ones are other spellings."""


def prepare(folder: Path, canary: Path) -> str:
    """Make what the vectors need in a folder; returns the command that creates the canary."""
    command = f"touch {canary}"
    program(folder / "run", command)
    for name in HOOKS:
        program(folder / "hooks" / name, command)
    (folder / "attributes").write_text("* filter=x\n", encoding="utf-8")
    (folder / "included").write_text(f'[core]\n\tfsmonitor = "{command}"\n', encoding="utf-8")
    git(folder, "init", "--quiet", "--bare", str(folder / "other"))
    return command


def program(file: Path, command: str) -> None:
    """Write a program that runs a command."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{command}\nexit 0\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def filled(text: str, folder: Path, command: str) -> str:
    """A vector's text with its command and folder."""
    return text.replace("RUN", command).replace("FOLDER", str(folder))


def git(folder: Path, *arguments: str, given: bytes = b"", check: bool = True) -> str:
    """Run git as a user does, without their configuration. Returns its output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=clean | identity | alone, input=given, capture_output=True, check=check
    )
    return done.stdout.decode().strip()


def tree(repository: Path, *entries: tuple[str, str, str]) -> str:
    """Write a tree of any names, which git itself would not make. Returns its id.

    Args:
        repository: A bare repository.
        entries: Mode, name and id.
    """
    content = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(sha) for mode, name, sha in entries)
    return git(repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=content)


def plant_hooks(git_folder: Path, _: Path, command: str) -> None:
    for name in HOOKS:
        program(git_folder / "hooks" / name, f"echo {name} in {git_folder} >> {command.partition(' ')[2]}")


def plant_attributes(git_folder: Path, _: Path, __: str) -> None:
    (git_folder / "info").mkdir(exist_ok=True)
    (git_folder / "info" / "attributes").write_text("* filter=x diff=x merge=x\n", encoding="utf-8")


def plant_alternates(git_folder: Path, folder: Path, _: str) -> None:
    (git_folder / "objects" / "info").mkdir(exist_ok=True)
    (git_folder / "objects" / "info" / "alternates").write_text(f"{folder / 'other' / 'objects'}\n", encoding="utf-8")


def plant_commondir(git_folder: Path, folder: Path, command: str) -> None:
    with (folder / "other" / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n\tfsmonitor = "{command}"\n')
    (git_folder / "commondir").write_text(f"{folder / 'other'}\n", encoding="utf-8")


def plant_worktree_config(git_folder: Path, _: Path, command: str) -> None:
    (git_folder / "config.worktree").write_text(f'[core]\n\tfsmonitor = "{command}"\n', encoding="utf-8")


def plant_linked_objects(git_folder: Path, folder: Path, _: str) -> None:
    (git_folder / "objects").rename(folder / "moved")
    (git_folder / "objects").symlink_to(folder / "moved")


def plant_linked_config(git_folder: Path, folder: Path, _: str) -> None:
    (git_folder / "config").rename(folder / "config")
    (git_folder / "config").symlink_to(folder / "config")


def plant_linked_folder(git_folder: Path, folder: Path, _: str) -> None:
    git_folder.rename(folder / "elsewhere")
    git_folder.symlink_to(folder / "elsewhere")


def plant_git_file(git_folder: Path, folder: Path, _: str) -> None:
    git_folder.rename(folder / "elsewhere")
    git_folder.write_text(f"gitdir: {folder / 'elsewhere'}\n", encoding="utf-8")


PLANTS: dict[str, Callable[[Path, Path, str], None]] = {
    name.removeprefix("plant_"): function for name, function in list(globals().items()) if name.startswith("plant_")
}
"""What a git folder can have besides settings: functions of the git folder, a folder for what is needed, and the command."""
