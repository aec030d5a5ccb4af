"""What the service offers, a module for each kind of thing. The order is that of the printed list."""

from engineering_api.routes import (
    blocks,
    catalog,
    constants,
    devices,
    discovery,
    hardware,
    health,
    jobs,
    portals,
    projects,
    sources,
    tag_tables,
    tag_transfer,
    tags,
    udts,
    watch_tables,
)

SECTIONS = (
    health.section,
    portals.section,
    projects.section,
    devices.section,
    catalog.section,
    hardware.section,
    blocks.section,
    sources.section,
    tags.section,
    tag_tables.section,
    tag_transfer.section,
    constants.section,
    udts.section,
    watch_tables.section,
    jobs.section,
    discovery.section,
)
