"""The source, against a CPU that answers as documented, and one that misbehaves."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from engineering_api.security.targets import PLANT_NETWORKS, SOURCES, Targets
from openness_bridge.errors import Kind, Problem
from runtime_data.quality import (
    ACCESS_DENIED,
    BAD,
    NO_COMMUNICATION,
    NO_COMMUNICATION_LAST_USABLE,
    NOT_A_NUMBER,
    NOT_CONNECTED,
    OUT_OF_SERVICE,
    TYPE_MISMATCH,
    UNKNOWN_TAG,
)
from runtime_data.rules import Rule
from runtime_data.runtime import Write
from runtime_data.sources.kind import Around
from runtime_data.sources.registry import SourceDefinition
from runtime_data.sources.webapi.connection import WebApiConnection
from runtime_data.sources.webapi.source import WebApiSource
from tests.engineering_api.security.certificates import Authority
from tests.runtime_data.plant import OPERATOR, VIEWER, plant_in
from tests.runtime_data.webapi import cpu as webcpu
from tests.runtime_data.webapi.cpu import Cpu, running

Made = Callable[..., WebApiSource]


class Clock:
    """A clock that the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cpu() -> Iterator[Cpu]:
    with running() as cpu:
        yield cpu


@pytest.fixture
def make() -> Iterator[Made]:
    made: list[WebApiSource] = []

    def one(cpu: Cpu, **given: Any) -> WebApiSource:
        usual = {"host": "127.0.0.1", "port": cpu.port, "user": "web", "password": "secret", "plain_http": True}
        connection = WebApiConnection(**(usual | given))
        source = WebApiSource("Press", connection, Around(Targets(PLANT_NETWORKS, SOURCES), lambda _plc, _block: False))
        made.append(source)
        return source

    yield one
    for each in made:
        each.close()


@pytest.fixture
def source(cpu: Cpu, make: Made) -> WebApiSource:
    return make(cpu)


