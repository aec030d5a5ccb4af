"""The calls of T-IA Connect's extension for VS Code, in the order of a working day, and what it reads of each answer.

Facts of its public source (feelautom/tia-connect-vscode at f103f8e, version 1.0.3): methods, paths, names of fields. Names of
objects, programs and values are of this project. docs/other-clients.md has the figures.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Call(NamedTuple):
    """A request of the extension. `$name` in it is a value of the session.

    Attributes:
        reads: The fields that the extension reads of the answer's data, or of each item of a list, which is not empty.
        keeps: The name in the session for the identifier in the answer.
        refused: The code of the refusal, where the service does not offer the call.
    """

    method: str
    path: str
    body: dict[str, Any] | None = None
    reads: str = ""
    keeps: str = ""
    refused: str = ""


def _scl(name: str, kind: str = "FUNCTION_BLOCK", result: str = "", body: str = ";") -> dict[str, str]:
    """The source that a new block begins with."""
    text = f"{kind} \"{name}\"{result}\n{{ S7_Optimized_Access := 'TRUE' }}\nVERSION : 0.1\nBEGIN\n{body}\nEND_{kind}\n"
    return {"SclContent": text, "SourceName": f"{name}_create"}


def _stl(name: str, kind: str = "FUNCTION_BLOCK", result: str = "") -> dict[str, str]:
    text = f'{kind} "{name}"{result}\nVERSION : 0.1\nBEGIN\nNETWORK\nTITLE =\n    NOP 0;\nEND_{kind}\n'
    return {"SclContent": text, "SourceName": f"{name}_create"}


def _data_block(name: str) -> dict[str, str]:
    text = f'DATA_BLOCK "{name}"\nVERSION : 0.1\nNON_RETAIN\nVAR\n  speed : Int;\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'
    return {"SclContent": text, "SourceName": f"{name}_create"}


def _empty(kind: str, name: str, language: str) -> dict[str, str]:
    return {"BlockType": kind, "Name": name, "Language": language}


MOTOR = """FUNCTION_BLOCK "Motor"
VERSION : 0.1
VAR_INPUT
  start : Bool;
END_VAR
VAR_OUTPUT
  run : Bool;
END_VAR
BEGIN
  #run := #start;
