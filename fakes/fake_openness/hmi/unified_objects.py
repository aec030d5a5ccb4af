"""What the objects of a Unified panel have in common: typed properties, Validate, and collections with Create.

Facts: docs/facts/openness-hmi.md#unified-panels. Which properties there are comes from type lists of V17 to V21; their
default values are background.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import BoxedInteger, NetEnum, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, levels_above, require_levels, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.texts import MultilingualText
from fake_openness.hmi.formatted_text import FormattedText
from fake_openness.hmi.hmi_object import _HmiObject

if TYPE_CHECKING:
    from fake_openness.hmi.unified import HmiSoftware

T = TypeVar("T", bound="_UnifiedObject")


class HmiAccessMode(NetEnum):
    """How a tag finds its place in the controller."""

    AbsoluteAccess = 0
    SymbolicAccess = 1


@dataclass(frozen=True, slots=True)
class HmiValidationResult(NetObject):
    """A finding of Validate in one property."""

    PropertyName: str
    Errors: NetList[str]
    Warnings: NetList[str]


# -- properties ---------------------------------------------------------------------------


def value(name: str, kind: type[Any], default: Any, doc: str) -> property:
    """Return a property of an object: text, a flag, a number that is not negative, a number, or an enum.

    Args:
        name: Its name.
        kind: str, bool, float, an integer type of .NET, or an enum.
        default: Its value before it is set; of an enum, the member.
        doc: Its docstring.
    """

    def get(owner: _UnifiedObject) -> Any:
        held = owner._values.get(name)
        if held is None:
            return default
        return kind[held] if issubclass(kind, NetEnum) else held

    def put(owner: _UnifiedObject, new: Any) -> None:
        owner._set(name, check_value(new, kind, name))

    get.__annotations__["return"] = "int" if issubclass(kind, BoxedInteger) else kind.__name__
    return property(get, put, None, doc)


def formatted_text(name: str, doc: str) -> property:
    """Return a property that is a text with format in the project's languages."""

    def get(owner: _UnifiedObject) -> MultilingualText:
        held = owner._values.setdefault(name, {})
        return FormattedText(owner, owner._software._language_settings, held)

    get.__annotations__["return"] = MultilingualText.__name__
    return property(get, None, None, doc)


def text(name: str, doc: str) -> property:
    """Return a property that is a text in the project's languages."""

    def get(owner: _UnifiedObject) -> MultilingualText:
        held = owner._values.setdefault(name, {})
        return MultilingualText(owner, owner._software._language_settings, held)

    return property(get, None, None, doc)


def check_value(new: Any, kind: type[Any], name: str) -> Any:
    """Return a value as it is kept, if a property of that type takes it."""
    if issubclass(kind, NetEnum):
        return require_type(new, kind, "value").name
    if kind is float and type(new) is int:
        return float(new)
    if issubclass(kind, BoxedInteger):
        if isinstance(new, BoxedInteger) and not isinstance(new, kind):
            msg = f"{name} is a System.{kind.__name__}, not a System.{type(new).__name__}."
            raise EngineeringTargetInvocationException(msg, code="attribute.type")
        return int(kind(require_type(new, int, "value")))
    return require_type(new, kind, "value")


# -- objects ------------------------------------------------------------------------------


class _UnifiedObject(_HmiObject):
    """An object of a Unified panel: `_values` has the values of its properties by name."""

    _WHAT: ClassVar[str] = "object"

    def __init__(self, parent: EngineeringObject, software: HmiSoftware, name: str) -> None:
        """Make an object with default values."""
        super().__init__(parent, software)
        self._hmi, self._name = software, name
        self._values: dict[str, Any] = {}

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    def Validate(self) -> NetList[HmiValidationResult]:
        """Check the object's properties."""
        return NetList(list(self._checks()))

    def Delete(self) -> None:
        """Delete the object.

        Raises:
            EngineeringTargetInvocationException: Online.
        """
        self._software._require_offline(f"Deleting a {self._WHAT}")
        self._delete()

    def _delete(self) -> None:
        parent: Any = self._parent
        parent._remove(self)
        self._die()

    def _checks(self) -> Iterator[HmiValidationResult]:
        """Yield the errors of the object."""
        yield from ()

    def _set(self, name: str, new: Any) -> None:
        self._assign("_values", self._values | {name: new})

    def _record(self) -> dict[str, Any]:
        """Return its data in the index."""
        return {"name": self._name} | ({"values": self._values} if self._values else {})

    def _take(self, record: dict[str, Any]) -> None:
        """Read what `_record` gave."""
        self._values = record.get("values", {})


def wrong(name: str, *errors: str, warnings: tuple[str, ...] = ()) -> HmiValidationResult:
    """Return a result of Validate."""
    return HmiValidationResult(name, NetList(list(errors)), NetList(list(warnings)))


class _UnifiedObjects(_SortedComposition[T]):
    """A collection of objects, however a caller makes them."""

    _KIND: ClassVar[type[Any]]

    def __init__(self, parent: EngineeringObject, software: HmiSoftware) -> None:
        """Start empty."""
        super().__init__(parent)
        self._hmi = software

    def _create(self, name: str) -> T:
        self._hmi._require_offline(f"Creating a {self._KIND._WHAT}")
        require_name(require_type(name, str, "name"), self._KIND._WHAT, GROUP_LENGTH)
        if self._is_taken(name):
            raise already_exists(name, self._KIND._WHAT)
        require_levels(levels_above(self, self._KIND))
        return self._make(name)

    def _is_taken(self, name: str) -> bool:
        """Return whether an object has that name."""
        return name.casefold() in self._by_name

    def _make(self, name: str) -> T:
        made: T = self._add(self._KIND(self, self._hmi, name))
        return made

    def _restore(self, record: dict[str, Any]) -> T:
        made = self._make(record["name"])
        made._take(record)
        return made


class _UnifiedComposition(_UnifiedObjects[T]):
    """A collection in which objects are made by name."""

    def Create(self, name: str) -> T:
        """Make an object.

        Raises:
            EngineeringTargetInvocationException: Online, the name is not possible, or taken.
        """
        return self._create(name)


class _CreateOf:
    """`collection.Create[Type](name)`: the type argument names the new object's type."""

    def __get__(self, owner: Any, _: type | None = None) -> _BoundCreateOf:
        """Bind to the collection."""
        owner._enter("Create")
        return _BoundCreateOf(owner)


class _BoundCreateOf:
    """Create of one collection, waiting for its type argument."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    def __getitem__(self, kind: type) -> Callable[[str], Any]:
        """Choose the type."""
        create = self._owner._create_of
        watched = create if self._owner._context.journal is None else self._owner._context.watch(create)
        return lambda name: watched(require_type(kind, type, "T"), name)