def tls_of(files: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


def fingerprint_of(certificate: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()


# -- values -------------------------------------------------------------------------------


def test_values(source: WebApiSource) -> None:
    paths = ["Flag", "Data.speed", "data.COUNT", "Data.wide", "Data.list[-1]", "Data.part.on", "Data.name"]
    values = source.read(["Flag", "Data.speed", "Data.count", *paths[3:]])
    assert [each.value for each in values] == [True, 1.5, 7, 2**64 - 1, 10, False, "press"]
    assert all(each.is_good and each.error is None for each in values)
    assert [each.data_type for each in values] == ["Bool", "Real", "Int", "ULInt", "Int", "Bool", "String[20]"]
    assert values[0].tag == "Press:Flag"


def test_each_tag_has_its_own_error(source: WebApiSource) -> None:
    good, gone, beyond, whole, odd = source.read(["Flag", "nope", "Data.list[2]", "Data.part", "a..b"])
    assert good.value is True
    for each in (gone, beyond, odd):
        assert each.status == UNKNOWN_TAG.code and each.error is not None and each.error.code == "tag.not_found"
    assert whole.status == BAD.code and whole.error is not None and whole.error.code == "runtime.no_value"


def test_many_values_take_few_requests(cpu: Cpu, make: Made) -> None:
    cpu.entries['"Data"'] = [{"name": f"v{number}", "datatype": "int"} for number in range(3000)]
    cpu.values = {f'"Data".v{number}': number for number in range(3000)}
    source = make(cpu)
    paths = [f"Data.v{number}" for number in range(3000)]
    assert [each.value for each in source.read(paths)] == list(range(3000))
    assert max(cpu.sizes) <= 65_536
    first = len(cpu.sizes)
    assert source.read(paths)[-1].value == 2999
    assert len(cpu.sizes) - first < 10, "the descriptions are kept"


def test_a_cpu_may_accept_less_at_once(cpu: Cpu, make: Made) -> None:
    cpu.most = 2048
    source = make(cpu)
    assert [each.value for each in source.read(["Flag", "Data.count"] * 60)] == [True, 7] * 60
    assert max(cpu.sizes) <= 2048


def test_numbers_that_json_does_not_have(cpu: Cpu, source: WebApiSource) -> None:
    cpu.values['"Data".speed'], cpu.raw['"Data".speed'] = None, list(struct.pack(">f", float("-inf")))
    (value,) = source.read(["Data.speed"])
    assert (value.value, value.text, value.status) == (None, "-Infinity", NOT_A_NUMBER.code)
    assert source.write([("Data.speed", "NaN")], {}, atomic=False) == [None]
    assert cpu.raw['"Data".speed'][:2] == [0x7F, 0xC0]
    (value,) = source.read(["Data.speed"])
    assert value.text == "NaN"


def test_the_operating_state_is_in_the_quality(cpu: Cpu, source: WebApiSource) -> None:
    cpu.mode = "stop"
    (value,) = source.read(["Flag"])
    assert (value.value, value.status) == (True, OUT_OF_SERVICE.code)
    assert source.status().operating_state == "Stop"
    cpu.mode = "run_redundant"
    assert source.status().operating_state == "Run"


def test_the_tree_of_tags(source: WebApiSource) -> None:
    assert [each.tag for each in source.browse("")] == ["Press:Data", "Press:Flag"]
    nodes = {each.tag: each for each in source.browse("Data", 2)}
    assert list(nodes)[3:7] == ["Press:Data.list", "Press:Data.list[-1]", "Press:Data.list[0]", "Press:Data.list[1]"]
    assert nodes["Press:Data.list"].data_type == "Array of Int" and not nodes["Press:Data.list"].has_value
    assert not nodes["Press:Data.fixed"].writable
    assert nodes["Press:Data.part.on"].has_value
    assert {each.tag for each in source.tags()} == {
        f"Press:{path}"
        for path in (
            "Flag",
            "Data.speed",
            "Data.count",
            "Data.wide",
            "Data.list[-1]",
            "Data.list[0]",
            "Data.list[1]",
            "Data.fixed",
            "Data.part.on",
            "Data.name",
        )
    }
    with pytest.raises(Problem) as refused:
        source.find("nope")
    assert refused.value.kind is Kind.MISSING


# -- writes -------------------------------------------------------------------------------


def test_writes(cpu: Cpu, source: WebApiSource) -> None:
    writes = [("Data.count", 8), ("Data.fixed", 1), ("Data.speed", "quick"), ("nope", 1), ("Data.wide", 5), ("Data", 1)]
    done, fixed, mistyped, missing, wide, whole = source.write(writes, {}, atomic=False)
    assert done is None and wide is None
    assert (cpu.values['"Data".count'], cpu.values['"Data".wide']) == (8, "5")
    assert fixed is not None and fixed.code == "runtime.not_writable"
    assert mistyped is not None and mistyped.code == "plcsim.value"
    assert missing is not None and missing.code == "tag.not_found"
    assert whole is not None and whole.code == "runtime.no_value"


def test_expected_values(cpu: Cpu, source: WebApiSource) -> None:
    changed, good = source.write([("Data.count", 8), ("Flag", False)], {"Data.count": 1, "Flag": True}, atomic=False)
    assert changed is not None and changed.code == "runtime.changed" and good is None
    assert cpu.values['"Data".count'] == 7 and cpu.values['"Flag"'] is False


@pytest.mark.parametrize(
    "fault", [webcpu.drop, webcpu.cut, webcpu.half, webcpu.wrong_ids, webcpu.emptied, webcpu.twice]
)
def test_nobody_repeats_a_write_whose_outcome_is_not_known(cpu: Cpu, make: Made, fault: webcpu.Fault) -> None:
    source = make(cpu)
    assert source.read(["Data.count"])[0].value == 7
    cpu.fail("PlcProgram.Write", fault)
    for error in source.write([("Data.count", 8), ("Flag", False)], {}, atomic=False):
        assert error is not None and error.code == "runtime.outcome_unknown"
    source.client.connect()
    assert source.read(["Data.count"])[0].value == 8, "the CPU had done it"
    assert cpu.count("PlcProgram.Write") == 2


def test_a_cpu_that_hangs_at_a_write(cpu: Cpu, make: Made) -> None:
    source = make(cpu)
    cpu.fail("PlcProgram.Write", webcpu.hang)
    (error,) = source.write([("Data.count", 8)], {}, atomic=False)
    assert error is not None and error.code == "runtime.outcome_unknown"
    assert cpu.count("PlcProgram.Write") == 1


def test_what_follows_a_lost_write_is_not_sent(cpu: Cpu, make: Made) -> None:
    cpu.most = 1024
    cpu.entries['"Data"'] = [{"name": f"v{number}", "datatype": "int"} for number in range(40)]
    cpu.values = {f'"Data".v{number}': 0 for number in range(40)}
    source = make(cpu)
    assert source.find("Data.v0").writable
    cpu.fail("PlcProgram.Write", webcpu.drop)
    errors = source.write([(f"Data.v{number}", 1) for number in range(40)], {}, atomic=False)
    codes = [each.code for each in errors if each is not None]
    arrived = cpu.count("PlcProgram.Write")
    assert codes == ["runtime.outcome_unknown"] * arrived + ["runtime.not_sent"] * (40 - arrived) and 0 < arrived < 40


def test_a_write_that_the_cpu_denies(cpu: Cpu, make: Made) -> None:
    source = make(cpu)
    cpu.fail("PlcProgram.Write", webcpu.changed(lambda each: {"id": each["id"], "error": {"code": 2}}))
    (error,) = source.write([("Flag", False)], {}, atomic=False)
    assert error is not None and error.code == "runtime.denied_by_cpu"


# -- a CPU that misbehaves ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (webcpu.hang, "runtime.unreachable"),
        (webcpu.drip, "runtime.unreachable"),
        (webcpu.drop, "runtime.unreachable"),
        (webcpu.cut, "runtime.unreachable"),
        (webcpu.half, "runtime.bad_answer"),
        (webcpu.huge, "runtime.answer_too_large"),
        (webcpu.status(500), "runtime.bad_answer"),
        (webcpu.status(302), "runtime.bad_answer"),
    ],
)
def test_no_value_is_live_without_an_answer(cpu: Cpu, make: Made, fault: webcpu.Fault, code: str) -> None:
    source = make(cpu)
    assert source.read(["Flag"])[0].is_good
    cpu.fail("PlcProgram.Read", fault)
    (value,) = source.read(["Flag"])
    assert (value.value, value.status) == (None, NO_COMMUNICATION.code)
    assert value.error is not None and value.error.code == code
    source.connect()
    assert source.read(["Flag"])[0].value is True


