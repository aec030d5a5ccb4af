"""The virtual memory card of an instance: the program, the retentive values, the address; and its ZIP file.

A simulated card holds the program as SimaticML, so that retrieving executes nothing of a file: the simulation reads,
types and compiles it like any project.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import simatic_xml
from simatic_xml import Document, SimaticMLError, TagTable
from simatic_xml.model import Block, PlcType, Tag, UserConstant
from simatic_xml.program import typed_blocks
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import PathError, fill
from virtual_plc.memory.program import Program, ProgramError, program_of
from virtual_plc.memory.retention import retentive
from virtual_plc.memory.shapes import is_plain, plain
from virtual_plc.memory.starting_values import Slot, slot
from virtual_plc.surroundings import Module, Surroundings
from virtual_plc.surroundings.card_files import DataLog

VERSION = "V20"
FACTS, PROGRAM, STATION, FILES = "card.json", "program.xml", "station/", "files/"
_MODULE = ("name", "analog", "station", "slot", "io_system", "device_number")
_LOG = ("path", "records", "timestamp", "header", "rows", "written")
"""What is noted of a data log; the program names its data again when it opens the log."""
LARGEST = 256 << 20
"""Bytes that a file of a card may have when it is unpacked."""


class CardError(Exception):
    """A file is no memory card."""


@dataclass(slots=True)
class Card:
    """The content of a memory card.

    Attributes:
        plc_name: Name of the downloaded CPU.
        plc_type: Its short designation.
        ip: Address, mask and gateway.
        source: Returns the program as SimaticML, None when only its executable form is known.
        program: The same, ready to be executed.
        values: Retentive values by data block and path.
        starts: Start values that the program has written, by data block.
        station: Files of the station by path, as a download from a project puts them there; the card does not read
            them.
        files: Files that the program has written: data logs, recipes.
        logs: What the CPU knows of its data logs, by identifier.
        modules: The modules by hardware identifier: input and output bytes, name, place.
    """

    plc_name: str = ""
    plc_type: str = ""
    ip: tuple[str, str, str] = ("192.168.0.1", "255.255.255.0", "0.0.0.0")  # noqa: S104 - "no gateway"
    source: Callable[[], bytes | None] = lambda: None
    program: Program | None = None
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    station: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    logs: dict[str, dict[str, Any]] = field(default_factory=dict)
    starts: dict[str, Any] = field(default_factory=dict)
    modules: dict[str, dict[str, Any]] = field(default_factory=dict)

    def keep_surroundings(self, surroundings: Surroundings) -> None:
        """Note the files that the program has written."""
        self.files = dict(surroundings.card.files)
        self.logs = {
            str(number): {name: getattr(log, name) for name in _LOG} for number, log in surroundings.card.logs.items()
        }

    def keep_modules(self, modules: Mapping[int, Module]) -> None:
        """Note the modules of a hardware configuration."""
        self.modules = {
            str(number): {
                "inputs": [each.inputs.start, each.inputs.stop],
                "outputs": [each.outputs.start, each.outputs.stop],
                **{name: getattr(each, name) for name in _MODULE},
            }
            for number, each in modules.items()
        }

    def restore_surroundings(self, surroundings: Surroundings) -> None:
        """Give a CPU the noted files and modules.

        Raises:
            CardError: They are not readable.
        """
        try:
            surroundings.card.files = dict(self.files)
            surroundings.card.logs = {int(number): DataLog(**log) for number, log in self.logs.items()}
            surroundings.modules.replace({int(number): _module(noted) for number, noted in self.modules.items()})
        except (TypeError, ValueError, KeyError) as error:
            msg = f"Its data logs or modules are not readable: {error}"
            raise CardError(msg) from error

    def keep(self, memory: Memory) -> None:
        """Note the retentive values of a memory, and the start values that the program has written."""
        self.starts = {name: plain(data) for name, data in memory.load_memory.written.items()}
        self.values = {}
        for name, path, place in _retentive_places(memory):
            value = place.get()
            self.values.setdefault(name, {})[path] = value if is_plain(place.type) else plain(value)

    def restore(self, memory: Memory) -> None:
        """Write the noted values into a memory, as far as it still has places for them."""
        for name, value in self.starts.items():
            declaration = memory.program.data_blocks.get(name)
            if declaration is not None:
                made = memory.load_memory.written[name] = memory.load_memory.start_values(memory, name)
                fill(made, declaration.type, value, name)
        for name, path, place in _retentive_places(memory):
            if path not in self.values.get(name, {}):
                continue
            value = self.values[name][path]
            if is_plain(place.type):
                place.set(value)
            else:
                fill(place.get(), place.type, value, path)

    def write(self, file: Path) -> None:
        """Write the ZIP file.

        Raises:
            CardError: The program is known in its executable form only.
            OSError: The file cannot be written.
        """
        source = self.source()
        if self.program is not None and source is None:
            msg = "The program was loaded without its source, so the card cannot be written."
            raise CardError(msg)
        facts = {"plc_name": self.plc_name, "plc_type": self.plc_type, "ip": self.ip, "values": self.values}
        facts |= {"logs": self.logs, "modules": self.modules, "starts": self.starts}
        cpu = asdict(self.program.cpu) if self.program is not None else None
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(FACTS, json.dumps(facts | {"cpu": cpu}, indent=1))
            if source is not None:
                archive.writestr(PROGRAM, source)
            for path, content in self.station.items():
                archive.writestr(f"{STATION}{path}", content)
            for path, content in self.files.items():
                archive.writestr(f"{FILES}{path}", content)


def read(file: Path) -> Card:
    """Read a card from its ZIP file.

    Raises:
        CardError: It is none, or its program cannot be executed.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            facts = json.loads(_content(archive, FACTS))
            source = _content(archive, PROGRAM) if PROGRAM in archive.namelist() else None
            station, files = _folder(archive, STATION), _folder(archive, FILES)
        address, mask, gateway = facts["ip"]
        card = Card(
            facts["plc_name"],
            facts["plc_type"],
            (address, mask, gateway),
            lambda: source,
            None,
            facts["values"],
            station,
            files,
        )
        card.logs, card.modules = dict(facts.get("logs", {})), dict(facts.get("modules", {}))
        card.starts = dict(facts.get("starts", {}))
        if source is not None:
            card.program = program_of(_workspace(source, Cpu(**facts["cpu"])))
            card.restore(Memory(card.program))
    except (SimaticMLError, ProgramError, PathError) as error:
        msg = f"The program in {file.name} cannot be used: {error}"
        raise CardError(msg) from error
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        msg = f"{file.name} is not a memory card: {error}"
        raise CardError(msg) from error
    return card


