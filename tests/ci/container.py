"""Builds the Dockerfile with buildah on a Debian made by debootstrap, and runs the image with a read-only root.

No registry of images is needed: the base is Debian with its Python. Nothing is needed of a container runtime either: the
kernel's namespaces and a chroot give the image what its configuration asks for.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT

SUITE = "bookworm"
TOOLS = ("buildah", "debootstrap", "unshare")
ENTER = """set -e
mount --bind "$ROOT" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
for name in null zero random urandom; do touch "$ROOT/dev/$name"; mount --bind "/dev/$name" "$ROOT/dev/$name"; done
mount --bind "$DATA" "$ROOT/data"
mount --bind "$WORK" "$ROOT/work"
mount -o remount,bind,ro "$ROOT/work"
mount -o remount,bind,ro "$ROOT"
exec chroot --userspec="$OWNER" "$ROOT" env -i "$@"
"""


def require_tools() -> None:
    """Skip the test where a container cannot be built."""
    missing = [each for each in TOOLS if shutil.which(each) is None]
    if missing or os.name == "nt" or os.geteuid() != 0:
        pytest.skip(f"the Dockerfile is built by root with {', '.join(TOOLS)}; missing: {', '.join(missing) or 'root'}")
    mount = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("the Dockerfile is not built: this computer allows no mounts")


def fetch(command: list[str], what: str) -> None:
    """Run a command that needs a network; skip the test where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the Dockerfile is not built: fetching {what} takes too long here")
    if done.returncode:
        reason = f"{done.stdout}\n{done.stderr}".strip().splitlines()[-1:]
        pytest.skip(f"the Dockerfile is not built: {what} cannot be fetched here: {reason}")


class Image:
    """The image, its configuration, and a folder for the volume /data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        base = self._base()
        self._build(base)
        (inspected,) = [json.loads(self._buildah("inspect", "--type", "image", "tia"))]
        self.config: dict[str, Any] = inspected["Docker"]["config"]
        self._root = self._buildah("mount", self._buildah("from", "--pull-never", "tia"))
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        os.chown(self.data, *map(int, self.config["User"].split(":")))

    def run(self, *command: str, work: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the user and in the environment of the image.

        Args:
            command: Program and arguments; what the image starts by default is `entry()`.
            work: A folder for /work, read-only.
            environment: Variables in addition to those of the image.
        """
        variables = [*self.config["Env"], *(f"{name}={value}" for name, value in environment.items())]
        inner = ["sh", "-c", 'cd "$0" && exec "$@"', self.config["WorkingDir"], *command]
        places = {"ROOT": self._root, "DATA": str(self.data), "WORK": str(work), "OWNER": self.config["User"]}
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "sh", *variables, *inner],
            env=os.environ | places,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def shell(self, script: str, work: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a shell script."""
        return self.run("sh", "-c", script, work=work, **environment)

    def entry(self, *arguments: str) -> list[str]:
        """Return the command that a container runs for arguments, or for none."""
        return [*self.config["Entrypoint"], *(arguments or self.config["Cmd"])]

    def healthcheck(self) -> str:
        """Return the check as a line of a shell script."""
        kind, *command = self.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return shlex.join(command)

    def close(self) -> None:
        """Remove image, base and container."""
        self._buildah("rm", "--all")

    def _base(self) -> Path:
        root = self._folder / "base"
        packages = "--include=python3,python3-venv"
        fetch(["debootstrap", "--variant=minbase", packages, SUITE, str(root)], "Debian")
        shutil.rmtree(root / "var" / "cache" / "apt")
        return root

    def _build(self, base: Path) -> None:
        container = self._container_of(base)
        self._buildah("commit", "--quiet", container, "localhost/python")
        wheels, settings = self._wheels(base), self._folder / "pip.conf"
        settings.write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")
        mounts = [f"--volume={wheels}:/wheels:ro", f"--volume={settings}:/etc/pip.conf:ro"]
        names = ["--build-arg=PYTHON=localhost/python", "--tag=tia", "--format=docker"]
        self._buildah("build", "--isolation=chroot", "--pull-never", *names, *mounts, str(ROOT))

    def _container_of(self, base: Path) -> str:
        """Return a container with the base; skip the test where buildah cannot run a command in one."""
        try:
            container = self._buildah("from", "scratch")
            self._buildah("add", "--quiet", container, str(base), "/")
            self._buildah("run", "--isolation=chroot", container, "--", "true")
        except AssertionError as error:
            pytest.skip(
                f"the Dockerfile is not built: buildah cannot run a command here: {str(error).splitlines()[-1]}"
            )
        return container

    def _wheels(self, base: Path) -> Path:
        """Return a folder with the packages of the lock file, for the Python of the base."""
        asked = "import sys; print('%d.%d' % sys.version_info[:2])"
        version = subprocess.check_output(["chroot", str(base), "python3", "-c", asked], text=True).strip()
        options = ["--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:", f"--python-version={version}"]
        wheels = self._folder / "wheels"
        command = [sys.executable, "-m", "pip", "download", *options, f"--dest={wheels}"]
        fetch([*command, "-r", str(ROOT / "requirements.lock")], "the packages of the lock file")
        return wheels

    def _buildah(self, *arguments: str) -> str:
        places = [f"--root={self._folder / 'storage'}", f"--runroot={self._folder / 'run'}", "--storage-driver=vfs"]
        done = subprocess.run(["buildah", *places, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()