@pytest.mark.parametrize("fault", [webcpu.wrong_ids, webcpu.twice, webcpu.emptied])
def test_answers_are_matched_by_their_ids(cpu: Cpu, source: WebApiSource, fault: webcpu.Fault) -> None:
    assert source.read(["Flag"])[0].is_good
    cpu.fail("PlcProgram.Read", fault)
    for value in source.read(["Flag", "Data.count"]):
        assert (value.value, value.status) == (None, BAD.code)
        assert value.error is not None and value.error.code == "runtime.bad_answer"
    cpu.fail("PlcProgram.Read", webcpu.reversed_)
    assert [each.value for each in source.read(["Flag", "Data.count"])] == [True, 7]


@pytest.mark.parametrize("lie", ["7", None, [7], {"value": 7}, 1.5, True, 40_000])
def test_a_value_of_another_type_is_none(cpu: Cpu, source: WebApiSource, lie: Any) -> None:
    assert source.read(["Data.count"])[0].value == 7
    cpu.values['"Data".count'], cpu.raw['"Data".count'] = lie, [0, 7]
    (value,) = source.read(["Data.count"])
    if lie == "7":
        assert value.value == 7, "a whole number may be a text"
        return
    assert (value.value, value.status) == (None, TYPE_MISMATCH.code)


