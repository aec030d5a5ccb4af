"""The interfaces that a caller casts an object to: `IEngineeringObject(obj)` shows the members of that interface only.

As in pythonnet the cast object is at `__implementation__`, and an object that does not have the interface is refused.
Facts: docs/facts/openness.md#attributes-and-services, docs/facts/pythonnet.md#arguments-and-results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject, Type
from fake_dotnet.system import require_type
from fake_openness.core import reflection, self_description
from fake_openness.core.associations import Association
from fake_openness.core.objects import (
    BoundServiceAccess,
    Composition,
    EngineeringAttributeInfo,
    EngineeringObject,
    EngineeringServiceInfo,
    ServiceAccess,
    _Collection,
    members_of_class,
)
from fake_openness.core.self_description import (
    EngineeringCompositionInfo,
    EngineeringCreationInfo,
    EngineeringInvocationInfo,
)
from fake_openness.core.versions import TiaVersion


class Interface(NetObject):
    """An object seen through an interface: its type, and whether another object is the same, are those of the object."""

    _NAMES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, obj: Any) -> None:
        """Cast an object, or what another interface shows.

        Raises:
            TypeError: The object does not have the interface.
        """
        self.__implementation__ = getattr(obj, "__implementation__", obj)
        if not self._is_of(self.__implementation__):
            msg = f"cannot cast {type(self.__implementation__).__name__} to {type(self).__name__}"
            raise TypeError(msg)

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, NetObject) and type(self).__name__ in _interfaces(obj)

    def _own_type(self) -> Type:
        found: Type = self.__implementation__._own_type()
        return found

    def __eq__(self, other: object) -> bool:
        """Compare the objects."""
        return bool(self.__implementation__ == getattr(other, "__implementation__", other))

    def __hash__(self) -> int:
        """Hash the object."""
        return hash(self.__implementation__)


def _interfaces(obj: NetObject) -> set[str]:
    """Return the simple names of the interfaces that an object's type has, by the list of types."""
    kind = obj.GetType()
    found = kind.GetInterfaces() if isinstance(kind, reflection.Type) else []
    return {each.Name for each in found}


class IEngineeringInstance(Interface):
    """What has a parent."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, EngineeringObject | NetList)

    @property
    def Parent(self) -> EngineeringObject | None:
        """The object that holds this one."""
        found: EngineeringObject | None = self.__implementation__.Parent
        return found


class IEngineeringCompositionOrObject(IEngineeringInstance):
    """What GetComposition gives."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, EngineeringObject)


class IEngineeringObject(IEngineeringCompositionOrObject):
    """The interface that has an object's attributes; a caller casts to it up to V16, where it is explicit."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, EngineeringObject) and not isinstance(obj, _Collection)

    def GetAttributeInfos(self) -> NetList[EngineeringAttributeInfo]:
        """Call the same method of the object."""
        found: NetList[EngineeringAttributeInfo] = self.__implementation__.GetAttributeInfos()
        return found

    def GetAttribute(self, name: str) -> Any:
        """Call the same method of the object."""
        return self.__implementation__.GetAttribute(name)

    def GetAttributes(self, names: Any) -> NetList[Any]:
        """Call the same method of the object."""
        found: NetList[Any] = self.__implementation__.GetAttributes(names)
        return found

    def SetAttribute(self, name: str, value: Any) -> None:
        """Call the same method of the object."""
        self.__implementation__.SetAttribute(name, value)

    def SetAttributes(self, attributes: Any) -> None:
        """Call the same method of the object."""
        self.__implementation__.SetAttributes(attributes)

    def GetCompositionInfos(self) -> NetList[EngineeringCompositionInfo]:
        """List the compositions and child objects."""
        owner = self._entered("GetCompositionInfos")
        return NetList([EngineeringCompositionInfo(name) for name in self_description.compositions(owner)])

    def GetComposition(self, name: str) -> Any:
        """Return a composition or child object.

        Raises:
            EngineeringNotSupportedException: The object has no such composition.
        """
        return self_description.composition(self._entered("GetComposition"), require_type(name, str, "name"))

    def GetInvocationInfos(self) -> NetList[EngineeringInvocationInfo]:
        """List the actions."""
        return NetList(self_description.invocations(self._entered("GetInvocationInfos")))

    def Invoke(self, name: str, parameters: Any) -> Any:
        """Call an action with pairs of type and value; None for no parameters.

        Raises:
            EngineeringNotSupportedException: The object has no such action, or none with these parameters.
        """
        return self_description.invoke(self._entered("Invoke"), require_type(name, str, "name"), parameters)

    def GetCreationInfos(self, compositionName: str) -> NetList[EngineeringCreationInfo]:
        """List what can be created in a composition.

        Raises:
            EngineeringNotSupportedException: The object has no such composition.
        """
        return NetList(self_description.creations(self.GetComposition(compositionName)))

    def Create(self, compositionName: str, type: Any, parameters: Any) -> Any:  # noqa: A002 - the .NET name
        """Create an object in a composition, with pairs of names and values.

        Raises:
            EngineeringNotSupportedException: No such composition, type or parameter.
            EngineeringTargetInvocationException: A mandatory parameter is missing, or the creation was refused.
        """
        return self_description.create(self.GetComposition(compositionName), type, parameters)

    def _entered(self, member: str) -> EngineeringObject:
        """Return the object, its gate passed."""
        owner: EngineeringObject = self.__implementation__
        owner._enter(member)
        return owner


class IEngineeringRoot(IEngineeringObject):
    """The interface of the portal."""

    def _is_of(self, obj: Any) -> bool:
        return super()._is_of(obj) and obj._parent is None


class _ProviderAccess(ServiceAccess):
    """GetService through the interface."""

    def __get__(self, owner: Any, kind: type | None = None) -> BoundServiceAccess:
        """Bind to the object that was cast."""
        return super().__get__(None if owner is None else owner.__implementation__, kind)


class IEngineeringServiceProvider(Interface):
    """The interface that offers an object's services and lists them."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, EngineeringObject) and isinstance(
            members_of_class(type(obj)).get("GetService"), ServiceAccess
        )

    GetService = _ProviderAccess()

    def GetServiceInfos(self) -> NetList[EngineeringServiceInfo]:
        """List the offered services."""
        owner = self.__implementation__
        owner._enter("GetServiceInfos")
        domain = reflection.domain(owner._context.version)
        services = [domain.service(service.__name__) for service in owner._services()]
        return NetList([EngineeringServiceInfo(service) for service in services])


