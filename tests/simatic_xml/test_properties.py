"""Random documents come back: model to file to model, model to JSON to model; random JSON never breaks anything."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simatic_xml import Document, SimaticMLError, dump, from_json, load, references, to_json
from tests.simatic_xml.strategies import documents

relaxed = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@given(documents)
@relaxed
def test_model_to_file_and_back(document: Document) -> None:
    data = dump(document)
    loaded = load(data)
    assert loaded.engineering == document.engineering
    assert loaded.objects == document.objects
    assert loaded.layout is not None
    assert dump(loaded) == data


@given(documents)
@relaxed
def test_model_to_json_and_back(document: Document) -> None:
    data = json.dumps(to_json(document))
    assert from_json(json.loads(data)).objects == document.objects
    assert json.dumps(to_json(from_json(json.loads(data)))) == data
    references(document)


_keys = st.sampled_from(
    ["kind", "name", "members", "type", "interface", "networks", "source", "tags", "x", "extra", "objects", "comment"]
)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from(["FB", "UDT", "TagTable", "Bool"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(["FB", "InstanceDB", "UDT", "TagTable", "WatchTable", "Opaque"]), st.dictionaries(_keys, _values)
)
@relaxed
def test_random_json_is_read_or_refused_with_a_place(kind: str, data: dict[str, object]) -> None:
    try:
        document = from_json(data | {"kind": kind, "name": "N"})
        dump(document)
    except SimaticMLError as error:
        assert error.message.endswith((".", "..."))


@given(st.binary(max_size=60))
@relaxed
def test_random_bytes_are_refused(data: bytes) -> None:
    try:
        assert dump(load(b"<Document>" + data + b"</Document>"))
    except SimaticMLError as error:
        assert error.code
