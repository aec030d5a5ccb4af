"""The System types that Openness signatures name, behaving as pythonnet shows them.

A str is refused where FileInfo is declared, an enum never equals an int, and
lists have Count instead of len(): code that forgets the adapter fails here as
it would on Windows. Facts: measured under pythonnet 3.2.1 (docs/facts/pythonnet.md#arguments-and-results).
"""

from __future__ import annotations

import datetime as dt
import shutil
from enum import Enum, EnumType
from functools import total_ordering
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from fake_dotnet import drives, missing
from fake_dotnet.errors import ArgumentException
from fake_dotnet.objects import NetObject, Type

T = TypeVar("T")
_YEAR_ONE = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class FileSystemInfo(NetObject):
    """Common part of FileInfo and DirectoryInfo."""

    def __init__(self, path: str) -> None:
        """Refuse anything but a str, as the .NET constructor does."""
        if not isinstance(path, str):
            msg = f"No constructor of {type(self).__name__} takes a {type(path).__name__}"
            raise TypeError(msg)
        self._original = path

    @property
    def _local(self) -> Path:
        """The path on this computer."""
        return Path(drives.local(self._original))

    @property
    def _pure(self) -> PurePath:
        """The full name as a path of its system."""
        full = self.FullName
        return PureWindowsPath(full) if PureWindowsPath(full).drive else PurePosixPath(full)

    @property
    def FullName(self) -> str:
        """The absolute path; a Windows path does not change on other systems."""
        windows = PureWindowsPath(self._original)
        return drives.windows(str(windows if windows.is_absolute() else Path(self._original).absolute()))

    @property
    def Name(self) -> str:
        """The last part of the path."""
        return self._pure.name

    @property
    def Extension(self) -> str:
        """The extension with its dot."""
        return self._pure.suffix

    @property
    def Exists(self) -> bool:
        """Whether it exists now."""
        return self._local.exists()

    def ToString(self) -> str:
        """Return the path as it was given."""
        return drives.windows(self._original)


class FileInfo(FileSystemInfo):
    """System.IO.FileInfo."""

    @property
    def Exists(self) -> bool:
        """Whether it is a file now."""
        return self._local.is_file()

    @property
    def Length(self) -> int:
        """Its size in bytes."""
        return self._local.stat().st_size

    @property
    def Directory(self) -> DirectoryInfo:
        """The folder that has it."""
        return DirectoryInfo(self.DirectoryName)

    @property
    def DirectoryName(self) -> str:
        """The full name of that folder."""
        return str(self._pure.parent)

    def Delete(self) -> None:
        """Delete the file; nothing happens without one."""
        self._local.unlink(missing_ok=True)


class DirectoryInfo(FileSystemInfo):
    """System.IO.DirectoryInfo."""

    @property
    def Exists(self) -> bool:
        """Whether it is a folder now."""
        return self._local.is_dir()

    @property
    def Parent(self) -> DirectoryInfo:
        """The folder that has it."""
        return DirectoryInfo(str(self._pure.parent))

    def Create(self) -> None:
        """Make the folder and those above it."""
        self._local.mkdir(parents=True, exist_ok=True)

    def Delete(self, recursive: bool = False) -> None:
        """Delete the folder, with its content where recursive is given."""
        if recursive:
            shutil.rmtree(self._local)
        else:
            self._local.rmdir()

    def GetFiles(self, searchPattern: str = "*") -> list[FileInfo]:
        """Return its files by name."""
        return [FileInfo(str(each)) for each in sorted(self._local.glob(searchPattern)) if each.is_file()]

    def GetDirectories(self, searchPattern: str = "*") -> list[DirectoryInfo]:
        """Return its folders by name."""
        return [DirectoryInfo(str(each)) for each in sorted(self._local.glob(searchPattern)) if each.is_dir()]


def absolute(info: FileSystemInfo, kind: type[FileSystemInfo], argument: str) -> Path:
    """Return the path of an argument, or refuse it as Openness does.

    Raises:
        TypeError: Not an object of the declared type; pythonnet raises this for a str.
        ArgumentException: The path is relative.
    """
    if not isinstance(info, kind):
        msg = f"No method matches given arguments: {argument} must be a {kind.__name__}, not {type(info).__name__}"
        raise TypeError(msg)
    original = info._original
    if not (PurePosixPath(original).is_absolute() or PureWindowsPath(original).is_absolute()):
        msg = f"The argument '{argument}' cannot be a relative path."
        raise ArgumentException(msg)
    return info._local


