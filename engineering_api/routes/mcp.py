"""MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""

from __future__ import annotations

from engineering_api.context import Context
from engineering_api.operation import Nothing, Right, Section
from openness_bridge import program_state
from openness_bridge.program_state import ProjectState

section = Section("MCP & AI Assistant")


@section.operation(also="GET /mcp/project-state", right=Right.VIEW, changes=False)
def project_state(ctx: Context, _: Nothing) -> ProjectState:
    """Get the parts of the open project with the moment of their last change: enough to tell two states apart."""
    return program_state.state(ctx.session)
