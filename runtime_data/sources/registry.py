"""All sources by name: those that are defined, one for each simulated PLC, and `memory`."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.security.targets import PLANT_NETWORKS, SOURCES, Targets
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from engineering_api.storage.vault import Vault
from openness_bridge.errors import Kind, Place, Problem, not_found
from openness_bridge.plcsim.runtime import Simulation
from runtime_data.fail_safe import IsFailSafe
from runtime_data.parts import read_part, refuse_unsound
from runtime_data.secrets import each_secret, keep_secrets
from runtime_data.sources.guarded import broken_source
from runtime_data.sources.kind import OWN, WITHOUT_CONNECTION, Around, find_kind
from runtime_data.sources.memory import MemorySource
from runtime_data.sources.simulated import SimulatedSource
from runtime_data.sources.source import Closing, Source

KIND = "source"
MEMORY = "memory"
MOST_SOURCES = 100
_NAME = re.compile(r"[\w-][\w .-]{0,98}[\w-]|[\w-]")


class SourceDefinition(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A source as an administrator defines it.

    Attributes:
        name: What its tags begin with.
        kind: memory, simulated for a simulated PLC under another name, or a kind with a connection (kind.py).
        instance: The simulated PLC.
        default: Whether tags that name no source are its tags.
        connection: The settings of a kind with a connection, with sealed secrets.
    """

    name: str
    kind: str
    instance: str = ""
    default: bool = False
    connection: dict[str, Any] = {}


