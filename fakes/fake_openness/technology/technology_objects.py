"""TechnologicalInstanceDB: a technology object with its data block, and what axes contain.

Facts: docs/facts/technology-objects.md#object-model, docs/facts/technology-objects.md#types-and-versions.
"""

from __future__ import annotations

from typing import Any, ClassVar

from fake_dotnet.system import FileInfo, Version, require_type
from fake_openness.blocks.blocks import InstanceDB
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions
from fake_openness.core.upward import UpwardCall
from fake_openness.program.groups import _Group
from fake_openness.program.plc import _Plc
from fake_openness.program.state import TECHNOLOGY_KIND, _State
from fake_openness.technology.parameters import TechnologicalParameterComposition
from fake_openness.technology.type_rules import VERSION, refusal, require_possible, require_transfer, type_of
from simatic_xml.model import Block
from simatic_xml.program.types.technology import TechnologyType, numbers, technology_type

CONTAINING = ("TO_PositioningAxis", "TO_SynchronousAxis", "TO_ExternalEncoder")
"""Objects that have output cams, cam tracks and measuring inputs on an S7-1500."""
OUTPUT_CAMS, MEASURING_INPUTS = "OutputCams", "MeasuringInputs"
make_composition: UpwardCall[[TechnologicalInstanceDB, _Group, str], Any] = UpwardCall()
"""Make the collection of the objects that belong to an axis."""


class TechnologicalInstanceDB(InstanceDB):
    """A technology object."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = InstanceDB._EXISTS_FROM

    def __init__(self, parent: EngineeringObject, plc: _Plc, group: _Group, name: str, state: _State) -> None:
        """Represent the object; its content is in the store."""
        super().__init__(parent, plc, group, name, state)
        self._cams: Any = None
        self._inputs: Any = None
        if plc._family.value == "S7-1500" and state.instance_of in CONTAINING:
            self._cams = make_composition(self, group, OUTPUT_CAMS)
            self._inputs = make_composition(self, group, MEASURING_INPUTS)

    @property
    def OfSystemLibElement(self) -> str:
        """Its type, such as PID_Compact."""
        return self._state.instance_of

    @property
    def OfSystemLibVersion(self) -> Version:
        """Its version."""
        return Version(type_of(self._block())[1])

    @OfSystemLibVersion.setter
    def OfSystemLibVersion(self, value: Version) -> None:
        self._plc._require_offline("Changing a technology object")
        wanted = require_type(value, Version, "value").ToString()
        require_possible(self._plc, self._name, self._state.instance_of, wanted, self._place())
        content = self._block()
        content.attributes[VERSION] = wanted
        self._keep_parameters(content)

    @property
    def Parameters(self) -> TechnologicalParameterComposition:
        """Its parameters."""
        return TechnologicalParameterComposition(self)

    def Export(
        self,
        path: FileInfo,
        exportOptions: ExportOptions,
        documentInfoOptions: DocumentInfoOptions = DocumentInfoOptions.All,
    ) -> None:
        """Write the object as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Not consistent, a version that cannot be exported, online, or the file
                exists.
        """
        require_transfer(self._plc, self._name, *type_of(self._block()))
        super().Export(path, exportOptions, documentInfoOptions)

    def _type(self) -> TechnologyType:
        """Return its type on this CPU.

        Raises:
            EngineeringTargetInvocationException: The CPU was exchanged for one that has no such type.
        """
        found = technology_type(self._state.instance_of, self._plc._family.value)
        if found is None:
            raise refusal(self._name, "technology.type", f"The CPU has no {self._state.instance_of}.")
        return found

    def _block(self) -> Block:
        content = self._content()
        assert isinstance(content, Block)  # noqa: S101 - this is a block's file
        return content

    def _keep_parameters(self, content: Block) -> None:
        """Keep a content with changed parameters; the object has to be compiled again."""
        now = self._context.now()
        self._update(modified=now, parameter_modified=now, consistent=False)
        self._write(content)

    def _place(self) -> str:
        """Return where it is: `root` for a group, else the place within an axis."""
        place: str = self._composition()._place  # type: ignore[attr-defined]  # it is one of technology objects
        return place

    def _record(self) -> dict[str, Any]:
        axis = self._composition()._parent
        belongs = {"axis": axis._name, "place": self._place()} if isinstance(axis, TechnologicalInstanceDB) else {}
        return super()._record() | belongs

    def _attached(self) -> list[TechnologicalInstanceDB]:
        """Return the output cams, cam tracks and measuring inputs that belong to it."""
        return [each for part in (self._cams, self._inputs) if part is not None for each in part._items]

    def _delete(self) -> None:
        for each in self._attached():
            each._delete()
        super()._delete()

    def _services(self) -> dict[type, Any]:
        found = super()._services()
        if self._cams is not None:
            found[OutputCamMeasuringInputContainer] = lambda: OutputCamMeasuringInputContainer(self)
        return found


class OutputCamMeasuringInputContainer(EngineeringObject):
    """What belongs to an axis or an external encoder."""

    def __init__(self, axis: TechnologicalInstanceDB) -> None:
        """Represent the content of an axis."""
        super().__init__(axis)
        self._axis = axis

    @property
    def OutputCams(self) -> Any:
        """Output cams and cam tracks."""
        return self._axis._cams

    @property
    def MeasuringInputs(self) -> Any:
        """Measuring inputs."""
        return self._axis._inputs


def adapt_version(element: TechnologicalInstanceDB) -> bool:
    """Give a motion object the version of the motion object of its CPU that was made last; returns whether it changed."""
    motion = [
        each
        for each in element._plc._program.of_kind(TECHNOLOGY_KIND)
        if isinstance(each, TechnologicalInstanceDB) and each._type().group == "motion"
    ]
    if element not in motion:
        return False
    last = max(motion, key=lambda each: (each._state.created, each._name.casefold()))
    version = type_of(last._block())[1]
    content = element._block()
    if numbers(type_of(content)[1]) == numbers(version) or not element._type().has_version(version):
        return False
    content.attributes[VERSION] = version
    element._write(content)
    return True