def require_type(value: Any, kind: type[T], argument: str) -> T:
    """Return an argument of the declared type, or raise TypeError as pythonnet does."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        msg = f"No method matches given arguments: {argument} must be {kind.__name__}, not {type(value).__name__}"
        raise TypeError(msg)
    return value


class _NetEnumType(EnumType):
    """The type of enums: a member that one does not have is reported."""

    if not TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:
            """Return a member as Python 3.11 finds it, or refuse a missing one."""
            if name in cls.__dict__.get("_member_map_", ()):
                return cls._member_map_[name]
            missing.report(cls, name)
            msg = f"type object '{cls.__name__}' has no attribute '{name}'"
            raise AttributeError(msg)


class NetEnum(NetObject, Enum, metaclass=_NetEnumType):
    """A .NET enum: made from an int, turned into one, never equal to one.

    A member None is written None_ in the source; a caller gets it as pythonnet gives it, `getattr(kind, "None")`.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make a member None available by its name."""
        super().__init_subclass__(**kwargs)
        if "None_" in cls.__members__:
            setattr(cls, "None", cls["None_"])

    def ToString(self) -> str:
        """Return the member's name."""
        return self.name.rstrip("_")

    def __int__(self) -> int:
        """Return the member's number."""
        return int(self.value)


def members_of(kind: type[NetEnum] | Type) -> dict[str, NetEnum]:
    """Return the members of an enum by name, of its class or of the type of one of its members.

    Raises:
        ArgumentException: The type is no enum.
    """
    python = kind._python if isinstance(kind, Type) else kind
    if not (isinstance(python, type) and issubclass(python, NetEnum)):
        msg = "The type must be an enum."
        raise ArgumentException(msg)
    return dict(python.__members__)


class EnumClass:
    """System.Enum."""

    @staticmethod
    def GetNames(enumType: type[NetEnum] | Type) -> list[str]:
        """Return the names of an enum's members, without the underscore that Python needs after None."""
        return [name.rstrip("_") for name in members_of(enumType)]


class NetFlags(NetEnum):
    """A .NET flags enum whose useful combinations are listed as members."""

    def __or__(self, other: NetFlags) -> NetFlags:
        """Combine two flags to the member that has both bits."""
        return type(self)(self.value | other.value)

    def __and__(self, other: NetFlags) -> NetFlags:
        """Keep the bits of both."""
        return type(self)(self.value & other.value)

    def HasFlag(self, flag: NetFlags) -> bool:
        """Return whether all bits of flag are set."""
        return bool((self.value & flag.value) == flag.value)


class BoxedInteger(int, NetObject):
    """A .NET integer: what SetAttribute wants in place of a bare Python int."""

    RANGE: ClassVar[range]

    def __new__(cls, value: int) -> Self:
        """Refuse a number that is out of range, as pythonnet does."""
        if int(value) not in cls.RANGE:  # a range searches a subclass of int step by step
            msg = f"{value} is out of the range of a System.{cls.__name__}."
            raise OverflowError(msg)
        return super().__new__(cls, value)

    def ToString(self) -> str:
        """Return the digits."""
        return repr(int(self))


class Byte(BoxedInteger):
    """System.Byte."""

    RANGE = range(2**8)


class UInt16(BoxedInteger):
    """System.UInt16."""

    RANGE = range(2**16)


class UInt32(BoxedInteger):
    """System.UInt32."""

    RANGE = range(2**32)


class Int32(BoxedInteger):
    """System.Int32."""

    RANGE = range(-(2**31), 2**31)


class Int16(BoxedInteger):
    """System.Int16."""

    RANGE = range(-(2**15), 2**15)


class Int64(BoxedInteger):
    """System.Int64."""

    RANGE = range(-(2**63), 2**63)


class UInt64(BoxedInteger):
    """System.UInt64."""

    RANGE = range(2**64)


