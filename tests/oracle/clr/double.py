"""Answers the C# double from the Python fakes: which object a number is, and values on their way there and back.

The runtime is loaded once for each process, with the assemblies of one version, as on a real computer. What a test loads
is a new simulated computer behind the same types.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import fake_openness
from fake_dotnet import objects, system
from fake_dotnet.lists import KeyValuePair, NetList
from fake_openness.core import reflection
from fake_plcsim.runtime import Runtime
from openness_bridge.manifest import reading
from openness_bridge.manifest.reading import Manifest
from openness_bridge.portal import loader, plcsim_loader
from simatic_xml.interruption import interruptible
from tests.oracle.clr import building, plcsim_double

_ARGUMENT_ERRORS = {
    "ArgumentException": "System.ArgumentException",
    "ArgumentNullException": "System.ArgumentNullException",
    "ArgumentOutOfRangeException": "System.ArgumentOutOfRangeException",
    "KeyNotFoundException": "System.Collections.Generic.KeyNotFoundException",
}
_TEXTS = ("FileInfo", "DirectoryInfo", "Guid", "Version", "CultureInfo")


class Types:
    """The .NET types of one manifest and the fake's types of the same names."""

    def __init__(self, manifest: Manifest, assemblies: Sequence[Any]) -> None:
        self.manifest, self._assemblies = manifest, assemblies
        self._known: dict[tuple[type, Any], Any] = {}

    def of(self, kind: type, declared: Any = None) -> Any | None:
        """The .NET type that stands for a class of the fake: that of its name, or of the nearest class that it extends."""
        key = kind, declared and declared.FullName
        if key not in self._known:
            self._known[key] = next(self._candidates(kind, declared), None)
        return self._known[key]

    def _candidates(self, kind: type, declared: Any) -> Iterator[Any]:
        for each in kind.__mro__:
            for entry in self.manifest.find_by_simple_name(each.__name__):
                name = f"{self.manifest.root}.{entry.name}" + "Object" * (entry.kind == "interface")
                found = self.find(name)
                if found is None or found.IsEnum is not issubclass(each, system.NetEnum):
                    continue  # Umac.AuthenticationType is an enum, Online.Configurations.AuthenticationType a class
                if declared is None or declared.IsAssignableFrom(found):
                    yield found

    def find(self, full_name: str) -> Any | None:
        """A .NET type of these assemblies."""
        return next((found for each in self._assemblies if (found := each.GetType(full_name)) is not None), None)


