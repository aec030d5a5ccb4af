"""Value types of the API. As in .NET they are copied whenever they are read, passed or stored: change, then write back.

Facts: docs/facts/plcsim-advanced.md#values ("Value structs are copied"); measured under pythonnet 3.2.1
(docs/facts/pythonnet.md#arguments-and-results).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from fake_dotnet.objects import NetObject, Type, type_of
from fake_dotnet.system import NetEnum, require_type
from fake_plcsim.enums import EArea, EDataType, EPrimitiveDataType
from fake_plcsim.errors import refuse
from fake_plcsim.primitives import NAMES, fitting, zero

T = TypeVar("T")


class Struct(NetObject):
    """A .NET value type: typed fields, zero at first. A struct within it is copied when it is read or set.

    Attributes:
        _FIELDS: Name of each field to its type.
    """

    __slots__ = ("_values",)
    _FIELDS: ClassVar[dict[str, type]] = {}

    def __init__(self) -> None:
        """Give each field its zero."""
        self._values: dict[str, Any] = {name: _zero(kind) for name, kind in self._FIELDS.items()}

    def __eq__(self, other: object) -> bool:
        """Compare field by field."""
        return type(other) is type(self) and other._values == self._values

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        made._values = {name: copy_struct(value) for name, value in self._values.items()}
        return made

    def ToString(self) -> str:
        """Return the fields, for people."""
        return ", ".join(f"{name}: {value}" for name, value in self._values.items())


class Field(Generic[T]):
    """A field of a struct: of one type; a struct in it is copied when it is read or set."""

    def __init__(self, kind: type[T]) -> None:
        """Keep the type."""
        self._kind, self._name = kind, ""

    def __set_name__(self, owner: type[Struct], name: str) -> None:
        """Join the fields of a struct."""
        self._name = name
        owner._FIELDS = owner._FIELDS | {name: self._kind}

    def __get__(self, struct: Struct, _: type | None = None) -> T:
        """Return the value, or its copy."""
        return cast(T, copy_struct(struct._values[self._name]))

    def __set__(self, struct: Struct, value: T) -> None:
        """Take a value, or its copy."""
        struct._values[self._name] = copy_struct(require_type(value, self._kind, self._name))


def copy_struct(value: T) -> T:
    """Return a copy of a struct, any other value unchanged."""
    return cast(T, value._copy()) if isinstance(value, Struct) else value


AnyStruct = TypeVar("AnyStruct", bound=Struct)


def make_struct(kind: type[AnyStruct], **fields: Any) -> AnyStruct:
    """Return a struct with these fields, which are its own from then on."""
    made = kind()
    made._values |= fields
    return made


def _zero(kind: type) -> Any:
    """Return a field's first value: texts and arrays are objects, so nothing."""
    if issubclass(kind, NetEnum):
        return kind(0)
    return None if issubclass(kind, NetArray | str) else kind()


class _ArrayType(type):
    """`Array[T]`: the array type of an element type."""

    def __getitem__(cls, element: type) -> type[Any]:
        return _array_type(element)


@cache
def _array_type(element: type) -> type[Any]:
    return type(f"{element.__name__}[]", (NetArray,), {"_ELEMENT": element})


