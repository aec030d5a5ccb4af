"""Value types of the API. As in .NET they are copied whenever they are read, passed or stored: change, then write back.

Facts: openness-map 3.7 ("Value structs are copied"); measured under pythonnet 3.2.1 (openness-map 2.9).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from fakes.openness.system import NetEnum, declared
from fakes.plcsim.enums import EArea, EDataType, EPrimitiveDataType
from fakes.plcsim.errors import refuse
from fakes.plcsim.primitives import NAMES, fitting, zero

T = TypeVar("T")


class Struct:
    """A .NET value type: typed fields, zero at first. A struct within it is copied when it is read or set.

    Attributes:
        _FIELDS: Name of each field to its type.
    """

    _FIELDS: ClassVar[dict[str, type]] = {}

    def __init__(self) -> None:
        """Give each field its zero."""
        for name, kind in self._FIELDS.items():
            object.__setattr__(self, name, _zero(kind))

    def __getattribute__(self, name: str) -> Any:
        return copied(object.__getattribute__(self, name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._FIELDS:
            msg = f"{type(self).__name__} has no field {name}"
            raise AttributeError(msg)
        object.__setattr__(self, name, copied(declared(value, self._FIELDS[name], name)))

    def __eq__(self, other: object) -> bool:
        """Compare field by field."""
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        vars(made).update({name: copied(value) for name, value in vars(self).items()})
        return made

    def ToString(self) -> str:
        """The fields, for people."""
        return ", ".join(f"{name}: {value}" for name, value in vars(self).items())


def copied(value: T) -> T:
    """A struct's copy; anything else itself."""
    return cast(T, value._copy()) if isinstance(value, Struct) else value


def filled(kind: type[T], **fields: Any) -> T:
    """A struct with these fields."""
    made = kind()
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def _zero(kind: type) -> Any:
    if issubclass(kind, NetEnum):
        return kind(0)
    return NetArray([]) if issubclass(kind, NetArray) else kind()


class _ArrayType(type):
    """`Array[T]`: the array type of an element type."""

    def __getitem__(cls, element: type) -> type[Any]:
        return type(f"{element.__name__}[]", (NetArray,), {"_ELEMENT": element})


class NetArray(Generic[T], metaclass=_ArrayType):
    """A .NET array as pythonnet shows it: Length and len(), index and iteration; structs in it are copied."""

    _ELEMENT: ClassVar[type] = object

    def __init__(self, items: int | Iterable[T]) -> None:
        """Make so many zeros, or take the items."""
        given = [_zero(self._ELEMENT) for _ in range(items)] if isinstance(items, int) else items
        self._items: list[T] = [copied(declared(item, self._ELEMENT, "item")) for item in given]

    @property
    def Length(self) -> int:
        """How many there are."""
        return len(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> T:
        return copied(self._items[index])

    def __setitem__(self, index: int, value: T) -> None:
        self._items[index] = copied(declared(value, self._ELEMENT, "value"))

    def __iter__(self) -> Iterator[T]:
        return (copied(item) for item in self._items)


class SDataValue(Struct):
    """A value with its primitive type: of the typed fields the one that Type names can be read; setting one sets Type."""

    def __init__(self) -> None:
        """Be of no type."""
        vars(self).update(_type=EPrimitiveDataType.Unspecific, _value=None)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _DATA_VALUE_FIELDS:
            msg = f"SDataValue has no field {name}"
            raise AttributeError(msg)
        object.__setattr__(self, name, value)

    @property
    def Type(self) -> EPrimitiveDataType:
        """The primitive type."""
        return self._type

    @Type.setter
    def Type(self, kind: EPrimitiveDataType) -> None:
        self._type = declared(kind, EPrimitiveDataType, "Type")
        self._value = zero(kind.name) if kind.name in NAMES else None

    def _put(self, name: str, value: Any) -> None:
        self._value, self._type = fitting(name, value), EPrimitiveDataType[name]

    def _get(self, name: str) -> Any:
        if self._type.name != name:
            raise refuse("TypeMismatch", f"The value is {self._type.name}, not {name}.")
        return self._value

    def ToString(self) -> str:
        """The value, for people."""
        return f"{self._type.name}: {self._value}"


_DATA_VALUE_FIELDS = {"Type", "_type", "_value", *NAMES}


def _typed_field(name: str) -> property:
    return property(lambda v: v._get(name), lambda v, x: v._put(name, x), None, f"The value as {name}.")


for _name in NAMES:
    setattr(SDataValue, _name, _typed_field(_name))


def data_value(primitive: str, value: Any) -> SDataValue:
    """A value of a primitive type, given by name."""
    made = SDataValue()
    made._put(primitive, value)
    return made


class SDataValueByName(Struct):
    """A value and the tag that has it."""

    _FIELDS: ClassVar[dict[str, type]] = {"Name": str, "DataValue": SDataValue}


class SDataValueByAddress(Struct):
    """A value and where in its area it stands."""

    _FIELDS: ClassVar[dict[str, type]] = {"Offset": int, "Bit": int, "DataValue": SDataValue}


class SInstanceInfo(Struct):
    """Name and number of a registered instance."""

    _FIELDS: ClassVar[dict[str, type]] = {"ID": int, "Name": str}


class SDimension(Struct):
    """One dimension of an array."""

    _FIELDS: ClassVar[dict[str, type]] = {"StartIndex": int, "Count": int}


class STagInfo(Struct):
    """What the tag list says about a tag."""

    _FIELDS: ClassVar[dict[str, type]] = {
        "Name": str, "Area": EArea, "DataType": EDataType, "PrimitiveDataType": EPrimitiveDataType, "Size": int,
        "Offset": int, "Bit": int, "Index": int, "ParentIndex": int, "Dimension": NetArray,
    }  # fmt: skip


class SIP(Struct):
    """An IPv4 address."""

    _FIELDS: ClassVar[dict[str, type]] = {"IPDWord": int}

    @property
    def IPString(self) -> str:
        """As text with dots."""
        return str(ipaddress.IPv4Address(self.IPDWord))

    def ToString(self) -> str:
        """As text with dots."""
        return self.IPString


def _address(value: str | int) -> SIP:
    try:
        return filled(SIP, IPDWord=int(ipaddress.IPv4Address(value)))
    except ipaddress.AddressValueError:
        raise refuse("WrongArgument", f"'{value}' is no IPv4 address.") from None


class SIPSuite4(Struct):
    """Address, subnet mask and gateway of an interface."""

    _FIELDS: ClassVar[dict[str, type]] = {"IPAddress": SIP, "SubnetMask": SIP, "DefaultGateway": SIP}

    def __init__(
        self, in_IPAddress: str | int = 0, in_SubnetMask: str | int = 0, in_DefaultGateway: str | int = 0
    ) -> None:
        """Take addresses as text or number."""
        for name, value in (
            ("IPAddress", in_IPAddress),
            ("SubnetMask", in_SubnetMask),
            ("DefaultGateway", in_DefaultGateway),
        ):
            object.__setattr__(self, name, _address(value))


class SConnectionInfo(Struct):
    """An open connection of another runtime manager."""

    _FIELDS: ClassVar[dict[str, type]] = {"IP": SIP, "Port": int}
