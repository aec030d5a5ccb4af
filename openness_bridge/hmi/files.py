"""Files of Unified panels: imports and exports of tags, scripts and lists, as .hmi.yml and .hmi.js.

Openness overwrites files, and the path that it returns may lack the extension, so the bridge passes each file through a
separate folder. Facts: docs/facts/openness-hmi.md#unified-panels; reports on V21.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.portal.portal import Session
from openness_bridge.values import di
from simatic_xml import limits
from simatic_xml.limits import LimitError
from simatic_xml.reading.bounded_yaml import BoundedLoader

SUFFIX = ".hmi.yml"


@contextmanager
def folder() -> Iterator[Path]:
    """Yield an empty folder, deleted at the end."""
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as path:
        yield Path(path).resolve()


def stem(path: Path) -> str:
    """Return the name of a .hmi.yml file without its extension.

    Raises:
        Problem: It has another one.
    """
    if not path.name.endswith(SUFFIX):
        msg = f"'{path.name}' is not a file of a Unified panel: its name must end in {SUFFIX}."
        raise Problem("hmi.file_name", msg, kind=Kind.INVALID, place=Place(path=path.name))
    return path.name.removesuffix(SUFFIX)


def names(path: Path, key: str) -> list[str]:
    """Return the names of the objects in a .hmi.yml file.

    Raises:
        Problem: It is no such file.
    """
    stem(path)
    found = objects(path, key)
    if found is None:
        msg = f"'{path.name}' has no {key}: name a file that TIA Portal exported from such objects."
        raise Problem("hmi.import_kind", msg, place=Place(path=path.name))
    return [str(name) for name in found]


class _Plain(BoundedLoader):
    """Refuses aliases: no export has any, and aliases of aliases make a small file large."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias, compose everything else."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        found: yaml.Node | None = super().compose_node(parent, index)
        return found


def _load(path: Path) -> Any:
    """Return the data of a file.

    Raises:
        LimitError: It is too large, or has too many values.
    """
    limits.require("yaml_bytes", path.stat().st_size)
    return yaml.load(path.read_text(encoding="utf-8-sig"), _Plain)  # noqa: S506 - a SafeLoader


def objects(path: Path, key: str) -> dict[Any, Any] | None:
    """Return the objects of a kind in a .hmi.yml file, or None where it has none.

    Raises:
        Problem: It is no YAML.
        LimitError: It is too large, or has too many values.
    """
    try:
        document = _load(path)
    except LimitError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Problem("hmi.not_yaml", f"'{path.name}' is not valid YAML.", place=Place(path=path.name)) from error
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else None


def export(session: Session, collection: Any, path: Path, device: str) -> Path:
    """Export objects of a collection by a name, such as its tags, to a new .hmi.yml file.

    Raises:
        Problem: Another extension, or TIA Portal refuses.
    """
    name = stem(path)
    with folder() as place:
        with refused_as("hmi.export_refused", Kind.CONFLICT, device=device):
            collection.Export(di(session.model, place), name)
        shutil.move(find_exported(place, SUFFIX), path)
    return path


def find_exported(place: Path, suffix: str) -> Path:
    """Return the file of a suffix that an export has left in a folder.

    Raises:
        Problem: There is none.
    """
    found = sorted(place.glob(f"*{suffix}"))
    if not found:
        raise Problem("hmi.export_empty", "TIA Portal has written no file.", kind=Kind.FAILED)
    return found[0]


def import_file(session: Session, collection: Any, path: Path, device: str) -> None:
    """Import a .hmi.yml file, with the script file next to it, into a collection.

    Raises:
        Problem: Another extension, or TIA Portal refuses.
    """
    name = stem(path)
    with refused_as("hmi.import_refused", Kind.REFUSED, device=device):
        if not collection.Import(di(session.model, path.parent), name):
            msg = f"TIA Portal imported nothing from '{path.name}': the file has no object that it can import."
            raise Problem("hmi.import_refused", msg, place=Place(path=path.name))
