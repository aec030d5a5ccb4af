"""Program blocks: organization blocks, function blocks, functions and data blocks, in their groups.

Facts: docs/facts/openness-program.md#blocks; docs/facts/tia-rules.md#names, docs/facts/tia-rules.md#block-numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.system import DateTime, NetEnum, require_type
from fake_openness.blocks.block_values import PlcBlockInterface, Snapshot
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.showing import _Showable
from fake_openness.core.texts import MultilingualText
from fake_openness.program import numbers
from fake_openness.program.cross_references import cross_reference_service
from fake_openness.program.elements import _Element, instance_service
from simatic_xml.model import Block
from simatic_xml.program.cpu.organization_blocks import find_event

if TYPE_CHECKING:
    pass


class ProgrammingLanguage(NetEnum):
    """The programming languages, numbered as in the V17 type list."""

    Undef = 0
    STL = 1
    LAD = 2
    FBD = 3
    SCL = 4
    DB = 5
    GRAPH = 6
    CPU_DB = 7
    CFC = 8
    SFC = 9
    FBD_IEC = 10
    LAD_IEC = 11
    SDB = 12
    S7_PDIAG = 13
    RSE = 14
    F_STL = 15
    F_LAD = 16
    F_FBD = 17
    F_DB = 18
    F_LAD_LIB = 19
    F_FBD_LIB = 20
    FCP = 21
    FLD = 22
    ProDiag = 23
    ProDiag_OB = 24
    Motion_DB = 25
    F_CALL = 26
    CEM = 27


class MemoryLayout(NetEnum):
    """How a block's data is arranged in memory."""

    Standard = 0
    Optimized = 1


_FIXED_EVENTS = {
    "DiagnosticErrorInterrupt",
    "IOAccessError",
    "ProgrammingError",
    "PullOrPlugOfModules",
    "RackOrStationFailure",
    "Status",
    "TimeErrorInterrupt",
    "Update",
}


