"""Puts the nodes of a source's tags into the address space of asyncua's server, and takes them out again.

The nodes are made directly, because asyncua compares each new child with all its siblings.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asyncua import ua
from asyncua.server.address_space import AddressSpace, AttributeValue, NodeData

from openness_bridge.errors import Problem
from openness_bridge.program_identity import ProgramState
from runtime_data.opcua.types import is_bytes, to_ua, ua_type
from runtime_data.quality import NO_COMMUNICATION, TYPE_MISMATCH
from runtime_data.servers.opcua.nodes import Entry
from runtime_data.values import Value, moment

S7, GROUPS = 3, 1
"""The namespaces of tags and of groups."""
BATCH = 500
"""Nodes that are made before other work of the server goes on."""
PLC = "PLC"
PROGRAM = "ProgramState"
"""The property of the PLC that names the program. A CPU has no such node, so its id is not in the namespace of tags."""
QUOTE = '"'
_READ, _WRITE, _HISTORY = 1, 2, 4
_GONE = ua.StatusCode(ua.StatusCodes.BadNodeIdUnknown)
_DT_BYTES = 8


@dataclass(slots=True, eq=False)
class Variable:
    """A node with a value.

    Attributes:
        id: Its id.
        entry: What it shows.
        type: Its type in OPC UA.
    """

    id: ua.NodeId
    entry: Entry
    type: ua.VariantType

    @property
    def tags(self) -> tuple[str, ...]:
        """The full names of its tags."""
        return self.entry.tags

    def data_value(self, values: Sequence[Value | None]) -> ua.DataValue:
        """Return the values of its tags as the server answers them. An array has the worst status of its elements.

        A value that is not one of its type has the status of that: it must not harm the other items of a request.
        """
        worst = max(
            (NO_COMMUNICATION.code if each is None else each.status for each in values), key=lambda code: code >> 30
        )
        try:
            found = [None if each is None else to_ua(each) for each in values]
        except Problem:
            found, worst = [], TYPE_MISMATCH.code
        newest = max((each.source_time for each in values if each is not None), default=0)
        variant = ua.Variant(None, ua.VariantType.Null)
        if worst >> 30 < 2 and None not in found:
            variant = ua.Variant(self._shaped(found), self.type)
        elif worst >> 30 < 2:
            worst = ua.StatusCodes.BadWaitingForInitialData
        return ua.DataValue(
            variant,
            ua.StatusCode(worst),
            SourceTimestamp=moment(newest) if newest else None,
            ServerTimestamp=moment(max((each.server_time for each in values if each is not None), default=0) or newest)
            if newest
            else None,
        )

    def _shaped(self, found: list[Any]) -> Any:
        if not self.entry.dimensions:
            return found[0]
        for length in self.entry.dimensions[:0:-1]:
            found = [found[at : at + length] for at in range(0, len(found), length)]
        return found


@dataclass(slots=True)
class _Made:
    """Nodes that are being made.

    Attributes:
        nodes: All of them.
        variables: Those with a value.
        logged: Full names of the tags that have a history.
    """

    nodes: dict[ua.NodeId, NodeData]
    variables: dict[ua.NodeId, Variable]
    logged: set[str]


class Nodes:
    """The nodes of one source in an address space. In the server's event loop only."""

    def __init__(self, space: AddressSpace) -> None:
        """Begin with none."""
        self._space = space
        self.variables: dict[ua.NodeId, Variable] = {}
        self._own: list[ua.NodeId] = []
        self._program = _attribute("unknown", ua.VariantType.String)

    async def replace(self, name: str, folders: Sequence[Entry], logged: Iterable[str] = ()) -> None:
        """Show other nodes. A variable of the same id and type keeps its subscribers; those of one that is gone get that.

        The new nodes are made in parts, so that other requests get their turn, and then take the place of the former ones.

        Args:
            name: What the PLC is called.
            folders: Its folders.
            logged: Full names of the tags that have a history.
        """
        objects = self._space[ua.NodeId(ua.ObjectIds.ObjectsFolder)]
        above = NodeData(objects.nodeid)
        above.attributes = objects.attributes
        made = _Made({}, {}, set(logged))
        waiting = [(above, Entry(name, PLC, children=list(folders)), ua.ObjectIds.Organizes)]
        while waiting:
            parent, entry, reference = waiting.pop()
            data = self._add(made, parent, entry, reference)
            is_part = data.nodeid.NamespaceIndex == S7 and entry.id.startswith(QUOTE)
            below = ua.ObjectIds.HasComponent if is_part else ua.ObjectIds.Organizes
            waiting += [(data, each, below) for each in reversed(entry.children)]
            if len(made.nodes) % BATCH == 0:
                await asyncio.sleep(0)
        self._add_program(made, made.nodes[ua.NodeId(PLC, S7)])
        former = {key: self.value(key) for key in self.variables}
        for each in self._own:
            del self._space[each]
        for key, data in made.nodes.items():
            self._space[key] = data
        objects.references = [
            each for each in objects.references if each.NodeId != ua.NodeId(PLC, S7)
        ] + above.references
        self.variables, self._own = made.variables, list(made.nodes)
        for key, value in former.items():
            if key not in self.variables or self.value(key) is not value:
                await self._end(value)

    async def show_program(self, state: ProgramState) -> None:
        """Show whether the CPU executes the program of the open project, also to those who monitor it."""
        if self._program.value.Value.Value == state:
            return
        shown = ua.Variant(state, ua.VariantType.String)
        self._program.value = ua.DataValue(shown, SourceTimestamp=dt.datetime.now(dt.UTC))
        for handle, tell in list(self._program.datachange_callbacks.items()):
            await tell(handle, self._program.value)

    def mark_history(self, logged: Iterable[str]) -> None:
        """Show which variables have a history now."""
        names = set(logged)
        for key, each in self.variables.items():
            self._space[key].attributes |= _access(each.entry, history=not names.isdisjoint(each.tags))

    def value(self, key: ua.NodeId) -> AttributeValue:
        """Return the value of a variable in the address space."""
        found: AttributeValue = self._space[key].attributes[ua.AttributeIds.Value]
        return found

    async def _end(self, value: AttributeValue) -> None:
        for handle, tell in list(value.datachange_callbacks.items()):
            await tell(handle, ua.DataValue(ua.Variant(None, ua.VariantType.Null), _GONE))
            self._space._handle_to_attribute_map.pop(handle, None)  # noqa: SLF001 - the node is not there any more

    def _add(self, made: _Made, above: NodeData, entry: Entry, reference: int) -> NodeData:
        key = ua.NodeId(entry.id, GROUPS if entry.is_group else S7)
        data = NodeData(key)
        name = ua.QualifiedName(entry.name, key.NamespaceIndex)
        kind = ua.NodeClass.Variable if entry.tags else ua.NodeClass.Object
        data.attributes = _common(key, name, kind, entry)
        if entry.tags:
            variable = Variable(key, entry, ua.VariantType[ua_type(entry.data_type)])
            history = not made.logged.isdisjoint(entry.tags)
            data.attributes |= _of_variable(variable, self._value_for(variable)) | _access(entry, history=history)
            made.variables[key] = variable
        definition = ua.ObjectIds.BaseDataVariableType if entry.tags else ua.ObjectIds.FolderType
        _link(above, data, reference, name, kind, definition)
        made.nodes[key] = data
        return data

    def _add_program(self, made: _Made, above: NodeData) -> None:
        key, kind = ua.NodeId(PROGRAM, GROUPS), ua.NodeClass.Variable
        entry = Entry(PROGRAM, PROGRAM, description="Whether the CPU executes the program of the open project.")
        name = ua.QualifiedName(PROGRAM, GROUPS)
        made.nodes[key] = data = NodeData(key)
        data.attributes = _common(key, name, kind, entry) | _access(entry, history=False)
        data.attributes |= _typed(self._program, ua.VariantType.String)
        _link(above, data, ua.ObjectIds.HasProperty, name, kind, ua.ObjectIds.PropertyType)

    def _value_for(self, variable: Variable) -> AttributeValue:
        """Return the value of the variable that has this place now, with its subscribers; a new one where there is none."""
        former = self.variables.get(variable.id)
        if former is not None and (former.type, former.entry.dimensions) == (variable.type, variable.entry.dimensions):
            return self.value(variable.id)
        return AttributeValue(ua.DataValue(ua.Variant(None, ua.VariantType.Null)))


