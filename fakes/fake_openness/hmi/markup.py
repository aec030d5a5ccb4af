"""WinCC ML, the YAML files of Unified panels: a version line, a key for the kind of objects, the objects by name.

The form of a script module is known: its file names a file with the code. The form of tags and lists is not known;
here the names of properties are the keys. Facts: docs/facts/openness-hmi.md#unified-panels; reports on V21.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from fake_openness.core.errors import EngineeringTargetInvocationException

SUFFIX = ".hmi.yml"
VERSION = "#Version: 2.0"


def write(folder: Path, stem: str, key: str, objects: dict[str, Any]) -> Path:
    """Write objects into a file of a folder, over one that is there; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}{SUFFIX}"
    text = yaml.safe_dump({key: objects}, allow_unicode=True, sort_keys=True)
    path.write_text(f"{VERSION}\n{text}", encoding="utf-8", newline="\n")
    return path


def files(folder: Path, name: str | None) -> list[Path]:
    """Return the files of a folder, or the one of a name; none where it is not there."""
    if name is None:
        return sorted(folder.glob(f"*{SUFFIX}"))
    path = folder / f"{name}{SUFFIX}"
    return [path] if path.is_file() else []


def read(path: Path, key: str) -> dict[str, Any]:
    """Return the objects of a file, by name.

    Raises:
        EngineeringTargetInvocationException: No YAML, or nothing of that kind in it.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        msg = f"'{path.name}' is not valid YAML."
        raise EngineeringTargetInvocationException(msg, str(error), code="hmi.not_yaml") from error
    objects = document.get(key) if isinstance(document, dict) else None
    if not isinstance(objects, dict) or not all(isinstance(each, dict | None) for each in objects.values()):
        msg = f"'{path.name}' has no {key}: name a file of that kind."
        raise EngineeringTargetInvocationException(msg, code="hmi.wrong_kind")
    return {str(name): each or {} for name, each in objects.items()}


def drop_empty_texts(values: dict[str, Any]) -> dict[str, Any]:
    """Return properties without empty texts."""
    return {name: each for name, each in values.items() if each != {}}