class NetArray(NetObject, Generic[T], metaclass=_ArrayType):
    """A .NET array as pythonnet shows it: Length and len(), index and iteration; structs in it are copied."""

    _ELEMENT: ClassVar[type] = object

    def __init__(self, items: int | Iterable[T]) -> None:
        """Make this number of zeros, or take the items."""
        given = [_zero(self._ELEMENT) for _ in range(items)] if isinstance(items, int) else items
        self._items: list[T] = [copy_struct(require_type(item, self._ELEMENT, "item")) for item in given]

    def _own_type(self) -> Type:
        """Return the array type of its elements."""
        return Type(f"{type_of(self._ELEMENT)}[]")

    @property
    def Length(self) -> int:
        """How many there are."""
        return len(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> T:
        return copy_struct(self._items[index])

    def __setitem__(self, index: int, value: T) -> None:
        self._items[index] = copy_struct(require_type(value, self._ELEMENT, "value"))

    def __iter__(self) -> Iterator[T]:
        return (copy_struct(item) for item in self._items)


def require_array(element: type[T], given: Any, argument: str) -> NetArray[T]:
    """Return an argument that is declared as an array: one, or a Python list, of which pythonnet makes one."""
    kind: Any = NetArray
    return cast(
        NetArray[T], kind[element](given) if isinstance(given, list) else require_type(given, NetArray, argument)
    )


class SDataValue(Struct):
    """A value with its primitive type: only the typed field that Type names can be read; setting one sets Type."""

    __slots__ = ("_type", "_value")

    def __init__(self) -> None:
        """Begin without a type."""
        self._type, self._value = EPrimitiveDataType.Unspecific, cast(Any, None)

    def __eq__(self, other: object) -> bool:
        """Compare type and value."""
        return isinstance(other, SDataValue) and (other._type, other._value) == (self._type, self._value)

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        made._type, made._value = self._type, self._value
        return made

    @property
    def Type(self) -> EPrimitiveDataType:
        """The primitive type."""
        return self._type

    @Type.setter
    def Type(self, kind: EPrimitiveDataType) -> None:
        self._type = require_type(kind, EPrimitiveDataType, "Type")
        self._value = zero(kind.name) if kind.name in NAMES else None

    def _put(self, name: str, value: Any) -> None:
        self._value, self._type = fitting(name, value), EPrimitiveDataType[name]

    def _get(self, name: str) -> Any:
        if self._type.name != name:
            raise refuse("TypeMismatch", f"The value is {self._type.name}, not {name}.")
        return self._value

    def ToString(self) -> str:
        """Return the value, for people."""
        return f"{self._type.name}: {self._value}"


def _make_field(name: str) -> property:
    return property(lambda v: v._get(name), lambda v, x: v._put(name, x), None, f"The value as {name}.")


for _name in NAMES:
    setattr(SDataValue, _name, _make_field(_name))


def data_value(primitive: str, value: Any) -> SDataValue:
    """Return a value of a primitive type, given by name."""
    made = SDataValue()
    made._put(primitive, value)
    return made


class SDataValueByName(Struct):
    """A value and the tag that has it."""

    __slots__ = ()
    Name = Field(str)
    DataValue = Field(SDataValue)


class SDataValueByAddress(Struct):
    """A value and its place in its area."""

    __slots__ = ()
    Offset = Field(int)
    Bit = Field(int)
    DataValue = Field(SDataValue)


class SInstanceInfo(Struct):
    """Name and number of a registered instance."""

    __slots__ = ()
    ID = Field(int)
    Name = Field(str)


class SDimension(Struct):
    """One dimension of an array."""

    __slots__ = ()
    StartIndex = Field(int)
    Count = Field(int)


class STagInfo(Struct):
    """A tag's entry in the tag list."""

    __slots__ = ()
    Name = Field(str)
    Area = Field(EArea)
    DataType = Field(EDataType)
    PrimitiveDataType = Field(EPrimitiveDataType)
    Size = Field(int)
    Offset = Field(int)
    Bit = Field(int)
    Index = Field(int)
    ParentIndex = Field(int)
    Dimension = Field(NetArray)


class SIP(Struct):
    """An IPv4 address."""

    __slots__ = ()
    IPDWord = Field(int)

    @property
    def IPString(self) -> str:
        """As text with dots."""
        return str(ipaddress.IPv4Address(self.IPDWord))

    def ToString(self) -> str:
        """As text with dots."""
        return self.IPString


def _address(value: str | int) -> SIP:
    try:
        return make_struct(SIP, IPDWord=int(ipaddress.IPv4Address(value)))
    except ipaddress.AddressValueError:
        raise refuse("WrongArgument", f"'{value}' is not an IPv4 address.") from None


class SIPSuite4(Struct):
    """Address, subnet mask and gateway of an interface."""

    __slots__ = ()
    IPAddress = Field(SIP)
    SubnetMask = Field(SIP)
    DefaultGateway = Field(SIP)

    def __init__(
        self, in_IPAddress: str | int = 0, in_SubnetMask: str | int = 0, in_DefaultGateway: str | int = 0
    ) -> None:
        """Take addresses as text or number."""
        super().__init__()
        for name, value in (
            ("IPAddress", in_IPAddress),
            ("SubnetMask", in_SubnetMask),
            ("DefaultGateway", in_DefaultGateway),
        ):
            self._values[name] = _address(value)


class SConnectionInfo(Struct):
    """An open connection of another runtime manager."""

    __slots__ = ()
    IP = Field(SIP)
    Port = Field(int)