class Double:
    """The Python side of the double."""

    def __init__(self, version: str) -> None:
        """Load the runtime, the host and the assemblies of a version."""
        os.environ.setdefault("MONO_THREADS_SUSPEND", "preemptive")  # Mono's own way hangs where several threads call
        import clr

        self.version = version
        host, *paths = building.build(version)
        clr.AddReference(str(host))
        import OpennessDouble
        import System

        self.host, self._system, self.folder = OpennessDouble, System, paths[0].parent
        self.simulation = plcsim_double.build()
        simulated = clr.AddReference(str(plcsim_double.assembly(self.simulation)))
        self._types = [
            Types(reading.read(version), [clr.AddReference(str(path)) for path in paths]),
            Types(plcsim_double.manifest(), [simulated]),
        ]
        self._numbers: dict[int, int] = {}
        self._objects: dict[int, Any] = {}
        self._last = self._before = 0
        self.enums: dict[Any, Any] = {}
        self._handlers: list[tuple[Any, str, Any, Callable[..., None]]] = []
        self.fake: dict[str, Any] = {}
        self.asked: Callable[[], None] = lambda: None
        self.readers, self.writers = self._readers(), self._writers()
        plcsim_double.Values(self, plcsim_double.VERSION)
        self._ask = OpennessDouble.Ask(self.ask)
        OpennessDouble.Host.Python = self._ask

    def renew(self, simulation: Runtime | None = None) -> fake_openness.Installation:
        """A new simulated computer beside the one before; what is left of older ones no longer answers."""
        installation = fake_openness.install(self.version, simulation=simulation or plcsim_double.runtime())
        self.fake = installation.plcsim | installation.types
        self._forget(self._before)
        self._before = self._last
        return installation

    def _forget(self, last: int) -> None:
        """Let go of all objects up to a number."""
        for number in [each for each in self._objects if each <= last]:
            del self._numbers[id(self._objects.pop(number))]
        self._handlers = [each for each in self._handlers if id(each[0]) in self._numbers]

    # -- questions of the double --------------------------------------------------------

    def ask(self, verb: str, number: int, member: str, arguments: Any) -> Any:
        """Answer a use of a member; never raises, what is raised by the fake is answered as a failure."""
        self.asked()
        try:
            with interruptible(_go_on):
                return self.to_net(self._answer(verb, number, member, arguments))
        except StopIteration:
            return self.array(())
        except BaseException as error:  # noqa: BLE001 - the way back is through C#
            return self._failure(error)

    def _answer(self, verb: str, number: int, member: str, arguments: Any) -> Any:
        if verb == "get":
            return getattr(self._object(number), member)
        kind, _, what = verb.partition(" ")
        if kind in {"add", "remove"}:
            return self._subscribe(self._object(number), member, arguments[0].Value, on=kind == "add")
        given = [self.from_net(each) for each in arguments]
        match kind:
            case "call":
                return self._callee(number, member, what)(*given)
            case "set":
                return setattr(self._object(number), member, given[0])
            case "equal":
                return bool(self._object(number) == self._object(given[0]))
            case "item":
                return self._object(number)[given[0]]
            case "iterate":
                return _Exact(self._system.Int64(self._number(iter(self._object(number)))))
            case "next":
                return _Exact(self.array((next(self._object(number)),)))
            case "new":
                kind = self.fake.get(what) or self.fake["EngineeringException"]  # one that the fake never raises
                return _Exact(self._system.Int64(self._number(kind(*given))))
            case _:
                return self._static(what, member, given)

    def _callee(self, number: int, member: str, what: str) -> Callable[..., Any]:
        target = self._object(number)
        how, _, name = what.partition(" ")
        simple = name.rpartition(".")[2]
        if how == "of":
            return getattr(target, member)[self.fake[simple]] if simple in self.fake else (lambda *_: None)
        if how == "as":
            return getattr(self.fake[simple](target), member)
        return getattr(target, member)

    def _static(self, what: str, member: str, given: list[Any]) -> Any:
        how, _, name = what.rpartition(" ")
        if how == "get":
            return getattr(self.fake[name], member)
        if how == "set":
            return setattr(self.fake[name], member, given[0])
        return getattr(self.fake[name], member)(*given)

    def _subscribe(self, target: Any, member: str, handler: Any, *, on: bool) -> None:
        if on:
            function = self._function(handler)
            self._handlers.append((target, member, handler, function))
            event = getattr(target, member)
            event += function
            return
        for entry in self._handlers:
            if entry[0] is target and entry[1] == member and entry[2].Equals(handler):
                self._handlers.remove(entry)
                event = getattr(target, member)
                event -= entry[3]
                return

    def _function(self, delegate: Any) -> Callable[..., None]:
        declared = [each.ParameterType for each in delegate.GetType().GetMethod("Invoke").GetParameters()]

        def call(*arguments: Any) -> None:
            given = zip(arguments, declared, strict=True)
            delegate.Invoke(*(value if type(value) is int else self.to_net(value, kind) for value, kind in given))

        return call

    # -- objects ------------------------------------------------------------------------

    def behind(self, proxy: Any) -> Any:
        """The fake's object that an object of the double stands for."""
        return self._object(self.host.IProxy(proxy).Number)

    def _number(self, target: Any) -> int:
        key = id(target)
        if key not in self._numbers:
            self._last += 1
            self._numbers[key], self._objects[self._last] = self._last, target
        return self._numbers[key]

    def _object(self, number: int) -> Any:
        try:
            return self._objects[number]
        except KeyError:
            msg = "TIA Portal has ended: this object is of a computer that is no more."
            raise self.fake["NonRecoverableException"](msg) from None

    def _failure(self, error: BaseException) -> Any:
        name = next((n for n in (each.__name__ for each in type(error).__mro__) if n in _ARGUMENT_ERRORS), None)
        if name is not None:
            return self.host.Failure(self._system.Type.GetType(_ARGUMENT_ERRORS[name]), 0, str(error))
        kind = self.type_of(type(error))
        if kind is not None:
            return self.host.Failure(kind, self._number(error), str(error))
        text = "".join(traceback.format_exception(error))
        return self.host.Failure(self._system.Type.GetType(f"OpennessDouble.FakeException, {_HOST}"), 0, text)

    def type_of(self, kind: type, declared: Any = None) -> Any | None:
        return next((found for each in self._types if (found := each.of(kind, declared)) is not None), None)

    # -- values -------------------------------------------------------------------------

    def to_net(self, value: Any, declared: Any = None) -> Any:
        """A value of the fake as a .NET value; an object as the object of the double with its number.

        Raises:
            LookupError: No .NET type stands for its class.
        """
        if value is None or isinstance(value, bool | float):
            return value
        for each in type(value).__mro__:
            if each in self.writers:
                return self.writers[each](value)
        kind = self.type_of(type(value), declared)
        if kind is None:
            msg = f"The manifest has no type for {type(value).__name__}, and none that it extends."
            raise LookupError(msg)
        return self.host.Host.Wrap(kind, self._number(value))

    def _writers(self) -> dict[type, Callable[[Any], Any]]:
        net = self._system
        return {
            _Exact: lambda value: value.value,
            system.NetEnum: self._enum,
            str: str,
            int: self._integer,
            **dict.fromkeys((list, tuple, NetList), self._many),
            system.FileInfo: lambda value: net.IO.FileInfo(value._original),
            system.DirectoryInfo: lambda value: net.IO.DirectoryInfo(value._original),
            system.DateTime: lambda value: net.DateTime(value.Ticks, net.DateTimeKind.Utc),
            system.Guid: lambda value: net.Guid(value.ToString()),
            system.Version: lambda value: net.Version(value.ToString()),
            system.CultureInfo: lambda value: net.Globalization.CultureInfo(value.Name),
            **dict.fromkeys((reflection.Type, objects.Type), lambda value: self._known_type(value.FullName)),
            type: self.type_of,
        }

    def _many(self, value: Iterable[Any]) -> Any:
        return self.host.Many(self.array(value), self._number(value))

    def _integer(self, value: int) -> Any:
        if -(2**31) <= value < 2**31:
            return self._system.Int32(value)
        return self._system.Int64(value) if value < 2**63 else self._system.UInt64(value)

    def array(self, values: Iterable[Any]) -> Any:
        return self._system.Array[self._system.Object]([self.to_net(each) for each in values])

    def _enum(self, value: system.NetEnum) -> Any:
        if value not in self.enums:
            self.enums[value] = self.enum_of(type(value), value.name.rstrip("_"))
        return self.enums[value]

    def enum_of(self, kind: type, name: str) -> Any:
        """The member of the .NET enum that stands for one of the fake.

        Raises:
            LookupError: The manifest has no such enum.
        """
        found = self.type_of(kind)
        if found is None:
            msg = f"The manifest has no enum {kind.__name__}."
            raise LookupError(msg)
        return self._system.Enum.Parse(found, name)

    def _known_type(self, full_name: str) -> Any:
        found = next((found for each in self._types if (found := each.find(full_name)) is not None), None)
        return self._system.Type.GetType(full_name) if found is None else found

    def from_net(self, value: Any) -> Any:
        """An argument of the double as a value of the fake."""
        if isinstance(value, self.host.Token):
            return self.readers[value.Kind](value)
        return value

    def _readers(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "Proxy": lambda token: self._object(token.Number),
            "Enum": self._fake_enum,
            "Int32": lambda token: getattr(system, str(token.Text), system.Int32)(token.Number),
            "DateTime": lambda token: system.DateTime(token.Number),
            "SecureString": self._secret,
            "Exception": lambda token: Exception(str(token.Text)),
            "List": lambda token: NetList([self.from_net(each) for each in token.Value]),
            "Pair": lambda token: KeyValuePair(*(self.from_net(each) for each in token.Value)),
            "Type": lambda token: self.fake.get(token.Text.rpartition(".")[2]) or objects.Type(str(token.Text)),
            "Delegate": lambda token: self.fake[token.Text.rpartition(".")[2]](self._function(token.Value)),
        } | dict.fromkeys(_TEXTS, lambda token: self.fake[token.Kind](token.Text))

    def _fake_enum(self, token: Any) -> Any:
        kind = self.fake[token.Text.rpartition(".")[2]]
        names = str(token.Value).split(", ")
        known = kind.__members__
        if len(names) == 1:
            return known[names[0]] if names[0] in known else known[f"{names[0]}_"]
        return kind(token.Number)

    def _secret(self, token: Any) -> Any:
        made = self.fake["SecureString"]()
        for character in token.Text:
            made.AppendChar(character)
        return made


def _go_on() -> None:
    """Answer a checkpoint of the fake: what TIA Portal has begun, nobody stops."""


class _Exact:
    """An answer that is a .NET value already."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


_HOST = "OpennessDouble"
_LOADED: list[Double] = []


def loaded(version: str) -> Double:
    """The double of this process.

    Raises:
        RuntimeError: It has another version: a process cannot unload assemblies.
    """
    if not _LOADED:
        _LOADED.append(Double(version))
    if _LOADED[0].version != version:
        msg = f"This process has the assemblies of V{_LOADED[0].version}; V{version} needs another process."
        raise RuntimeError(msg)
    return _LOADED[0]


def load(version: str) -> loader.Model:
    """What `loader.load` gives for the installed TIA Portal and PLCSIM Advanced, on a new simulated computer."""
    double = loaded(version)
    double.renew()
    os.environ[loader.FOLDER_VARIABLE] = str(double.folder)
    os.environ[plcsim_loader.FOLDER_VARIABLE] = str(double.simulation)
    return loader.load("openness", version)
