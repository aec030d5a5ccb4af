"""What is made of a design: the same each time, whatever the order of its sections, and only what it says."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engineering_api.features.design import blocks, designs, expressions, model, reading
from engineering_api.features.design.comparing import comparable, fingerprint, is_empty_block
from engineering_api.features.design.generating import Generator
from engineering_api.features.design.parts import parts
from engineering_api.features.design.plc_test_files import plc_test_files
from engineering_api.features.design.wires import pins
from engineering_api.features.plc_tests.files import reading as plc_test_reading
from simatic_xml import dump, from_json, graph, lint, scl
from simatic_xml import load as load_document
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl import parse
from tests import ROOT
from tests.engineering_api.features.design.kit import NAMES, PUMP, example, made, with_modules
from tests.support.examples import examples

SCHEMA = ROOT / "docs" / "design-spec.schema.json"
Json = dict[str, Any]
NOT_MEANT = ("L101", "L104", "L401", "L503")
"""Names are the author's; numbers of interlocks are what operators read; functions of groups connect what is global."""


def contents(data: Json) -> dict[tuple[str, str], bytes]:
    return {each.key: each.xml for each in made(data)}


def test_the_committed_schema_is_that_of_the_model() -> None:
    committed = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert committed == model.schema(), "python -m engineering_api.features.design.schema docs/design-spec.schema.json"


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_fit_the_schema_as_other_tools_read_it(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(model.schema()).validate(example(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5)
@given(order=st.randoms(use_true_random=False))
def test_generation_is_a_function_of_the_design_alone(name: str, order: random.Random) -> None:
    data = example(name)
    keys = list(data)
    order.shuffle(keys)
    assert made({key: data[key] for key in keys}) == made(data)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_declarations_does_not_change_any_block(name: str) -> None:
    data = example(name)
    turned = data | {section: data[section][::-1] for section in ("types", "data", "modules")}
    assert contents(turned) == contents(data)


@pytest.mark.parametrize("name", NAMES)
def test_sources_keep_the_rules_of_the_published_guides(name: str) -> None:
    for each in made(example(name)):
        if each.language != "SCL":
            continue
        found = [finding for finding in lint.lint(each.text) if finding.rule.id not in NOT_MEANT]
        assert [str(finding) for finding in found] == [], each.name


@pytest.mark.parametrize("version", ["17", "18", "19", "20", "21"])
def test_every_version_of_tia_portal_is_served(version: str) -> None:
    for name in NAMES:
        assert all(f'version="V{version}"'.encode() in each.xml for each in made(example(name), version))


def test_what_the_library_leaves_out_has_the_same_start_value_in_block_and_design() -> None:
    """A field that is not given is not connected, so the block's own start value counts."""
    for kind, name in blocks.LIBRARY.items():
        [tree] = parse(blocks.library_source(name)).tree.objects
        declared = {each.name: each.initial for section in tree.sections for each in section.members}
        for field, pin in pins(kind):
            assert field.encode_name in declared, (name, field.encode_name)
            if pin.output or field.default in ("", None) or field.required:
                continue
            start = declared[field.encode_name] or {"Bool": "FALSE", "Real": "0.0", "Int": "0"}[pin.type]
            assert str(field.default).upper() == start.upper(), (name, field.encode_name)


def test_sources_of_the_library_are_laid_out() -> None:
    for name in blocks.LIBRARY.values():
        assert scl.format(blocks.library_source(name)) == blocks.library_source(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_test_file_can_be_read(name: str) -> None:
    for part in parts(reading.design_of(example(name))):
        for file in plc_test_files(part):
            assert plc_test_reading.parse(file.text, file.name)


def test_one_changed_module_changes_its_call_alone() -> None:
    before = contents(PUMP)
    changed = copy.deepcopy(PUMP)
    changed["modules"][0]["feedbackTime"] = "3s"
    after = contents(changed)
    assert {key for key in after if after[key] != before.get(key)} == {("FC", "pumps")}


def test_a_new_module_brings_its_own_objects_and_its_call() -> None:
    before = contents(PUMP)
    after = contents(
        with_modules({"kind": "alarms", "name": "Alarm", "alarms": [{"name": "a", "condition": "Level.high"}]})
    )
    new = {key for key in after if after[key] != before.get(key)}
    assert new == {("FB", "alarmalarms"), ("InstanceDB", "alarm"), ("FC", "pumps"), ("WatchTable", "pumps")}


def test_several_devices_have_programs_of_their_own() -> None:
    data = copy.deepcopy(PUMP)
    data["devices"].append({"name": "PLC_2", "orderNumber": "6ES7 511-1AK02-0AB0"})
    data["tags"].append({"name": "Start", "type": "Bool", "address": "%I0.0", "device": "PLC_2"})
    data["modules"].append({"kind": "motor", "name": "Pump", "command": "Start", "device": "PLC_2"})
    data["groups"].append({"name": "Pumps", "modules": ["Pump"], "device": "PLC_2"})
    generated = designs.generate(data, [], "20", device="", with_xml=False)
    own = {(each.device, each.name) for each in generated.objects if each.kind == "InstanceDB"}
    assert own == {("PLC_1", "Pump"), ("PLC_1", "Level"), ("PLC_2", "Pump")}
    only = designs.generate(data, [], "20", device="plc_2", with_xml=True)
    assert {each.device for each in only.objects} == {"PLC_2"}
    assert all(each.xml for each in only.objects)


# Sequences ------------------------------------------------------------------------------------------------------------


@st.composite
def sequences(draw: st.DrawFn) -> Json:
    """Sequences whose steps all can be reached."""
    count = draw(st.integers(1, 8))
    steps: list[Json] = [{"name": f"S{number}", "next": []} for number in range(count)]
    for number in range(1, count):
        steps[draw(st.integers(0, number - 1))]["next"].append({"to": f"S{number}", "when": "Start"})
    for step in steps:
        more = draw(st.lists(st.integers(0, count - 1), min_size=0 if step["next"] else 1, max_size=2))
        step["next"] += [{"to": f"S{target}", "when": draw(st.sampled_from([True, "Level.high"]))} for target in more]
    return {"kind": "sequence", "name": "Flow", "steps": steps}


@pytest.mark.slow
@examples(15)
@given(sequences())
def test_every_way_of_a_sequence_is_drawn_once(sequence: Json) -> None:
    module = reading.design_of(with_modules(sequence)).modules[-1]
    assert isinstance(module, model.Sequence)
    block = blocks.graph_block(module, lambda _: "Bool", "V20", "en-US")
    source = block.networks[0].source
    assert source is not None
    found = graph.program(source).sequences[0]
    assert [step.name for step in found.steps] == [step.name for step in module.steps]
    ways = [(step.name, way.to) for step in module.steps for way in step.next]
    assert len(found.transitions) == len(ways)
    workspace = Workspace()
    for each in made(with_modules(sequence)):
        workspace.put_document(load_document(each.xml))
    assert [str(each) for each in workspace.check() if each.severity == "error"] == []


# Expressions ----------------------------------------------------------------------------------------------------------

NAMES_OF_BITS = ["a", "b", "c"]
BITS = st.sampled_from(NAMES_OF_BITS)
CONDITIONS = st.recursive(
    BITS,
    lambda inner: st.one_of(
        st.builds("NOT ({})".format, inner),
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
    ),
    max_leaves=8,
)


def evaluated(series: list[Json], values: dict[str, bool]) -> bool:
    return all(
        any(evaluated(path, values) for path in step["any"])
        if "any" in step
        else values[step["contact"].strip('"')] is not step.get("negated", False)
        for step in series
    )


@examples(60)
@given(CONDITIONS, st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_contacts_conduct_when_the_condition_holds(text: str, bits: tuple[bool, bool, bool]) -> None:
    values = dict(zip(NAMES_OF_BITS, bits, strict=True))
    python = text.replace("NOT", "not").replace("AND", "and").replace("OR", "or")
    assert evaluated(expressions.read(text).series(lambda _: "Bool"), values) is eval(python, {}, values)  # noqa: S307 - made above


@examples(30)
@given(CONDITIONS)
def test_quotes_are_all_that_is_added_to_an_expression(text: str) -> None:
    assert expressions.read(text).scl().replace('"', "") == text


# Comparing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_project_in_another_language_has_the_same_content(name: str) -> None:
    [part] = parts(reading.design_of(example(name)))
    for english, german in zip(
        Generator(part, "20").artifacts(), Generator(part, "20", "de-DE").artifacts(), strict=True
    ):
        assert english.xml != german.xml or b"<Text>" not in english.xml
        assert comparable(english.xml) == comparable(german.xml)
        assert fingerprint(english.xml) == fingerprint(german.xml)


def test_numbers_and_start_values_of_instances_do_not_count_but_contents_do() -> None:
    def block(**more: Any) -> bytes:
        return dump(from_json({"engineering": "V20", "kind": "FB", "name": "A"} | more))

    members = {"Input": [{"name": "a", "type": "Int"}]}
    assert comparable(block(number=3, interface=members)) == comparable(block(number=7, interface=members))
    other = {"Input": [{"name": "a", "type": "Int", "default": 3}]}
    assert comparable(block(interface=members)) != comparable(block(interface=other))
    instances = [
        dump(
            from_json({"engineering": "V20", "kind": "InstanceDB", "name": "A_1", "instanceOf": "A", "interface": each})
        )
        for each in (members, other)
    ]
    assert comparable(instances[0]) == comparable(instances[1])
    assert is_empty_block(block())
    assert not is_empty_block(block(networks=[{"source": {"rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}}]))
