"""What can be set when the service starts: an option, or an environment variable of the same name.

Values set over HTTP are kept in a file of the data folder; options and variables win over them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from engineering_api.durable import write_file
from openness_bridge.errors import Kind, Problem
from simatic_xml import limits
from simatic_xml.caching import disk_cache


def default_data_dir() -> Path:
    """Return where the service keeps its own files: the user's data folder of this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "simatic-engineering-api"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "simatic-engineering-api"


def cache_dir(data_dir: Path) -> Path:
    """Return where results are kept that can be found again at any time: the user's cache folder of this system.

    Args:
        data_dir: The data folder, which has the cache of a user without a home, as in a container.
    """
    if sys.platform == "win32":
        return default_data_dir() / "cache"
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return data_dir / "cache"
    return home / "simatic-engineering-api"


ToolProfile = Literal["read", "code", "simulate", "all"]
"""The sets of tools that MCP clients choose from; engineering_api/features/tools/profiles.py has their tasks."""
AuditContent = Literal["none", "digest", "content"]
DEFAULT_PORT = 9000
"""Where a server listens that nobody has given a port, if it is free."""


class Settings(msgspec.Struct, kw_only=True):
    """The service's settings.

    Attributes:
        backend: auto, fake or openness (TIA_BACKEND).
        tia_version: TIA Portal version, such as "19"; newest installed or 20 by default (TIA_VERSION).
        host: Address to listen on (TIA_HOST).
        port: The port, and no other one; 0 takes any free one. None for 9000, or the next free one up to 9100 (TIA_PORT).
        data_dir: Folder of the service's own files (TIA_DATA_DIR).
        roots: Folders that clients' paths may name, in addition to data_dir/workspace (TIA_ROOTS).
        headless: Whether the service starts its own portal, without user interface, when it needs one and
            none is attached (TIA_HEADLESS).
        quiet: Whether only warnings are printed (TIA_QUIET).
        api_key: The key that clients send as X-API-Key (TIA_API_KEY); made and stored when empty.
        local_key: Whether a process of the server's own user on this computer is given that key when it asks
            (TIA_LOCAL_KEY). Off by default; docs/access.md names the risk.
        wait_limit: Seconds after which a waiting route answers with a job instead, and a read that has not begun is refused
            (TIA_WAIT_LIMIT).
        hang_limit: Seconds after which a call into TIA Portal that does not return is given up, with its session; 0 for
            never (TIA_HANG_LIMIT).
        keep_jobs_days: Days after which ended jobs are removed.
        rate_limit: Requests a minute of one caller from one address, above which they are refused; 0 for any number
            (TIA_RATE_LIMIT).
        auth_limit: Requests with a wrong key or token a minute from one address, above which they are answered with 429
            instead of 401; 0 for any number (TIA_AUTH_LIMIT).
        keep_audit_days: Days after which entries of the audit log are removed; 0 for never (TIA_KEEP_AUDIT_DAYS).
        audit_content: What the audit log keeps of what is there before and after an edit (TIA_AUDIT_CONTENT): content for
            checksum, size and small texts, digest for checksum and size, none to save the reads.
        audit_key: Binds the audit log's rows, so that a user who can write the data folder cannot compute the chain again
            (TIA_AUDIT_KEY); keep it elsewhere.
        queue_limit: Requests that may wait for TIA Portal; further ones are refused with 503; 0 for any number
            (TIA_QUEUE_LIMIT).
        oidc_issuer: Address of an issuer whose bearer tokens the service accepts as well; none by default
            (TIA_OIDC_ISSUER).
        oidc_audience: What those tokens must name as their audience (TIA_OIDC_AUDIENCE).
        oidc_jwks: Address of the issuer's keys; found by discovery when empty (TIA_OIDC_JWKS).
        oidc_claim: The claim that names the right, such as realm_access.roles (TIA_OIDC_CLAIM).
        oidc_rights: A value of that claim to viewer, engineer, operator or administrator (TIA_OIDC_RIGHTS, such as
            plc-admins=administrator,plc-users=viewer).
        oidc_name_claim: The claim that names the caller in the audit log (TIA_OIDC_NAME_CLAIM).
        oidc_projects_claim: A claim with globs of the projects that a caller is limited to; no caller is limited when empty
            (TIA_OIDC_PROJECTS_CLAIM).
        oidc_algorithms: The signatures that are accepted (TIA_OIDC_ALGORITHMS, separated by commas).
        oidc_skew: Seconds by which the issuer's clock may differ (TIA_OIDC_SKEW).
        queue: The queue server between a gateway and its workers, redis://... or postgresql://..., or embedded (TIA_QUEUE).
        gateway_secret: What a gateway and its workers have in common, at least 16 characters (TIA_GATEWAY_SECRET).
        history: Where values of tags are kept: postgresql://... for a PostgreSQL server; files in the data folder when empty
            (TIA_HISTORY).
        worker_lease: Seconds for which a worker may start operations without hearing from its gateway; one that is silent for
            half as long again is given up (TIA_WORKER_LEASE).
        log_format: console or json (TIA_LOG_FORMAT).
        log_file: A file for log lines, in addition to standard error; at 10 MiB a new file begins, five are kept (TIA_LOG_FILE).
        slow_limit: Seconds from which a request is logged as slow; 0 for never (TIA_SLOW_LIMIT).
        hung_after: Seconds after which a call that runs in TIA Portal counts as hung, in answers about health; it is given up
            after hang_limit (TIA_HUNG_AFTER).
        metrics_local: Whether requests by a loopback address may read /metrics without a key (TIA_METRICS_LOCAL).
        mcp_write: Whether tools of MCP clients may change anything (TIA_MCP_WRITE); without it they only read.
        mcp_tools: The tools that MCP clients see if they choose no other set: read, code, simulate or all (TIA_MCP_TOOLS).
        insecure: Whether other computers may be served without TLS (TIA_INSECURE).
        tls_cert: The server's certificate, with those that lead to its authority, in PEM form (TIA_TLS_CERT).
        tls_key: Its key, not encrypted, in PEM form (TIA_TLS_KEY).
        tls_client_ca: Authorities one of which must have issued a client's certificate; clients need none when empty
            (TIA_TLS_CLIENT_CA).
        proxies: Addresses of proxies whose headers name the real client; none by default (TIA_PROXIES, separated by
            commas).
        hosts: Further names of this server that clients may send as Host (TIA_HOSTS, separated by commas).
        cors_origins: Origins of web pages that may send requests from a browser, such as https://hmi.plant.local; none by
            default (TIA_CORS_ORIGINS, separated by commas).
        webhook_hosts: Hosts and networks that webhooks may be sent to; all public addresses when empty (TIA_WEBHOOK_HOSTS,
            separated by commas).
        sink_hosts: As webhook_hosts, for the sinks of the runtime (TIA_SINK_HOSTS).
        source_hosts: Hosts and networks that sources of the runtime may connect to; those of private networks and this
            computer when empty (TIA_SOURCE_HOSTS, separated by commas).
        git_hosts: As webhook_hosts, for the remotes of source control (TIA_GIT_HOSTS).
        git_folders: Folders whose repositories may be remotes, outside of all folders that clients can write to; none by
            default (TIA_GIT_FOLDERS).
        ignition_projects: Names that the address of an Ignition route may have as its project; by default `default` and the
            names of the open projects (TIA_IGNITION_PROJECTS, separated by commas).
        ignition_commands: The file with the commands of the Ignition route api/cmd; without it there are none
            (TIA_IGNITION_COMMANDS).
        ignition_handlers: The folder of Python handlers that the Ignition routes run, as code with the server's rights; none
            by default (TIA_IGNITION_HANDLERS).
        ignition_handler_limit: Seconds after which a request that waits for a handler is refused (TIA_IGNITION_HANDLER_LIMIT).
        max_upload: Bytes of one file that is uploaded, above which it is refused; 0 for any number (TIA_MAX_UPLOAD).
        max_workspace: Bytes of all files of the workspace, above which uploads are refused; 0 for any number
            (TIA_MAX_WORKSPACE).
        max_kept_answers: Bytes of answers that reads are answered with again as long as nothing has changed; 0 for none
            (TIA_MAX_KEPT_ANSWERS).
        max_cache: Bytes of programs and reports that are kept in the user's cache folder, so that the next start does not
            find them out again; 0 for none (TIA_MAX_CACHE).
        max_headers: Header lines of one request, trailers included, above which it is refused; as all limits of requests, 0 for
            any number (TIA_MAX_HEADERS).
        max_header_bytes: Bytes of all header lines of one request (TIA_MAX_HEADER_BYTES).
        max_url: Bytes of a URL without its host (TIA_MAX_URL).
        max_body: Bytes of a request's body; uploads of files have max_upload instead (TIA_MAX_BODY).
        max_message: Bytes of a message of an MCP client, of one for the assistant, or of one over a WebSocket
            (TIA_MAX_MESSAGE).
        max_json_depth: How deep objects and lists of a body may be in each other (TIA_MAX_JSON_DEPTH).
        max_json_values: Values in a body, each name and each entry counted (TIA_MAX_JSON_VALUES).
        max_connections: Connections that may be open; further ones are refused (TIA_MAX_CONNECTIONS).
        max_address_connections: Connections of one address; those of trusted proxies are not limited
            (TIA_MAX_ADDRESS_CONNECTIONS).
        max_mcp_sessions: Sessions of MCP clients that may be open; further ones are refused (TIA_MAX_MCP_SESSIONS).
        max_caller_mcp_sessions: Those of one caller; a further one ends the one that was idle for longest
            (TIA_MAX_CALLER_MCP_SESSIONS).
        head_timeout: Seconds until the head of a request must have come, and until a connection must be encrypted
            (TIA_HEAD_TIMEOUT).
        body_timeout: Seconds after which a body is refused in which less than a KiB a second has come (TIA_BODY_TIMEOUT).
        keep_alive: Seconds after an answer after which a connection is closed that nothing is sent on (TIA_KEEP_ALIVE).
        runtime_streams: Streams of runtime values that may be open, WebSockets included (TIA_RUNTIME_STREAMS).
        runtime_stream_tags: Tags of one such stream (TIA_RUNTIME_STREAM_TAGS).
        runtime_messages: Messages a second of one WebSocket (TIA_RUNTIME_MESSAGES).
        shutdown_limit: Seconds that operations may take to end when the server ends; after them the server ends anyway
            (TIA_SHUTDOWN_LIMIT).
        instances_file: The list of running servers that clients read; where they look by default (TIA_INSTANCES_FILE).
        limits: Limits of engineering data by name, where they are not the defaults (TIA_LIMIT_SOURCE_BYTES and so on; see
            docs/limits.md).
    """

    backend: str = "auto"
    tia_version: str | None = None
    host: str = "127.0.0.1"
    port: int | None = None
    data_dir: Path = msgspec.field(default_factory=default_data_dir)
    roots: list[Path] = msgspec.field(default_factory=list)
    headless: bool = sys.platform != "win32"
    quiet: bool = False
    api_key: str = ""
    local_key: bool = False
    wait_limit: float = 300.0
    hang_limit: float = 3600.0
    keep_jobs_days: int = 30
    keep_audit_days: int = 0
    audit_content: AuditContent = "content"
    audit_key: str = ""
    log_format: Literal["console", "json"] = "console"
    log_file: Path | None = None
    slow_limit: float = 5.0
    hung_after: float = 600.0
    metrics_local: bool = False
    rate_limit: int = 0
    auth_limit: int = 60
    queue_limit: int = 500
    queue: str = ""
    gateway_secret: str = ""
    history: str = ""
    worker_lease: float = 10.0
    mcp_write: bool = False
    mcp_tools: ToolProfile = "all"
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks: str = ""
    oidc_claim: str = "roles"
    oidc_rights: dict[str, str] = msgspec.field(default_factory=dict)
    oidc_name_claim: str = "sub"
    oidc_projects_claim: str = ""
    oidc_algorithms: list[str] = msgspec.field(default_factory=lambda: ["RS256", "ES256"])
    oidc_skew: float = 60.0
    insecure: bool = False
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    proxies: list[str] = msgspec.field(default_factory=list)
    hosts: list[str] = msgspec.field(default_factory=list)
    cors_origins: list[str] = msgspec.field(default_factory=list)
    webhook_hosts: list[str] = msgspec.field(default_factory=list)
    sink_hosts: list[str] = msgspec.field(default_factory=list)
    source_hosts: list[str] = msgspec.field(default_factory=list)
    git_hosts: list[str] = msgspec.field(default_factory=list)
    git_folders: list[Path] = msgspec.field(default_factory=list)
    ignition_projects: list[str] = msgspec.field(default_factory=list)
    ignition_commands: Path | None = None
    ignition_handlers: Path | None = None
    ignition_handler_limit: float = 30.0
    max_upload: int = 4 << 30
    max_workspace: int = 64 << 30
    max_kept_answers: int = 32 << 20
    max_cache: int = 512 << 20
    max_headers: int = 100
    max_header_bytes: int = 64 << 10
    max_url: int = 16 << 10
    max_body: int = 32 << 20
    max_message: int = 4 << 20
    max_json_depth: int = 100
    max_json_values: int = 1_000_000
    max_connections: int = 1000
    max_address_connections: int = 500
    max_mcp_sessions: int = 500
    max_caller_mcp_sessions: int = 50
    head_timeout: float = 10.0
    body_timeout: float = 30.0
    keep_alive: int = 5
    runtime_streams: int = 100
    runtime_stream_tags: int = 1000
    runtime_messages: int = 100
    shutdown_limit: int = 20
    instances_file: Path | None = None
    limits: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        """The folder that relative paths of clients start from; always allowed."""
        return self.data_dir / "workspace"

    def find_shared(self, folder: Path) -> Path | None:
        """Return a folder that clients can write to and that overlaps another one, which must be separate; None if none does."""
        shared = (self.data_dir.resolve(), *(root.resolve() for root in self.roots))
        found = folder.resolve()
        return next((each for each in shared if found.is_relative_to(each) or each.is_relative_to(found)), None)

    def open_cache(self) -> None:
        """Let this process keep results in the user's cache folder; their secret is in the data folder."""
        disk_cache.configure(cache_dir(self.data_dir), self.data_dir / "cache.secret", self.max_cache)


