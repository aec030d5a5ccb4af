"""What the service offers, a module for each kind of thing. The order is that of the printed list."""

from engineering_api.routes import discovery, health, jobs, portals, projects

SECTIONS = (
    health.section,
    portals.section,
    projects.section,
    jobs.section,
    discovery.section,
)
