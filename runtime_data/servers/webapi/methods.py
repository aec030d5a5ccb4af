"""The methods of the Web API, for whoever is logged in. Methods that nobody needs a login for are public, as on a CPU."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from engineering_api.execution.refusals import Refusals
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.security.identities import Identities
from openness_bridge.errors import Kind, Problem
from runtime_data import data_types
from runtime_data.runtime import Runtime, Write
from runtime_data.servers.webapi.alarm_list import AlarmList
from runtime_data.servers.webapi.cpu import Cpu
from runtime_data.servers.webapi.refusals import Refused, code_of, code_of_value
from runtime_data.servers.webapi.rpc import READ, WRITE, Asked
from runtime_data.servers.webapi.sessions import Session, Sessions, permissions_of
from runtime_data.servers.webapi.settings import WebApiSettings
from runtime_data.servers.webapi.tree import TagTree, path_of
from runtime_data.servers.writing import write_as
from runtime_data.values import Value, now
from runtime_data.webapi import codes
from runtime_data.webapi.forms import FormError, from_raw, from_simple, to_raw, to_simple

VERSION = 4.0
PARALLEL = 4
DEEPEST = 50
TREE_LASTS = 5.0
"""Seconds for which the list of tags is used."""
SERVER = "webapi"
LOGIN = "runtime_servers.login"
_PUBLIC = {
    "Api.Login",
    "Api.Logout",
    "Api.Ping",
    "Api.Version",
    "Api.Browse",
    "Api.GetPermissions",
    "Plc.ReadSystemTime",
}
_NEEDS = {
    "PlcProgram.Browse": "read_value",
    READ: "read_value",
    WRITE: "write_value",
    "Plc.RequestChangeOperatingMode": "change_operating_mode",
    "Alarms.Acknowledge": "acknowledge_alarms",
    "Alarms.Browse": "read_diagnostics",
    "DiagnosticBuffer.Browse": "read_diagnostics",
    "Plc.ReadOperatingMode": "read_diagnostics",
}
"""The permission that each method needs; others need a login."""
Method = Callable[["Visit", dict[str, Any]], Awaitable[Any]]


class Visit:
    """A request: who sends it, and from where."""

    def __init__(self, session: Session | None, address: str) -> None:
        """Note who it is; None for somebody who did not log in."""
        self.session, self.address = session, address

    @property
    def caller(self) -> Caller:
        """The user.

        Raises:
            Refused: Nobody is logged in.
        """
        if self.session is None:
            raise Refused(codes.PERMISSION_DENIED)
        return self.session.caller


class Methods:
    """What a server answers. On the event loop only."""

    def __init__(self, service: Service, settings: WebApiSettings, sessions: Sessions) -> None:
        """Answer for this service."""
        self._service, self._settings, self._sessions = service, settings, sessions
        self._runtime = service.part(Runtime)
        self._cpu, self._alarms = Cpu(service, settings.source), AlarmList(service, self._source)
        self._tree: tuple[int, str, TagTree] | None = None
        self._methods: dict[str, Method] = {
            "Api.Login": self._log_in,
            "Api.Logout": self._log_out,
            "Api.Ping": self._ping,
            "Api.Version": self._version,
            "Api.Browse": self._list_methods,
            "Api.GetPermissions": self._permissions,
            "Api.GetQuantityStructures": self._limits,
            "PlcProgram.Browse": self._browse,
            "Project.ReadLanguages": self._languages,
            "Plc.ReadOperatingMode": self._mode,
            "Plc.RequestChangeOperatingMode": self._change_mode,
            "Plc.ReadSystemTime": self._time,
            "Plc.ReadModuleName": self._module_name,
            "Plc.ReadCpuType": self._cpu_type,
            "DiagnosticBuffer.Browse": self._diagnostics,
            "Alarms.Browse": self._browse_alarms,
            "Alarms.Acknowledge": self._acknowledge,
        }

    def close(self) -> None:
        """End what it listens to."""
        self._alarms.close()

    async def answer(self, visit: Visit, calls: Sequence[Asked]) -> list[Any]:
        """Answer calls of one method: one, or several reads or writes."""
        method = calls[0].method
        try:
            self._require(visit, method)
            if method == READ:
                return await self._read(visit.caller, calls)
            if method == WRITE:
                return await self._write(visit.caller, calls)
            return [await self._methods[method](visit, calls[0].params)]
        except Refused as refused:
            return [refused] * len(calls)
        except Problem as problem:
            return [Refused(code_of(problem))] * len(calls)

    def _require(self, visit: Visit, method: str) -> None:
        if method not in self._methods and method not in (READ, WRITE):
            raise Refused(codes.NO_METHOD)
        if method in _PUBLIC:
            return
        needed = _NEEDS.get(method)
        if visit.session is None or (needed and needed not in visit.session.permissions):
            raise Refused(codes.PERMISSION_DENIED)

    # -- Api --------------------------------------------------------------------------

    async def _log_in(self, visit: Visit, params: dict[str, Any]) -> Any:
        if visit.session is not None:
            raise Refused(codes.ALREADY_AUTHENTICATED)
        user, password = params.get("user"), params.get("password")
        if not isinstance(user, str) or not isinstance(password, str) or len(user) > 200 or len(password) > 1000:
            raise Refused(codes.INVALID_PARAMETERS)
        try:
            caller = await self._service.part(Identities).users.by_password(user, password, visit.address)
        except Problem as problem:
            await self._service.part(Refusals).note(LOGIN, problem.code, user[:200], visit.address)
            throttled = problem.kind is Kind.TOO_MANY
            raise Refused(codes.NO_RESOURCES if throttled else codes.LOGIN_FAILED) from None
        if self._sessions.is_full:
            raise Refused(codes.NO_RESOURCES)
        session = self._sessions.begin(dataclasses.replace(caller, address=visit.address))
        await self._service.audit.event(LOGIN, "ok", caller.name, visit.address, server=SERVER)
        return {"token": session.token}

    async def _log_out(self, visit: Visit, _: dict[str, Any]) -> bool:
        if visit.session is not None:
            self._sessions.end(visit.session.token)
        return True

    async def _ping(self, visit: Visit, _: dict[str, Any]) -> str:
        del visit
        return self._cpu.ping

    async def _version(self, visit: Visit, _: dict[str, Any]) -> float:
        del visit
        return VERSION

    async def _list_methods(self, visit: Visit, _: dict[str, Any]) -> list[dict[str, str]]:
        del visit
        missing = await asyncio.to_thread(self._cpu.missing)
        return [{"name": each} for each in sorted({*self._methods, READ, WRITE} - missing)]

    async def _permissions(self, visit: Visit, _: dict[str, Any]) -> list[dict[str, str]]:
        return [{"name": each} for each in permissions_of(visit.session.caller if visit.session else None)]

    async def _limits(self, visit: Visit, _: dict[str, Any]) -> dict[str, int]:
        del visit
        return {
            "webapi_max_http_request_body_size": self._settings.largest_request,
            "webapi_max_parallel_requests": PARALLEL,
            "webapi_max_parallel_user_sessions": self._settings.sessions,
        }

    # -- PlcProgram -------------------------------------------------------------------

    async def _browse(self, visit: Visit, params: dict[str, Any]) -> list[dict[str, Any]]:
        mode, address, kinds = params.get("mode"), params.get("var", ""), params.get("type")
        if mode not in ("var", "children") or not isinstance(address, str) or (mode == "var" and not address):
            raise Refused(codes.INVALID_PARAMETERS)
        if kinds is not None and not (
            isinstance(kinds, list) and set(map(str, kinds)) <= {"data_blocks", "tags", "code_blocks"}
        ):
            raise Refused(codes.INVALID_PARAMETERS)
        tree = await self._tags(visit.caller)
        found = tree.describe(address) if mode == "var" else tree.children(address)
        if kinds is None or address:
            return found
        return [each for each in found if ("data_blocks" if each["datatype"] == "datablock" else "tags") in kinds]

    async def _tags(self, caller: Caller) -> TagTree:
        """Return the tags that a caller may read."""
        key = "" if not caller.is_limited and not self._runtime.rules.rules else caller.name
        if self._tree is not None and self._tree[1] == key and now() - self._tree[0] < TREE_LASTS * 1e6:
            return self._tree[2]
        nodes = await self._runtime.browse(await self._source(), "", DEEPEST)
        visible = await asyncio.to_thread(self._runtime.rules.visible, caller, nodes)
        tree = await asyncio.to_thread(TagTree, visible)
        self._tree = now(), key, tree
        return tree

    async def _read(self, caller: Caller, calls: Sequence[Asked]) -> list[Any]:
        source = await self._source()
        tags = [_tag_of(source, each) for each in calls]
        wanted = [each for each in tags if isinstance(each, str)]
        values = iter(await self._runtime.read(caller, wanted) if wanted else [])
        return [
            _result(next(values), each.params.get("mode", "simple")) if isinstance(tag, str) else tag
            for each, tag in zip(calls, tags, strict=True)
        ]

    async def _write(self, caller: Caller, calls: Sequence[Asked]) -> list[Any]:
        source = await self._source()
        prepared = [await self._prepare(caller, source, each) for each in calls]
        writes = [each for each in prepared if isinstance(each, Write)]
        done = iter(await write_as(self._service, SERVER, caller, writes) if writes else [])
        results: list[Any] = []
        for each in prepared:
            error = next(done).error if isinstance(each, Write) else None
            results.append(each if isinstance(each, Refused) else True if error is None else Refused(code_of(error)))
        return results

    async def _prepare(self, caller: Caller, source: str, call: Asked) -> Write | Refused:
        """Return the value of a call in the form of the service."""
        tag = _tag_of(source, call)
        if isinstance(tag, Refused):
            return tag
        if await asyncio.to_thread(self._runtime.rules.refuse_read, caller, tag):
            return Refused(codes.PERMISSION_DENIED)
        try:
            info = await self._runtime.find(tag)
        except Problem as problem:
            return Refused(code_of(problem))
        if not info.has_value:
            return Refused(codes.UNSUPPORTED_ADDRESS)
        read = from_raw if call.params.get("mode") == "raw" else from_simple
        try:
            controller = read(info.data_type, call.params.get("value"))
        except FormError:
            return Refused(codes.INVALID_PARAMETERS)
        if controller is None:
            return Refused(codes.INVALID_PARAMETERS)
        value, text = data_types.publish(info.data_type, controller)
        return Write(info.tag, text if value is None else value)

    # -- the CPU ----------------------------------------------------------------------

    async def _mode(self, visit: Visit, _: dict[str, Any]) -> str:
        del visit
        return await asyncio.to_thread(self._cpu.mode)

    async def _change_mode(self, visit: Visit, params: dict[str, Any]) -> bool:
        mode = params.get("mode")
        if mode not in ("run", "stop"):
            raise Refused(codes.INVALID_PARAMETERS)
        if visit.caller.is_limited:
            raise Refused(codes.PERMISSION_DENIED)
        return await self._cpu.change_mode(visit.caller, run=mode == "run")

    async def _time(self, visit: Visit, _: dict[str, Any]) -> dict[str, str]:
        del visit
        return {"timestamp": self._cpu.time()}

    async def _module_name(self, visit: Visit, _: dict[str, Any]) -> dict[str, str]:
        del visit
        return {"module_name": await self._source()}

    async def _cpu_type(self, visit: Visit, _: dict[str, Any]) -> dict[str, str]:
        del visit
        return await asyncio.to_thread(self._cpu.type)

    async def _diagnostics(self, visit: Visit, params: dict[str, Any]) -> dict[str, Any]:
        del visit
        language, count = _page(params)
        return await asyncio.to_thread(self._cpu.diagnostics, language, count)

    async def _languages(self, visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
        return {"languages": [{"language": each} for each in self._alarms.languages(visit.caller)]}

    # -- alarms -----------------------------------------------------------------------

    async def _browse_alarms(self, visit: Visit, params: dict[str, Any]) -> dict[str, Any]:
        return await self._alarms.browse(visit.caller, params, *_page(params))

    async def _acknowledge(self, visit: Visit, params: dict[str, Any]) -> bool:
        return await self._alarms.acknowledge(visit.caller, params.get("id"))

    async def _source(self) -> str:
        """Return the source that is shown.

        Raises:
            Problem: There is none.
        """
        return str((await asyncio.to_thread(self._runtime.sources.find, self._settings.source)).name)


def _page(params: dict[str, Any]) -> tuple[str, int]:
    """Return the language and the number of entries that are asked for."""
    language, count = params.get("language"), params.get("count", 50)
    if not isinstance(language, str) or type(count) is not int or count < 0:
        raise Refused(codes.INVALID_PARAMETERS)
    return language, min(count, 3200)


def _tag_of(source: str, call: Asked) -> str | Refused:
    address = call.params.get("var")
    if not isinstance(address, str) or call.params.get("mode", "simple") not in ("simple", "raw"):
        return Refused(codes.INVALID_PARAMETERS)
    try:
        return f"{source}:{path_of(address)}"
    except Refused as refused:
        return refused


def _result(value: Value, mode: str) -> Any:
    """Return a value in the form that is asked for, or why there is none."""
    if value.value is None and not value.text:
        return Refused(code_of_value(value))
    try:
        controller = data_types.accept(value.data_type, value.text if value.value is None else value.value)
        return to_raw(value.data_type, controller) if mode == "raw" else to_simple(value.data_type, controller)
    except (Problem, FormError):
        return Refused(codes.UNSUPPORTED_ADDRESS)
