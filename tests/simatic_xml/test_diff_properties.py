"""Random documents: nothing where nothing changed, and never nothing where the text shows a change."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import Block, Document, PlcType, diff, dump, from_json, load, to_text
from tests.simatic_xml.flgnet.networks import BOX_NETWORKS, outer_series
from tests.simatic_xml.strategies import documents, members, sections
from tests.support.examples import examples


@examples(10)
@given(documents)
def test_nothing_changed(document: Document) -> None:
    assert not diff(document, document)
    assert not diff(document, load(dump(document)))


@examples(10)
@given(st.lists(sections, max_size=3), st.lists(sections, max_size=3))
def test_changed_interfaces(before: list[Any], after: list[Any]) -> None:
    documents = [Document(objects=[Block("FB", "F", interface=each)]) for each in (before, after)]
    assert to_text(documents[0]) == to_text(documents[1]) or diff(*documents)
    assert bool(diff(*documents)) == bool(diff(*reversed(documents)))


@examples(10)
@given(st.lists(members, max_size=4), st.randoms(use_true_random=False))
def test_shuffled_members(given_members: list[Any], random: Any) -> None:
    names = [f"{index}{member.name}" for index, member in enumerate(given_members)]
    for member, name in zip(given_members, names, strict=True):
        member.name = name
    shuffled = deepcopy(given_members)
    random.shuffle(shuffled)
    found = diff(Document(objects=[PlcType("T", given_members)]), Document(objects=[PlcType("T", shuffled)]))
    assert {change.kind for change in found} <= {"member-moved"}
    assert bool(found) == (shuffled != given_members)


RUNGS = st.lists(outer_series(1), min_size=1, max_size=3).map(lambda rungs: {"rungs": rungs})


def document(source: dict[str, Any]) -> Document:
    return from_json({"kind": "FC", "name": "F", "networks": [{"title": "same", "source": source}]})


@examples(10)
@given(RUNGS, RUNGS | BOX_NETWORKS)
def test_changed_networks(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = document(before), document(after)
    assert not diff(old, document(before))
    assert to_text(old) == to_text(new) or diff(old, new)


CONTACT = {"contact": "#only"}
EDITS = {
    "contact-inverted": [{"contact": "#only", "negated": True}],
    "operand-changed": [{"contact": "#other"}],
    "part-changed": [{"contactP": "#only", "bit": "#old"}],
    "part-added": [CONTACT, {"contact": "#second"}],
    "part-removed": [],
}


@examples(10)
@given(RUNGS, st.data())
def test_one_edit_of_a_contact_is_said_as_what_it_is(network: dict[str, Any], data: st.DataObject) -> None:
    before, after = deepcopy(network), deepcopy(network)
    rung = data.draw(st.integers(0, len(network["rungs"]) - 1))
    place = data.draw(st.integers(0, len(network["rungs"][rung]) - 1))
    kind = data.draw(st.sampled_from(sorted(EDITS)))
    before["rungs"][rung].insert(place, CONTACT)
    after["rungs"][rung][place:place] = EDITS[kind]
    found = [str(change.kind) for change in diff(document(before), document(after))]
    assert found == ([kind, "operand-changed"] if kind == "part-changed" else [kind])
