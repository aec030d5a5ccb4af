"""What every object of the Openness model shares: life, attributes, collections, services.

Every use of a public member passes one gate. There a dead handle raises, calls
are counted, and tests inject latency and faults. One method notes every change,
so that a transaction can be rolled back exactly.
Facts: docs/facts/openness.md#exclusive-access-and-transactions, docs/facts/openness.md#attributes-and-services,
docs/facts/openness.md#collections, docs/facts/openness.md#what-a-simulation-has-to-enforce.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import unwrap
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from fake_dotnet import missing
from fake_dotnet.lists import NetList, item_at
from fake_dotnet.objects import NetObject, Type
from fake_dotnet.system import DateTime, FileSystemInfo, NetEnum, NetFlags, require_type
from fake_openness.core import reflection
from fake_openness.core.errors import (
    EngineeringNotSupportedException,
    EngineeringObjectDisposedException,
    EngineeringTargetInvocationException,
    NonRecoverableException,
)
from fake_openness.core.gate import gate
from fake_openness.core.upward import UpwardCall

if TYPE_CHECKING:
    from fake_openness.core.context import Context


creation_parameters_of: UpwardCall[[Any], dict[str, bool] | None] = UpwardCall()
"""The parameters of a composition's Create and whether each is mandatory; None for what has no Create."""


class _Named(Protocol):
    """What a collection finds by its name."""

    @property
    def _name(self) -> str: ...

    def _assign(self, field: str, value: Any) -> None: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Named)
Undo = Callable[[], object]


class EngineeringAttributeAccessMode(NetFlags):
    """Whether an attribute can be read, written, or both."""

    None_ = 0
    Read = 1
    Write = 2
    ReadWrite = 3


class EngineeringCreateRelevance(NetEnum):
    """Whether an attribute is a parameter of the creation of its object."""

    None_ = 0
    Relevant = 1
    Mandatory = 2


@dataclass(frozen=True, slots=True)
class EngineeringAttributeInfo(NetObject):
    """Name, access and types of one attribute, as GetAttributeInfos lists it."""

    Name: str
    AccessMode: EngineeringAttributeAccessMode
    CreateRelevance: EngineeringCreateRelevance
    SupportedTypes: NetList[Type]


@dataclass(frozen=True, slots=True)
class EngineeringServiceInfo(NetObject):
    """One offered service, as GetServiceInfos lists it."""

    Type: reflection.Type


class ServiceAccess:
    """`obj.GetService[T]()`: the service, or None where this object does not offer it."""

    def __get__(self, owner: Any, _: type | None = None) -> BoundServiceAccess:
        """Bind to the object asked."""
        if owner is not None:
            owner._enter("GetService")
        return BoundServiceAccess(owner)


class BoundServiceAccess:
    """GetService of one object, waiting for its type argument."""

    def __init__(self, owner: EngineeringObject) -> None:
        """Keep the object asked."""
        self._owner = owner

    def __getitem__(self, service: type[T]) -> Callable[[], T | None]:
        """Choose the service type."""
        require_type(service, type, "T")
        if getattr(service, "_UNKNOWN", False):
            missing.report(service, "")

        def get() -> T | None:
            make = self._owner._services().get(service)
            return None if make is None else make()

        return get


class _Lacking:
    """Replaces an inherited member that a type does not have."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the member's name."""
        self._name = name

    def __get__(self, owner: Any, _: type | None = None) -> Any:
        """Refuse as for any missing member."""
        raise lacks(type(owner), self._name)


def lacks(kind: type, member: str) -> AttributeError:
    """Return the error for a member that the simulated type does not have, whether real or not."""
    missing.report(kind, member)
    msg = f"'{kind.__name__}' object has no attribute '{member}'"
    if member[:1].isupper():
        msg += " in the simulated TIA Portal. See docs/object-model.md for the real one."
    return AttributeError(msg)


