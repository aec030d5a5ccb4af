"""Joins the API of PLCSIM Advanced to the double: its types, its value types there and back, and the fake that answers.

It has the API version that `TIA_TEST_CLR_PLCSIM` names, and lies where a setup would put it, so that it is found as an
installed one is. API version 1 had other names for the modes of virtual time; the fake has those of later ones.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fake_plcsim import structs
from fake_plcsim.enums import EOperatingMode
from fake_plcsim.runtime import Runtime
from fake_plcsim.structs import NetArray, SDataValue, Struct, data_value
from openness_bridge.manifest import reading
from openness_bridge.portal import plcsim_loader as loader
from openness_bridge.portal.loader import finder
from tests.fakes.fake_plcsim.kit import Simulated
from tests.oracle.clr import building
from tests.oracle.clr.plcsim_source import sources

if TYPE_CHECKING:
    from tests.oracle.clr.double import Double

VERSION = os.environ.get("TIA_TEST_CLR_PLCSIM", "5.0")
_OLD_MODES = {
    "SingleStep": EOperatingMode.SingleStep_C,
    "ExtendedSingleStep": EOperatingMode.SingleStep_CT,
    "TimespanSynchronized": EOperatingMode.TimespanSynchronized_C,
}
_ELEMENTS = {"System.Byte": int}


def manifest(version: str = VERSION) -> reading.Manifest:
    """The manifest of an API version: that of the newest one which it does not precede."""
    known = [each for each in reading.versions(reading.PLCSIM) if float(each) <= float(version)]
    return reading.read(known[-1], reading.PLCSIM)


def build(version: str = VERSION) -> Path:
    """The folder of an installation: API/<version>/<the assembly>."""
    *_, made = building.compiled(sources(manifest(version)))
    folder = made.parent / "API" / version
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        (folder / loader.ASSEMBLY).symlink_to(made)
    return made.parent


def runtime() -> Runtime:
    """A new runtime manager of the version."""
    major, minor = VERSION.split(".")
    return Runtime((int(major), int(minor)))


def assembly(folder: Path) -> Path:
    """The assembly of an installation."""
    return loader.assembly_paths([folder])[-1]


class Values:
    """Value types and arrays of the fake as those of .NET, and back."""

    def __init__(self, double: Double, version: str) -> None:
        """Join the double; its types are loaded."""
        self._double = double
        self._kinds: dict[type, Any] = {}
        found = (getattr(structs, name) for name in dir(structs))
        kinds = [each for each in found if isinstance(each, type) and issubclass(each, Struct) and each is not Struct]
        self._structs = {each.__name__: each for each in kinds}
        double.writers |= {**dict.fromkeys(kinds, self._value), SDataValue: self._data_value, NetArray: double.array}
        double.readers |= {"Value": self._fake_value, "Array": self._fake_array}
        if float(version) < 2:
            self._join_old_modes()

    def _value(self, value: Struct) -> Any:
        parts = self._double.array(getattr(value, name) for name in value._FIELDS)
        return self._made(type(value), parts)

    def _data_value(self, value: SDataValue) -> Any:
        return self._made(SDataValue, self._double.array((value.Type.name, value._value)))

    def _made(self, kind: type, parts: Any) -> Any:
        if kind not in self._kinds:
            self._kinds[kind] = self._double.type_of(kind)
        return self._double.host.Host.Value(self._kinds[kind], parts)

    def _fake_value(self, token: Any) -> Any:
        kind = self._structs[token.Text.rpartition(".")[2]]
        parts = [self._double.from_net(each) for each in token.Value]
        if kind is SDataValue:
            name, content = parts
            return SDataValue() if content is None else data_value(name, content)
        return structs.make_struct(kind, **dict(zip(kind._FIELDS, parts, strict=True)))

    def _fake_array(self, token: Any) -> Any:
        kind: Any = NetArray
        element = _ELEMENTS.get(token.Text) or self._structs[token.Text.rpartition(".")[2]]
        return kind[element]([self._double.from_net(each) for each in token.Value])

    def _join_old_modes(self) -> None:
        later = self._double.readers["Enum"]
        for name, mode in _OLD_MODES.items():
            self._double.enums[mode] = self._double.enum_of(EOperatingMode, name)
        self._double.readers["Enum"] = lambda token: _OLD_MODES.get(str(token.Value)) or later(token)


def serve(double: Double) -> None:
    """Let the tests of PLCSIM Advanced have the double in place of the fake."""

    class Found(dict[str, Any]):
        """Types by name, as they are asked for."""

        def __missing__(self, name: str) -> Any:
            return self.setdefault(name, find(name))

    def types(simulation: Runtime) -> Mapping[str, Any]:
        if simulation.version != runtime().version:
            pytest.skip(f"this process has the assembly of API {VERSION}, not of {simulation.version}")
        double.renew(simulation)
        return Found()

    find = finder([assembly(double.simulation)], loader.NAMESPACES)
    Simulated.types = staticmethod(types)
    Simulated.behind = double.behind
