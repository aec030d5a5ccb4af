"""The OPC UA server as asyncua's client sees it: nodes, values, writes, subscriptions, users, limits, history and alarms."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

from asyncua import Client, Node, ua

from engineering_api.operations.terms import Right
from runtime_data.history.history import History
from runtime_data.history.model import Series
from runtime_data.program_states import ProgramStates
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from tests.runtime_data.opcua.kit import (
    OPEN,
    ROUTE,
    SECURED,
    Heard,
    Rig,
    code_of,
    connect,
    eventually,
    run,
    until,
)

S7 = "http://www.siemens.com/simatic-s7-opcua"


def s7(name: str) -> str:
    return f"ns=3;s={name}"


async def names_below(client: Client, node: str) -> list[str]:
    children = await client.get_node(node).get_children()
    return [(await each.read_display_name()).Text for each in children]


async def monitors_nothing(rig: Rig) -> bool:
    return all(each["tags"] == 0 for each in await rig.ok("GET", f"{ROUTE}/clients"))


async def reads(node: Node) -> bool:
    return await code_of(node.read_value()) == "Good"


async def has_ended(node: Node) -> bool:
    """Whether the session is over; as long as it lasts, a rule keeps the value from it."""
    return await code_of(node.read_value()) != "BadUserAccessDenied"


async def rules(rig: Rig, *given: Rule) -> None:
    await asyncio.to_thread(rig.live.service.part(Runtime).rules.replace, given)


def test_browse_read_and_write(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        async with connect(await rig.serve(**OPEN)) as client:
            assert await client.get_namespace_index(S7) == 3
            folders = ["DataBlocksGlobal", "DataBlocksInstance", "Inputs", "Outputs", "Memory", "Timers", "Counters"]
            assert await names_below(client, s7("PLC")) == [*folders, "ProgramState"]
            assert await names_below(client, s7("Inputs")) == ["In", "Level"]
            assert await names_below(client, s7('"Data"."motor"')) == ["speed", "on"]
            expected = {
                '"Data"."motor"."speed"': (1.5, ua.VariantType.Float),
                '"Data"."delay"': (2000, ua.VariantType.Int32),
                '"Data"."letter"': (ord("x"), ua.VariantType.Byte),
                '"Data"."sign"': (ord(" "), ua.VariantType.UInt16),
                '"Data"."wide"': (0, ua.VariantType.UInt64),
                '"Data"."exact"': (0.0, ua.VariantType.Double),
                '"Data"."list"': ([0, 0, 0], ua.VariantType.Int16),
                '"Data"."grid"': ([[0, 0, 0], [0, 0, 0]], ua.VariantType.Byte),
                '"Flag"': (False, ua.VariantType.Boolean),
            }
            nodes = [client.get_node(s7(name)) for name in expected]
            found = await client.read_attributes(nodes)
            assert [(each.Value.Value, each.Value.VariantType) for each in found] == list(expected.values())
            assert all(each.StatusCode.is_good() and each.SourceTimestamp for each in found)
            assert await nodes[7].read_value_rank() == 2 and await nodes[7].read_array_dimensions() == [2, 3]

            write: Any = lambda name, value, kind: client.get_node(s7(name)).write_value(value, kind)  # noqa: E731 - short in the table
            kinds = ua.VariantType
            assert await code_of(write('"Data"."wide"', 2**64 - 1, kinds.UInt64)) == "Good"
            assert await code_of(write('"Data"."letter"', ord("ä"), kinds.Byte)) == "Good"
            assert await code_of(write('"Data"."list"', [1, -2, 3], kinds.Int16)) == "Good"
            assert await code_of(write('"Speed"', 1, kinds.Int32)) == "BadTypeMismatch"
            assert await code_of(write('"Data"."list"', [1, 2], kinds.Int16)) == "BadTypeMismatch"
            assert await code_of(write('"Out"', True, kinds.Boolean)) == "BadUserAccessDenied"
            assert await code_of(write('"nothing"', 1, kinds.Int16)) == "BadNodeIdUnknown"
            name = client.get_node(s7('"Flag"')).write_attribute(
                ua.AttributeIds.DisplayName, ua.DataValue(ua.LocalizedText("x"))
            )
            assert await code_of(name) == "BadUserAccessDenied"
            read = await client.read_values(
                [client.get_node(s7(f'"Data"."{each}"')) for each in ("wide", "letter", "list")]
            )
            assert read == [2**64 - 1, ord("ä"), [1, -2, 3]]

            await rules(rig, Rule(tag="PLC_1:Speed", write=["operator"], minimum=0, maximum=10))
            assert await code_of(write('"Speed"', 11.0, kinds.Float)) == "BadOutOfRange"
            assert await code_of(write('"Speed"', 10.0, kinds.Float)) == "Good"
        entries = await rig.ok("GET", "/api/audit?operation=runtime_servers.write")
        assert len(entries) == 6, entries

    run(tmp_path, scenario)


def test_a_property_of_the_plc_names_the_program(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        programs: Any = rig.live.service.part(ProgramStates)
        await rig.start_cpu()
        async with connect(await rig.serve(**OPEN)) as client:
            (node,) = await client.get_node(s7("PLC")).get_properties()
            assert node.nodeid.to_string() == "ns=1;s=ProgramState"
            assert await node.read_value() == "unknown", "no project is open"
            assert await node.read_data_type() == ua.NodeId(ua.ObjectIds.String)
            assert await code_of(node.write_value("equal", ua.VariantType.String)) == "BadUserAccessDenied"
            heard: asyncio.Queue[Any] = asyncio.Queue()

            class Listener:
                def datachange_notification(self, _node: Node, value: Any, _data: Any) -> None:
                    heard.put_nowait(value)

            subscription = await client.create_subscription(50, Listener())
            await subscription.subscribe_data_change(node)
            seen = []
            async with asyncio.timeout(60):
                for state in ("unknown", "differs", "equal"):
                    programs.states_of = lambda sources, state=state: dict.fromkeys(sources, state)
                    while state not in seen:
                        seen.append(await heard.get())
                    if state == "differs":
                        await rig.download()  # makes the nodes again
            assert seen[0] == "unknown"
            assert (await node.read_data_value()).StatusCode.is_good()

    run(tmp_path, scenario)


def test_subscriptions_follow_only_what_is_monitored(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        async with connect(await rig.serve(**OPEN, maxItems=5)) as client:
            heard = Heard()
            subscription = await client.create_subscription(50, heard)
            flag, row = client.get_node(s7('"Flag"')), client.get_node(s7('"Data"."list"'))
            handles = await subscription.subscribe_data_change([flag, row])
            await until(lambda: len(heard.values) == 2)
            assert heard.values[s7('"Data"."list"')].Value.Value == [0, 0, 0]
            await flag.write_value(True)
            await until(lambda: heard.values[s7('"Flag"')].Value.Value is True)
            await client.get_node(s7('"Data"."list"[1]')).write_value(5, ua.VariantType.Int16)
            await until(lambda: heard.values[s7('"Data"."list"')].Value.Value == [0, 0, 5])
            (one,) = await rig.ok("GET", f"{ROUTE}/clients")
            assert (one["name"], one["tags"]) == ("opcua:anonymous", 4)

            more = await subscription.subscribe_data_change([client.get_node(s7(each)) for each in ('"In"', '"Level"')])
            assert isinstance(more[0], int) and more[1].name == "BadTooManyMonitoredItems"
            await subscription.unsubscribe([*handles, more[0]])
            await eventually(partial(monitors_nothing, rig))
            assert rig.live.service.part(Runtime).subscriptions._polls["PLC_1", 0.1].wanted == {}

    run(tmp_path, scenario)


def test_a_download_makes_the_nodes_again(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        async with connect(await rig.serve(**OPEN)) as client:  # before there is a CPU
            assert await code_of(client.get_node(s7('"Flag"')).read_value()) == "BadNodeIdUnknown"
            await rig.start_cpu()
            await eventually(partial(reads, client.get_node(s7('"Flag"'))))
            heard = Heard()
            subscription = await client.create_subscription(50, heard)
            await subscription.subscribe_data_change(client.get_node(s7('"Flag"')))
            await rig.ok("POST", "/api/simulation/instances/PLC_1/stop")
            await until(lambda: heard.values[s7('"Flag"')].StatusCode.name == "BadOutOfService")
            await rig.download()
            await rig.ok("POST", "/api/simulation/instances/PLC_1/run")
            await until(lambda: heard.values[s7('"Flag"')].StatusCode.is_good())

    run(tmp_path, scenario)


def test_the_open_project_says_what_is_accessible(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        cpu = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        await rig.ok("POST", "/api/projects/devices/actions/add-sync", cpu)
        await rig.ok("POST", "/api/devices/PLC_1/tag-tables", {"name": "T"})
        for name, kind, address, more in (
            ("Flag", "Bool", "%M10.1", {"externalWritable": False}),
            (
                "Speed",
                "Real",
                "%MD20",
                {"externalAccessible": False, "externalVisible": False, "externalWritable": False},
            ),
        ):
            tag = {"name": name, "dataType": kind, "logicalAddress": address} | more
            await rig.ok("POST", "/api/devices/PLC_1/tag-tables/T/tags", tag)
        await rig.start_cpu()
        async with connect(await rig.serve(**OPEN)) as client:
            assert await names_below(client, s7("Memory")) == ["Flag"]
            flag = client.get_node(s7('"Flag"'))
            assert (await flag.read_attribute(ua.AttributeIds.UserAccessLevel)).Value.Value == 1
            assert await code_of(flag.write_value(True)) == "BadNotWritable"

    run(tmp_path, scenario)


def test_users_on_secured_connections(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        await rig.user("olga", Right.OPERATE)
        await rig.user("victor", Right.VIEW, tags=["PLC_1:Data.*"])
        await rig.serve(**SECURED)
        offered = {
            each.SecurityPolicyUri.rpartition("#")[2]
            for each in await connect(rig.url).connect_and_get_server_endpoints()
        }
        assert offered == {"Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"}
        flag, count = s7('"Flag"'), s7('"Data"."count"')
        async with rig.secured("olga") as olga, rig.secured("victor", app="other") as victor:
            assert await code_of(olga.get_node(flag).write_value(True)) == "Good"
            assert await code_of(victor.get_node(count).read_value()) == "Good"
            assert await code_of(victor.get_node(flag).read_value()) == "BadUserAccessDenied"
            assert await code_of(victor.get_node(count).write_value(1, ua.VariantType.Int32)) == "BadUserAccessDenied"
            heard = Heard()
            subscription = await victor.create_subscription(50, heard)
            refused = await subscription.subscribe_data_change([victor.get_node(flag), victor.get_node(count)])
            assert refused[0].name == "BadUserAccessDenied"
            await until(lambda: count in heard.values)

            ours = (await olga.create_subscription(500, Heard())).subscription_id
            stolen = ua.TransferSubscriptionsParameters([ours], SendInitialValues=True)
            assert await code_of(victor.uaclient.session.transfer_subscriptions(stolen)) == "BadUserAccessDenied"

            await rules(rig, Rule(tag="PLC_1:Data.count", read=["administrator"]))
            await until(lambda: heard.values[count].StatusCode.name == "BadUserAccessDenied")
            await rig.ok("PATCH", "/api/users/victor", {"enabled": False})
            await eventually(partial(has_ended, victor.get_node(count)))

        for name, password in (("olga", "a wrong password"), ("", "")):
            try:
                async with rig.secured(name, password):
                    raise AssertionError(name)
            except ua.UaStatusCodeError as error:
                assert ua.StatusCode(error.code).name in ("BadUserAccessDenied", "BadIdentityTokenRejected")

        open_one = connect(
            rig.url
        )  # no such endpoint is offered, but a channel without security is there for discovery
        open_one.set_user("olga")
        try:
            async with open_one:
                raise AssertionError
        except ua.UaStatusCodeError as error:
            assert ua.StatusCode(error.code).name == "BadSecurityPolicyRejected"

    run(tmp_path, scenario)


def test_certificates_sessions_and_settings(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        await rig.user("olga", Right.OPERATE)
        await rig.serve(**SECURED, trustedClients=["00" * 32])
        try:
            async with rig.secured("olga"):
                raise AssertionError
        except ua.UaStatusCodeError as error:
            assert ua.StatusCode(error.code).name == "BadCertificateUntrusted"

        await rig.serve(**OPEN | {"anonymous": "read"}, maxSessions=2)
        async with connect(rig.url) as one, connect(rig.url):
            assert await code_of(one.get_node(s7('"Flag"')).write_value(True)) == "BadUserAccessDenied"
            assert await code_of(connect(rig.url).connect()) == "BadTooManySessions"
        async with connect(rig.url):
            pass

        for wrong in (
            {"host": "192.0.2.1", "unsecured": True},
            {"host": "192.0.2.1", "anonymous": "read"},
            {"trustedClients": ["z" * 64]},
        ):
            answer = await rig.live.http.put(ROUTE, json={"enabled": True, "settings": wrong})
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "runtime.server_settings"), answer.text
        port = int(rig.url.rpartition(":")[2])
        taken = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        answer = await rig.live.http.put(
            ROUTE, json={"enabled": True, "settings": {"port": taken.sockets[0].getsockname()[1], "source": "PLC_1"}}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "runtime.server_failed"), answer.text
        taken.close()
        assert (await rig.ok("GET", ROUTE))["state"] == "running"  # the former settings run on
        await rig.ok("PUT", ROUTE, {"enabled": False})
        assert port and await rig.ok("GET", f"{ROUTE}/clients") == []

    run(tmp_path, scenario)


def test_history_is_read_as_values_and_aggregates(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        history, begin = rig.live.service.part(History), dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
        await rig.live.define(level="Real", other="Real")
        await history.define(Series("memory:level"))
        first = int(begin.timestamp() * 1e6)
        await history.insert("memory:level", [(first + 10**7 * number, float(number)) for number in range(6)])
        async with connect(await rig.serve(**OPEN | {"source": "memory"})) as client:
            node, end = client.get_node(s7('"level"')), begin + dt.timedelta(minutes=1)
            level = await node.read_attribute(ua.AttributeIds.AccessLevel)
            assert (
                level.Value.Value & 4 and (await node.read_attribute(ua.AttributeIds.Historizing)).Value.Value is True
            )
            found = await node.read_raw_history(begin, end, return_bounds=False)
            assert [(each.Value.Value, each.SourceTimestamp) for each in found] == [
                (float(number), begin + dt.timedelta(seconds=10 * number)) for number in range(6)
            ]
            newest = await node.read_raw_history(end, begin, 2, return_bounds=False)
            assert [each.Value.Value for each in newest[:2]] == [5.0, 4.0]
            details = ua.ReadProcessedDetails(
                begin, end, 30_000.0, [ua.NodeId(ua.ObjectIds.AggregateFunction_Maximum2)], ua.AggregateConfiguration()
            )
            wanted = ua.HistoryReadParameters(
                details, ua.TimestampsToReturn.Source, False, [ua.HistoryReadValueId(node.nodeid)]
            )
            (result,) = await client.uaclient.history_read(wanted)
            assert [each.Value.Value for each in result.HistoryData.DataValues] == [2.0, 5.0]
            details.AggregateType = [ua.NodeId(ua.ObjectIds.AggregateFunction_Start)]
            (result,) = await client.uaclient.history_read(wanted)
            assert result.StatusCode.name == "BadAggregateNotSupported"
            assert await code_of(client.get_node(s7('"other"')).read_raw_history(begin, end)) == "BadNoData"

    run(tmp_path, scenario)


def test_alarms_are_events_and_are_acknowledged(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.live.define(level="Real")
        await rig.ok(
            "PUT",
            "/api/runtime/alarm-definitions/High",
            {
                "tag": "memory:level",
                "trigger": "greater",
                "limit": 10,
                "priority": 700,
                "texts": {"en-US": "The level is {value}"},
            },
        )
        async with connect(await rig.serve(**OPEN | {"source": "memory"})) as client:
            heard = Heard()
            subscription = await client.create_subscription(50, heard)
            await subscription.subscribe_alarms_and_conditions(evtypes=ua.ObjectIds.AlarmConditionType)
            await rig.live.put(level=11)
            raised = await until(
                lambda: next((each for each in heard.events if each.SourceName == "memory:level"), None)
            )
            assert (raised.Message.Text, raised.Severity, raised.ConditionName) == ("The level is 11.0", 700, "High")
            states = {
                name: raised.get_event_props_as_fields_dict()[name].Value
                for name in ("ActiveState/Id", "AckedState/Id", "Retain")
            }
            assert states == {"ActiveState/Id": True, "AckedState/Id": False, "Retain": True}

            acknowledge = ua.NodeId(ua.ObjectIds.AcknowledgeableConditionType_Acknowledge)
            call: Any = client.get_node(raised.NodeId).call_method
            note = ua.Variant(ua.LocalizedText("seen"), ua.VariantType.LocalizedText)
            event = ua.Variant(raised.EventId, ua.VariantType.ByteString)
            assert (
                await code_of(call(acknowledge, ua.Variant(b"nothing:1", ua.VariantType.ByteString), note))
                == "BadEventIdUnknown"
            )
            assert await code_of(call(acknowledge, event, note)) == "Good"
            await until(lambda: any(getattr(each, "AckedState/Id", False) for each in heard.events))
            assert await code_of(call(acknowledge, event, note)) == "BadConditionBranchAlreadyAcked"
            (alarm,) = await rig.ok("GET", "/api/runtime/alarms")
            assert (alarm["state"], alarm["comment"]) == ("ActiveAcknowledged", "seen")

            heard.events.clear()
            refresh = client.get_node(ua.NodeId(ua.ObjectIds.ConditionType)).call_method
            number = ua.Variant(subscription.subscription_id, ua.VariantType.UInt32)
            await refresh(ua.NodeId(ua.ObjectIds.ConditionType_ConditionRefresh), number)
            kinds = [
                ua.ObjectIds.RefreshStartEventType,
                ua.ObjectIds.AlarmConditionType,
                ua.ObjectIds.RefreshEndEventType,
            ]
            await until(lambda: [each.EventType.Identifier for each in heard.events] == kinds)

    run(tmp_path, scenario)