class String(str):
    """System.String, as a type argument."""

    __slots__ = ()


class DateTime(NetObject):
    """System.DateTime in UTC, which is what Openness hands out."""

    def __init__(self, moment: dt.datetime | int) -> None:
        """Take the .NET count of ticks, or (here only) an aware datetime."""
        since_year_one = _YEAR_ONE + dt.timedelta(microseconds=moment // 10) if isinstance(moment, int) else moment
        self._moment = since_year_one.astimezone(dt.UTC)

    @property
    def Ticks(self) -> int:
        """Units of 100 ns since the year 1."""
        return (self._moment - _YEAR_ONE) // dt.timedelta(microseconds=1) * 10

    def ToString(self, format: str = "o") -> str:  # noqa: A002 - the .NET name
        """Return ISO 8601 with seven decimals, the .NET round-trip format "o".

        Raises:
            ArgumentException: Any other format: no caller needs one.
        """
        if format != "o":
            msg = f"The format '{format}' is not supported: use 'o'."
            raise ArgumentException(msg)
        return self._moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"

    def __eq__(self, other: object) -> bool:
        """Compare by moment."""
        return isinstance(other, DateTime) and self._moment == other._moment

    def __hash__(self) -> int:
        """Hash by moment."""
        return hash(self._moment)


class CultureInfo(NetObject):
    """System.Globalization.CultureInfo, known by its name (en-US)."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        self.Name = require_type(name, str, "name")

    def ToString(self) -> str:
        """Return the name."""
        return self.Name

    def __eq__(self, other: object) -> bool:
        """Compare by name."""
        return isinstance(other, CultureInfo) and self.Name == other.Name

    def __hash__(self) -> int:
        """Hash by name."""
        return hash(self.Name)


class SecureString(NetObject):
    """System.Security.SecureString: filled character by character, never read back by a caller."""

    def __init__(self) -> None:
        """Start empty."""
        self._text = ""

    def AppendChar(self, character: str) -> None:
        """Add one character."""
        self._text += require_type(character, str, "character")

    def MakeReadOnly(self) -> None:
        """Say that it is complete."""

    @property
    def Length(self) -> int:
        """How many characters it has."""
        return len(self._text)


class Guid(NetObject):
    """System.Guid."""

    def __init__(self, text: str) -> None:
        """Keep the text form."""
        self._text = text

    def ToString(self) -> str:
        """Return the text form."""
        return self._text

    def __eq__(self, other: object) -> bool:
        """Compare by value."""
        return isinstance(other, Guid) and self._text.casefold() == other._text.casefold()

    def __hash__(self) -> int:
        """Hash by value."""
        return hash(self._text.casefold())


@total_ordering
class Version(NetObject):
    """System.Version: two to four numbers."""

    def __init__(self, version: str) -> None:
        """Read "1.0.0".

        Raises:
            ArgumentException: Not numbers joined by dots.
        """
        parts = require_type(version, str, "version").split(".")
        if not 2 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() for part in parts):
            msg = f"'{version}' is not a version: write two to four numbers separated by dots."
            raise ArgumentException(msg)
        self._numbers = tuple(int(part) for part in parts)

    @property
    def Major(self) -> int:
        """The first number."""
        return self._numbers[0]

    @property
    def Minor(self) -> int:
        """The second number."""
        return self._numbers[1]

    @property
    def Build(self) -> int:
        """The third number, -1 where there is none."""
        return self._numbers[2] if len(self._numbers) > 2 else -1

    @property
    def Revision(self) -> int:
        """The fourth number, -1 where there is none."""
        return self._numbers[3] if len(self._numbers) > 3 else -1

    def ToString(self) -> str:
        """Return the numbers joined by dots."""
        return ".".join(map(str, self._numbers))

    def __eq__(self, other: object) -> bool:
        """Compare by numbers."""
        return isinstance(other, Version) and self._numbers == other._numbers

    def __lt__(self, other: Version) -> bool:
        """Compare by numbers, the first one first."""
        return self._numbers < other._numbers

    def __hash__(self) -> int:
        """Hash by numbers."""
        return hash(self._numbers)
