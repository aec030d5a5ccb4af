"""What the service offers, a module for each kind of thing. The order is that of the printed list."""

from engineering_api.routes import (
    blocks,
    catalog,
    devices,
    discovery,
    hardware,
    health,
    jobs,
    portals,
    projects,
    sources,
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
    jobs.section,
    discovery.section,
)
