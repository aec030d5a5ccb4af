"""An STL network between its XML element, its text and its JSON form.

The JSON is the text, line by line. What the text cannot carry (numbers in another order, attributes that no export is
known to have) goes to ``x``, as edits of the element that the text gives; without ``x`` the element is as TIA Portal
writes a new one.
"""

from typing import Any

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet.raw import children, local_name, new_root
from simatic_xml.stl.building import FIRST_UID, build_statement, statement_list
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.reading import read_statement
from simatic_xml.stl.text import line_of, read_line
from simatic_xml.versions import SOURCE_NAMESPACE
from simatic_xml.xml.layout import compact
from simatic_xml.xml.numbers import whole_number
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import apply, are_edits, difference

UNSAYABLE = "?"
"""A line that no text can express; its statement is in ``x``."""

_STATEMENT = "StlStatement"


def to_text(element: etree._Element) -> str:
    """Write a ``StatementList`` element as text, each line closed by a line end; UIds are not kept.

    Raises:
        StlError: the element contains something that text cannot express.
    """
    data = to_json(element)
    beyond = data.get("x", {})
    for line in beyond.get("statements", {}):
        raise StlError("This statement contains something that STL text cannot express; use the JSON form.", int(line))
    if "edits" in beyond:
        raise StlError(
            "The network contains something besides statements, which STL text cannot express; use the JSON form."
        )
    return "".join(f"{line}\n" for line in data["stl"])


def from_text(text: str, version: int = 4, namespace: str | None = None) -> etree._Element:
    """Build a ``StatementList`` element from text.

    Args:
        text: one statement for each line.
        version: version of the format, 1 to 5; it only chooses the namespace.
        namespace: another namespace; empty for none.

    Raises:
        StlError: a line is not a statement; the error names the line.
    """
    return _from_lines(_lines(text), _namespace(version) if namespace is None else namespace, {})


def to_json(element: etree._Element) -> dict[str, Any]:
    """Write a ``StatementList`` element as JSON that :func:`from_json` reverses exactly, except for layout white space.

    Raises:
        StlError: the element is not a statement list.
    """
    if local_name(element) != "StatementList":
        raise StlError(f"<{local_name(element)}> is not a StatementList.")
    found = parse_own(compact(element), keep_space=False)
    namespace = etree.QName(found).namespace or ""
    nodes = children(found, _STATEMENT)
    lines = [_line(node, number, namespace) for number, node in enumerate(nodes, start=1)]
    uids = _uids(nodes)
    usual = [
        _usual(line, number, namespace, uid)
        for number, (line, uid) in enumerate(zip(lines, uids, strict=True), start=1)
    ]
    edits = {
        str(number): difference(ours, theirs, frozenset())
        for number, (ours, theirs) in enumerate(zip(usual, nodes, strict=True), start=1)
    }
    beyond: dict[str, Any] = {
        "uids": [] if uids == _canonical(len(nodes)) else uids,
        "statements": {number: each for number, each in edits.items() if each or lines[int(number) - 1] == UNSAYABLE},
        "edits": difference(statement_list(usual, namespace), found, frozenset({_STATEMENT})),
    }
    beyond = {key: value for key, value in beyond.items() if value}
    return {"stl": lines} | ({"x": beyond} if beyond else {})


def from_json(data: Any, version: int = 4) -> etree._Element:
    """Build a ``StatementList`` element, in namespace number `version`, from its JSON form.

    Raises:
        StlError: the JSON has another form, or a line is not a statement; the error has a JSON pointer.
    """
    if not isinstance(data, dict) or set(data) - {"stl", "x"} or not isinstance(data.get("stl"), list | str):
        raise StlError('An STL network has the form {"stl": ["line", ...]}.', pointer="")
    given = data["stl"]
    lines = _lines(given) if isinstance(given, str) else given
    if not all(isinstance(line, str) and "\n" not in line for line in lines):
        raise StlError("Each line of an STL network is one string without line ends.", pointer="/stl")
    beyond = _check_shape(data.get("x", {}))
    try:
        return _from_lines(lines, _namespace(version), beyond)
    except StlError as error:
        place = "/stl" if error.line is None or isinstance(given, str) else f"/stl/{error.line - 1}"
        where = f"Line {error.line}: " if error.line is not None and isinstance(given, str) else ""
        raise StlError(where + error.message, pointer=place) from error


def _namespace(version: int) -> str:
    return f"{SOURCE_NAMESPACE}StatementList/v{version}"


def _lines(text: str) -> list[str]:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines if lines[-1] else lines[:-1]


def _line(node: etree._Element, number: int, namespace: str) -> str:
    """Return the line for a statement that can be read back, if only in part, or the mark of one that cannot."""
    try:
        line = line_of(read_statement(node, number))
        build_statement(read_line(line, number), namespace, FIRST_UID)
    except StlError:
        return UNSAYABLE
    return UNSAYABLE if "\n" in line or line.endswith("\r") else line


def _uids(nodes: list[etree._Element]) -> list[int]:
    """Return the numbers of the statements, or the usual ones where not every statement has a plain number."""
    given = [node.get("UId", "") for node in nodes]
    numbers = [whole_number(text) for text in given]
    if any(number is None or str(number) != text for number, text in zip(numbers, given, strict=True)):
        return _canonical(len(nodes))
    return [number for number in numbers if number is not None]


def _canonical(count: int) -> list[int]:
    return list(range(FIRST_UID, FIRST_UID + count))


def _usual(line: str, number: int, namespace: str, uid: int) -> etree._Element:
    """Return the statement that a line gives by itself."""
    if line != UNSAYABLE:
        return build_statement(read_line(line, number), namespace, uid)
    element = new_root(_STATEMENT, namespace)
    element.set("UId", str(uid))
    return element


def _from_lines(lines: list[str], namespace: str, beyond: dict[str, Any]) -> etree._Element:
    edits = beyond.get("statements", {})
    uids = beyond.get("uids", [])
    if len(uids) != len(lines):
        uids = _canonical(len(lines))
    items = [
        _build_statement(line, number, namespace, uid, edits.get(str(number)))
        for number, (line, uid) in enumerate(zip(lines, uids, strict=True), start=1)
    ]
    root = statement_list(items, namespace)
    return _apply(root, beyond["edits"], None) if beyond.get("edits") else root


def _build_statement(line: str, number: int, namespace: str, uid: int, edits: list[Any] | None) -> etree._Element:
    if line == UNSAYABLE and edits is None:
        raise StlError(
            "'?' is a placeholder for a statement that only an export can contain; write the statement.", number
        )
    element = _usual(line, number, namespace, uid)
    return _apply(element, edits, number) if edits else element


def _apply(element: etree._Element, edits: list[Any], line: int | None) -> etree._Element:
    try:
        return parse_own(apply(compact(element), edits))
    except SimaticMLError as error:
        raise StlError(error.message, line) from error


def _check_shape(beyond: object) -> dict[str, Any]:
    """Return what an export adds, after a check of its shape."""
    match beyond:
        case dict() if not set(beyond) - {"uids", "statements", "edits"}:
            uids, edits = beyond.get("uids", []), beyond.get("statements", {})
            shaped = isinstance(uids, list) and all(type(uid) is int and uid >= 0 for uid in uids)
            parts = [*edits.values(), beyond.get("edits", [])] if isinstance(edits, dict) else [None]
            if shaped and all(isinstance(part, list) and are_edits(part) for part in parts):
                return beyond
    raise StlError("'x' contains no edits of an exported network; remove it.", pointer="/x")
