"""The file library.json of a library: folders, master copies and types, one on each line, in a stable order.

Contents are files beside it, written when they are made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.store import Store
from fake_openness.library.library_object import FOLDER

if TYPE_CHECKING:
    from fake_openness.library.library import _Library

FILE = f"{FOLDER}/library.json"
FORMAT = "simulated TIA Portal library, format 1"


def save(library: _Library) -> None:
    """Write the file, unless there is nothing to write."""
    lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in _lines(library)]
    store = _store(library)
    if lines or store.exists(FILE):
        text = ",\n".join(lines)
        store.put(FILE, f'{{"format": {json.dumps(FORMAT)}, "objects": [\n{text}\n]}}\n'.encode())


def load(library: _Library) -> None:
    """Read the file, where there is one; no content is read.

    Raises:
        EngineeringTargetInvocationException: It is damaged.
    """
    store = _store(library)
    if not store.exists(FILE):
        return
    roots: dict[str, Any] = {"copies": library._copy_folder, "types": library._type_folder}
    try:
        for line in json.loads(store.get(FILE))["objects"]:
            folder = roots[line.pop("tree")]._descend(tuple(line.pop("folder")))
            if line:
                folder._contents()._restore(line)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"The library's file '{FILE}' is damaged: restore it from an archive."
        raise EngineeringTargetInvocationException(msg, str(error), code="library.unreadable") from error


def _lines(library: _Library) -> Iterator[dict[str, Any]]:
    for tree, root in (("copies", library._copy_folder), ("types", library._type_folder)):
        for folder in root._walk():
            place: dict[str, Any] = {"tree": tree, "folder": list(folder._path())}
            if folder is not root:
                yield place
            for item in folder._contents()._items:
                yield place | item._record()


def _store(library: _Library) -> Store:
    store = library._context.store
    assert store is not None  # noqa: S101 - a library is a part of a project, or has files of its own
    return store