END_FUNCTION_BLOCK
"""
TEST = {
    "name": "Motor starts",
    "description": "The motor follows its switch.",
    "setup": {"Switch": False},
    "steps": [
        {"description": "Off", "assert": {"Lamp": {"expected": False}}},
        {"description": "On", "write": {"Switch": True}, "waitMs": 100, "assert": {"Lamp": {"expected": True}}},
    ],
    "teardown": {"Switch": False},
}
PIPELINE = {
    "name": "Nightly",
    "description": "Compile each night.",
    "trigger": "manual",
    "variables": {"device": "$device"},
    "steps": [
        {
            "name": "Compile",
            "action": "devices.compile_",
            "params": {"deviceName": "$device"},
            "timeoutSeconds": 60,
            "retryCount": 0,
            "retryDelayMs": 0,
        }
    ],
    "onFailure": "stop",
    "createdAt": "2026-07-18T12:00:00Z",
}
EVENT = {
    "eventName": "VSCode_CommandExecuted",
    "extensionVersion": "1.0.3",
    "vscodeVersion": "1.99.0",
    "success": True,
    "durationMs": 12,
    "mode": "REST",
    "commandCategory": "blocks",
}
DEVICE = "/api/devices/$device"
PANEL = "/api/devices/$panel/hmi"
BLOCKS, TABLES, UDTS, WATCH = (f"{DEVICE}/{each}" for each in ("blocks", "tag-tables", "udts", "watch-tables"))
SOURCE = f"{DEVICE}/external-sources/import-and-generate"
NEW_BLOCK = f"{BLOCKS}/generate-and-import"
VCS, TESTS, PIPELINES = "/api/source-control", "/api/testharness", "/api/pipelines"
CONTENT = (
    "Name BlockType Number ProgrammingLanguage Title Author IsProtected IsKnowHowProtected NeedsCompilation RawXml"
)
COMPILED = "Result.State Result.ErrorCount Result.WarningCount Result.Messages"
EXECUTION = "Id PipelineName Status JobId StepResults StartedAt DurationMs"

CONNECTING = (
    Call("GET", "/api/health", reads="Status.BuildVersion"),
    Call("GET", "/api/auth/local-key", refused="auth.not_local"),
    Call("GET", "/api/license/features", reads="Edition IsValid Features"),
    Call("POST", "/api/telemetry/client-events", EVENT, refused="route.not_found"),
    Call("GET", "/api/simulation/status", reads="RuntimeManagerRunning ApiVersion ApiAvailable RegisteredInstances"),
    Call("GET", "/api/docs/search?q=compile", reads="Section Snippet Relevance"),
)
PROJECTS = (
    Call("GET", "/api/projects/files", reads="Name Path Extension Size LastModified"),
    Call("GET", "/api/projects/history", reads="Path LastAccess"),
    Call(
        "POST",
        "/api/projects/actions/retrieve",
        {"ArchivePath": "$workspace/Line.zap20", "TargetDirectory": "$workspace/retrieved"},
        reads="JobId",
        keeps="job",
    ),
    Call("GET", "/api/jobs/$job", reads="JobId Status Progress Message Result CreatedAt CompletedAt"),
    Call("POST", "/api/projects/actions/close", reads="JobId"),
    Call("POST", "/api/projects/actions/open", {"Path": "$project"}, reads="JobId"),
    Call("GET", "/api/projects/overview", reads="ProjectName ProjectPath Author Comment Devices"),
    Call("GET", "/api/projects/devices", reads="Name TypeIdentifier Type ArticleNumber Version"),
)
CREATING = (
    Call("POST", SOURCE, {"SclContent": MOTOR}),
    Call("POST", SOURCE, _scl("NewFB")),
    Call("POST", SOURCE, _scl("NewFC", "FUNCTION", " : Void")),
    Call("POST", SOURCE, _scl("NewOB", "ORGANIZATION_BLOCK")),
    Call("POST", SOURCE, _data_block("NewDB")),
    Call("POST", SOURCE, _stl("ListFB")),
    Call("POST", SOURCE, _stl("ListFC", "FUNCTION", " : VOID")),
    Call("POST", SOURCE, _stl("ListOB", "ORGANIZATION_BLOCK")),
    *(
        Call("POST", NEW_BLOCK, _empty(kind, f"{language}_{kind}", language))
        for language in ("LAD", "FBD")
        for kind in ("FB", "FC", "OB")
    ),
    Call("POST", NEW_BLOCK, _empty("FB", "Sequence", "GRAPH")),
    *(Call("POST", NEW_BLOCK, _empty(kind, "No", "GRAPH"), refused="block.import_refused") for kind in ("FC", "OB")),
    Call("GET", f"{BLOCKS}/LAD_FB/content", reads=CONTENT),
    Call("GET", f"{BLOCKS}/tree", reads="Name Children"),
    Call("POST", f"{BLOCKS}/Motor/actions/compile", {}, reads=COMPILED),
    Call("POST", f"{DEVICE}/actions/compile-sync", reads=COMPILED),
)
READING = (
    Call("GET", f"{BLOCKS}/tree", reads="Name Children"),
    *(
        Call("GET", f"{BLOCKS}/{name}/content", reads=f"{CONTENT} Interface Networks")
        for name in ("Motor", "NewDB", "ListFC", "LAD_FB", "FBD_FC", "Sequence")
    ),
    *(Call("GET", f"{BLOCKS}/{name}/source", reads="SourceText") for name in ("Motor", "NewDB", "ListFC")),
    Call(
        "GET",
        f"{BLOCKS}/Motor/cross-references",
        reads="BlockName SourceCount TotalReferenceCount Sources",
    ),
    Call("POST", SOURCE, {"SclContent": MOTOR, "SourceName": "Motor_vscode"}),
    Call("POST", f"{BLOCKS}/Motor/actions/compile", {}, reads=COMPILED),
    Call("DELETE", f"{BLOCKS}/NewFC"),
)
TAGS = (
    Call("GET", TABLES, reads="Name TagCount IsDefault"),
    Call(
        "GET",
        f"{TABLES}/Motors/tags",
        reads="Name DataType LogicalAddress Comment ExternalAccessible ExternalVisible ExternalWritable",
    ),
    Call("POST", f"{TABLES}/Motors/actions/export-csv-sync", {"exportPath": "$workspace/out/Motors.csv"}),
    Call("POST", f"{TABLES}/Motors/actions/export-csv-sync", {"exportPath": "$workspace/out/Motors.csv"}),
    Call("POST", f"{TABLES}/Motors/actions/export-excel-sync", {"exportPath": "$workspace/out/Motors.xlsx"}),
    Call("POST", f"{TABLES}/Motors/actions/export-excel-sync", {"exportPath": "$workspace/out/Motors.xlsx"}),
    Call("GET", f"{TABLES}/Motors/export-xml"),
    Call("POST", f"{TABLES}/Motors/actions/import-csv-sync", {"filePath": "$workspace/out/Motors.csv"}),
    Call("POST", f"{TABLES}/Motors/actions/import-xlsx-sync", {"filePath": "$workspace/out/Motors.xlsx"}),
    Call("GET", UDTS, reads="Name IsConsistent"),
    Call("GET", f"{UDTS}/Recipe", reads="Name IsConsistent Members"),
    Call("POST", f"{UDTS}/Recipe/actions/export", {"exportPath": "$workspace/out/Recipe.xml"}),
    Call("POST", f"{UDTS}/Recipe/actions/export", {"exportPath": "$workspace/out/Recipe.xml"}),
    Call("POST", f"{UDTS}/actions/import", {"importFilePath": "$workspace/out/Recipe.xml"}),
    Call("GET", WATCH, reads="Name EntryCount"),
    Call("GET", f"{WATCH}/Overview", reads="Name IsConsistent EntryCount Entries"),
    Call("POST", f"{WATCH}/Overview/actions/export", {"exportPath": "$workspace/out/Overview.xml"}),
    Call("POST", f"{WATCH}/Overview/actions/export", {"exportPath": "$workspace/out/Overview.xml"}),
)
HARDWARE = (
    Call("GET", f"{PANEL}/screens", reads="Name Number Width Height"),
    Call("POST", f"{PANEL}/screens/Start/actions/export", {"exportPath": "$workspace/out/Start.xml"}),
    Call("POST", f"{PANEL}/screens/Start/actions/export", {"exportPath": "$workspace/out/Start.xml"}),
    Call("POST", f"{PANEL}/screens/actions/import", {"importFilePath": "$workspace/out/Start.xml"}),
    Call("GET", f"{PANEL}/tags", reads="Name DataType Connection PlcTag"),
    Call("POST", f"{PANEL}/tags/actions/export", {"exportPath": "$workspace/out/hmi_tags.xml"}),
    Call("POST", f"{PANEL}/tags/actions/export", {"exportPath": "$workspace/out/hmi_tags.xml"}),
    Call("POST", f"{PANEL}/tags/actions/import", {"importFilePath": "$workspace/out/hmi_tags.xml"}),
    Call("GET", f"{PANEL}/connections", reads="Name Partner Type"),
    Call("POST", f"{PANEL}/connections/actions/export", {"exportPath": "$workspace/out/hmi_connections.xml"}),
    Call("POST", f"{PANEL}/connections/actions/export", {"exportPath": "$workspace/out/hmi_connections.xml"}),
    Call("POST", f"{PANEL}/connections/actions/import", {"importFilePath": "$workspace/out/hmi_connections.xml"}),
    *(
        Call("POST", f"{PANEL}/screens/actions/import", {"importFilePath": f"$workspace/out/{each}.xml"})
        for each in ("hmi_tags", "hmi_connections")
    ),
    Call("POST", f"{DEVICE}/hardware/actions/export", {"exportPath": "$workspace/out/hardware.xml"}),
    Call("POST", f"{DEVICE}/hardware/actions/export", {"exportPath": "$workspace/out/hardware.xml"}),
    Call("POST", f"{DEVICE}/hardware/actions/import", {"importFilePath": "$workspace/out/hardware.xml"}),
    *(Call("GET", f"/api/devices/$panel/{each}") for each in ("blocks/tree", "tag-tables", "udts", "watch-tables")),
)
VERSIONING = (
    Call("POST", f"{VCS}/init"),
    Call("POST", f"{VCS}/export-preview", reads="JobId"),
    Call("GET", f"{VCS}/status", reads="IsInitialized ChangedFilesCount Changes"),
    Call("POST", f"{VCS}/commit", {"Message": "First"}, reads="JobId"),
    Call("GET", f"{VCS}/log?count=50", reads="Sha ShortSha Message Author Timestamp FilesChanged", keeps="sha"),
    Call("GET", f"{VCS}/diff?from=$sha~1&to=$sha", reads="FromSha ToSha Patch Files"),
    Call("POST", SOURCE, {"SclContent": MOTOR.replace("#start;", "NOT #start;"), "SourceName": "Motor_vscode"}),
    Call("POST", f"{VCS}/commit", {"Message": "Second"}, reads="JobId"),
    Call("GET", f"{VCS}/diff?from=$sha&to=HEAD", reads="FromSha ToSha Patch Files"),
    Call("GET", f"{VCS}/diff?from=HEAD~1&to=HEAD", reads="FromSha ToSha Patch Files"),
    Call("GET", f"{VCS}/file-content?commitSha=HEAD~1&filePath=blocks%2F$device%2FMotor.xml", reads="Content"),
    Call("GET", f"{VCS}/file-content?commitSha=WORKING&filePath=blocks%2F$device%2FMotor.xml", reads="Content"),
    Call(
        "POST",
        f"{VCS}/restore",
        {"CommitSha": "$sha", "FilePath": "blocks/$device/Motor.xml", "DeviceName": "$device"},
        reads="JobId",
    ),
    Call("GET", f"{VCS}/branches", reads="Name IsCurrentBranch IsRemote LastCommitSha LastCommitMessage"),
    Call("POST", f"{VCS}/branches", {"BranchName": "test"}),
    Call("POST", f"{VCS}/branches/checkout", {"BranchName": "test"}),
    Call("POST", f"{VCS}/branches/checkout", {"BranchName": "main"}),
    Call("POST", f"{VCS}/merge", {"BranchName": "test"}),
    Call("DELETE", f"{VCS}/branches/test"),
    Call("GET", f"{VCS}/config", reads="Enabled AuthorName AuthorEmail"),
    Call("POST", f"{VCS}/remotes", {"Name": "origin", "Url": "$remotes/line.git"}),
    Call("GET", f"{VCS}/remotes", reads="Name Url"),
    Call("POST", f"{VCS}/push", {}),
    Call("POST", f"{VCS}/pull", {"RemoteName": "origin"}),
    Call("DELETE", f"{VCS}/remotes/origin"),
)
TESTING = (
    Call("POST", f"{TESTS}/tests", TEST),
    Call("GET", f"{TESTS}/tests"),
    Call("GET", f"{TESTS}/tests/Motor%20starts", reads="Name Description Setup Steps Teardown"),
    Call("POST", f"{TESTS}/run?testName=Motor%20starts", reads="JobId"),
    Call("POST", f"{TESTS}/run?testName=*", reads="JobId"),
    Call("GET", f"{TESTS}/results", reads="Total Passed Failed Results StartedAt CompletedAt DurationMs"),
    Call("DELETE", f"{TESTS}/tests/Motor%20starts"),
)
PIPING = (
    Call("GET", PIPELINES),
    Call("POST", PIPELINES, PIPELINE),
    Call("GET", f"{PIPELINES}/Nightly", reads="Name Trigger Steps OnFailure CreatedAt"),
    Call("POST", f"{PIPELINES}/Nightly/run", reads="JobId"),
    Call("POST", f"{PIPELINES}/Nightly/run", {"variables": {"device": "$device"}}, reads="JobId"),
    Call("GET", f"{PIPELINES}/executions?limit=20", reads=EXECUTION, keeps="execution"),
    Call("GET", f"{PIPELINES}/executions?name=Nightly&limit=20", reads=EXECUTION),
    Call("GET", f"{PIPELINES}/executions/$execution", reads=EXECUTION),
    Call("GET", f"{PIPELINES}/templates", reads="Id Name Description Category", keeps="template"),
    Call(
        "POST",
        f"{PIPELINES}/templates/$template/instantiate",
        {"pipelineName": "Mine", "parameters": {}},
        reads="Name Steps",
    ),
    Call("DELETE", f"{PIPELINES}/Mine"),
    Call("DELETE", f"{PIPELINES}/Nightly"),
)
ASKING = (
    Call("POST", "/api/assistant/chat", {"Message": "List the devices", "History": [], "Locale": "en"}),
    Call("GET", "/api/assistant/history"),
    Call("GET", "/api/assistant/history?projectKey=$project"),
    Call("POST", "/api/assistant/stop"),
    Call("DELETE", "/api/assistant/history?projectKey=$project"),
    Call("DELETE", "/api/assistant/history"),
)
TOOLS = {
    "tia_get_project_overview": Call("GET", "/api/projects/overview", reads="ProjectName Devices"),
    "tia_list_devices": Call("GET", "/api/projects/devices", reads="Name"),
    "tia_list_blocks": Call("GET", f"{BLOCKS}/tree", reads="Name Children"),
    "tia_create_block": Call("POST", NEW_BLOCK, _empty("FB", "Made", "LAD"), reads="Name"),
    "tia_import_scl": Call("POST", SOURCE, {"SclContent": MOTOR}),
    "tia_compile_device": Call("POST", f"{DEVICE}/actions/compile-sync", reads=COMPILED),
    "tia_compile_block": Call("POST", f"{BLOCKS}/Motor/actions/compile", {}, reads=COMPILED),
    "tia_get_block_content": Call("GET", f"{BLOCKS}/Motor/content", reads=CONTENT),
    "tia_get_block_source": Call("GET", f"{BLOCKS}/Motor/source", reads="SourceText"),
    "tia_export_block": Call("POST", f"{BLOCKS}/Motor/export", {"Format": "xml"}),
    "tia_get_cross_references": Call("GET", f"{BLOCKS}/Motor/cross-references", reads="Sources"),
    "tia_delete_block": Call("DELETE", f"{BLOCKS}/Made"),
    "tia_list_tag_tables": Call("GET", TABLES, reads="Name TagCount"),
    "tia_create_tag": Call(
        "POST",
        f"{TABLES}/Motors/tags",
        {"Name": "Level", "DataType": "Word", "LogicalAddress": "%MW10", "Comment": "of the tank"},
        reads="Name",
    ),
    "tia_list_tags": Call("GET", f"{TABLES}/Motors/tags", reads="Name DataType LogicalAddress Comment"),
    "tia_list_udts": Call("GET", UDTS, reads="Name"),
    "tia_save_project": Call("POST", "/api/projects/actions/save"),
    "tia_plcsim_status": Call("GET", "/api/simulation/status", reads="ApiAvailable"),
    "tia_download_to_plc": Call("POST", f"{DEVICE}/actions/download", {"Scope": "Software"}, reads="JobId"),
    "tia_go_online": Call("POST", f"{DEVICE}/online/connect"),
    "tia_go_offline": Call("POST", f"{DEVICE}/online/disconnect"),
    "tia_plcsim_write_tag": Call("POST", "/api/simulation/plcsim/tags/Switch", {"Value": "true"}, reads="Value"),
    "tia_plcsim_read_tag": Call("GET", "/api/simulation/plcsim/tags/Switch", reads="Value"),
    "tia_run_tests": Call("POST", "/api/tests/run", {"DeviceName": "$device"}, reads="Total Passed Failed"),
    "tia_vcs_commit": Call("POST", f"{VCS}/commit", {"Message": "By a tool"}, reads="JobId"),
    "tia_vcs_status": Call("GET", f"{VCS}/status", reads="IsInitialized Changes"),
    "tia_vcs_diff": Call("GET", f"{VCS}/diff", reads="Patch Files"),
    "tia_pipeline_list": Call("GET", PIPELINES),
    "tia_pipeline_run": Call("POST", f"{PIPELINES}/Nightly/run", reads="JobId"),
    "tia_search_catalog": Call("POST", "/api/catalog/search", {"Query": "1511"}),
    "tia_add_device": Call(
        "POST", "/api/projects/devices", {"OrderNumber": "6ES7 511-1AK02-0AB0", "Name": "PLC_2"}, reads="Name"
    ),
}
"""The tools that the extension registers for language models, in an order in which each has what it needs."""
LEAVING = (Call("POST", "/api/health/shutdown"),)
CHAPTERS = {
    "connect": CONNECTING,
    "projects": PROJECTS,
    "create blocks": CREATING,
    "read blocks": READING,
    "tags, types, watch tables": TAGS,
    "panels, hardware": HARDWARE,
    "source control": VERSIONING,
    "PLC tests": TESTING,
    "pipelines": PIPING,
    "assistant": ASKING,
    "leave": LEAVING,
}
