"""The file program.json of a PLC: everything but the contents, one object on each line, in a stable order.

It is what an opened project reads at once; lines that did not change give no
difference between two saved states.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from fake_openness.blocks.block_groups import PlcBlockGroup
from fake_openness.blocks.plc_types import PlcTypeGroup
from fake_openness.blocks.sources import PlcExternalSourceGroup
from fake_openness.program.groups import _Group
from fake_openness.program.plc import _Plc
from fake_openness.program.state import _State
from fake_openness.tags.tag_tables import PlcTagTableGroup
from fake_openness.tags.watch import PlcWatchAndForceTableGroup
from fake_openness.technology.technology_groups import TechnologicalInstanceDBGroup

Line = dict[str, Any]
FORMAT = "simulated PLC program, format 1"


def path_of(plc: _Plc) -> str:
    """Return the file of a PLC."""
    return f"{plc._folder}/program.json"


def exists(plc: _Plc) -> bool:
    """Return whether the PLC has a saved program."""
    return plc._store.exists(path_of(plc))


# -- writing ------------------------------------------------------------------------------


def save(plc: _Plc) -> None:
    """Write the program and the tables that changed."""
    for tree in plc._trees().values():
        for group in tree._walk():
            for item in group._items_here():
                item._flush()
    text = ",\n".join(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in _lines(plc))
    data = f'{{"format": {json.dumps(FORMAT)}, "objects": [\n{text}\n]}}\n'
    plc._store.put(path_of(plc), data.encode())


def _lines(plc: _Plc) -> Iterator[Line]:
    for tree, root in plc._trees().items():
        for group in sorted(root._walk(), key=lambda each: each._path()):
            place: Line = {"tree": tree, "group": list(group._path())}
            if group is not root:
                yield place
            for composition in group._contents():
                for item in sorted(composition._items, key=lambda each: str(each._name)):
                    yield place | {"name": item._name} | item._record()


# -- reading ------------------------------------------------------------------------------


def load(plc: _Plc) -> None:
    """Read the program, where one was saved; no content is read."""
    if not exists(plc):
        return
    roots = plc._trees()
    groups: dict[tuple[str, ...], _Group] = {}
    for line in json.loads(plc._store.get(path_of(plc)))["objects"]:
        tree, path = line.pop("tree"), tuple(line.pop("group"))
        group = groups.get((tree, *path))
        if group is None:
            group = groups[tree, *path] = roots[tree]._descend(path)
        if line:
            _restore(group, line.pop("name"), line)


def _restore(group: _Group, name: str, record: Line) -> None:
    if isinstance(group, PlcBlockGroup):
        block = group._blocks._element(name, _State.from_json(record))
        group._plc._program.link(group._blocks._add(block))
    elif isinstance(group, TechnologicalInstanceDBGroup):
        group._restore(name, record)
    elif isinstance(group, PlcTypeGroup):
        plc_type = group._types._element(name, _State.from_json(record))
        group._plc._program.link(group._types._add(plc_type))
    elif isinstance(group, PlcTagTableGroup):
        modified = dt.datetime.fromisoformat(record["modified"])
        group._tables._restore(name, modified, is_default=record.get("default", False))
    elif isinstance(group, PlcExternalSourceGroup):
        group._sources._restore(name)
    elif isinstance(group, PlcWatchAndForceTableGroup):
        group._restore(name, force=record.get("force", False))


# -- deleting -----------------------------------------------------------------------------


def delete(plc: _Plc) -> None:
    """Delete every file of the program; undone with the transaction."""
    for tree in plc._trees().values():
        for group in tree._walk():
            for item in group._items_here():
                plc._discard(item._file)
    plc._discard(path_of(plc))
