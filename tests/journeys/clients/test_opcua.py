"""node-opcua, the client of Node-RED's OPC UA nodes, against the OPC UA server: open on loopback, and secured with a user."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from engineering_api.operations.terms import Right
from tests import ROOT
from tests.journeys.clients.tools import NODE, needs_node, run
from tests.runtime_data.opcua.kit import OPEN, PASSWORD, SECURED, Rig
from tests.runtime_data.opcua.kit import run as with_rig

SCRIPT = ROOT / "tests" / "journeys" / "clients" / "opcua.cjs"
pytestmark = [pytest.mark.slow, needs_node]


async def node_opcua(rig: Rig, policy: str, user: str = "", password: str = "") -> Any:
    """What the client saw."""
    arguments = (rig.url, policy, user, password, str(rig.folder / "pki"))
    done = await asyncio.to_thread(run, "node", SCRIPT, *arguments, folder=rig.folder, seconds=200, NODE_PATH=str(NODE))
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("policy", ["None", "Basic256Sha256", "Aes256_Sha256_RsaPss"])
def test_browse_read_write_and_subscribe(tmp_path: Path, policy: str) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        await rig.user("olga", Right.OPERATE)
        await rig.serve(**(OPEN if policy == "None" else SECURED))
        found = await (node_opcua(rig, policy) if policy == "None" else node_opcua(rig, policy, "olga", PASSWORD))
        assert {'ns=3;s="Data"."motor"."speed"', "ns=3;s=Inputs", 'ns=3;s="Flag"'} <= set(found["nodes"])
        values = found["values"]
        assert values['ns=3;s="Data"."motor"."speed"'] == ["Float", 1.5, None]
        assert values['ns=3;s="Data"."delay"'] == ["Int32", 2000, None]
        assert values['ns=3;s="Data"."list"'] == ["Int16", [0, 0, 0], None]
        assert values['ns=3;s="Data"."grid"'] == ["Byte", [0] * 6, [2, 3]]
        assert values['ns=3;s="Data"."wide"'][0] == "UInt64"
        assert values['ns=3;s="Data"."letter"'] == ["Byte", ord("x"), None]
        assert found["writes"] == {
            "flag": "Good",
            "list": "Good",
            "wrongType": "BadTypeMismatch",
            "output": "BadUserAccessDenied",
        }
        assert found["counts"] == sorted(set(found["counts"]))
        flag = await rig.ok("GET", "/api/runtime/tags/PLC_1%3AFlag/value")
        assert flag["value"] is True

    with_rig(tmp_path, scenario)
