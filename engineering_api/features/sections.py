"""What the service offers, a module for each kind of thing. The order is that of the printed list."""

from engineering_api.features.access import (
    access_operations,
    api_keys_operations,
    audit_log_operations,
    users_operations,
)
from engineering_api.features.assistant import assistant_operations
from engineering_api.features.blocks import (
    block_drawing_operations,
    block_generation_operations,
    blocks_operations,
    sources_operations,
)
from engineering_api.features.design import design_spec_operations
from engineering_api.features.devices import catalog_operations, devices_operations, hardware_operations
from engineering_api.features.editing import editing_operations
from engineering_api.features.files import files_operations, transfer_operations
from engineering_api.features.history import block_snapshots_operations, history_operations
from engineering_api.features.hmi import hmi_lists_operations, hmi_operations, hmi_tags_operations
from engineering_api.features.jobs import jobs_operations, signalr_operations
from engineering_api.features.libraries import (
    libraries_global_operations,
    libraries_operations,
    libraries_types_operations,
)
from engineering_api.features.mcp import mcp_operations
from engineering_api.features.online import online_operations
from engineering_api.features.pipelines import pipelines_operations
from engineering_api.features.plc_tests import plc_tests_operations
from engineering_api.features.plc_tests.kept_runs import plc_test_runs_operations
from engineering_api.features.portals import portals_operations
from engineering_api.features.program import cross_references_operations, diagnostics_operations, technology_operations
from engineering_api.features.program_files import program_files_operations
from engineering_api.features.projects import projects_operations
from engineering_api.features.projects.demo import demo_project_operations
from engineering_api.features.protection import security_operations
from engineering_api.features.simulation import (
    simulation_instances_operations,
    simulation_io_operations,
    simulation_operations,
    simulation_profiles_operations,
    simulation_tags_operations,
    simulation_time_operations,
)
from engineering_api.features.source_control import source_control_operations
from engineering_api.features.system import (
    discovery_operations,
    health_operations,
    status_operations,
    system_operations,
    workers_operations,
)
from engineering_api.features.tags import (
    constants_operations,
    tag_tables_operations,
    tag_transfer_operations,
    tags_operations,
)
from engineering_api.features.udts import udts_operations
from engineering_api.features.watch import watch_tables_operations
from engineering_api.features.webhooks import webhooks_operations
from runtime_data.ignition import ignition_operations, tag_export_operations
from runtime_data.native import (
    runtime_alarm_definitions_operations,
    runtime_alarms_operations,
    runtime_fleet_operations,
    runtime_history_operations,
    runtime_logging_operations,
    runtime_rules_operations,
    runtime_servers_operations,
    runtime_sinks_operations,
    runtime_sources_operations,
    runtime_stream_operations,
    runtime_tags_operations,
    runtime_values_operations,
)
from runtime_data.unified import graphql_operations
from runtime_data.wincc import (
    rest_alarms_operations,
    rest_archives_operations,
    rest_tags_operations,
    wincc_access_operations,
    wincc_alarms_operations,
    wincc_archives_operations,
    wincc_tags_operations,
)

SECTIONS = (
    health_operations.section,
    status_operations.section,
    access_operations.section,
    users_operations.section,
    api_keys_operations.section,
    portals_operations.section,
    projects_operations.section,
    demo_project_operations.section,
    devices_operations.section,
    catalog_operations.section,
    hardware_operations.section,
    blocks_operations.section,
    block_snapshots_operations.section,
    block_drawing_operations.section,
    sources_operations.section,
    editing_operations.section,
    tags_operations.section,
    tag_tables_operations.section,
    tag_transfer_operations.section,
    constants_operations.section,
    udts_operations.section,
    hmi_operations.section,
    hmi_tags_operations.section,
    hmi_lists_operations.section,
    online_operations.section,
    simulation_operations.section,
    simulation_instances_operations.section,
    simulation_io_operations.section,
    simulation_tags_operations.section,
    simulation_profiles_operations.section,
    simulation_time_operations.section,
    runtime_sources_operations.section,
    runtime_tags_operations.section,
    runtime_values_operations.section,
    runtime_rules_operations.section,
    runtime_stream_operations.section,
    runtime_logging_operations.section,
    runtime_history_operations.section,
    runtime_alarm_definitions_operations.section,
    runtime_alarms_operations.section,
    runtime_sinks_operations.section,
    runtime_servers_operations.section,
    runtime_fleet_operations.section,
    watch_tables_operations.section,
    diagnostics_operations.section,
    cross_references_operations.section,
    technology_operations.section,
    history_operations.section,
    source_control_operations.section,
    block_generation_operations.section,
    program_files_operations.section,
    design_spec_operations.section,
    security_operations.section,
    plc_tests_operations.section,
    plc_test_runs_operations.section,
    pipelines_operations.section,
    webhooks_operations.section,
    ignition_operations.section,
    tag_export_operations.section,
    libraries_operations.section,
    libraries_types_operations.section,
    libraries_global_operations.section,
    assistant_operations.section,
    jobs_operations.section,
    signalr_operations.section,
    system_operations.section,
    files_operations.section,
    transfer_operations.section,
    audit_log_operations.section,
    workers_operations.section,
    discovery_operations.section,
    mcp_operations.section,
    wincc_access_operations.section,
    wincc_tags_operations.section,
    wincc_alarms_operations.section,
    wincc_archives_operations.section,
    graphql_operations.section,
    rest_tags_operations.section,
    rest_archives_operations.section,
    rest_alarms_operations.section,
)