def _common(
    key: ua.NodeId, name: ua.QualifiedName, kind: ua.NodeClass, entry: Entry
) -> dict[ua.AttributeIds, AttributeValue]:
    title = ua.LocalizedText(entry.name)
    found = {
        ua.AttributeIds.NodeId: _attribute(key, ua.VariantType.NodeId),
        ua.AttributeIds.NodeClass: _shared(kind, ua.VariantType.Int32),
        ua.AttributeIds.BrowseName: _attribute(name, ua.VariantType.QualifiedName),
        ua.AttributeIds.DisplayName: _attribute(title, ua.VariantType.LocalizedText),
        ua.AttributeIds.Description: _text(entry.description),
        ua.AttributeIds.WriteMask: _shared(0, ua.VariantType.UInt32),
        ua.AttributeIds.UserWriteMask: _shared(0, ua.VariantType.UInt32),
    }
    if kind is ua.NodeClass.Object:
        found[ua.AttributeIds.EventNotifier] = _shared(0, ua.VariantType.Byte)
    return found


def _of_variable(variable: Variable, value: AttributeValue) -> dict[ua.AttributeIds, AttributeValue]:
    dimensions = (_DT_BYTES,) if is_bytes(variable.entry.data_type) else variable.entry.dimensions
    return _typed(value, variable.type, dimensions)


