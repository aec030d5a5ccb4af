"""The file library.json of a library: folders, master copies and types, one on each line, in a stable order.

Contents are files next to it, written when they are made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.store import Store
from fake_openness.library.folder_trees import _LibraryFolder
from fake_openness.library.library_object import FOLDER

FILE = f"{FOLDER}/library.json"
FORMAT = "simulated TIA Portal library, format 1"


def save(store: Store, roots: Mapping[str, _LibraryFolder]) -> None:
    """Write the file, unless there is nothing to write."""
    lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in _lines(roots)]
    if lines or store.exists(FILE):
        text = ",\n".join(lines)
        store.put(FILE, f'{{"format": {json.dumps(FORMAT)}, "objects": [\n{text}\n]}}\n'.encode())


def load(store: Store, roots: Mapping[str, _LibraryFolder]) -> None:
    """Read the file, where there is one; no content is read.

    Raises:
        EngineeringTargetInvocationException: It is damaged.
    """
    if not store.exists(FILE):
        return
    try:
        for line in json.loads(store.get(FILE))["objects"]:
            folder = roots[line.pop("tree")]._descend(tuple(line.pop("folder")))
            if line:
                folder._contents()._restore(line)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"The library's file '{FILE}' is damaged: restore it from an archive."
        raise EngineeringTargetInvocationException(msg, str(error), code="library.unreadable") from error


def _lines(roots: Mapping[str, _LibraryFolder]) -> Iterator[dict[str, Any]]:
    for tree, root in roots.items():
        for folder in root._walk():
            place: dict[str, Any] = {"tree": tree, "folder": list(folder._path())}
            if folder is not root:
                yield place
            for item in folder._contents()._items:
                yield place | item._record()