def test_a_program_that_was_loaded_meanwhile(cpu: Cpu, make: Made) -> None:
    source = make(cpu)
    assert [each.is_good for each in source.read(["Data.count", "Data.speed"])] == [True, True]
    cpu.entries['"Data"'] = [{"name": "count", "datatype": "real"}]
    del cpu.values['"Data".speed']
    cpu.values['"Data".count'] = 2.5
    source.read(["Data.count", "Data.speed"])
    count, speed = source.read(["Data.count", "Data.speed"])
    assert (count.value, count.data_type, speed.status) == (2.5, "Real", UNKNOWN_TAG.code)


def test_a_cpu_that_describes_another_tag(cpu: Cpu, source: WebApiSource) -> None:
    cpu.fail(
        "PlcProgram.Browse", webcpu.changed(lambda each: each | {"result": [{"name": "other", "datatype": "int"}]})
    )
    (value,) = source.read(["Flag"])
    assert value.value is None and value.status == BAD.code


def test_an_expired_session_is_renewed_once(cpu: Cpu, source: WebApiSource) -> None:
    assert source.read(["Flag"])[0].is_good
    cpu.expire()
    assert source.read(["Flag", "Data.count"])[1].value == 7
    assert source.client.logins == cpu.count("Api.Login") == 2
    cpu.fail("PlcProgram.Read", webcpu.status(401))
    assert source.read(["Flag"])[0].value is True
    assert source.client.logins == 3
    cpu.fail("PlcProgram.Read", webcpu.status(401), webcpu.status(401))
    (value,) = source.read(["Flag"])
    assert value.status == NO_COMMUNICATION.code and source.client.logins == 4, "no endless logins"


def test_a_user_without_the_right_is_no_expired_session(cpu: Cpu, make: Made) -> None:
    source = make(cpu)
    assert source.read(["Flag"])[0].is_good
    denied = webcpu.changed(lambda found: [{"id": each["id"], "error": {"code": 2}} for each in found])
    for _ in range(3):
        cpu.fail("PlcProgram.Read", denied)
        (value,) = source.read(["Flag"])
        assert value.status == ACCESS_DENIED.code
    assert cpu.count("Api.Login") == 1


def test_a_wrong_password_is_sent_once(cpu: Cpu, make: Made) -> None:
    source = make(cpu, password="other")  # noqa: S106
    for _ in range(5):
        (value,) = source.read(["Flag"])
        assert value.status == NO_COMMUNICATION.code and value.error is not None and value.error.code == "runtime.login"
    assert cpu.count("Api.Login") == 1, "a CPU locks users whose password is tried too often"
    cpu.password = "other"  # noqa: S105
    source.connect()
    assert source.read(["Flag"])[0].value is True


def test_attempts_become_rarer(make: Made) -> None:
    with running() as cpu:
        source = make(cpu)
        assert source.read(["Flag"])[0].is_good
    clock = source.client._clock = Clock()
    waits = []
    for _ in range(8):
        assert source.status().state == "failed"
        waits.append(source.client._again_at - clock.now)
        clock.now = source.client._again_at
    assert waits == sorted(waits) and waits[0] == 0.5 and waits[-1] == 30
    clock.now -= 1
    assert source.read(["Flag"])[0].status == NO_COMMUNICATION.code


def test_disconnect_and_connect(cpu: Cpu, source: WebApiSource) -> None:
    assert source.status().state == "connected"
    source.disconnect()
    sent = len(cpu.calls)
    assert cpu.calls[-1][0] == "Api.Logout"
    (value,) = source.read(["Flag"])
    assert (value.value, value.status, source.status().state) == (None, NOT_CONNECTED.code, "disconnected")
    assert len(cpu.calls) == sent
    source.connect()
    assert source.read(["Flag"])[0].value is True


# -- certificates -------------------------------------------------------------------------


