"""The namespaces of System that programs for Openness use."""

from __future__ import annotations

import os
import sys
from pathlib import PureWindowsPath
from typing import Any

from fake_dotnet.errors import ArgumentException, NetException
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import SecureString
from fake_openness.core import reflection
from fake_openness.core.events import Delegate, Event
from fake_openness.core.machine import Machine
from fake_openness.hosting import dotnet_files
from fake_openness.installation import Installation
from fake_openness.project.portal import running

PORTAL = "Siemens.Automation.Portal"


class Array(NetList[Any]):
    """System.Array: `Array[T]([...])`."""

    def __class_getitem__(cls, _kind: Any) -> Any:
        """Return the array of a type: all are one here."""
        return cls

    @property
    def Length(self) -> int:
        """How many items it has."""
        return self.Count

    def __len__(self) -> int:
        """Return how many items it has: pythonnet's arrays are sequences."""
        return self.Count


class _Generic:
    """An interface of collections, as a type argument."""

    def __class_getitem__(cls, _kind: Any) -> Any:
        return cls


class _HasDispose(type):
    """What has Dispose is an IDisposable."""

    def __instancecheck__(cls, instance: object) -> bool:
        return hasattr(type(instance), "Dispose")


class IDisposable(metaclass=_HasDispose):
    """System.IDisposable, for isinstance."""


class Environment:
    """System.Environment."""

    NewLine = "\r\n"
    MachineName = "FAKE-PC"
    UserName = "engineer"

    @staticmethod
    def GetEnvironmentVariable(variable: str) -> str | None:
        """Return a variable, None without one."""
        return os.environ.get(variable)


class Console:
    """System.Console."""

    @staticmethod
    def WriteLine(value: object = "") -> None:
        """Print a line."""
        sys.stdout.write(f"{value}\n")

    @staticmethod
    def Write(value: object) -> None:
        """Print a text."""
        sys.stdout.write(str(value))


class NetworkCredential(NetObject):
    """System.Net.NetworkCredential: programs use it to make a SecureString of a text."""

    def __init__(self, userName: str = "", password: str = "") -> None:
        """Keep the name and the password."""
        self.UserName, self._password = userName, password

    @property
    def SecurePassword(self) -> SecureString:
        """The password."""
        made = SecureString()
        for character in self._password:
            made.AppendChar(character)
        return made


class _Process(NetObject):
    """System.Diagnostics.Process: the portals of the simulated computer, and this program."""

    _machine: Machine

    def __init__(self, number: int, name: str) -> None:
        self.Id, self.ProcessName = number, name

    @property
    def HasExited(self) -> bool:
        """Whether it has ended."""
        return self.ProcessName == PORTAL and self.Id not in self._machine.processes

    @classmethod
    def GetProcesses(cls) -> Array:
        """Return all."""
        return Array([cls.GetCurrentProcess(), *(cls(each.pid, PORTAL) for each in running(cls._machine))])

    @classmethod
    def GetProcessesByName(cls, processName: str) -> Array:
        """Return those of a name."""
        wanted = processName.casefold()
        return Array([each for each in cls.GetProcesses() if each.ProcessName.casefold() == wanted])

    @classmethod
    def GetProcessById(cls, processId: int) -> _Process:
        """Return the one of an id.

        Raises:
            ArgumentException: There is none.
        """
        for each in cls.GetProcesses():
            if each.Id == processId:
                return each  # type: ignore[no-any-return]  # what GetProcesses makes
        msg = f"Process with an Id of {processId} is not running."
        raise ArgumentException(msg)

    @classmethod
    def GetCurrentProcess(cls) -> _Process:
        """Return this program."""
        return cls(os.getpid(), "python")

    def Kill(self) -> None:
        """End a portal; unsaved work is lost."""
        process = self._machine.processes.get(self.Id)
        if process is not None:
            process.end()


class _Domain(NetObject):
    """System.AppDomain."""

    def __init__(self, installation: Installation) -> None:
        self._domain = reflection.domain(installation.machine.version)
        self._resolve = Event()
        self.BaseDirectory = str(PureWindowsPath("C:\\"))

    @property
    def AssemblyResolve(self) -> Event:
        """Event: an assembly was not found. Every one is found here."""
        return self._resolve

    @AssemblyResolve.setter
    def AssemblyResolve(self, _event: Event) -> None:
        """Allow += and -=."""

    def GetAssemblies(self) -> list[reflection.Assembly]:
        """Return the loaded assemblies."""
        return self._domain.GetAssemblies()


def _exceptions(base: type[NetException], *names: str) -> dict[str, type[NetException]]:
    return {name: type(name, (base,), {"__module__": __name__, "__doc__": f"System's {name}."}) for name in names}


def namespaces(installation: Installation) -> dict[str, dict[str, Any]]:
    """Return the types by namespace and name; Assembly is added by `clr`."""
    types, machine = installation.types, installation.machine

    def of(*names: str) -> dict[str, Any]:
        return {name: types[name] for name in names}

    io = vars(dotnet_files)
    return {
        "System": {
            **of("Object", "String", "Byte", "UInt16", "UInt32", "Int16", "Int32", "Int64", "UInt64", "DateTime"),
            **of("Guid", "Version", "Type", "Enum"),
            **of("ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException"),
            **_exceptions(NetException, "InvalidOperationException", "NullReferenceException", "FormatException"),
            **_exceptions(NetException, "NotSupportedException", "InvalidCastException", "TimeoutException"),
            **_exceptions(NetException, "IndexOutOfRangeException", "UnauthorizedAccessException"),
            "Exception": NetException,
            "IDisposable": IDisposable,
            "Array": Array,
            "Environment": Environment,
            "Console": Console,
            "Boolean": bool,
            "Double": float,
            "Single": float,
            "Char": str,
            "Action": _delegate("Action"),
            "EventHandler": _delegate("EventHandler"),
            "AppDomain": type("AppDomain", (), {"CurrentDomain": _Domain(installation)}),
        },
        "System.IO": {
            **of("FileInfo", "DirectoryInfo"),
            **{name: io[name] for name in ("File", "Directory", "Path", "IOException")},
            **{name: io[name] for name in ("FileNotFoundException", "DirectoryNotFoundException")},
        },
        "System.Collections": {},
        "System.Collections.Generic": {
            **of("List", "Dictionary", "KeyValuePair", "KeyNotFoundException"),
            **{name: type(name, (_Generic,), {}) for name in ("IEnumerable", "IList", "ICollection", "IDictionary")},
        },
        "System.Security": {**of("SecureString"), **_exceptions(NetException, "SecurityException")},
        "System.Globalization": of("CultureInfo"),
        "System.Diagnostics": {"Process": type("Process", (_Process,), {"_machine": machine})},
        "System.Net": {"NetworkCredential": NetworkCredential},
        "System.Reflection": {},
    }


def _delegate(name: str) -> Any:
    """Return a delegate that may have a type argument."""
    return type(name, (Delegate,), {"__class_getitem__": classmethod(lambda cls, _kind: cls)})