class EngineeringObject(NetObject):
    """An object of the model: it has a parent and attributes, and it can die.

    A type that lists its services has GetService; as in the real model, not every type has it.

    Attributes:
        _EXISTS_FROM: Member to the TIA version that brought it.
        _GONE_FROM: Member to the TIA version that dropped it.
        _VERSIONED: The members of both.
    """

    _EXISTS_FROM: ClassVar[dict[str, str]] = {}
    _GONE_FROM: ClassVar[dict[str, str]] = {}
    _VERSIONED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, parent: EngineeringObject | None, context: Context | None = None) -> None:
        """Join the model below parent, in the parent's context."""
        self._parent = parent
        if context is None:
            assert parent is not None  # noqa: S101 - only the root has no parent, and it gets its context
            context = parent._context
        self._context: Context = context
        self._alive = True
        self._dynamic: dict[str, Any] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put every public member of a new type behind the gate."""
        super().__init_subclass__(**kwargs)
        cls._VERSIONED = frozenset(cls._EXISTS_FROM) | frozenset(cls._GONE_FROM)
        if "_services" in vars(cls):
            cls.GetService = ServiceAccess()  # type: ignore[attr-defined]  # only types that list services have it
        gate(cls)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Refuse a missing member; a getter that failed raises its own error again."""
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)
            found = missing.accessor(self, name)
            if found is None:
                raise lacks(type(self), name)
            return found

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to set a public member that the type does not have."""
        if name[0].isupper() and getattr(getattr(type(self), name, None), "fset", None) is None:
            if not hasattr(type(self), name):
                missing.report(type(self), name)
            msg = f"{type(self).__name__}.{name} cannot be set."
            raise AttributeError(msg)
        object.__setattr__(self, name, value)

    def _enter(self, member: str, *, by_method: bool = True) -> None:
        """Let a use of a public member pass: count it, let faults strike, refuse the dead."""
        context = self._context
        if context.machine.observed:
            context.machine.on_access(type(self).__name__, member, by_method=by_method)
        if context.portal_ended:
            msg = "TIA Portal has ended, so its objects are not valid any more: connect again."
            raise NonRecoverableException(msg)
        if not self._alive:
            msg = f"The {type(self).__name__} no longer exists: it was deleted or replaced, or its project was closed."
            raise EngineeringObjectDisposedException(msg, code="object.disposed")
        if member in self._VERSIONED and not self._exists(member):
            missing.report(type(self), member)
            version = context.version.engineering
            msg = f"'{type(self).__name__}' object has no attribute '{member}' in TIA Portal {version}"
            raise AttributeError(msg)

    def _exists(self, member: str) -> bool:
        """Return whether the simulated version has a member."""
        version = self._context.version
        return version.has(self._EXISTS_FROM.get(member, "0")) and not version.has(self._GONE_FROM.get(member, "99"))

    @property
    def Parent(self) -> EngineeringObject | None:
        """The object that holds this one: that of the collection, for what is in one."""
        parent = self._parent
        while isinstance(parent, Composition):
            parent = parent._parent
        return parent

    def _own_type(self) -> Type:
        """Return the type of this object in its version; a dead handle answers, too."""
        return reflection.type_in(type(self), self._context.version)

    # -- attributes -------------------------------------------------------------------

    def GetAttributeInfos(self) -> NetList[EngineeringAttributeInfo]:
        """List the attributes that this object has."""
        infos = [
            self._describe(name, _value_type(member), writable=member.fset is not None)
            for name, member in _properties(type(self)).items()
        ]
        infos += [self._describe(n, type(value), writable=self._writable(n)) for n, value in self._dynamic.items()]
        return NetList(infos)

    def _describe(self, name: str, kind: type, *, writable: bool) -> EngineeringAttributeInfo:
        access = EngineeringAttributeAccessMode.ReadWrite if writable else EngineeringAttributeAccessMode.Read
        types = NetList([reflection.type_in(kind, self._context.version)])
        return EngineeringAttributeInfo(name, access, self._relevance(name), types)

    def _relevance(self, name: str) -> EngineeringCreateRelevance:
        """Return whether the composition that holds this object needs the attribute to create one."""
        mandatory = (creation_parameters_of(self._parent) or {}).get(name)
        if mandatory is None:
            return EngineeringCreateRelevance.None_
        return EngineeringCreateRelevance.Mandatory if mandatory else EngineeringCreateRelevance.Relevant

    def GetAttribute(self, name: str) -> Any:
        """Read one attribute.

        Raises:
            EngineeringNotSupportedException: The object has no such attribute.
        """
        require_type(name, str, "name")
        if name in self._dynamic:
            return self._dynamic[name]
        member = _properties(type(self)).get(name)
        return self._get_associated(name) if member is None else member.__get__(self)

    def _get_associated(self, name: str) -> Any:
        """Return what a property refers to without owning it, such as the items in a rack: that is an attribute, too."""
        member = members_of_class(type(self)).get(name)
        if isinstance(member, property) and name != "Parent" and self._exists(name):
            value = member.__get__(self)
            if not is_owned(self, value):
                return value
        raise self._no_attribute(name)

    def GetAttributes(self, names: Any) -> NetList[Any]:
        """Read several attributes in one call; one unknown name fails the whole call."""
        return NetList([self.GetAttribute(name) for name in _net_list(names)])

    def SetAttribute(self, name: str, value: Any) -> None:
        """Write one attribute.

        Raises:
            EngineeringNotSupportedException: No such attribute, or it is read-only.
        """
        require_type(name, str, "name")
        if type(value) is int:
            msg = "A bare Python int arrives as a Python object: pass System.Int32 (or Int64) to SetAttribute."
            raise TypeError(msg)
        if name in self._dynamic:
            self._set_dynamic(name, value)
            return
        member = _properties(type(self)).get(name)
        if member is None:
            raise self._no_attribute(name)
        if member.fset is None:
            msg = f"The attribute '{name}' of {type(self).__name__} is read-only."
            raise EngineeringNotSupportedException(msg, code="attribute.read_only")
        member.__set__(self, value)

    def SetAttributes(self, attributes: Any) -> None:
        """Write several attributes, given as pairs of name and value: all of them, or none.

        Raises:
            EngineeringNotSupportedException: No such attribute, or it is read-only.
        """
        with self._context.whole():
            for pair in attributes:
                self.SetAttribute(pair.Key, pair.Value)

    def _set_at_creation(self, name: str, value: Any) -> None:
        """Set an attribute that was a parameter of the creation of this object."""
        self.SetAttribute(name, value)

    def _writable(self, name: str) -> bool:
        """Return whether a dynamic attribute can be written; types with read-only ones override this."""
        return name in self._dynamic

    def _set_dynamic(self, name: str, value: Any) -> None:
        if not self._writable(name):
            msg = f"The attribute '{name}' of {type(self).__name__} is read-only."
            raise EngineeringNotSupportedException(msg, code="attribute.read_only")
        old = self._dynamic[name]
        self._dynamic[name] = value
        self._note_change(lambda: self._dynamic.__setitem__(name, old))

    def _no_attribute(self, name: str) -> EngineeringNotSupportedException:
        msg = f"{type(self).__name__} has no attribute '{name}'."
        return EngineeringNotSupportedException(msg, code="attribute.unknown")

    # -- services ---------------------------------------------------------------------

    def _services(self) -> dict[type, Callable[[], Any]]:
        """Return the services that this object offers on this version, CPU and licence."""
        return {}

    # -- change -----------------------------------------------------------------------

    def _note_change(self, undo: Undo) -> None:
        """Note a change that has just been made: the project is modified, a transaction can undo it."""
        self._context.note_change(undo)

    def _assign(self, field: str, value: Any) -> None:
        """Set a private field so that it can be undone."""
        old = getattr(self, field)
        setattr(self, field, value)
        self._note_change(lambda: setattr(self, field, old))

    def _die(self) -> None:
        """End this handle and everything below it; undone with the transaction."""
        self._alive = False
        self._note_change(lambda: setattr(self, "_alive", True))
        for child in self._children():
            child._die()

    def _children(self) -> list[EngineeringObject]:
        """Return the objects that die with this one."""
        return []


_PROPERTIES: dict[type, dict[str, property]] = {}


gate(EngineeringObject)


def is_owned(obj: EngineeringObject, value: Any) -> bool:
    """Return whether what a property gives belongs to the object; what it only refers to is an attribute."""
    if not isinstance(value, EngineeringObject) or type(value).__name__.endswith("Association"):
        return False
    return value._parent is obj


def members_of_class(kind: type) -> dict[str, Any]:
    """Return the public members of a class, inherited ones too, without binding them."""
    return _members(kind)


@cache
def _members(kind: type) -> dict[str, Any]:
    members = {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}
    return {name: member for name, member in members.items() if name[0].isupper()}


def _properties(kind: type) -> dict[str, property]:
    """Return the public properties of a type that are values, not collections."""
    if kind not in _PROPERTIES:
        objects: frozenset[str] = getattr(kind, "_VALUES_OF_ANY_TYPE", frozenset())
        public = {n: m for n, m in members_of_class(kind).items() if isinstance(m, property)}
        values = {n: m for n, m in public.items() if n in objects or _is_value(m)}
        _PROPERTIES[kind] = values
    return _PROPERTIES[kind]


def _is_value(member: property) -> bool:
    """Return whether a property's declared type is a value (text, number, enum and the like), not another object."""
    return issubclass(_value_type(member), str | int | float | NetEnum | DateTime | FileSystemInfo)


