"""The plain list of parts has the names and texts that viewers expect."""

from simatic_xml import flgnet
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks


def test_a_start_stop_network_with_a_call() -> None:
    call = {"call": "Motor", "instance": '"M1"', "in": {"on": "#a"}, "out": {"ok": '"DB".ok'}}
    element = flgnet.from_json(
        {
            "rungs": [
                [
                    {"any": [[{"contact": '"Start"'}], [{"contact": "#run", "negated": True}]]},
                    {"contactP": "%I0.0", "bit": "#m"},
                    call,
                    {"set": "#run"},
                ]
            ]
        }
    )
    rows = flgnet.parts_view(element)
    assert [row["type"] for row in rows] == ["Contact", "ContactNC", "O", "ContactP", "Call", "SCoil"]
    assert [row["signal"] for row in rows] == ["Start", "#run", "", "%I0.0", "M1", "#run"]
    assert [row["isGlobal"] for row in rows] == [True, False, False, True, True, False]
    assert rows[1]["negated"] is True
    assert rows[3]["address"] == "%I0.0"
    assert rows[3]["parameters"] == [{"name": "bit", "value": "#m"}]
    assert rows[4]["blockName"] == "Motor"
    assert rows[4]["parameters"] == [{"name": "on", "value": "#a"}, {"name": "ok", "value": '"DB".ok'}]


@needs_corpus
def test_all_texts_of_real_networks_are_texts() -> None:
    for element in networks():
        for row in flgnet.parts_view(element):
            assert all(isinstance(row[name], str) for name in ("uId", "type", "signal", "blockName", "address"))
