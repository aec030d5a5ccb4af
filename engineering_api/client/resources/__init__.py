"""The resources of a client.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncRuns, Runs
from engineering_api.client.resources.access import Access, AsyncAccess
from engineering_api.client.resources.api_keys import ApiKeys, AsyncApiKeys
from engineering_api.client.resources.assistant import Assistant, AsyncAssistant
from engineering_api.client.resources.audit_log import AsyncAuditLog, AuditLog
from engineering_api.client.resources.block_generation import AsyncBlockGeneration, BlockGeneration
from engineering_api.client.resources.block_snapshots import AsyncBlockSnapshots, BlockSnapshots
from engineering_api.client.resources.blocks import AsyncBlocks, Blocks
from engineering_api.client.resources.catalog import AsyncCatalog, Catalog
from engineering_api.client.resources.constants import AsyncConstants, Constants
from engineering_api.client.resources.cross_references import AsyncCrossReferences, CrossReferences
from engineering_api.client.resources.design_spec import AsyncDesignSpec, DesignSpec
from engineering_api.client.resources.devices import AsyncDevices, Devices
from engineering_api.client.resources.diagnostics import AsyncDiagnostics, Diagnostics
from engineering_api.client.resources.discovery import AsyncDiscovery, Discovery
from engineering_api.client.resources.files import AsyncFiles, Files
from engineering_api.client.resources.hardware import AsyncHardware, Hardware
from engineering_api.client.resources.health import AsyncHealth, Health
from engineering_api.client.resources.history import AsyncHistory, History
from engineering_api.client.resources.hmi import AsyncHmi, Hmi
from engineering_api.client.resources.hmi_lists import AsyncHmiLists, HmiLists
from engineering_api.client.resources.hmi_tags import AsyncHmiTags, HmiTags
from engineering_api.client.resources.jobs import AsyncJobs, Jobs
from engineering_api.client.resources.libraries import AsyncLibraries, Libraries
from engineering_api.client.resources.libraries_global import AsyncLibrariesGlobal, LibrariesGlobal
from engineering_api.client.resources.libraries_types import AsyncLibrariesTypes, LibrariesTypes
from engineering_api.client.resources.mcp import AsyncMcp, Mcp
from engineering_api.client.resources.online import AsyncOnline, Online
from engineering_api.client.resources.pipelines import AsyncPipelines, Pipelines
from engineering_api.client.resources.plc_tests import AsyncPlcTests, PlcTests
from engineering_api.client.resources.portals import AsyncPortals, Portals
from engineering_api.client.resources.projects import AsyncProjects, Projects
from engineering_api.client.resources.security import AsyncSecurity, Security
from engineering_api.client.resources.simulation import AsyncSimulation, Simulation
from engineering_api.client.resources.simulation_instances import AsyncSimulationInstances, SimulationInstances
from engineering_api.client.resources.simulation_profiles import AsyncSimulationProfiles, SimulationProfiles
from engineering_api.client.resources.simulation_tags import AsyncSimulationTags, SimulationTags
from engineering_api.client.resources.simulation_time import AsyncSimulationTime, SimulationTime
from engineering_api.client.resources.source_control import AsyncSourceControl, SourceControl
from engineering_api.client.resources.sources import AsyncSources, Sources
from engineering_api.client.resources.system import AsyncSystem, System
from engineering_api.client.resources.tag_tables import AsyncTagTables, TagTables
from engineering_api.client.resources.tag_transfer import AsyncTagTransfer, TagTransfer
from engineering_api.client.resources.tags import AsyncTags, Tags
from engineering_api.client.resources.udts import AsyncUdts, Udts
from engineering_api.client.resources.users import AsyncUsers, Users
from engineering_api.client.resources.watch_tables import AsyncWatchTables, WatchTables
from engineering_api.client.resources.webhooks import AsyncWebhooks, Webhooks
from engineering_api.client.resources.workers import AsyncWorkers, Workers


class Resources(Runs):
    """All operations, by resource."""

    @property
    def access(self) -> Access:
        """What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows."""
        return Access(self)

    @property
    def api_keys(self) -> ApiKeys:
        """API keys: administrators make them for programs, limit them, give them another secret and revoke them."""
        return ApiKeys(self)

    @property
    def assistant(self) -> Assistant:
        """AI Assistant: a language model of the user's choice that works on the project with the service's own tools."""
        return Assistant(self)

    @property
    def audit_log(self) -> AuditLog:
        """System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream."""
        return AuditLog(self)

    @property
    def block_generation(self) -> BlockGeneration:
        """Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal."""
        return BlockGeneration(self)

    @property
    def block_snapshots(self) -> BlockSnapshots:
        """Blocks: snapshots, start values in the PLC, and ProDiag supervisions."""
        return BlockSnapshots(self)

    @property
    def blocks(self) -> Blocks:
        """Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML."""
        return Blocks(self)

    @property
    def catalog(self) -> Catalog:
        """The hardware catalogue: found by order number, searched by words, kept in a cache."""
        return Catalog(self)

    @property
    def constants(self) -> Constants:
        """Tags & Constants: user constants and system constants."""
        return Constants(self)

    @property
    def cross_references(self) -> CrossReferences:
        """Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses."""
        return CrossReferences(self)

    @property
    def design_spec(self) -> DesignSpec:
        """Design Spec: designs of equipment, kept for the open project, generated and brought into it."""
        return DesignSpec(self)

    @property
    def devices(self) -> Devices:
        """Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot."""
        return Devices(self)

    @property
    def diagnostics(self) -> Diagnostics:
        """Diagnostics: what the loaded Openness version has, and which services a PLC offers."""
        return Diagnostics(self)

    @property
    def discovery(self) -> Discovery:
        """Discovery: what this service can do, told by the catalogue itself."""
        return Discovery(self)

    @property
    def files(self) -> Files:
        """Files: what the allowed folders have, for clients that are not on this machine. The bytes themselves go through transfer.py."""
        return Files(self)

    @property
    def hardware(self) -> Hardware:
        """The inside of devices: details, free slots, modules, and hardware as AML files."""
        return Hardware(self)

    @property
    def health(self) -> Health:
        """Health: whether the service runs, what it sees of TIA Portal, and what it may do."""
        return Health(self)

    @property
    def history(self) -> History:
        """History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back."""
        return History(self)

    @property
    def hmi(self) -> Hmi:
        """HMI Screens: the screens of panels, and what all Unified panels have."""
        return Hmi(self)

    @property
    def hmi_lists(self) -> HmiLists:
        """HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI."""
        return HmiLists(self)

    @property
    def hmi_tags(self) -> HmiTags:
        """HMI Screens: tags and connections of panels."""
        return HmiTags(self)

    @property
    def jobs(self) -> Jobs:
        """Async Jobs: look at jobs, stop them, and run any operation by its name."""
        return Jobs(self)

    @property
    def libraries(self) -> Libraries:
        """Libraries: the project library, its master copies, and what is updated from it."""
        return Libraries(self)

    @property
    def libraries_global(self) -> LibrariesGlobal:
        """Libraries: global libraries, which have a file of their own and are opened and closed beside projects."""
        return LibrariesGlobal(self)

    @property
    def libraries_types(self) -> LibrariesTypes:
        """Libraries: types of the project library and their versions."""
        return LibrariesTypes(self)

    @property
    def mcp(self) -> Mcp:
        """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""
        return Mcp(self)

    @property
    def online(self) -> Online:
        """Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC."""
        return Online(self)

    @property
    def pipelines(self) -> Pipelines:
        """Pipelines: operations run one after the other, by hand, by schedule, or when something happens."""
        return Pipelines(self)

    @property
    def plc_tests(self) -> PlcTests:
        """PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients keep here."""
        return PlcTests(self)

    @property
    def portals(self) -> Portals:
        """TIA Portal Management: list, launch, attach, leave and shut down portals."""
        return Portals(self)

    @property
    def projects(self) -> Projects:
        """Project Operations: create, open, save, archive, restore, close; overview, index and history."""
        return Projects(self)

    @property
    def security(self) -> Security:
        """Security & UMAC: protection of CPUs, users and roles of the project. Passwords go in and never come out."""
        return Security(self)

    @property
    def simulation(self) -> Simulation:
        """PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it."""
        return Simulation(self)

    @property
    def simulation_instances(self) -> SimulationInstances:
        """PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives."""
        return SimulationInstances(self)

    @property
    def simulation_profiles(self) -> SimulationProfiles:
        """PLCSim Simulation: profiles, which say what instances there are to be."""
        return SimulationProfiles(self)

    @property
    def simulation_tags(self) -> SimulationTags:
        """PLCSim Simulation: tags of an instance, one by one and many at once."""
        return SimulationTags(self)

    @property
    def simulation_time(self) -> SimulationTime:
        """PLCSim Simulation: virtual time of an instance, and traces of tags over it."""
        return SimulationTime(self)

    @property
    def source_control(self) -> SourceControl:
        """Source Control: the open project as text in a git repository of its own."""
        return SourceControl(self)

    @property
    def sources(self) -> Sources:
        """External sources: SCL and STL text taken in, blocks generated from it."""
        return Sources(self)

    @property
    def system(self) -> System:
        """System API: settings, documentation, audit log, and folders of the server in place of file dialogs."""
        return System(self)

    @property
    def tag_tables(self) -> TagTables:
        """Tags & Constants: tag tables and their folders."""
        return TagTables(self)

    @property
    def tag_transfer(self) -> TagTransfer:
        """Tags & Constants: tags and constants in and out of workbooks, CSV and JSON."""
        return TagTransfer(self)

    @property
    def tags(self) -> Tags:
        """Tags & Constants: PLC tags, one at a time."""
        return Tags(self)

    @property
    def udts(self) -> Udts:
        """Data Types (UDT): PLC data types with their members, and their folders."""
        return Udts(self)

    @property
    def users(self) -> Users:
        """Users who log in with a password: administrators make, change and remove them."""
        return Users(self)

    @property
    def watch_tables(self) -> WatchTables:
        """Watch & Force Tables: watch tables with their rows, the force table, their files and folders."""
        return WatchTables(self)

    @property
    def webhooks(self) -> Webhooks:
        """Webhooks: receivers of events, signed deliveries, and the log of what arrived."""
        return Webhooks(self)

    @property
    def workers(self) -> Workers:
        """Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""
        return Workers(self)


class AsyncResources(AsyncRuns):
    """All operations, by resource."""

    @property
    def access(self) -> AsyncAccess:
        """What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows."""
        return AsyncAccess(self)

    @property
    def api_keys(self) -> AsyncApiKeys:
        """API keys: administrators make them for programs, limit them, give them another secret and revoke them."""
        return AsyncApiKeys(self)

    @property
    def assistant(self) -> AsyncAssistant:
        """AI Assistant: a language model of the user's choice that works on the project with the service's own tools."""
        return AsyncAssistant(self)

    @property
    def audit_log(self) -> AsyncAuditLog:
        """System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream."""
        return AsyncAuditLog(self)

    @property
    def block_generation(self) -> AsyncBlockGeneration:
        """Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal."""
        return AsyncBlockGeneration(self)

    @property
    def block_snapshots(self) -> AsyncBlockSnapshots:
        """Blocks: snapshots, start values in the PLC, and ProDiag supervisions."""
        return AsyncBlockSnapshots(self)

    @property
    def blocks(self) -> AsyncBlocks:
        """Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML."""
        return AsyncBlocks(self)

    @property
    def catalog(self) -> AsyncCatalog:
        """The hardware catalogue: found by order number, searched by words, kept in a cache."""
        return AsyncCatalog(self)

    @property
    def constants(self) -> AsyncConstants:
        """Tags & Constants: user constants and system constants."""
        return AsyncConstants(self)

    @property
    def cross_references(self) -> AsyncCrossReferences:
        """Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses."""
        return AsyncCrossReferences(self)

    @property
    def design_spec(self) -> AsyncDesignSpec:
        """Design Spec: designs of equipment, kept for the open project, generated and brought into it."""
        return AsyncDesignSpec(self)

    @property
    def devices(self) -> AsyncDevices:
        """Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot."""
        return AsyncDevices(self)

    @property
    def diagnostics(self) -> AsyncDiagnostics:
        """Diagnostics: what the loaded Openness version has, and which services a PLC offers."""
        return AsyncDiagnostics(self)

    @property
    def discovery(self) -> AsyncDiscovery:
        """Discovery: what this service can do, told by the catalogue itself."""
        return AsyncDiscovery(self)

    @property
    def files(self) -> AsyncFiles:
        """Files: what the allowed folders have, for clients that are not on this machine. The bytes themselves go through transfer.py."""
        return AsyncFiles(self)

    @property
    def hardware(self) -> AsyncHardware:
        """The inside of devices: details, free slots, modules, and hardware as AML files."""
        return AsyncHardware(self)

    @property
    def health(self) -> AsyncHealth:
        """Health: whether the service runs, what it sees of TIA Portal, and what it may do."""
        return AsyncHealth(self)

    @property
    def history(self) -> AsyncHistory:
        """History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back."""
        return AsyncHistory(self)

    @property
    def hmi(self) -> AsyncHmi:
        """HMI Screens: the screens of panels, and what all Unified panels have."""
        return AsyncHmi(self)

    @property
    def hmi_lists(self) -> AsyncHmiLists:
        """HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI."""
        return AsyncHmiLists(self)

    @property
    def hmi_tags(self) -> AsyncHmiTags:
        """HMI Screens: tags and connections of panels."""
        return AsyncHmiTags(self)

    @property
    def jobs(self) -> AsyncJobs:
        """Async Jobs: look at jobs, stop them, and run any operation by its name."""
        return AsyncJobs(self)

    @property
    def libraries(self) -> AsyncLibraries:
        """Libraries: the project library, its master copies, and what is updated from it."""
        return AsyncLibraries(self)

    @property
    def libraries_global(self) -> AsyncLibrariesGlobal:
        """Libraries: global libraries, which have a file of their own and are opened and closed beside projects."""
        return AsyncLibrariesGlobal(self)

    @property
    def libraries_types(self) -> AsyncLibrariesTypes:
        """Libraries: types of the project library and their versions."""
        return AsyncLibrariesTypes(self)

    @property
    def mcp(self) -> AsyncMcp:
        """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""
        return AsyncMcp(self)

    @property
    def online(self) -> AsyncOnline:
        """Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC."""
        return AsyncOnline(self)

    @property
    def pipelines(self) -> AsyncPipelines:
        """Pipelines: operations run one after the other, by hand, by schedule, or when something happens."""
        return AsyncPipelines(self)

    @property
    def plc_tests(self) -> AsyncPlcTests:
        """PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients keep here."""
        return AsyncPlcTests(self)

    @property
    def portals(self) -> AsyncPortals:
        """TIA Portal Management: list, launch, attach, leave and shut down portals."""
        return AsyncPortals(self)

    @property
    def projects(self) -> AsyncProjects:
        """Project Operations: create, open, save, archive, restore, close; overview, index and history."""
        return AsyncProjects(self)

    @property
    def security(self) -> AsyncSecurity:
        """Security & UMAC: protection of CPUs, users and roles of the project. Passwords go in and never come out."""
        return AsyncSecurity(self)

    @property
    def simulation(self) -> AsyncSimulation:
        """PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it."""
        return AsyncSimulation(self)

    @property
    def simulation_instances(self) -> AsyncSimulationInstances:
        """PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives."""
        return AsyncSimulationInstances(self)

    @property
    def simulation_profiles(self) -> AsyncSimulationProfiles:
        """PLCSim Simulation: profiles, which say what instances there are to be."""
        return AsyncSimulationProfiles(self)

    @property
    def simulation_tags(self) -> AsyncSimulationTags:
        """PLCSim Simulation: tags of an instance, one by one and many at once."""
        return AsyncSimulationTags(self)

    @property
    def simulation_time(self) -> AsyncSimulationTime:
        """PLCSim Simulation: virtual time of an instance, and traces of tags over it."""
        return AsyncSimulationTime(self)

    @property
    def source_control(self) -> AsyncSourceControl:
        """Source Control: the open project as text in a git repository of its own."""
        return AsyncSourceControl(self)

    @property
    def sources(self) -> AsyncSources:
        """External sources: SCL and STL text taken in, blocks generated from it."""
        return AsyncSources(self)

    @property
    def system(self) -> AsyncSystem:
        """System API: settings, documentation, audit log, and folders of the server in place of file dialogs."""
        return AsyncSystem(self)

    @property
    def tag_tables(self) -> AsyncTagTables:
        """Tags & Constants: tag tables and their folders."""
        return AsyncTagTables(self)

    @property
    def tag_transfer(self) -> AsyncTagTransfer:
        """Tags & Constants: tags and constants in and out of workbooks, CSV and JSON."""
        return AsyncTagTransfer(self)

    @property
    def tags(self) -> AsyncTags:
        """Tags & Constants: PLC tags, one at a time."""
        return AsyncTags(self)

    @property
    def udts(self) -> AsyncUdts:
        """Data Types (UDT): PLC data types with their members, and their folders."""
        return AsyncUdts(self)

    @property
    def users(self) -> AsyncUsers:
        """Users who log in with a password: administrators make, change and remove them."""
        return AsyncUsers(self)

    @property
    def watch_tables(self) -> AsyncWatchTables:
        """Watch & Force Tables: watch tables with their rows, the force table, their files and folders."""
        return AsyncWatchTables(self)

    @property
    def webhooks(self) -> AsyncWebhooks:
        """Webhooks: receivers of events, signed deliveries, and the log of what arrived."""
        return AsyncWebhooks(self)

    @property
    def workers(self) -> AsyncWorkers:
        """Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""
        return AsyncWorkers(self)