def _value_type(member: property) -> type:
    """Return the class of a property's declared type, object where none is declared."""
    getter: Any = unwrap(member.fget) if member.fget is not None else None
    return type_named(getattr(getter, "__annotations__", {}).get("return", ""), getattr(getter, "__globals__", {}))


def type_named(annotation: Any, names: dict[str, Any]) -> type:
    """Return the class that an annotation names, object where it names none."""
    text = str(annotation).removesuffix(" | None")
    found = {"str": str, "bool": bool, "int": int, "float": float}.get(text, names.get(text))
    return found if isinstance(found, type) else object


def _net_list(names: Any) -> list[str]:
    """Accept a List[String] of the fake, refuse a bare Python list as pythonnet does."""
    if not isinstance(names, NetList):
        msg = "No method matches given arguments: names must be an IEnumerable[String], not a Python list"
        raise TypeError(msg)
    return list(names)


class _Collection(EngineeringObject):
    """A collection of any kind: it has no attributes."""

    if not TYPE_CHECKING:
        GetAttribute, GetAttributes, GetAttributeInfos = _Lacking(), _Lacking(), _Lacking()
        SetAttribute, SetAttributes = _Lacking(), _Lacking()


class Composition(_Collection, Generic[T]):
    """An owned collection: Count, iteration, index, Contains, IndexOf, mostly Find. No len()."""

    def __init__(self, parent: EngineeringObject) -> None:
        """Start empty below parent."""
        super().__init__(parent)
        self._items: list[T] = []

    @property
    def Count(self) -> int:
        """How many there are."""
        return len(self._items)

    @property
    def IsReadOnly(self) -> bool:
        """Whether items can be added."""
        return False

    def __iter__(self) -> Iterator[T]:
        """Go through all; changing the collection meanwhile breaks the enumerator, as in .NET."""
        self._enter("GetEnumerator", by_method=False)
        size = len(self._items)
        for index in range(size):
            if len(self._items) != size:
                msg = "The collection was changed while it was enumerated: copy it to a list first."
                raise EngineeringTargetInvocationException(msg, code="collection.changed")
            yield self._items[index]

    def __getitem__(self, index: int) -> T:
        """Return the one at index, as this[int]."""
        self._enter("Item", by_method=False)
        return item_at(self._items, index)

    def IndexOf(self, item: T) -> int:
        """Return the place of an item, or -1."""
        return self._items.index(item) if item in self._items else -1

    def Contains(self, item: T) -> bool:
        """Return whether the item is here."""
        return item in self._items

    def _add(self, item: T, index: int | None = None) -> T:
        """Take an item in so that it can be undone."""
        self._items.insert(len(self._items) if index is None else index, item)
        self._note_change(lambda: self._items.remove(item))
        return item

    def _remove(self, item: T) -> None:
        """Take an item out so that it can be undone."""
        index = self._items.index(item)
        self._items.pop(index)
        self._note_change(lambda: self._items.insert(index, item))

    def _children(self) -> list[EngineeringObject]:
        return [item for item in self._items if isinstance(item, EngineeringObject)]