SAVED = "settings.json"
AT_ONCE = ("headless", "quiet", "wait_limit", "keep_jobs_days")
"""What can be changed while the service runs."""
CHANGEABLE = ("backend", "tia_version", *AT_ONCE)
"""What can be changed over HTTP; the others decide who may reach which files, and belong to the user who starts it."""

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"TIA_{name.upper()}"


def from_environment(environment: dict[str, str] | None = None, data_dir: Path | None = None) -> Settings:
    """Return the settings that the environment gives; TIA_BACKEND, TIA_VERSION, TIA_HOST, and so on.

    Args:
        environment: By default that of this process.
        data_dir: The data folder, where an option names one; the environment's by default.

    Raises:
        Problem: A variable, or a value that was saved, cannot be used.
    """
    env = os.environ if environment is None else environment
    given: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        text = env.get(variable(field.name))
        if text or (text is not None and field.type is bool):
            given[field.name] = _convert(variable(field.name), text, field.type)
    given["limits"] = _limits(env)
    saved = read_saved(_path(Path, data_dir or given.get("data_dir") or default_data_dir()))
    try:
        return msgspec.convert(saved | given, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise Problem(
            "settings.invalid", f"The environment variables are not usable: {error}.", kind=Kind.INVALID
        ) from None


def read_saved(data_dir: Path) -> dict[str, object]:
    """Return the values set over HTTP, by the names of Settings.

    Raises:
        Problem: The file was changed or damaged.
    """
    file = data_dir / SAVED
    if not file.exists():
        return {}
    try:
        found = msgspec.json.decode(file.read_bytes(), type=dict[str, object])
        msgspec.convert(found, Settings, strict=False, dec_hook=_path)
    except msgspec.MsgspecError as error:
        raise Problem(
            "settings.invalid", f"{file} is not usable ({error}): correct or delete it.", kind=Kind.INVALID
        ) from None
    return {name: value for name, value in found.items() if name in CHANGEABLE}


def save(data_dir: Path, values: dict[str, object]) -> None:
    """Keep some settings for the next start; those that were kept before stay."""
    write_file(data_dir / SAVED, msgspec.json.format(msgspec.json.encode(read_saved(data_dir) | values), indent=2))


def _path(kind: type, value: object) -> Path:
    if kind is Path:
        return Path(str(value)).expanduser()
    raise NotImplementedError(kind)


def _convert(name: str, text: str, kind: object) -> object:
    """Return what a variable says of a setting of some type; msgspec converts single values."""
    if kind is bool:
        return _flag(name, text)
    if kind == list[Path]:
        return text.split(os.pathsep)
    if kind == list[str]:
        return [each.strip() for each in text.split(",") if each.strip()]
    if kind == dict[str, str]:
        return dict(each.strip().rpartition("=")[::2] for each in text.split(","))
    return text


def _limits(env: Mapping[str, str]) -> dict[str, int]:
    """Return the limits of engineering data that the environment sets."""
    found: dict[str, int] = {}
    for variable, text in env.items():
        if variable.startswith(limits.PREFIX) and text:
            name = variable.removeprefix(limits.PREFIX).lower()
            row = limits.LIMITS.get(name)
            if row is None or not text.isdecimal() or not 1 <= int(text) <= (row.highest or int(text)):
                msg = f"{variable} is '{text}': docs/limits.md lists the names and their values."
                raise Problem("settings.invalid", msg, kind=Kind.INVALID)
            found[name] = int(text)
    return found


def _flag(variable: str, text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise Problem("settings.invalid", f"{variable} is '{text}': use 1 or 0.", kind=Kind.INVALID)