def _typed(
    value: AttributeValue, kind: ua.VariantType, dimensions: tuple[int, ...] = ()
) -> dict[ua.AttributeIds, AttributeValue]:
    return {
        ua.AttributeIds.Value: value,
        ua.AttributeIds.DataType: _shared(ua.NodeId(kind.value), ua.VariantType.NodeId),
        ua.AttributeIds.ValueRank: _shared(len(dimensions) or -1, ua.VariantType.Int32),
        ua.AttributeIds.ArrayDimensions: _lengths(dimensions),
        ua.AttributeIds.MinimumSamplingInterval: _shared(0.0, ua.VariantType.Double),
    }


def _access(entry: Entry, *, history: bool) -> dict[ua.AttributeIds, AttributeValue]:
    level = _shared(_READ | _WRITE * entry.writable | _HISTORY * history, ua.VariantType.Byte)
    return {
        ua.AttributeIds.AccessLevel: level,
        ua.AttributeIds.UserAccessLevel: level,
        ua.AttributeIds.Historizing: _shared(history, ua.VariantType.Boolean),
    }


def _attribute(value: Any, kind: ua.VariantType, *, is_array: bool | None = None) -> AttributeValue:
    return AttributeValue(ua.DataValue(ua.Variant(value, kind, is_array=is_array)))


@lru_cache(maxsize=1000, typed=True)
def _shared(value: Any, kind: ua.VariantType) -> AttributeValue:
    """Return an attribute that many nodes have: nobody can write any attribute but values."""
    return _attribute(value, kind)


@lru_cache(maxsize=1000)
def _text(text: str) -> AttributeValue:
    return _attribute(ua.LocalizedText(text), ua.VariantType.LocalizedText)


@lru_cache(maxsize=1000)
def _lengths(dimensions: tuple[int, ...]) -> AttributeValue:
    return _attribute(list(dimensions), ua.VariantType.UInt32, is_array=True)


def _link(
    above: NodeData, data: NodeData, reference: int, name: ua.QualifiedName, kind: ua.NodeClass, definition: int
) -> None:
    """Let a node and the one above it refer to each other, and the node to its type."""
    title = data.attributes[ua.AttributeIds.DisplayName].value.Value.Value
    above_name = above.attributes[ua.AttributeIds.BrowseName].value.Value.Value
    above_title = above.attributes[ua.AttributeIds.DisplayName].value.Value.Value
    above_kind = above.attributes[ua.AttributeIds.NodeClass].value.Value.Value
    to_type, own_type = ua.NodeId(definition), ua.NodeId(ua.ObjectIds.HasTypeDefinition)
    above.references.append(_reference(reference, data.nodeid, name, title, kind, to_type, forward=True))
    data.references.append(
        _reference(
            reference, above.nodeid, above_name, above_title, ua.NodeClass(above_kind), ua.NodeId(), forward=False
        )
    )
    described = ua.ReferenceDescription()
    described.ReferenceTypeId, described.IsForward, described.NodeId = own_type, True, to_type
    described.NodeClass = ua.NodeClass.VariableType if kind is ua.NodeClass.Variable else ua.NodeClass.ObjectType
    described.BrowseName = ua.QualifiedName(ua.ObjectIdNames[int(definition)])
    described.DisplayName = ua.LocalizedText(described.BrowseName.Name)
    data.references.append(described)


def _reference(
    kind: int,
    target: ua.NodeId,
    name: ua.QualifiedName,
    title: ua.LocalizedText,
    node_class: ua.NodeClass,
    definition: ua.NodeId,
    *,
    forward: bool,
) -> ua.ReferenceDescription:
    made = ua.ReferenceDescription()
    made.ReferenceTypeId, made.IsForward, made.NodeId = ua.NodeId(kind), forward, target
    made.BrowseName, made.DisplayName, made.NodeClass, made.TypeDefinition = name, title, node_class, definition
    return made
