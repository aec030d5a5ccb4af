"""What tools are called, and which are seen without a search.

A client shows its model every listed tool in every conversation, so few are listed. Names that clients of T-IA Connect
know are kept (docs/facts/t-ia-connect.md#product); every other operation is a tool by its own name.
"""

from __future__ import annotations

import msgspec

from engineering_api.operations.declaration import Operation, secrets_of

LISTED = {
    "get_project_status": "portals.status",
    "get_project_overview": "projects.get_overview",
    "search_project": "projects.search",
    "list_project_files": "projects.files",
    "open_project": "projects.open_",
    "create_project": "projects.create",
    "save_project": "projects.save",
    "close_project": "projects.close",
    "list_devices": "devices.list_",
    "add_device": "devices.add",
    "compile_device": "devices.compile_",
    "search_catalog": "catalog.search",
    "list_blocks": "blocks.list_",
    "get_block_content": "blocks.get_content",
    "get_block_source": "blocks.export_source",
    "create_block": "blocks.create",
    "import_scl": "sources.import_and_generate",
    "set_block_content": "blocks.put_content",
    "compile_block": "blocks.compile_",
    "delete_block": "blocks.delete",
    "get_cross_references": "cross_references.of_block",
    "list_tag_tables": "tag_tables.list_",
    "list_tags": "tags.list_",
    "create_tag": "tags.add",
    "update_tag": "tags.update",
    "import_tags": "tag_transfer.import_json",
    "list_udts": "udts.list_",
    "get_udt": "udts.get",
    "create_udt": "udts.create",
    "run_tests": "plc_tests.run",
    "plcsim_status": "simulation.status",
    "plcsim_read_tag": "simulation_tags.read",
    "download_to_plc": "online.download",
    "list_snapshots": "history.list_",
    "compare_snapshot": "history.compare",
    "search_documentation": "system.search_docs",
    "get_job": "jobs.get",
}
"""Tools that clients see at once."""

KNOWN = {
    "get_device": "devices.get",
    "export_block": "blocks.export",
    "delete_tag": "tags.delete",
    "create_tag_table": "tag_tables.create",
    "update_udt": "udts.update",
    "go_online": "online.connect",
    "go_offline": "online.disconnect",
    "restore_snapshot": "history.restore",
    "get_documentation": "system.doc_section",
    "get_call_structure": "cross_references.call_structure",
    "cancel_job": "jobs.cancel",
    "vcs_status": "source_control.status",
    "vcs_diff": "source_control.diff",
    "vcs_commit": "source_control.commit",
    "pipeline_list": "pipelines.list_",
    "pipeline_run": "pipelines.run",
    "plcsim_batch_read": "simulation_tags.batch_read",
    "plcsim_batch_write": "simulation_tags.batch_write",
    "plcsim_connect": "simulation.connect",
    "plcsim_create_instance": "simulation_instances.create",
    "plcsim_delete_instance": "simulation_instances.delete",
    "plcsim_delete_profile": "simulation_profiles.delete",
    "plcsim_disconnect": "simulation.disconnect",
    "plcsim_get_instance_config": "simulation_instances.config",
    "plcsim_get_instance_state": "simulation_instances.state",
    "plcsim_get_network": "simulation_instances.network",
    "plcsim_get_runtime_config": "simulation.runtime_config",
    "plcsim_get_simulation_state": "simulation.state",
    "plcsim_list_instances": "simulation_instances.list_",
    "plcsim_list_profiles": "simulation_profiles.list_",
    "plcsim_list_tags": "simulation_tags.list_",
    "plcsim_load_profile": "simulation_profiles.apply",
    "plcsim_memory_reset": "simulation_instances.memory_reset",
    "plcsim_power_off": "simulation_instances.power_off",
    "plcsim_power_on": "simulation_instances.power_on",
    "plcsim_refresh_tags": "simulation_tags.refresh",
    "plcsim_run": "simulation_instances.run",
    "plcsim_save_profile": "simulation_profiles.save",
    "plcsim_set_instance_config": "simulation_instances.configure",
    "plcsim_set_network": "simulation_instances.set_network",
    "plcsim_set_runtime_config": "simulation.configure_runtime",
    "plcsim_set_runtime_port": "simulation.set_port",
    "plcsim_start_runtime": "simulation.start_runtime",
    "plcsim_start_simulation": "simulation.start",
    "plcsim_stop": "simulation_instances.stop",
    "plcsim_stop_simulation": "simulation.stop",
    "plcsim_write_tag": "simulation_tags.write",
}
"""Further names that clients know; their tools are found by search."""

NO_TOOLS = {
    "access.local_key": "it hands out the key of the service",
    "access.logout": "it ends the login that the tools work under",
    "jobs.execute": "call_operation runs any operation, with its checks",
    "jobs.execute_sync": "call_operation runs any operation, with its checks",
    "health.shutdown": "it ends the server that the tools live in",
    "system.save_settings": "settings belong to whoever runs the server",
}
"""Operations that are no tools, and why."""
NO_TOOL_MODULES = {
    "api_keys": "who may call is not for a model to change",
    "users": "who may call is not for a model to change",
    "mcp": "it is about the tools themselves",
    "assistant": "a model does not ask another one",
    "webhooks": "who is told what happens here is not for a model to say",
}
"""The same for all operations of a module."""

SHORT = {
    "device": "deviceName",
    "block": "blockName",
    "tagTable": "tableName",
    "table": "tableName",
    "tag": "tagName",
    "udt": "udtName",
    "plc": "deviceName",
}
"""Short names of fields, as clients of T-IA Connect send them."""


def tool_name(op: Operation) -> str:
    """The name of an operation's tool: the known one, or that of the operation in letters that all clients take."""
    return _BY_OPERATION.get(op.name) or op.name.replace(".", "_").strip("_")


def unfit(op: Operation) -> str:
    """Why an operation is no tool; empty for one that is."""
    module = op.name.partition(".")[0]
    reason = NO_TOOLS.get(op.name) or NO_TOOL_MODULES.get(module, "")
    if not reason and any(field.required for field in _secret_fields(op)):
        reason = "it needs a password, which does not go through a model"
    return reason


def _secret_fields(op: Operation) -> list[msgspec.structs.FieldInfo]:
    secret = secrets_of(op.request)
    return [field for field in msgspec.structs.fields(op.request) if field.name in secret]


_BY_OPERATION = {operation: name for name, operation in (*KNOWN.items(), *LISTED.items())}
