"""A new project with one PLC, and small SimaticML files for it, for the tests of the program."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from fake_openness import Installation, install
from fake_openness.core.compile_messages import CompilerResult, CompilerResultMessage
from fake_openness.core.errors import EngineeringException
from fake_openness.software.plc_software import PlcSoftware
from simatic_xml.model import Block, Member, Network, PlcType, Section, Tag, TagTable, UserConstant

CPU_1500 = "OrderNumber:6ES7 511-1AK02-0AB0/V2.9"
CPU_1200 = "OrderNumber:6ES7 214-1AG40-0XB0/V4.4"
_START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Plant:
    """A portal with one project and one PLC on a clock that goes on a second with each look."""

    def __init__(self, folder: Path, version: str = "20", cpu: str = CPU_1500) -> None:
        ticks = itertools.count()
        self.folder = folder
        self.installation: Installation = install(version, clock=lambda: _START + dt.timedelta(seconds=next(ticks)))
        self.types = self.installation.types
        self.portal = self.types["TiaPortal"]()
        self.project = self.portal.Projects.Create(self.types["DirectoryInfo"](str(folder)), "Line")
        self.device = self.project.Devices.CreateWithItem(cpu, "PLC_1", "Station_1")
        self._files = itertools.count()

    @property
    def plc(self) -> PlcSoftware:
        """The program, found anew each time as a bridge does."""
        found = next(software(self.types, self.project.Devices.Find("Station_1").DeviceItems), None)
        assert isinstance(found, PlcSoftware)
        return found

    @property
    def blocks(self) -> Any:
        return self.plc.BlockGroup.Blocks

    @property
    def udts(self) -> Any:
        return self.plc.TypeGroup.Types

    @property
    def tables(self) -> Any:
        return self.plc.TagTableGroup.TagTables

    @property
    def tags(self) -> Any:
        return self.tables.Find("Default tag table").Tags

    def new_path(self, suffix: str = ".xml") -> Path:
        return self.folder / f"file{next(self._files)}{suffix}"

    def file(self, *objects: Any, version: str | None = None, text: str | None = None) -> Any:
        """A FileInfo of a new file with objects, or with any text."""
        path = self.new_path()
        engineering = version or self.installation.machine.version.engineering
        content = simatic_xml.dump(simatic_xml.Document(engineering, list(objects))) if text is None else text.encode()
        path.write_bytes(content)
        return self.types["FileInfo"](str(path))

    def put(self, *objects: Any, override: bool = False, tolerate: bool = False) -> list[Any]:
        """Import objects where they belong."""
        first = objects[0]
        target = self.blocks if isinstance(first, Block) else self.udts if isinstance(first, PlcType) else self.tables
        options = self.types["ImportOptions"](int(override))
        if isinstance(first, TagTable):
            return list(target.Import(self.file(*objects), options))
        tolerated = self.types["SWImportOptions"](2 if tolerate else 0)
        return list(target.Import(self.file(*objects), options, tolerated))

    def source(self, text: str, name: str = "Source.scl") -> Any:
        """An external source with a text."""
        path = self.new_path(Path(name).suffix)
        path.write_text(text, encoding="utf-8-sig")
        return self.plc.ExternalSourceGroup.ExternalSources.CreateFromFile(name, str(path))

    def generate(self, text: str, name: str = "Source.scl") -> list[Any]:
        """Generate the objects of a source, which is deleted again."""
        source = self.source(text, name)
        made = list(source.GenerateBlocksFromSource())
        source.Delete()
        return made

    def compile(self, thing: Any = None) -> CompilerResult:
        """Compile something, the whole program without an argument."""
        result = (thing or self.plc).GetService[self.types["ICompilable"]]().Compile()
        assert isinstance(result, CompilerResult)
        return result

    def exported(self, thing: Any, options: int = 1) -> Any:
        """Export an object and load what was written."""
        path = self.new_path()
        thing.Export(self.types["FileInfo"](str(path)), self.types["ExportOptions"](options))
        return simatic_xml.load(path.read_bytes())

    def reopened(self) -> Plant:
        """Save, close and open the project."""
        self.project.Save()
        path = self.project.Path
        self.project.Close()
        self.project = self.portal.Projects.Open(path)
        return self

    def transaction(self) -> tuple[Any, Any]:
        """An exclusive access with an open transaction."""
        access = self.portal.ExclusiveAccess("test")
        return access, access.Transaction(self.project, "test")


def software(types: dict[str, type[Any]], items: Any) -> Iterator[Any]:
    """The programs on device items."""
    for item in items:
        container = item.GetService[types["SoftwareContainer"]]()
        if container is not None:
            yield container.Software
        yield from software(types, item.DeviceItems)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    """A V20 project with an S7-1500."""
    made = Plant(tmp_path)
    yield made
    if made.portal._process.alive:
        made.portal.Dispose()


def refusal(call: Any, *arguments: Any) -> EngineeringException:
    """The exception that a call is refused with."""
    with pytest.raises(EngineeringException) as caught:
        call(*arguments)
    return caught.value


def code(call: Any, *arguments: Any) -> str:
    """The stable code of a refusal."""
    return refusal(call, *arguments).FakeCode


def leaf_codes(result: CompilerResult) -> list[str]:
    """The codes of all errors and warnings."""
    return [leaf._code for leaf in result._leaves() if leaf.State.name in ("Error", "Warning")]


def paths(message: CompilerResultMessage, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all leaves."""
    here = (*above, message.Path)
    if not message.Messages.Count:
        yield here
    for below in message.Messages:
        yield from paths(below, here)


def udt(name: str = "Motor_Data", **members: str) -> PlcType:
    return PlcType(name, [Member(n, t) for n, t in (members or {"Speed": "Int", "Run": "Bool"}).items()])


def fb(
    name: str = "Motor",
    number: int | None = None,
    *,
    static: dict[str, str] | None = None,
    inputs: dict[str, str] | None = None,
) -> Block:
    sections = [
        Section("Input", [Member(n, t) for n, t in (inputs or {"Start": "Bool"}).items()]),
        Section("Output", [Member("Running", "Bool")]),
        Section("InOut"),
        Section("Static", [Member(n, t) for n, t in (static or {}).items()]),
        Section("Temp"),
        Section("Constant"),
    ]
    return Block("FB", name, number, language="LAD", interface=sections, networks=[Network("LAD")])


def fc(name: str = "Scale", number: int | None = None, language: str = "LAD") -> Block:
    names = ("Input", "Output", "InOut", "Temp", "Constant")
    sections = [*(Section(each) for each in names), Section("Return", [Member("Ret_Val", "Void")])]
    return Block("FC", name, number, language=language, interface=sections, networks=[Network(language)])


def db(name: str = "Data", number: int | None = None, **members: str) -> Block:
    static = Section("Static", [Member(n, t) for n, t in (members or {"Value": "Int"}).items()])
    return Block("GlobalDB", name, number, language="DB", interface=[static])


def idb(name: str = "Motor_DB", parent: str = "Motor", number: int | None = None) -> Block:
    return Block("InstanceDB", name, number, language="DB", instance_of=parent, instance_of_type="FB")


def ob(name: str, number: int | None, event: str) -> Block:
    sections = [Section("Input"), Section("Temp"), Section("Constant")]
    return Block(
        "OB", name, number, language="LAD", interface=sections, networks=[Network("LAD")], secondary_type=event
    )


def table(name: str = "Inputs", *tags: Tag, constants: list[UserConstant] | None = None) -> TagTable:
    return TagTable(name, list(tags), list(constants or []))