def _module(noted: Any) -> Module:
    if isinstance(noted, list):  # a card of an older version
        i, inputs, q, outputs = noted
        return Module(range(i, i + inputs), range(q, q + outputs))
    about = {name: noted[name] for name in _MODULE if name in noted}
    return Module(range(*noted["inputs"]), range(*noted["outputs"]), **about)


def source_of(workspace: Workspace) -> Callable[[], bytes | None]:
    """Return what writes a workspace's program, as it is now, as one SimaticML file, once it is needed.

    It returns None when a block has its code only as source text.
    """
    items = [(each, workspace.block(each.name) if isinstance(each, Block) else None) for each in workspace]

    @cache
    def write() -> bytes | None:
        if any(isinstance(each, Block) and not each.networks and _has_code(typed) for each, typed in items):
            return None
        objects: list[Any] = [each for each, _ in items if isinstance(each, Block | PlcType)]
        tags = [each for each, _ in items if isinstance(each, Tag)]
        constants = [each for each, _ in items if isinstance(each, UserConstant)]
        table = [TagTable("Tags", tags, constants)] if tags or constants else []
        return simatic_xml.dump(Document(VERSION, [*objects, *table]))

    return write


def _has_code(typed: typed_blocks.Block | None) -> bool:
    return typed is not None and any(network.body for network in typed.networks)


def _workspace(source: bytes, cpu: Cpu) -> Workspace:
    workspace = Workspace(cpu)
    workspace.put_document(simatic_xml.load(source))
    return workspace


def _folder(archive: zipfile.ZipFile, folder: str) -> dict[str, bytes]:
    """Return the files of a folder; their paths stay below any folder that they are written to."""
    entries = [each for each in archive.infolist() if each.filename.startswith(folder) and not each.is_dir()]
    if sum(each.file_size for each in entries) > LARGEST:
        msg = f"its folder {folder} is larger than {LARGEST >> 20} MB"
        raise ValueError(msg)
    for each in entries:
        parts = each.filename.split("/")
        if ".." in parts or "" in parts or any("\\" in part or ":" in part for part in parts):
            msg = f"the path {each.filename} is outside of the folder"
            raise ValueError(msg)
    return {each.filename.removeprefix(folder): archive.read(each) for each in entries}


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST:
        msg = f"{name} is larger than {LARGEST >> 20} MB"
        raise ValueError(msg)
    return archive.read(name)


def _retentive_places(memory: Memory) -> Iterator[tuple[str, str, Slot]]:
    for name, declaration in memory.program.data_blocks.items():
        data = memory.data_blocks[name]
        for path in retentive(declaration):
            place = slot(data, declaration.type, path) if path else Slot([data], 0, declaration.type)
            if place is not None:
                yield name, path, place