class IEngineeringService(Interface):
    """The interface of what GetService gives; without members."""


class _Many(Interface):
    """What compositions and associations share."""

    @property
    def Parent(self) -> EngineeringObject | None:
        """The object that holds this one."""
        found: EngineeringObject | None = self.__implementation__.Parent
        return found

    @property
    def Count(self) -> int:
        """How many there are."""
        return int(self.__implementation__.Count)

    @property
    def IsReadOnly(self) -> bool:
        """Whether items can be added."""
        return bool(self.__implementation__.IsReadOnly)

    def Contains(self, item: Any) -> bool:
        """Return whether the item is here."""
        return self.IndexOf(item) >= 0

    def IndexOf(self, item: Any) -> int:
        """Return the place of an item, or -1."""
        wanted = getattr(item, "__implementation__", item)
        return int(self.__implementation__.IndexOf(wanted))

    def GetInvocationInfos(self) -> NetList[EngineeringInvocationInfo]:
        """List the actions of the collection."""
        return NetList(self_description.invocations(self.__implementation__))

    def Invoke(self, name: str, parameters: Any) -> Any:
        """Call an action with pairs of type and value; None for no parameters.

        Raises:
            EngineeringNotSupportedException: The collection has no such action, or none with these parameters.
        """
        return self_description.invoke(self.__implementation__, require_type(name, str, "name"), parameters)

    def __iter__(self) -> Iterator[Any]:
        """Go through all."""
        return iter(self.__implementation__)

    def __getitem__(self, index: int) -> Any:
        """Return the one at index."""
        return self.__implementation__[index]


class IEngineeringComposition(_Many):
    """A collection of the objects that belong to another."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, _Collection) and not type(obj).__name__.endswith("Association")

    def GetCreationInfos(self) -> NetList[EngineeringCreationInfo]:
        """List what can be created here."""
        return NetList(self_description.creations(self.__implementation__))

    def Create(self, type: Any, parameters: Any) -> Any:  # noqa: A002 - the .NET name
        """Create an object of a type, with pairs of names and values.

        Raises:
            EngineeringNotSupportedException: This composition does not create such objects, or has no such parameter.
            EngineeringTargetInvocationException: A mandatory parameter is missing, or the creation was refused.
        """
        return self_description.create(self.__implementation__, type, parameters)


class IEngineeringAssociation(_Many):
    """A collection of objects that belong elsewhere."""

    def _is_of(self, obj: Any) -> bool:
        return isinstance(obj, Association | Composition) and type(obj).__name__.endswith("Association")


class IEngineeringObjectAssociation(IEngineeringAssociation):
    """The same, of objects of any type."""


_MEMBERS = {
    "ILibrary": (
        *("MasterCopyFolder", "TypeFolder", "FindType", "FindVersion"),
        *("UpdateCheck", "UpdateLibrary", "UpdateProject", "HarmonizeProject"),
    ),
    "IShowable": ("ShowInEditor",),
    "ISystemObject": ("IsSystemObject",),
}
"""Interfaces without a class here, and their members."""
_EXISTS_FROM = {"HarmonizeProject": "17"}


def generated(version: TiaVersion) -> dict[str, type[Interface]]:
    """Return the interfaces of a version without a class of the fake."""
    kinds = (kind for kind in reflection.domain(version).all_types() if kind.IsInterface)
    return {kind.Name: _interface(kind.Name) for kind in kinds}


def _interface(name: str) -> type[Interface]:
    def member(of: str) -> property:
        return property(lambda self: getattr(self.__implementation__, of))

    members = {of: member(of) for of in _MEMBERS.get(name, ())}
    about = {"__module__": __name__, "__doc__": f"The interface {name}.", "_EXISTS_FROM": _EXISTS_FROM}
    return type(name, (Interface,), about | members)
