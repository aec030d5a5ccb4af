"""The tags of an OPC UA server by their paths: the browse names from the root down, or the id of a node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asyncua import Client, ua

from openness_bridge.errors import Kind, Problem
from runtime_data.opcua.names import NAMESPACE, identifier, steps_of
from runtime_data.opcua.types import S7_TYPES
from runtime_data.values import TagInfo

MOST_NODES = 50_000
"""Nodes that are browsed at most."""
DEEPEST = 20
AT_ONCE = 200
_ID = re.compile(r"(ns=\d+;)?[isgb]=.+", re.DOTALL)
_BUILT_IN = 25
_WRITE = 2
_ATTRIBUTES = (ua.AttributeIds.DataType, ua.AttributeIds.ValueRank, ua.AttributeIds.UserAccessLevel)
_SUBTYPE = ua.NodeId(ua.ObjectIds.HasSubtype)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A variable of the server.

    Attributes:
        id: Its id.
        type: Its type in OPC UA; Null where it is none that a tag can have.
        is_array: Whether it has several values.
        writable: Whether this user may write it.
    """

    id: ua.NodeId
    type: ua.VariantType
    is_array: bool
    writable: bool

    @property
    def data_type(self) -> str:
        """Its S7 type; empty where it has none."""
        return S7_TYPES.get(self.type.name, "")

    def info(self, tag: str, name: str, *, has_children: bool = False) -> TagInfo:
        """Return what is known of it, under a name of the runtime."""
        kind = f"Array of {self.data_type}" if self.is_array and self.data_type else self.data_type
        return TagInfo(
            tag,
            name,
            kind,
            bool(self.data_type),
            has_children,
            self.writable and bool(self.data_type) and not self.is_array,
        )


