"""Archives of projects and libraries: a .zapNN or .zalNN is a zip of the folder with a ProjectInfo.txt.

Facts: docs/facts/tia-rules.md#files, read off a genuine archive. Unpacking is limited and never
leaves its target: an archive is not trusted.
"""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.store import Store
from fake_openness.core.versions import TiaVersion
from fake_openness.files.header import Header

INFO = "ProjectInfo.txt"
MAX_BYTES = 8 << 30
MAX_FILES = 500_000
_STAMP = (2000, 1, 1, 0, 0, 0)


def write(store: Store, target: Path, *, compressed: bool, about: Header) -> None:
    """Write the saved files of a project as one archive, or as a folder.

    Raises:
        EngineeringTargetInvocationException: The target is there already.
    """
    if target.exists():
        msg = f"'{target}' exists already: delete it or choose another name."
        raise EngineeringTargetInvocationException(msg, code="archive.exists")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not compressed:
        shutil.copytree(store.folder, target, ignore=shutil.ignore_patterns("*.lock"))
        return
    draft = target.with_name(target.name + ".part")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(INFO, _STAMP), f"Version: {about.engineering}\r\nAuthor: {about.author}\r\n")
        for path in store.files():
            with archive.open(zipfile.ZipInfo(path.as_posix(), _STAMP), "w") as entry:
                entry.write((store.folder / path).read_bytes())
    draft.replace(target)


def read(source: Path, folder: Path, kind: type[Header] = Header) -> Path:
    """Unpack an archive into a new folder below `folder`. Returns the project's or library's file.

    Raises:
        EngineeringTargetInvocationException: Not an archive, damaged, hostile, or the target is there already.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            project_file = _check_archive(archive, source, kind)
            return _unpack(archive, folder / PurePosixPath(project_file).stem) / project_file
    except FileNotFoundError as error:
        msg = f"There is no archive '{source}'."
        raise EngineeringTargetInvocationException(msg, code="archive.not_found") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        msg = f"'{source.name}' is not a complete {kind.WHAT} archive: it is damaged or was cut off."
        raise EngineeringTargetInvocationException(msg, str(error), code="archive.damaged") from error


def _check_archive(archive: zipfile.ZipFile, source: Path, kind: type[Header]) -> str:
    entries, extension = archive.infolist(), kind.EXTENSION
    files = [
        e.filename
        for e in entries
        if "/" not in e.filename and PurePosixPath(e.filename).suffix.startswith(f".{extension}")
    ]
    if len(files) != 1 or not source.suffix.lower().startswith(f".z{extension}"):
        msg = f"'{source.name}' is not a {kind.WHAT} archive (.z{extension} and a version, with one {kind.WHAT} file in it)."
        raise EngineeringTargetInvocationException(msg, code=f"archive.not_a_{kind.WHAT}")
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        msg = f"'{source.name}' is too large when it is unpacked (at most {MAX_BYTES >> 30} GiB, {MAX_FILES} files)."
        raise EngineeringTargetInvocationException(msg, code="archive.too_large")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if ".." in parts or PurePosixPath(entry.filename).is_absolute() or ":" in entry.filename:
            msg = f"'{source.name}' is refused: its entry '{entry.filename}' would leave the target folder."
            raise EngineeringTargetInvocationException(msg, code="archive.hostile")
    return files[0]


def _unpack(archive: zipfile.ZipFile, target: Path) -> Path:
    require_empty(target)
    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        archive.extractall(draft, [name for name in archive.namelist() if name != INFO])
        if target.exists():
            target.rmdir()
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def copy_and_upgrade(file: Path, version: TiaVersion, now: dt.datetime, kind: type[Header] = Header) -> Path:
    """Copy an older project or library to name_VNN next to it, with the new version in its header.

    Raises:
        EngineeringTargetInvocationException: The copy is there already.
    """
    name = f"{file.stem}_{version.engineering}"
    folder = file.parent.with_name(name)
    if folder.exists():
        msg = f"The upgraded copy '{folder}' exists already: open that one."
        raise EngineeringTargetInvocationException(msg, code="project.exists")
    header = kind.read(file)
    header.note(now, f"The {kind.WHAT} was upgraded from {header.engineering} to {version.engineering}.")
    header.engineering = version.engineering
    shutil.copytree(file.parent, folder, ignore=shutil.ignore_patterns("*.lock"))
    (folder / file.name).unlink()
    copy = folder / f"{name}.{kind.EXTENSION}{version.suffix}"
    copy.write_bytes(header.to_bytes())
    return copy


def require_empty(folder: Path) -> None:
    """Refuse a target folder that is not empty.

    Raises:
        EngineeringTargetInvocationException: The folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"'{folder}' exists already and is not empty: choose another name or folder."
        raise EngineeringTargetInvocationException(msg, code="project.exists")