class Sources:
    """The sources of a service. Any thread but the event loop's, except for `find` of a source that was found before."""

    def __init__(
        self,
        definitions: RuntimeDefinitions,
        simulation: Simulation,
        kind: str,
        is_fail_safe: IsFailSafe = lambda _plc, _block: False,
        *,
        targets: Targets | None = None,
        vault: Vault | None = None,
        folder: Path = Path("runtime"),
    ) -> None:
        """Find them.

        Args:
            definitions: What is defined.
            simulation: The simulated PLCs.
            kind: What simulated PLCs are called: virtual, or plcsim where they are PLCSIM Advanced's.
            is_fail_safe: Returns whether one of their data blocks is fail-safe; by default none is known to be.
            targets: Where sources with a connection may connect to; by default to private networks and this computer.
            vault: Seals their secrets; without one there are none.
            folder: Where they may keep what they need again.
        """
        self._definitions, self._simulation, self._kind = definitions, simulation, kind
        self._around = Around(targets or Targets(PLANT_NETWORKS, SOURCES), is_fail_safe, folder)
        self._vault = vault
        self._made: dict[str, Source] = {}
        self._lock = threading.RLock()

    def definitions(self) -> dict[str, SourceDefinition]:
        """Return what is defined, by name."""
        return self._definitions.all(KIND, SourceDefinition)

    def definition(self, name: str) -> SourceDefinition | None:
        """Return what is defined for a name, without regard to case; None for the service's own sources."""
        wanted = name.casefold()
        return next((each for each in self.definitions().values() if each.name.casefold() == wanted), None)

    def shown_connection(self, name: str) -> dict[str, Any]:
        """Return the connection of a source without its secrets; empty for kinds that have none."""
        known = self.definition(name)
        if known is None or known.kind in WITHOUT_CONNECTION:
            return {}
        try:
            form = read_part(find_kind(known.kind).form, known.connection, "/connection")
        except Problem:
            if known.kind in OWN:
                raise
            return {}  # only its plugin knows which of the settings are secrets
        found: dict[str, Any] = msgspec.to_builtins(each_secret(form, lambda _: ""))
        return found

    def create(self, definition: SourceDefinition) -> Source:
        """Define a source, with open secrets.

        Raises:
            Problem: The name cannot be one or is used, there are too many sources, or the kind and the instance do not fit.
        """
        name = definition.name
        if _NAME.fullmatch(name) is None:
            msg = f"'{name}' cannot be the name of a source: write letters, digits, blanks, points, _ and -."
            raise Problem("runtime.source_name", msg, kind=Kind.INVALID)
        with self._lock:
            if name.casefold() in {each.casefold() for each in self.names()}:
                raise Problem("runtime.source_exists", f"A source '{name}' exists already.", kind=Kind.CONFLICT)
            if len(self.definitions()) >= MOST_SOURCES:
                msg = f"There are {MOST_SOURCES} sources already: remove one."
                raise Problem("runtime.too_many", msg, kind=Kind.CONFLICT)
            return self._keep(definition)

    def update(
        self,
        name: str,
        *,
        instance: str | None = None,
        default: bool | None = None,
        connection: dict[str, Any] | None = None,
    ) -> Source:
        """Change a source that was defined; what is None stays, and so do secrets that are empty.

        Raises:
            Problem: None of this name was, or the kind and the instance do not fit.
        """
        with self._lock:
            known = self._defined(name)
            changed = msgspec.structs.replace(
                known,
                instance=known.instance if instance is None else instance,
                default=known.default if default is None else default,
                connection=self._opened(known) if connection is None else self._with_known_secrets(known, connection),
            )
            return self._keep(changed)

    def remove(self, name: str) -> str:
        """Remove a source that was defined, of a memory source its tags, too; return its name.

        Raises:
            Problem: None of this name was.
        """
        with self._lock:
            known = self._defined(name)
            found = self.find(known.name)
            if isinstance(found, MemorySource):
                found.clear()
            self._end(known.name)
            self._definitions.remove(KIND, known.name)
            return known.name

    def _keep(self, definition: SourceDefinition) -> Source:
        if (definition.kind == "simulated") != bool(definition.instance):
            msg = "A source of the kind simulated names the instance of a simulated PLC, and no other one does."
            raise Problem("runtime.source_instance", msg, kind=Kind.INVALID)
        definition = self._sealed(definition)
        kept = {definition.name: definition}
        if definition.default:
            others = (each for each in self.definitions().values() if each.default and each.name != definition.name)
            kept |= {each.name: msgspec.structs.replace(each, default=False) for each in others}
        self._definitions.put_all(KIND, kept)
        if definition.kind != MEMORY:
            self._end(definition.name)
        return self.find(definition.name)

    def _sealed(self, definition: SourceDefinition) -> SourceDefinition:
        """Check the connection of a definition, whose secrets are open, and seal them.

        Raises:
            Problem: The kind has none but one is given, it does not fit, or its host is not allowed.
        """
        if definition.kind in WITHOUT_CONNECTION:
            if definition.connection:
                msg = f"A source of the kind {definition.kind} has no connection: leave it out."
                raise Problem("runtime.source_connection", msg, kind=Kind.INVALID, place=Place(pointer="/connection"))
            return definition
        kind = find_kind(definition.kind)
        form = read_part(kind.form, definition.connection, "/connection")
        refuse_unsound("runtime.source_connection", "/connection", kind.check(form))
        if kind.host is not None:
            with suppress(OSError):  # a host that has no address yet may get one
                self._around.targets.resolve_here(*kind.host(form))
        sealed = msgspec.to_builtins(each_secret(form, self._vault.seal if self._vault else _refuse_secret))
        return msgspec.structs.replace(definition, connection=sealed)

    def _opened(self, definition: SourceDefinition) -> dict[str, Any]:
        return {} if definition.kind in WITHOUT_CONNECTION else msgspec.to_builtins(self._form(definition))

    def _form(self, definition: SourceDefinition) -> Any:
        """Return the settings of a connection with open secrets."""
        form = read_part(find_kind(definition.kind).form, definition.connection, "/connection")
        return each_secret(form, self._vault.open if self._vault else _refuse_secret)

    def _with_known_secrets(self, known: SourceDefinition, connection: dict[str, Any]) -> dict[str, Any]:
        if known.kind in WITHOUT_CONNECTION:
            return connection
        kind, old = find_kind(known.kind), self._form(known)
        new = read_part(kind.form, connection, "/connection")
        if kind.host is None or kind.host(new) == kind.host(old):
            new = keep_secrets(new, old)
        found: dict[str, Any] = msgspec.to_builtins(new)
        return found

    def _end(self, name: str) -> None:
        """Forget a source that was made, and end its connection."""
        _close(self._made.pop(name.casefold(), None))

    def _defined(self, name: str) -> SourceDefinition:
        known = self.definition(name)
        if known is None and name.casefold() in {each.casefold() for each in self.names()}:
            msg = f"'{name}' is one of the service's own sources, which nobody changes or removes here."
            raise Problem("runtime.own_source", msg, kind=Kind.CONFLICT)
        if known is None:
            raise not_found("source", name, self.definitions())
        return known

    def names(self) -> list[str]:
        """Return the names of all sources: what is defined, the simulated PLCs, `memory`."""
        found = {
            name.casefold(): name for name in (MEMORY, *reversed(self._instances()), *reversed(self.definitions()))
        }
        return list(reversed(found.values()))

    def all(self) -> list[Source]:
        """Return all sources."""
        return [self.find(name) for name in self.names()]

    def find(self, name: str) -> Source:
        """Return the source of a name, without regard to case; the default one without a name.

        Raises:
            Problem: There is none (runtime.source), or no default one (runtime.no_default_source).
        """
        wanted = name or self.default()
        with self._lock:
            made = self._made.get(wanted.casefold())
            if made is None:
                made = self._made[wanted.casefold()] = self._make(wanted)
            return made

    def close(self) -> None:
        """Store what the sources have not stored yet, and end their connections."""
        with self._lock:
            for source in self._made.values():
                _close(source)

    def default(self) -> str:
        """Return the name of the source of tags that name none.

        It is the one that is defined to be it, or the connected simulated PLC, or the only one.

        Raises:
            Problem: It is none of these.
        """
        chosen = next((each.name for each in self.definitions().values() if each.default), None)
        if chosen or self._simulation.connected:
            return chosen or str(self._simulation.connected)
        others = [name for name in self.names() if name != MEMORY]
        if len(others) == 1:
            return others[0]
        msg = f"Name the source, as in PLC_1:Motor.speed. There are: {', '.join(self.names())}."
        raise Problem("runtime.no_default_source", msg, kind=Kind.INVALID)

    def _make(self, name: str) -> Source:
        defined = self.definition(name)
        if defined is not None and defined.kind == "simulated":
            return SimulatedSource(
                defined.name, self._kind, self._simulation, defined.instance, self._around.is_fail_safe
            )
        if defined is not None and defined.kind not in WITHOUT_CONNECTION:
            return self._connect(defined)
        if defined is not None or name.casefold() == MEMORY:
            return MemorySource(defined.name if defined else MEMORY, self._definitions)
        instance = next((each for each in self._instances() if each.casefold() == name.casefold()), None)
        if instance is None:
            raise not_found("source", name, self.names())
        return SimulatedSource(instance, self._kind, self._simulation, instance, self._around.is_fail_safe)

    def _connect(self, defined: SourceDefinition) -> Source:
        """Make a source with a connection; if the plugin of its kind cannot be used, a source that answers with the reason."""
        try:
            return find_kind(defined.kind).make(defined.name, self._form(defined), self._around)
        except Problem as problem:
            if defined.kind in OWN:
                raise
            return broken_source(defined.name, defined.kind, problem)

    def _instances(self) -> list[str]:
        try:
            return [each.name for each in self._simulation.instances()]
        except Problem:
            return []


def _close(source: Source | None) -> None:
    if isinstance(source, Closing):
        source.close()


def _refuse_secret(_: str) -> str:
    raise Problem("secret.unreadable", "There is nothing here that keeps passwords.", kind=Kind.CONFLICT)