class Catalogue:
    """The tags of a connection. In the source's event loop only; a new connection has a new one."""

    def __init__(self, source: str, root: str) -> None:
        """Find tags of a source below this node."""
        self._source, self._root = source, ua.NodeId.from_string(root)
        self._children: dict[ua.NodeId, list[tuple[str, ua.NodeId, ua.NodeClass]]] = {}
        self._leaves: dict[str, Leaf] = {}
        self._types: dict[ua.NodeId, ua.VariantType] = {}
        self._s7: int | None = None

    def forget(self) -> None:
        """Forget all nodes: after a new connection the server may have others."""
        self._children.clear()
        self._leaves.clear()
        self._types.clear()
        self._s7 = None

    async def find(self, client: Client, paths: Sequence[str]) -> dict[str, Leaf]:
        """Return the variables of paths; those that there are not are left out."""
        unknown = [path for path in dict.fromkeys(paths) if path not in self._leaves]
        for at in range(0, len(unknown), AT_ONCE):
            await self._find(client, unknown[at : at + AT_ONCE])
        return {path: self._leaves[path] for path in paths if path in self._leaves}

    async def browse(self, client: Client, path: str, depth: int) -> list[TagInfo]:
        """Return the nodes below a path, so many levels of them.

        Raises:
            Problem: There is no such path, or there are too many nodes.
        """
        top = self._root if not path else await self._walk(client, path)
        if top is None:
            raise _missing(self._source, path)
        level: list[tuple[str, ua.NodeId]] = [(path, top)]
        rows: list[tuple[str, str, ua.NodeId, ua.NodeClass]] = []
        seen = {top}
        for _ in range(min(depth, DEEPEST)):
            below = await self._below(client, [key for _, key in level])
            following: list[tuple[str, ua.NodeId]] = []
            for above, key in level:
                for name, child, kind in below[key]:
                    if child in seen:
                        continue
                    seen.add(child)
                    if len(seen) > MOST_NODES:
                        msg = f"The server has more than {MOST_NODES:,} nodes there: choose a root further down, or browse a path."
                        raise Problem("runtime.too_many", msg, kind=Kind.TOO_LARGE)
                    full = name if not above else above + name if name.startswith("[") else f"{above}.{name}"
                    rows.append((full, name, child, kind))
                    following.append((full, child))
            level = following
        return await self._infos(client, rows)

    async def _infos(self, client: Client, rows: Sequence[tuple[str, str, ua.NodeId, ua.NodeClass]]) -> list[TagInfo]:
        variables = {key: full for full, _, key, kind in rows if kind == ua.NodeClass.Variable}
        leaves = await self._describe(client, variables)
        self._leaves |= {variables[key]: leaf for key, leaf in leaves.items()}
        parents = {full.removesuffix(name).removesuffix(".") for full, name, _, _ in rows}
        found = []
        for full, name, key, _ in rows:
            tag = f"{self._source}:{full}"
            leaf = leaves.get(key)
            if leaf is not None:
                found.append(leaf.info(tag, name, has_children=full in parents))
            else:
                found.append(TagInfo(tag, name, has_value=False, has_children=True, writable=False))
        return found

    async def _find(self, client: Client, paths: Sequence[str]) -> None:
        ids = {path: key for path in paths if (key := await self._guess(client, path)) is not None}
        leaves = await self._describe(client, dict.fromkeys(ids.values(), ""))
        self._leaves |= {path: leaves[key] for path, key in ids.items() if key in leaves}
        for path in paths:
            if path not in self._leaves and (key := await self._walk(client, path)) is not None:
                leaf = (await self._describe(client, [key])).get(key)
                self._leaves |= {path: leaf} if leaf else {}

    async def _guess(self, client: Client, path: str) -> ua.NodeId | None:
        """Return the id that a path says, or that an S7-1500 gives it; None where only its names can tell."""
        if _ID.fullmatch(path):
            try:
                return ua.NodeId.from_string(path)
            except ua.UaError:
                return None
        if self._s7 is None:
            uris = await client.get_namespace_array()
            self._s7 = uris.index(NAMESPACE) if NAMESPACE in uris else 0
        return ua.NodeId(identifier(steps_of(path)), self._s7) if self._s7 else None

    async def _walk(self, client: Client, path: str) -> ua.NodeId | None:
        """Return the node of a path of browse names, without regard to case; a name may have points."""
        found, rest = self._root, path.casefold()
        while rest:
            children = (await self._below(client, [found]))[found]
            fitting = [
                (name, key)
                for name, key, _ in children
                if rest.startswith(name.casefold()) and rest[len(name) : len(name) + 1] in ("", ".", "[")
            ]
            if not fitting:
                return None
            name, found = max(fitting, key=lambda each: len(each[0]))
            rest = rest[len(name) :].removeprefix(".")
        return found

    async def _below(
        self, client: Client, keys: Sequence[ua.NodeId]
    ) -> dict[ua.NodeId, list[tuple[str, ua.NodeId, ua.NodeClass]]]:
        unknown = [key for key in keys if key not in self._children]
        for at in range(0, len(unknown), AT_ONCE):
            part = unknown[at : at + AT_ONCE]
            wanted = [
                ua.BrowseDescription(
                    NodeId=key,
                    ReferenceTypeId=ua.NodeId(ua.ObjectIds.HierarchicalReferences),
                    IncludeSubtypes=True,
                    NodeClassMask=ua.NodeClass.Object | ua.NodeClass.Variable,
                    ResultMask=ua.BrowseResultMask.All,
                )
                for key in part
            ]
            results = await client.uaclient.browse(
                ua.BrowseParameters(View=ua.ViewDescription(), RequestedMaxReferencesPerNode=0, NodesToBrowse=wanted)
            )
            for key, result in zip(part, results, strict=True):
                references = list(result.References or []) + await self._continue(client, result)
                self._children[key] = [
                    (each.BrowseName.Name, each.NodeId, each.NodeClass)
                    for each in references
                    if not (key == ua.NodeId(ua.ObjectIds.ObjectsFolder) and each.NodeId.NamespaceIndex == 0)
                    and each.ReferenceTypeId != ua.NodeId(ua.ObjectIds.HasProperty)
                ]
        return {key: self._children[key] for key in keys}

    async def _continue(self, client: Client, result: Any) -> list[Any]:
        found: list[Any] = []
        point = result.ContinuationPoint
        while point and len(found) <= MOST_NODES:
            (result,) = await client.uaclient.browse_next(
                ua.BrowseNextParameters(ReleaseContinuationPoints=False, ContinuationPoints=[point])
            )
            found += result.References or []
            point = result.ContinuationPoint
        return found

    async def _describe(self, client: Client, keys: Iterable[ua.NodeId]) -> dict[ua.NodeId, Leaf]:
        """Return the variables among some nodes."""
        found: dict[ua.NodeId, Leaf] = {}
        wanted = list(keys)
        for at in range(0, len(wanted), AT_ONCE):
            part = wanted[at : at + AT_ONCE]
            asked = [ua.ReadValueId(key, attribute) for key in part for attribute in _ATTRIBUTES]
            params = ua.ReadParameters(NodesToRead=asked, TimestampsToReturn=ua.TimestampsToReturn.Neither)
            answers = iter(await client.uaclient.read(params))
            for key in part:
                kind, rank, level = (next(answers) for _ in _ATTRIBUTES)
                if kind.StatusCode.is_good():
                    array = rank.StatusCode.is_good() and rank.Value.Value != -1
                    writable = level.StatusCode.is_good() and bool(level.Value.Value & _WRITE)
                    found[key] = Leaf(key, await self._type(client, kind.Value.Value), array, writable)
        return found

    async def _type(self, client: Client, key: ua.NodeId) -> ua.VariantType:
        """Return the built-in type of a data type: that from which it is derived."""
        if key in self._types:
            return self._types[key]
        at, known = key, {ua.NodeId(number): ua.VariantType(number) for number in range(1, _BUILT_IN + 1)}
        for _ in range(DEEPEST):
            if at in known or at is None:
                break
            description = ua.BrowseDescription(
                NodeId=at,
                BrowseDirection=ua.BrowseDirection.Inverse,
                ReferenceTypeId=_SUBTYPE,
                ResultMask=ua.BrowseResultMask.All,
            )
            (result,) = await client.uaclient.browse(
                ua.BrowseParameters(View=ua.ViewDescription(), NodesToBrowse=[description])
            )
            at = result.References[0].NodeId if result.References else None
        found = known.get(at, ua.VariantType.Null)
        if at == ua.NodeId(ua.ObjectIds.Enumeration):
            found = ua.VariantType.Int32
        self._types[key] = found
        return found


def _missing(source: str, path: str) -> Problem:
    msg = f'The OPC UA server {source} has no node \'{path}\': browse it, or write the id of a node, such as ns=3;s="A"."b".'
    return Problem("tag.not_found", msg, kind=Kind.MISSING)