def test_only_a_known_certificate_is_accepted(tmp_path: Path, make: Made) -> None:
    first, second = Authority(tmp_path), Authority(tmp_path)
    files, renewed = first.issue("first"), second.issue("second")
    with running(tls_of(files)) as cpu:
        stranger = make(cpu, plain_http=False)
        assert "is not trusted" in stranger.status().message
        shown = stranger.fingerprint()
        assert shown.replace(":", "").lower() == fingerprint_of(files[0])
        assert cpu.calls == [], "nothing is sent before the certificate is trusted"
        pinned = make(cpu, plain_http=False, fingerprint=shown)
        about = pinned.about()
        assert about.order_number == "6ES7 511-1AK02-0AB0"
        assert (
            about.certificate_expires
            == x509.load_pem_x509_certificate(files[0].read_bytes()).not_valid_after_utc.isoformat()
        )
        assert not about.checksum and about.no_checksum and about.no_backup
        assert pinned.read(["Flag"])[0].value is True
        by_authority = make(cpu, plain_http=False, ca=first.certificate_pem)
        assert by_authority.read(["Flag"])[0].value is True
        sent = len(cpu.calls)
        cpu.renew_certificate(tls_of(renewed))
        (value,) = pinned.read(["Flag"])
        if value.error is not None and value.error.code == "runtime.unreachable":  # the open connection ended
            pinned.client._again_at = 0
            (value,) = pinned.read(["Flag"])
        assert value.status == NO_COMMUNICATION.code and value.value is None
        assert value.error is not None and value.error.code == "runtime.certificate"
        assert "renewed" in value.error.message and fingerprint_of(renewed[0])[-6:].upper()[-2:] in value.error.message
        assert "PlcProgram.Read" not in [name for name, _ in cpu.calls[sent:]]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"host": "https://x/y"}, "/host"),
        ({"host": "10.0.0.1", "plainHttp": True}, "/plainHttp"),
        ({"host": "10.0.0.1", "fingerprint": "AB:CD"}, "/fingerprint"),
        ({"host": "10.0.0.1", "ca": "no certificate"}, "/ca"),
        ({"host": "8.8.8.8"}, "/host"),
    ],
)
def test_what_is_no_connection(tmp_path: Path, given: dict[str, Any], pointer: str) -> None:
    with plant_in(tmp_path) as plant, pytest.raises(Problem) as refused:
        plant.sources.create(SourceDefinition("Press", "webapi", connection=given))
    assert refused.value.place is not None and refused.value.place.pointer == f"/connection{pointer}"


# -- through the runtime ------------------------------------------------------------------


def test_the_runtime_over_a_cpu(tmp_path: Path, cpu: Cpu) -> None:
    connection = {"host": "127.0.0.1", "port": cpu.port, "user": "web", "plainHttp": True}
    cpu.password = ""
    with plant_in(tmp_path) as plant:
        plant.sources.create(SourceDefinition("Press", "webapi", connection=connection))

        def write(*writes: Write, verify: bool = True) -> Any:
            return asyncio.run(plant.runtime.write(OPERATOR, list(writes), verify=verify))

        (denied,) = write(Write("Press:Data.count", 8))
        assert denied.error is not None and denied.error.code == "runtime.write_denied"
        assert cpu.count("PlcProgram.Write") == 0, "writing to a real controller is off"
        plant.rules.replace([Rule("Press:Data.*", write=["operator"], maximum=100)])
        (high,) = write(Write("Press:Data.count", 101))
        assert high.error is not None and high.error.code == "runtime.range"
        (done,) = write(Write("Press:Data.count", 8))
        assert done.error is None and done.verified is True
        assert done.before is not None and (done.before.value, done.after and done.after.value) == (7, 8)
        cpu.fail("PlcProgram.Write", webcpu.changed(lambda each: _undo(cpu, each)))
        (overwritten,) = write(Write("Press:Data.count", 9))
        assert overwritten.error is None and overwritten.verified is False
        assert overwritten.after is not None and overwritten.after.value == 1
        with pytest.raises(Problem) as refused:
            asyncio.run(plant.runtime.write(OPERATOR, [Write("Press:Data.count", 1)], atomic=True))
        assert refused.value.code == "runtime.atomic"
        cpu.fail("PlcProgram.Read", webcpu.drop)
        (stale,) = asyncio.run(plant.runtime.read(VIEWER, ["Press:Data.count"]))
        assert (stale.value, stale.status) == (1, NO_COMMUNICATION_LAST_USABLE.code)


def _undo(cpu: Cpu, answer: Any) -> Any:
    """The program of the CPU writes the tag, too."""
    cpu.values['"Data".count'] = 1
    return answer