class PlcBlock(_Element, _Showable):
    """A block."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {
        "Namespace": "21",
        "Title": "21",
        "Comment": "21",
        "ExportAsDocuments": "20",
    }
    _WRITABLE_FROM: ClassVar[dict[str, str]] = {
        "MemoryLayout": "20",
        "HeaderAuthor": "21",
        "HeaderFamily": "21",
        "HeaderName": "21",
        "HeaderVersion": "21",
    }

    @property
    def Number(self) -> int:
        """The block number; it can be set while AutoNumber is False."""
        return self._state.number or 0

    @Number.setter
    def Number(self, value: int) -> None:
        number = int(require_type(value, int, "value"))
        if self._state.auto_number:
            raise self._refusal("number.automatic", "its number is chosen automatically: set AutoNumber to False first")
        self._require_number(number)
        event = self._state.secondary_type
        if self._state.space == "OB" and self._plc._family.classic:
            event = find_event(number) or event
        self._edit(number=number, secondary_type=event)

    @property
    def AutoNumber(self) -> bool:
        """Whether TIA Portal chooses the number."""
        return self._state.auto_number

    @AutoNumber.setter
    def AutoNumber(self, value: bool) -> None:
        if self._state.secondary_type in _FIXED_EVENTS:
            raise self._refusal("number.fixed", "the number of its event class is fixed")
        changes: dict[str, Any] = {"auto_number": require_type(value, bool, "value")}
        if value and self._plc._program.sharing(self._state.space, self.Number):
            changes["number"] = numbers.choose(self._plc._program, self._state.space, self._state.secondary_type)
        self._edit(**changes)

    @property
    def MemoryLayout(self) -> MemoryLayout:
        """Standard or optimized access; can be set from V20 on."""
        return MemoryLayout.Standard if self._state.layout == "Standard" else MemoryLayout.Optimized

    @MemoryLayout.setter
    def MemoryLayout(self, value: MemoryLayout) -> None:
        layout = require_type(value, MemoryLayout, "value")
        if (
            self._plc._family.classic
            or self._state.language == "GRAPH"
            or self._state.kind in ("ArrayDB", "InstanceDB")
        ):
            raise self._refusal("block.layout", "its memory layout cannot be changed")
        self._edit(layout=layout.ToString())

    @property
    def ProgrammingLanguage(self) -> ProgrammingLanguage:
        """The language of the block."""
        known = ProgrammingLanguage.__members__.get(self._state.language)
        return ProgrammingLanguage.Undef if known is None else known

    @property
    def HeaderAuthor(self) -> str:
        """The author; can be set from V21 on."""
        return self._state.header_author

    @HeaderAuthor.setter
    def HeaderAuthor(self, value: str) -> None:
        self._edit(header_author=require_type(value, str, "value"))

    @property
    def HeaderFamily(self) -> str:
        """The family; can be set from V21 on."""
        return self._state.header_family

    @HeaderFamily.setter
    def HeaderFamily(self, value: str) -> None:
        self._edit(header_family=require_type(value, str, "value"))

    @property
    def HeaderName(self) -> str:
        """The user-defined identifier; can be set from V21 on."""
        return self._state.header_name

    @HeaderName.setter
    def HeaderName(self, value: str) -> None:
        self._edit(header_name=require_type(value, str, "value"))

    @property
    def HeaderVersion(self) -> str:
        """The version, 0.1 for a new block; can be set from V21 on."""
        return self._state.header_version

    @HeaderVersion.setter
    def HeaderVersion(self, value: str) -> None:
        self._edit(header_version=require_type(value, str, "value"))

    @property
    def Namespace(self) -> str:
        """The software unit's namespace: empty, as there are no units here (from V21 on)."""
        return ""

    @property
    def Title(self) -> MultilingualText:
        """The title (from V21 on)."""
        content = self._content()
        return MultilingualText(self, self._plc._language_settings, content.title, lambda: self._write(content))

    @property
    def Comment(self) -> MultilingualText:
        """The comment (from V21 on)."""
        content = self._content()
        return MultilingualText(self, self._plc._language_settings, content.comment, lambda: self._write(content))

    @property
    def CodeModifiedDate(self) -> DateTime:
        """When the code was last changed."""
        return DateTime(self._state.code_modified)

    @property
    def ParameterModified(self) -> DateTime:
        """When the parameters were last changed."""
        return DateTime(self._state.parameter_modified)

    @property
    def StructureModified(self) -> DateTime:
        """When the structure of the data was last changed."""
        return DateTime(self._state.structure_modified)

    @property
    def CompileDate(self) -> DateTime:
        """When the block was last compiled; when it was made if never compiled."""
        return DateTime(self._state.compiled or self._state.created)

    def _services(self) -> dict[type, Any]:
        compiling = self._plc._compile_service(self, lambda: [self])
        references = cross_reference_service(self, self._plc, lambda: [self._name])
        return compiling | references | instance_service(self)

    def _require_number(self, number: int) -> None:
        space = self._state.space
        numbers.require_range(self._name, space, number)
        if space == "OB":
            numbers.require_ob(self._name, number, self._state.secondary_type, self._plc._family.value)
        if number == 0 or (number != self._state.number and self._plc._program.is_taken(space, number)):
            raise self._refusal("number.taken", f"{space}{number} exists already or is not a block number")

    def _edit(self, **changes: Any) -> None:
        """Change attributes in state and content; the block becomes inconsistent."""
        self._plc._require_offline("Changing a block")
        self._update(**changes, modified=self._context.now(), consistent=False)
        content = self._content()
        assert isinstance(content, Block)  # noqa: S101 - this is a block's file
        content.number, content.auto_number = self._state.number, self._state.auto_number
        content.memory_layout = self._state.layout or None
        content.secondary_type = self._state.secondary_type or None
        for name in ("Author", "Family", "Name", "Version"):
            value = getattr(self._state, f"header_{name.lower()}")
            if value or f"Header{name}" in content.attributes:
                content.attributes[f"Header{name}"] = value
        self._write(content)

    def _refusal(self, code: str, reason: str) -> EngineeringTargetInvocationException:
        msg = f"The block '{self._name}' cannot be changed: {reason}."
        return EngineeringTargetInvocationException(msg, code=code, place={"block": self._name})


class CodeBlock(PlcBlock):
    """A block with a program."""


class OB(CodeBlock):
    """An organization block."""

    @property
    def SecondaryType(self) -> str:
        """The event class, such as ProgramCycle."""
        return self._state.secondary_type


class FB(CodeBlock):
    """A function block."""


class FC(CodeBlock):
    """A function."""


class DataBlock(PlcBlock):
    """A data block."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = PlcBlock._EXISTS_FROM | {"Interface": "17"}
    _snapshot: Snapshot | None = None

    @property
    def Interface(self) -> PlcBlockInterface:
        """Its interface, which offers the values in the CPU."""
        return PlcBlockInterface(self)


class GlobalDB(DataBlock):
    """A global data block."""


class InstanceDB(DataBlock):
    """The data of one instance of a function block."""

    @property
    def InstanceOfName(self) -> str:
        """The FB or data type that it is an instance of."""
        return self._state.instance_of


class ArrayDB(DataBlock):
    """A data block that is one array."""


CLASSES: dict[str, type[PlcBlock]] = {
    "OB": OB,
    "FB": FB,
    "FC": FC,
    "GlobalDB": GlobalDB,
    "InstanceDB": InstanceDB,
    "ArrayDB": ArrayDB,
}
