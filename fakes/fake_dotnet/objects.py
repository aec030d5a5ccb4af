"""System.Object and System.Type: what every object of .NET answers about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fake_dotnet import missing


class NetObject:
    """System.Object, the base of every type."""

    __slots__ = ()

    def GetType(self) -> Type:
        """Return the type of this object."""
        return self._own_type()

    def _own_type(self) -> Type:
        """Return the type of this object; what is behind GetType, for types with several names."""
        return type_of(type(self))

    def ToString(self) -> str:
        """Return the object as text: the full name of its type, unless the type has a better one."""
        return str(self.GetType())

    def Equals(self, obj: object) -> bool:
        """Return whether the other object is the same one, or an equal value."""
        return bool(self == obj)

    def GetHashCode(self) -> int:
        """Return a hash, equal for equal objects, as an Int32."""
        return (hash(self) + 2**31) % 2**32 - 2**31

    def __str__(self) -> str:
        """Return ToString(), as pythonnet does."""
        return self.ToString()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Return the method of a property or event, or refuse a missing member."""
            found = missing.accessor(self, name)
            if found is not None:
                return found
            if not hasattr(type(self), name):
                missing.report(type(self), name)
            return object.__getattribute__(self, name)


class Type(NetObject):
    """System.Type, known by its names; two are equal if their full names are.

    Attributes:
        _python: The class that has this type; None for a type that is known by its name only.
    """

    _python: type[Any] | None = None

    def __init__(self, full_name: str) -> None:
        """Keep the full name."""
        self.FullName = full_name

    @property
    def Namespace(self) -> str:
        """The namespace."""
        return self.FullName.partition("[")[0].rpartition(".")[0]

    @property
    def Name(self) -> str:
        """The name without its namespace."""
        return self.FullName.partition("[")[0].rpartition(".")[2]

    @property
    def IsEnum(self) -> bool:
        """Whether it is an enum."""
        return False

    @property
    def IsInterface(self) -> bool:
        """Whether it is an interface."""
        return False

    @property
    def IsValueType(self) -> bool:
        """Whether it is a struct or an enum."""
        return self.FullName.partition("`")[0] in _STRUCTS

    @property
    def IsClass(self) -> bool:
        """Whether it is a class."""
        return not (self.IsValueType or self.IsInterface)

    def GetMethod(self, name: str) -> MethodInfo | None:
        """Return a public method by its name; None if the class does not have it."""
        return None if self._python is None or not hasattr(self._python, name) else MethodInfo(name)

    def ToString(self) -> str:
        """Return the full name."""
        return self.FullName

    def __eq__(self, other: object) -> bool:
        """Compare by full name."""
        return isinstance(other, Type) and self.FullName == other.FullName

    def __hash__(self) -> int:
        """Hash by full name."""
        return hash(self.FullName)


class MethodInfo(NetObject):
    """System.Reflection.MethodInfo: a method that is called by its name, such as GetService with a type chosen later."""

    def __init__(self, name: str, *types: type[Any]) -> None:
        """Keep the name and the type arguments."""
        self.Name, self._types = name, types

    def MakeGenericMethod(self, *typeArguments: type[Any]) -> MethodInfo:
        """Return the method with its type arguments."""
        return MethodInfo(self.Name, *typeArguments)

    def Invoke(self, obj: Any, parameters: Iterable[Any] | None) -> Any:
        """Call the method of an object."""
        method = getattr(obj, self.Name)
        for kind in self._types:
            method = method[kind]
        return method(*(parameters or ()))


_STRUCTS = frozenset(
    (
        *("System.Boolean", "System.Byte", "System.Int32", "System.UInt16", "System.UInt32", "System.Double"),
        *("System.DateTime", "System.Guid", "System.Collections.Generic.KeyValuePair"),
    )
)
_FINDERS: dict[str, Callable[[type], Type | None]] = {}
_OF_PYTHON = {
    str: "System.String",
    bool: "System.Boolean",
    int: "System.Int32",
    float: "System.Double",
    object: "System.Object",
}


def finds_types(package: str, find: Callable[[type], Type | None]) -> None:
    """Let a package of object models name the .NET types of its classes; None for a class that .NET does not have."""
    _FINDERS[package] = find


def type_of(kind: type[Any]) -> Type:
    """Return the .NET type of a class, or that of the nearest class that it extends."""
    for each in kind.__mro__:
        if each in _OF_PYTHON:
            return Type(_OF_PYTHON[each])
        find = _FINDERS.get(each.__module__.partition(".")[0])
        if find is not None and (found := find(each)) is not None:
            found._python = each
            return found
    return Type("System.Object")


def _of_net(kind: type) -> Type | None:
    namespace = _NAMESPACES.get(kind.__name__)
    return None if namespace is None else Type(f"{namespace}.{kind.__name__}")


_NAMESPACES = {
    **dict.fromkeys(("FileInfo", "DirectoryInfo"), "System.IO"),
    "CultureInfo": "System.Globalization",
    "SecureString": "System.Security",
    "KeyNotFoundException": "System.Collections.Generic",
    "MethodInfo": "System.Reflection",
    **dict.fromkeys(
        (
            *("Byte", "Int16", "Int32", "Int64", "UInt16", "UInt32", "UInt64", "String", "DateTime", "Guid"),
            *("Version", "Type", "Enum", "ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException"),
        ),
        "System",
    ),
}
finds_types("fake_dotnet", _of_net)
