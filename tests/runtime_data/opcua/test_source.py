"""A source that is another's OPC UA server: what it reads, writes, monitors and refuses, and how it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engineering_api.security.targets import PLANT_NETWORKS, SOURCES, Targets
from openness_bridge.errors import Problem
from runtime_data.opcua import certificates
from runtime_data.opcua.threads import LoopThread
from runtime_data.quality import NO_COMMUNICATION
from runtime_data.sources.opcua.settings import OpcuaConnection, check
from runtime_data.sources.opcua.source import OpcuaSource
from runtime_data.values import TagInfo, Value
from tests.runtime_data.opcua.kit import VARIABLES, Foreign


class Other:
    """A foreign server in a separate thread."""

    def __init__(self) -> None:
        self.thread, self.foreign = LoopThread("foreign"), Foreign()

    def do(self, work: Any) -> Any:
        return self.thread.submit(work).result(60)

    def put(self, name: str, value: Any) -> None:
        kind = next(kind for known, _, kind in VARIABLES if known == name)
        self.do(self.foreign.nodes[name].write_value(value, kind))

    def source(self, folder: Path, **given: Any) -> OpcuaSource:
        given = {
            "host": "127.0.0.1",
            "port": self.foreign.port,
            "path": "/foreign",
            "security_policy": "None",
            "sampling": 50,
        } | given
        return OpcuaSource("Other", OpcuaConnection(**given), Targets(PLANT_NETWORKS, SOURCES), folder)


@contextmanager
def other(certificate: certificates.Own | None = None) -> Iterator[Other]:
    made = Other()
    made.do(made.foreign.begin(certificate))
    try:
        yield made
    finally:
        made.do(made.foreign.end())
        made.thread.stop()


class Changes:
    """What a followed source says."""

    def __init__(self) -> None:
        self.newest: dict[str, Value] = {}

    def __call__(self, values: Sequence[Value]) -> None:
        self.newest |= {each.tag: each for each in values}

    def until(self, tag: str, value: Any = ..., status: int = 0) -> Value:
        async def wait() -> Value:
            async with asyncio.timeout(60):
                while True:
                    found = self.newest.get(tag)
                    if found is not None and found.status == status and value in (..., found.value):
                        return found
                    await asyncio.sleep(0.02)

        return asyncio.run(wait())


def test_tags_are_found_read_and_written(tmp_path: Path) -> None:
    with other() as server:
        source = server.source(tmp_path)
        try:
            assert source.status().state == "connected"
            assert [each.tag for each in source.browse("")] == ["Other:Plant"]
            infos = {each.tag: each for each in source.tags()}
            assert set(infos) == {f"Other:Plant.{name}" for name, _, _ in VARIABLES}
            assert infos["Other:Plant.Speed"] == TagInfo("Other:Plant.Speed", "Speed", "Real")
            assert not infos["Other:Plant.Fixed"].writable and infos["Other:Plant.Row"].data_type == "Array of Int"

            values = source.read([f"Plant.{name}" for name, _, _ in VARIABLES])
            assert [each.value for each in values] == [value for _, value, _ in VARIABLES]
            assert all(each.status == 0 and each.source_time for each in values)
            by_id, missing = source.read(["ns=2;s=Plant/Speed", "Plant.Nothing"])
            assert (by_id.value, missing.error is not None and missing.error.code) == (1.5, "tag.not_found")
            assert source.find("plant.speed").data_type == "Real"

            done = source.write(
                [
                    ("Plant.Large", -(2**63)),
                    ("Plant.Word", 65_536),
                    ("Plant.Fixed", 1),
                    ("Plant.Count", 5),
                    ("Plant.Note", "new"),
                ],
                {"Plant.Count": 0},
                atomic=False,
            )
            codes = [None if each is None else each.code for each in done]
            assert codes == [None, "plcsim.value", "runtime.opcua_status", "runtime.changed", None]
            assert done[2] is not None and "BadUserAccessDenied" in done[2].message
            assert [each.value for each in source.read(["Plant.Large", "Plant.Count", "Plant.Note"])] == [
                -(2**63),
                -70_000,
                "new",
            ]
        finally:
            source.close()


def test_monitored_tags_survive_that_the_server_goes_and_comes_back(tmp_path: Path) -> None:
    with other() as server:
        source, changes = server.source(tmp_path, timeout=30.0), Changes()
        end = source.follow(changes)
        assert end is not None
        try:
            source.watch(changes, ["Plant.Speed", "Plant.Count"])
            changes.until("Other:Plant.Speed", 1.5)
            server.put("Speed", 2.5)
            changes.until("Other:Plant.Speed", 2.5)
            server.do(server.foreign.end())
            changes.until("Other:Plant.Speed", None, NO_COMMUNICATION.code)
            (away,) = source.read(["Plant.Speed"])
            assert away.status == NO_COMMUNICATION.code and source.status().state == "failed"
            server.do(server.foreign.begin())
            changes.until("Other:Plant.Speed", 1.5)
            server.put("Count", 8)
            changes.until("Other:Plant.Count", 8)
            source.watch(changes, ["Plant.Flag"])
            changes.until("Other:Plant.Flag", value=True)
        finally:
            end()
            source.close()


def test_a_secured_connection_pins_the_certificate(tmp_path: Path) -> None:
    first, second = (certificates.own(tmp_path / name, "server", ["127.0.0.1"]) for name in ("a", "b"))
    with other(first) as server:
        secured = {"security_policy": "Basic256Sha256", "timeout": 30.0}
        unknown = server.source(tmp_path, **secured)
        message = unknown.status().message
        assert certificates.fingerprint(first.certificate) in message
        unknown.close()
        pinned = server.source(
            tmp_path, **secured, server_certificate=certificates.fingerprint(first.certificate).upper()
        )
        assert pinned.status().state == "connected", pinned.status()
        server.do(server.foreign.end())
        server.do(server.foreign.begin(second))
        (found,) = pinned.read(["Plant.Speed"])
        assert found.status == NO_COMMUNICATION.code
        assert "is not the one that serverCertificate names" in pinned.status().message
        pinned.close()
        other_policy = server.source(tmp_path, security_policy="Aes256Sha256RsaPss")
        assert "does not offer Aes256Sha256RsaPss" in other_policy.status().message
        other_policy.close()


def test_what_is_refused_without_a_server(tmp_path: Path) -> None:
    wrong = {
        "/serverCertificate": {"server_certificate": "12:34"},
        "/username": {"password": "secret"},
        "/securityPolicy": {"username": "u", "password": "p", "security_policy": "None"},
        "/path": {"path": "server"},
    }
    for pointer, given in wrong.items():
        assert [each.place and each.place.pointer for each in check(OpcuaConnection(host="h", **given))] == [pointer]  # type: ignore[arg-type]  # of any field
    refused = OpcuaSource("Other", OpcuaConnection(host="192.0.2.1"), Targets(("10.0.0.0/8",), SOURCES), tmp_path)
    assert "192.0.2.1" in refused.status().message
    refused.close()
    with pytest.raises(Problem):
        refused.browse("")
