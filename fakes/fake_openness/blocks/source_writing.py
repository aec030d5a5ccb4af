"""Writing blocks and data types as one source file.

Facts: docs/facts/openness-program.md#external-sources: only SCL, STL, data blocks and data types; the extension must
fit; the file must not exist.
"""

from __future__ import annotations

from fake_dotnet.system import FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc
from fake_openness.program.state import DATA_KINDS, TYPE_KIND
from simatic_xml import SimaticMLError, scl, stl

_SUFFIXES = {"SCL": ".scl", "STL": ".awl"}


def write(plc: _Plc, elements: list[_Element], file: FileInfo, *, together: bool) -> None:
    """Write elements to a source file.

    Args:
        plc: Their PLC.
        elements: The blocks and data types.
        file: The file.
        together: Whether to write what they use before them.

    Raises:
        EngineeringTargetInvocationException: Not consistent, not possible as a source, or the file exists.
    """
    path = absolute(file, FileInfo, "path")
    if path.exists():
        msg = f"The source cannot be written because the file '{path}' already exists."
        raise EngineeringTargetInvocationException(msg, code="export.file_exists")
    chosen = [require_type(element, _Element, "plcBlocks") for element in elements]
    if together:
        chosen = _with_dependencies(plc, chosen)
    for element in chosen:
        element._require_consistent()
    _require_suffix(chosen, path.suffix.lower())
    text = "\n".join(_source(plc, element) for element in chosen)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


def _source(plc: _Plc, element: _Element) -> str:
    write_source = stl.source if element._state.language == "STL" else scl.source
    try:
        return write_source(element._content(), plc._cultures()[0])
    except SimaticMLError as error:
        raise _refusal(element, str(error)) from error


def _require_suffix(elements: list[_Element], suffix: str) -> None:
    for element in elements:
        if element._state.kind in DATA_KINDS:
            fitting = {".db", ".scl", ".awl"}
        elif element._state.kind == TYPE_KIND:
            fitting = {".udt", ".scl", ".awl"}
        elif element._state.language in _SUFFIXES:
            fitting = {_SUFFIXES[element._state.language]}
        else:
            raise _refusal(element, f"the language {element._state.language} has no source")
        if suffix not in fitting:
            raise _refusal(element, f"the extension '{suffix}' does not fit; use {' or '.join(sorted(fitting))}")


def _refusal(element: _Element, reason: str) -> EngineeringTargetInvocationException:
    msg = f"'{element._name}' cannot be written as a source: {reason}."
    return EngineeringTargetInvocationException(msg, code="source.not_possible", place={"name": element._name})


def _with_dependencies(plc: _Plc, elements: list[_Element]) -> list[_Element]:
    """Return the elements with those that they use, used ones first."""
    ordered: dict[_Element, None] = {}
    visiting: set[str] = set()

    def visit(element: _Element) -> None:
        if element._name in visiting:
            return
        visiting.add(element._name)
        for name in element._state.uses:
            used = plc._program.find(name)
            if used is not None:
                visit(used)
        ordered[element] = None

    for element in elements:
        visit(element)
    return list(ordered)
