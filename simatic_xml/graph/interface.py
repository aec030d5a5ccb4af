"""The function block around a GRAPH network: parameters and data that TIA Portal makes for its steps and transitions.

Facts: docs/facts/graph.md#interface, exports of TIA Portal V14 SP1 to V21.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from simatic_xml.graph.convert import from_json
from simatic_xml.graph.elements import within
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.sequences import sequence_elements
from simatic_xml.json_form.defaults import block_entries
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.versions import DEFAULT_VERSION, tia_version

_GRAPH_VERSIONS = {"V14 SP1": 4, "V15": 5, "V15.1": 5}
_NEWEST_GRAPH_VERSION = 6
"""Version of the GRAPH runtime that TIA Portal gives a new block from V16 on."""

_INPUTS = ("OFF_SQ", "INIT_SQ", "ACK_EF", "S_PREV", "S_NEXT", "SW_AUTO", "SW_TAP", "SW_TOP", "SW_MAN")
_STEP_INPUTS = ("S_ON", "S_OFF", "T_PUSH")
_OUTPUTS = ("S_MORE", "S_ACTIVE", "ERR_FLT", "AUTO_ON", "TAP_ON", "TOP_ON", "MAN_ON")
_RUNTIME_DATA = "RT_DATA"
_STRUCTURE_VERSION = "1.0"


def interface(data: Any, version: str = DEFAULT_VERSION) -> list[Section]:
    """Return the sections of the function block for a GRAPH network: its standard parameters and its static data.

    Args:
        data: JSON of the network.
        version: TIA version, as ``"V19"``.

    Raises:
        SimaticMLError: the JSON is no GRAPH network, a name is given twice, or the version is not known.
    """
    number = graph_version(version)
    root = from_json(data, tia_version(version).graph)
    sequences = sequence_elements(root)
    transitions = [name for each in sequences for name in _names(each, "Transitions", "Transition")]
    steps = [name for each in sequences for name in _names(each, "Steps", "Step")]
    static = [
        _structure(_RUNTIME_DATA, "RTData", number),
        *(_structure(name, "Transition", number) for name in transitions),
        *(_structure(name, "Step", number) for name in steps),
    ]
    sections = [
        Section("Input", [*_bools(_INPUTS), Member("S_SEL", "Int"), *_bools(_STEP_INPUTS)]),
        Section("Output", [Member("S_NO", "Int"), *_bools(_OUTPUTS)]),
        Section("InOut"),
        Section("Static", static),
        Section("Temp"),
        Section("Constant"),
    ]
    _check_names(sections)
    return sections


def graph_version(version: str) -> int:
    """Return the version of the GRAPH runtime that a new block has in TIA version `version`.

    Raises:
        SimaticMLError: the version is not known.
    """
    return _GRAPH_VERSIONS.get(tia_version(version).name, _NEWEST_GRAPH_VERSION)


def block(data: Any, name: str, version: str = DEFAULT_VERSION) -> Block:
    """Return a function block with a GRAPH network, ready to be put into a document.

    Args:
        data: JSON of the network.
        name: name of the block.
        version: TIA version, as ``"V19"``.

    Raises:
        SimaticMLError: the JSON is no GRAPH network, a name is given twice, or the version is not known.
    """
    target = tia_version(version)
    entries = block_entries("FB", target, numbered=False)
    entries = {key: value for key, value in entries.items() if key not in ("AutoNumber", "MemoryLayout")}
    entries |= {
        "ExtensionBlockName": "",
        "GraphVersion": f"{graph_version(version)}.0",
        "InitialValuesAcquisition": "false",
    }
    language = data["graph"].get("language") if isinstance(data, dict) and isinstance(data.get("graph"), dict) else None
    return Block(
        "FB",
        name,
        auto_number=True,
        language="GRAPH",
        interface=interface(data, version),
        networks=[Network("GRAPH", source=from_json(data, target.graph))],
        attributes=entries | ({"LanguageInNetworks": language} if language else {}),
    )


def _names(sequence: Any, *path: str) -> Iterator[str]:
    return (each.get("Name", "") for each in within(sequence, *path))


def _bools(names: tuple[str, ...]) -> list[Member]:
    return [Member(name, "Bool") for name in names]


def _structure(name: str, kind: str, number: int) -> Member:
    return Member(name, f"G7_{kind}Plus_V{number}", _STRUCTURE_VERSION)


def _check_names(sections: list[Section]) -> None:
    """Refuse names that differ only by case, as steps, transitions and parameters share one name space."""
    seen: set[str] = set()
    for member in chain.from_iterable(section.members for section in sections):
        if not member.name or member.name.casefold() in seen:
            message = f"The name {member.name!r} is used twice or is empty; give each step, transition and parameter its own name."
            raise GraphError(message, "/graph/sequences")
        seen.add(member.name.casefold())
