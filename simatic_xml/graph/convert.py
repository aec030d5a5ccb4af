"""A GRAPH network between its XML element and its JSON form."""

from collections import Counter
from typing import Any

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet.raw import child, children, local_name, new_root
from simatic_xml.graph.alarms import alarms_to_json, build_alarms
from simatic_xml.graph.elements import Maker, apply_edits, read_object
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.logic import Networks, read_logic
from simatic_xml.graph.model import Logic, Program, Sequence
from simatic_xml.graph.sequences import Sequences, read_sequence, sequence_elements
from simatic_xml.graph.steps import Nodes
from simatic_xml.json_form.reader import Reader
from simatic_xml.versions import SOURCE_NAMESPACE
from simatic_xml.xml.layout import compact
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import difference

DEFAULT_VERSION = 6
_LANGUAGES = ("LAD", "FBD")
_OPERATIONS = {"before": "PreOperations", "after": "PostOperations"}
_NODE_TAGS = frozenset({"Sequence"})
_NAMESPACE = f"{SOURCE_NAMESPACE}Graph/v"


def from_json(data: Any, version: int = DEFAULT_VERSION) -> etree._Element:
    """Build a ``Graph`` element, in namespace number `version`, from its JSON form.

    Raises:
        SimaticMLError: the JSON has another form; the error has a JSON pointer.
    """
    if not isinstance(data, dict) or set(data) != {"graph"}:
        raise GraphError('A GRAPH network has the form {"graph": {"sequences": [...]}}.', "")
    try:
        return _build(read_object(data["graph"], "/graph"), version)
    except SimaticMLError:
        raise
    except ValueError as error:
        raise GraphError(f"A name or text cannot be written in XML: {error}.", "/graph") from error


def _build(reader: Reader, version: int) -> etree._Element:
    language = reader.text("language") or _LANGUAGES[0]
    if language not in _LANGUAGES:
        raise GraphError("The language of the networks is LAD or FBD.", "/graph/language")
    element = new_root("Graph", f"{_NAMESPACE}{version}")
    maker = Maker(f"{_NAMESPACE}{version}")
    networks = Networks(maker, language)
    sequences = Sequences(maker, Nodes(maker, networks, version)).build(list(reader.children("sequences")))
    _operations(reader, "before", element, networks)
    element.extend(sequences)
    _operations(reader, "after", element, networks)
    build_alarms(reader.child("alarms"), element, maker, version)
    element = apply_edits(element, reader)
    reader.refuse_unread()
    return element


def _operations(reader: Reader, key: str, parent: etree._Element, networks: Networks) -> None:
    """Add the permanent operations before or after the sequences; TIA Portal always has one, if an empty one."""
    holder = networks.maker.make(_OPERATIONS[key], parent)
    for index, data in enumerate(reader.list(key) if reader.has(key) else [{}]):
        operation = networks.maker.make("PermanentOperation", holder)
        networks.build(data, f"{reader.pointer}/{key}/{index}", operation, None)


def to_json(element: etree._Element) -> dict[str, Any]:
    """Write a ``Graph`` element as JSON that :func:`from_json` reverses exactly, except for layout white space.

    Raises:
        SimaticMLError: the element is no GRAPH network, or its steps, transitions and connections have no numbers.
    """
    version = _version(element)
    found = parse_own(compact(element), keep_space=False)
    maker = Maker(f"{_NAMESPACE}{version}")
    language = _usual_language(found)
    networks = Networks(maker, language)
    data: dict[str, Any] = {} if language == _LANGUAGES[0] else {"language": language}
    data |= _operations_to_json(found, "before", networks)
    data["sequences"] = Sequences(maker, Nodes(maker, networks, version)).to_json(sequence_elements(found))
    data |= _operations_to_json(found, "after", networks)
    alarms = alarms_to_json(found, version)
    data |= {"alarms": alarms} if alarms else {}
    edits = difference(from_json({"graph": data}, version), found, _NODE_TAGS)
    return {"graph": data | ({"x": {"extra": edits}} if edits else {})}


def _version(element: etree._Element) -> int:
    number = (etree.QName(element).namespace or "").removeprefix(_NAMESPACE)
    if local_name(element) != "Graph" or not number.isdecimal() or len(number) > 3:
        raise GraphError(f"<{local_name(element)}> is not a Graph element of a known namespace.")
    return int(number)


def _usual_language(graph: etree._Element) -> str:
    """Return the language that most networks have."""
    counted = Counter(each.get("ProgrammingLanguage") for each in graph.iter(etree.Element))
    return max(_LANGUAGES, key=lambda language: counted[language])


def _operations_to_json(graph: etree._Element, key: str, networks: Networks) -> dict[str, Any]:
    holder = child(graph, _OPERATIONS[key])
    found = [] if holder is None else children(holder, "PermanentOperation")
    operations = [networks.to_json(each, None) or {} for each in found]
    return {} if operations == [{}] else {key: operations}


def program(element: etree._Element) -> Program:
    """Read a ``Graph`` element as typed data.

    Raises:
        SimaticMLError: a step, transition, branch or connection lacks what it needs.
    """
    return Program(
        _logic(element, "before"),
        tuple(read_sequence(each) for each in sequence_elements(element)),
        _logic(element, "after"),
    )


def sequence(element: etree._Element, index: int = 0) -> Sequence:
    """Read one sequence of a ``Graph`` element as typed data.

    Raises:
        SimaticMLError: there is no such sequence, or it lacks what it needs.
    """
    found = sequence_elements(element)
    if not 0 <= index < len(found):
        raise GraphError(f"The network has {len(found)} sequences; there is none with index {index}.")
    return read_sequence(found[index])


def _logic(graph: etree._Element, key: str) -> tuple[Logic, ...]:
    holder = child(graph, _OPERATIONS[key])
    return () if holder is None else tuple(read_logic(each, None) for each in children(holder, "PermanentOperation"))
