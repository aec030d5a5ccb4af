"""Cross references: the service of blocks, data types, tags and tag tables that lists uses.

From V18. The list itself is made by `simatic_xml.program.analysis.cross_references`; here it has the form of the object
model. Facts: docs/facts/openness-program.md#cross-references; names and numbers of the enums as in the V21 type list;
that PLC software and watch tables do not offer the service, as seen on V20.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fake_dotnet.system import NetEnum, require_type
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.program.plc import _Plc
from simatic_xml.program.analysis.reference_tree import Location as Place
from simatic_xml.program.analysis.reference_tree import Reference, Source, Thing

C = TypeVar("C", bound=Composition[Any])


class CrossReferenceFilter(NetEnum):
    """Which objects are answered."""

    AllObjects = 0
    ObjectsWithReferences = 1
    ObjectsWithoutReferences = 2
    UnusedObjects = 3


class ReferenceType(NetEnum):
    """What a reference is, seen from the source object."""

    Uses = 0
    UsedBy = 1
    Undefined = 2
    TypeInstance = 3
    InstanceType = 4
    Assigns = 5
    MemberGroup = 6
    GroupMember = 7
    Defines = 8
    DefinedBy = 9
    OverlapsWith = 10
    Scope = 11
    Unknown = 12


class Access(NetEnum):
    """How an object is used at a location."""

    Undefined = 0
    Read = 1
    Write = 2
    RW = 3
    Unknown = 4
    Definition = 5
    Declaration = 6
    Interface = 7
    Jump = 8
    Monitor = 9
    Modify = 10
    Force = 11
    Call = 12
    UC = 13
    CC = 14
    Multiinstance = 15
    InstanceDB = 16
    Open = 17
    Interlock = 18
    Supervision = 19
    Actions = 20
    Transition = 21
    ReadAndSymbol = 22
    WriteAndSymbol = 23
    ReadWriteAndSymbol = 24
    InstanceAndSymbol = 25
    MultiinstanceAndSymbol = 26
    ProDiagSupervision = 27
    DefaultValue = 28
    ArrayBoundary = 29
    StringLength = 30
    TypeAlarm = 31
    InstanceAlarm = 32
    Parameterinstance = 33
    ParameterinstanceAndSymbol = 34
    CreateReference = 35
    CreateReferenceAndSymbol = 36


class _ListEntry(EngineeringObject):
    """An entry in a list of cross references: it has the object's name, type and place."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, thing: Thing) -> None:
        """Show a thing."""
        super().__init__(parent)
        self._plc, self._thing = plc, thing

    @property
    def Name(self) -> str:
        """The name; of a member with the data block before it."""
        return self._thing.name

    @property
    def TypeName(self) -> str:
        """What it is, such as LAD-Function block, or its data type."""
        return self._thing.type_name

    @property
    def Address(self) -> str:
        """The address, such as %FB1 or %I0.0; empty where there is none."""
        return self._thing.address

    @property
    def Device(self) -> str:
        """The PLC."""
        return self._plc._name if self._thing.path else ""

    @property
    def Path(self) -> str:
        """The PLC and the folders that it is in."""
        return self._thing.path

    @property
    def UnderlyingObject(self) -> EngineeringObject | None:
        """The object itself; None for what is none, such as a member."""
        return self._plc._view.find(self._thing.object) if self._thing.object else None


class Location(EngineeringObject):
    """A place where one object uses another."""

    def __init__(self, parent: EngineeringObject, place: Place) -> None:
        """Show a place."""
        super().__init__(parent)
        self._place = place

    @property
    def ReferenceLocation(self) -> str:
        """The block and network, such as @Main ▶ NW1."""
        return self._place.text

    @property
    def ReferenceType(self) -> ReferenceType:
        """What the reference is."""
        return ReferenceType[self._place.reference_type]

    @property
    def Access(self) -> Access:
        """How the object is used."""
        return Access[self._place.access]

    @property
    def Name(self) -> str:
        """The operand, where only part of the object is used; else empty."""
        return self._place.name

    @property
    def TypeName(self) -> str:
        """Empty, as seen in TIA Portal."""
        return ""

    @property
    def Address(self) -> str:
        """Empty, as seen in TIA Portal."""
        return ""

    @property
    def ReferencedAs(self) -> EngineeringObject | None:
        """None: nothing here is used by another name."""
        return None

    @property
    def ReferencedAsName(self) -> str:
        """Empty, as seen in TIA Portal."""
        return ""


class LocationComposition(Composition[Location]):
    """The places of a reference."""


class ReferenceObject(_ListEntry):
    """The object at the other end."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, reference: Reference) -> None:
        """Show a reference."""
        super().__init__(parent, plc, reference.thing)
        self._locations = _fill(LocationComposition(self), reference.locations, Location)

    @property
    def Locations(self) -> LocationComposition:
        """The places."""
        return self._locations


class ReferenceObjectComposition(Composition[ReferenceObject]):
    """The objects that a source object uses and is used by."""


class SourceObject(_ListEntry):
    """A requested object, or a member of a data block."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, source: Source) -> None:
        """Show an object; its references and children are made on demand."""
        super().__init__(parent, plc, source.thing)
        self._source = source

    @property
    def References(self) -> ReferenceObjectComposition:
        """The objects that it uses, and those that use it."""
        made = ReferenceObjectComposition(self)
        return _fill(made, self._source.references, lambda above, each: ReferenceObject(above, self._plc, each))

    @property
    def Children(self) -> SourceObjectComposition:
        """The members of a data block; empty for everything else."""
        return _sources(self, self._plc, self._source.children)


class SourceObjectComposition(Composition[SourceObject]):
    """Source objects."""


class CrossReferenceResult(EngineeringObject):
    """The answer of the service."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, sources: list[Source]) -> None:
        """Show a list."""
        super().__init__(parent)
        self._sources = _sources(self, plc, sources)

    @property
    def Sources(self) -> SourceObjectComposition:
        """The requested objects that match the filter."""
        return self._sources


class CrossReferenceService(EngineeringObject):
    """The service of one object, or of a table for its rows."""

    def __init__(self, owner: EngineeringObject, plc: _Plc, names: Callable[[], list[str]]) -> None:
        """Answer for the objects of these names."""
        super().__init__(owner)
        self._plc, self._names = plc, names

    def GetCrossReferences(self, filter: CrossReferenceFilter) -> CrossReferenceResult:  # noqa: A002 - the .NET name
        """List the objects that use this one, and those that it uses."""
        which = require_type(filter, CrossReferenceFilter, "filterType").name
        view = self._plc._view
        return CrossReferenceResult(self, self._plc, view.cross_references(self._names(), which))


def cross_reference_service(
    owner: EngineeringObject, plc: _Plc, names: Callable[[], list[str]]
) -> dict[type, Callable[[], Any]]:
    """Return the service of an object of a program; none before V18."""
    if not owner._context.version.has("18"):
        return {}
    return {CrossReferenceService: lambda: CrossReferenceService(owner, plc, names)}


def _sources(above: EngineeringObject, plc: _Plc, sources: list[Source]) -> SourceObjectComposition:
    return _fill(SourceObjectComposition(above), sources, lambda parent, each: SourceObject(parent, plc, each))


def _fill(made: C, items: list[Any], make: Callable[[C, Any], Any]) -> C:
    """Fill a new collection; it is no change of the project."""
    made._items.extend(make(made, each) for each in items)
    return made
