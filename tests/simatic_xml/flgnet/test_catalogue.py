"""The catalogue of instructions agrees with what TIA Portal writes."""

from collections import defaultdict

from simatic_xml import flgnet
from simatic_xml.flgnet.catalogue import parts
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks


def test_every_entry_is_consistent() -> None:
    for name, known in parts().items():
        assert known.flow_in is None or known.flow_in in known.inputs, name
        assert known.flow_out is None or known.flow_out in known.outputs, name
        assert not set(known.inputs) & set(known.outputs), name
        used = {text[1:] for text in (*known.inputs.values(), *known.outputs.values()) if text.startswith("$")}
        assert used <= set(known.templates), name
        assert known.card is None or known.card[0] in known.templates, name
        assert not known.instance or known.versions, name


def test_counted_pins_expand() -> None:
    known = parts()["Add"]
    assert known.pins(3) == (["en", "in1", "in2", "in3"], ["eno", "out"])
    assert known.data_type("in3") == "$SrcType"
    assert known.data_type("in") is None


@needs_corpus
def test_verified_pins_are_the_pins_of_real_wires() -> None:
    seen: dict[str, list[tuple[set[str], set[str], int]]] = defaultdict(list)
    for element in networks(genuine=True):
        network = flgnet.graph(element)
        for part in network.parts:
            if part.is_call:
                continue
            known = parts()[part.name]
            pins = [(index, pin.name) for _wire, index, pin in network.pins() if pin.part == part.uid]
            into = {name for index, name in pins if index}
            out = {name for index, name in pins if not index}
            inputs, outputs = known.pins(int(part.template(known.card[0]) or 0) if known.card else 0)
            assert into <= set(inputs), part
            assert out <= set(outputs), part
            assert part.version is None or part.version in known.versions, part
            seen[part.name].append((into, out, len(pins)))
    verified = {name for name, known in parts().items() if known.verified}
    assert verified - set(seen) == set()


@needs_corpus
def test_unwired_pins_of_real_parts_are_only_those_that_power_flows_from() -> None:
    for element in networks(genuine=True):
        network = flgnet.graph(element)
        for part in network.parts:
            known = parts().get(part.name) if not part.is_call else None
            if known is None or not known.verified:
                continue
            wired = {pin.name for _wire, _index, pin in network.pins() if pin.part == part.uid}
            inputs, outputs = known.pins(int(part.template(known.card[0]) or 0) if known.card else 0)
            allowed = {known.flow_in if not network.has_rail else None, known.flow_out}
            assert {*inputs, *outputs} - wired <= allowed, part
