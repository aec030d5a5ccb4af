"""Instances: blocks and data types of a program that belong to a version of a type in the project library.

Facts: docs/facts/openness-libraries.md#instances. An import or a source that replaces an instance cuts the tie; TIA
Portal's own rule is not documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.library.library_object import refusal
from fake_openness.program import consistency
from fake_openness.program.elements import Content, _Element, instance_service
from fake_openness.program.plc import _Plc
from fake_openness.program.references import known_of
from fake_openness.program.state import CODE_KINDS, TYPE_KIND
from simatic_xml.model import Block

if TYPE_CHECKING:
    from fake_openness.library.library import ProjectLibrary
    from fake_openness.library.types import LibraryType
    from fake_openness.library.versions import LibraryTypeVersion

TYPED_KINDS = (*CODE_KINDS, TYPE_KIND)
"""What can be an instance of a type: data blocks cannot."""


class LibraryTypeInstanceInfo(EngineeringObject):
    """The service that gives the version of an instance."""

    def __init__(self, element: _Element) -> None:
        """Serve an instance."""
        super().__init__(element)
        self._element = element

    @property
    def LibraryTypeInstance(self) -> Any:
        """The instance."""
        return self._element

    @property
    def LibraryTypeVersion(self) -> LibraryTypeVersion:
        """The version that it is an instance of.

        Raises:
            EngineeringTargetInvocationException: The tie was cut meanwhile.
        """
        found = version_of(self._element)
        if found is None:
            raise refusal("no_instance", f"'{self._element._name}' is no longer an instance of a type.")
        return found


@instance_service.defined_by
def service(element: _Element) -> dict[type, Any]:
    """Return the service of an element, where it is an instance."""
    found = version_of(element)
    return {} if found is None else {LibraryTypeInstanceInfo: lambda: LibraryTypeInstanceInfo(element)}


def version_of(element: _Element) -> LibraryTypeVersion | None:
    """Return the version that an element is an instance of."""
    guid = element._state.library_version
    return library_of(element._plc)._version(guid) if guid else None


def library_of(plc: _Plc) -> ProjectLibrary:
    """Return the library of the project that a PLC belongs to."""
    for each in plc._ancestors():
        library: ProjectLibrary | None = getattr(each, "_project_library", None)
        if library is not None:
            return library
    msg = f"The PLC software '{plc._name}' is not part of a project."
    raise LookupError(msg)


def require_plc(scope: object) -> _Plc:
    """Return the PLC of a scope.

    Raises:
        TypeError: Another type; the text is that of pythonnet.
    """
    if not isinstance(scope, _Plc):
        msg = f"No method matches given arguments: the scope must be a PlcSoftware, not {type(scope).__name__}"
        raise TypeError(msg)
    return scope


def of_version(plc: _Plc, guid: str) -> list[_Element]:
    """Return the instances of a version in a PLC."""
    return [element for element in plc._program if element._state.library_version == guid]


def of_type(plc: _Plc, library_type: LibraryType) -> list[_Element]:
    """Return the instances of any version of a type in a PLC."""
    guids = {each._guid for each in library_type._versions._items}
    return [element for element in plc._program if element._state.library_version in guids]


def tie(element: _Element, version: LibraryTypeVersion | None) -> None:
    """Make an element an instance of a version, or of none."""
    element._update(library_version="" if version is None else version._guid)


def rewrite(element: _Element, content: Content, version: LibraryTypeVersion) -> None:
    """Give an instance the content of another version, under its own name and number."""
    old = element._content()
    content.name = element._name
    if isinstance(content, Block):
        content.number, content.auto_number = element._state.number, element._state.auto_number
    element._write(content)
    element._update(
        **known_of(content), library_version=version._guid, modified=element._context.now(), consistent=False
    )
    if old != content:
        consistency.spread(element._plc._program, element._name)


def dependencies_of(element: _Element) -> list[LibraryTypeVersion]:
    """Return the versions whose instances an element uses.

    Raises:
        EngineeringTargetInvocationException: It uses a block or data type that is no instance.
    """
    found = []
    for name in element._state.uses:
        used = element._plc._program.find(name)
        if used is None or used is element or used._state.kind not in TYPED_KINDS:
            continue
        version = version_of(used)
        if version is None:
            raise _refuse_untyped(element._name, used._name)
        found.append(version)
    return found


def _refuse_untyped(name: str, used: str) -> EngineeringTargetInvocationException:
    msg = f"'{name}' uses '{used}', which is not an instance of a type: create a type from '{used}' first."
    return refusal("untyped_dependency", msg, used)