class NamedComposition(Composition[N]):
    """A collection whose items are found by name, without regard to case, not recursively.

    The index by name keeps Find constant in time however many items there are.
    """

    def __init__(self, parent: EngineeringObject) -> None:
        """Start empty below parent."""
        super().__init__(parent)
        self._by_name: dict[str, N] = {}

    def Find(self, name: str) -> N | None:
        """Return the item of that name directly in this collection, or None."""
        return self._find_by_name(require_type(name, str, "name"))

    def _find_by_name(self, name: str) -> N | None:
        """Return the same for the fake's own code, also in collections that have no Find in TIA Portal."""
        return self._by_name.get(name.casefold())

    def _add(self, item: N, index: int | None = None) -> N:
        key = item._name.casefold()
        self._by_name[key] = item
        self._note_change(lambda: self._forget(key))
        return super()._add(item, index)

    def _remove(self, item: N) -> None:
        key = item._name.casefold()
        self._by_name.pop(key, None)
        self._note_change(lambda: self._by_name.__setitem__(key, item))
        super()._remove(item)

    def _rename(self, item: N, name: str) -> None:
        """Give an item of this collection another name, keeping the index right."""
        old, new = item._name.casefold(), name.casefold()
        self._reindex(old, new)
        self._note_change(lambda: self._reindex(new, old))
        item._assign("_name", name)

    def _forget(self, key: str) -> None:
        self._by_name.pop(key, None)

    def _reindex(self, old: str, new: str) -> None:
        self._by_name[new] = self._by_name.pop(old)
