"""The chapters of the walk in their order."""

from __future__ import annotations

from tests.journeys.walk import (
    chapter_access,
    chapter_alarms,
    chapter_design,
    chapter_files,
    chapter_generation,
    chapter_history,
    chapter_hmi,
    chapter_libraries,
    chapter_program,
    chapter_project,
    chapter_runtime,
    chapter_security,
    chapter_servers,
    chapter_service,
    chapter_simulation,
    chapter_sinks,
    chapter_tags,
    chapter_team,
    chapter_watch,
    chapter_web_api,
)

PARTS = (
    chapter_project,
    chapter_tags,
    chapter_program,
    chapter_watch,
    chapter_hmi,
    chapter_simulation,
    chapter_runtime,
    chapter_web_api,
    chapter_servers,
    chapter_alarms,
    chapter_sinks,
    chapter_history,
    chapter_generation,
    chapter_libraries,
    chapter_team,
    chapter_design,
    chapter_security,
    chapter_access,
    chapter_files,
    chapter_service,
)
CHAPTERS = tuple(chapter for part in PARTS for chapter in part.CHAPTERS)
