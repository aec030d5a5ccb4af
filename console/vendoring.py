"""Fetches the files of others that the console needs: named, pinned and checked by packages.lock.json.

    python3 dev.py console

npm downloads each package from the registry that it is set up for. A package counts only if its SHA-512 is that of the lock file.
Only the files that the lock file names are taken, with their licence, into the folder vendor, which git does not keep. Files that
their package does not have in a short form are shortened by the minifier that the lock file names; nothing is bundled. The
declarations under `types` are for console/checking.py alone: the service does not send them, and the wheel does not have them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOCK = HERE / "packages.lock.json"
VENDOR = HERE / "vendor"
STAMP = VENDOR / "lock"
"""The checksum of the lock file that the folder was made from."""


def packages() -> list[dict[str, Any]]:
    """List the packages: name, version, licence, integrity, licence file, files and types by their paths in the package."""
    listed: list[dict[str, Any]] = _lock()["packages"]
    return listed


def _lock() -> dict[str, Any]:
    named: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))
    return named


def wanted() -> str:
    """Return the checksum of the lock file."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def complete() -> bool:
    """Return whether the folder vendor fits the lock file."""
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted()


def fetch(npm: str) -> None:
    """Make the folder vendor, unless it fits the lock file.

    Args:
        npm: The program.

    Raises:
        SystemExit: A package cannot be downloaded, or is not the one that the lock file names.
    """
    if complete():
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        for package in packages():
            _take(package, _download(npm, package, Path(folder)))
        _shorten(_download(npm, _lock()["minifier"], Path(folder)), Path(folder))
    STAMP.write_text(wanted(), encoding="ascii")


def fetch_checker(npm: str, folder: Path) -> Path:
    """Return the folder of TypeScript below a folder; download it unless it is there.

    Raises:
        SystemExit: It cannot be downloaded, or is not the one that the lock file names.
    """
    package = _lock()["checker"]
    target = folder / f"{package['name']}-{package['version']}"
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as unpacked:
            with tarfile.open(_download(npm, package, Path(unpacked))) as opened:
                opened.extractall(unpacked, filter="data")
            (Path(unpacked) / "package").rename(target)
    return target


def _download(npm: str, package: dict[str, Any], folder: Path) -> Path:
    """Return the archive of a package, with the checksum that the lock file names."""
    name = f"{package['name']}@{package['version']}"
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - names are those of the lock file
    if done.returncode:
        sys.exit(f"npm cannot download {name}: {done.stderr.strip() or done.stdout.strip()}")
    archive = folder / done.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode("ascii")
    if f"sha512-{digest}" != package["integrity"]:
        sys.exit(f"{name} has the checksum sha512-{digest}, not the one of packages.lock.json. Nothing of it is used.")
    return archive


def _take(package: dict[str, Any], archive: Path) -> None:
    """Copy the files that the lock file names."""
    target = VENDOR / f"{package['name']}-{package['version']}"
    with tarfile.open(archive) as opened:
        members = {member.name.partition("/")[2]: member for member in opened.getmembers()}
        for name in (package["licenceFile"], *package["files"], *package.get("types", {})):
            source = opened.extractfile(members[name]) if name in members else None
            if source is None:
                sys.exit(f"The package {package['name']} has no file {name}: correct packages.lock.json.")
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source.read())


def _shorten(archive: Path, folder: Path) -> None:
    """Shorten the files that end with .js, in their place."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    files = [str(file) for file in sorted(VENDOR.rglob("*.js"))]
    node = shutil.which("node") or sys.exit("node is missing. On Debian and Ubuntu: apt-get install nodejs npm")
    options = [
        "--minify",
        "--format=esm",
        "--log-level=error",
        f"--outdir={VENDOR}",
        f"--outbase={VENDOR}",
        "--allow-overwrite",
    ]
    command = [node, str(folder / "package" / "bin" / "esbuild"), *options, *files]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - files of the folder vendor
        sys.exit("The packages cannot be shortened. Nothing of them is used.")


if __name__ == "__main__":
    fetch(shutil.which("npm") or sys.exit("npm is missing. On Debian and Ubuntu: apt-get install nodejs npm"))
