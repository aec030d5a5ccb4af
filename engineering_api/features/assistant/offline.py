"""The answer while no language model is set up: it says that none is, and offers what search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engineering_api.documentation import search
from engineering_api.operations.catalogue import Catalogue

if TYPE_CHECKING:
    from engineering_api.features.tools.toolbox import Toolbox

PLACES, TOOLS = 4, 6


def answer(catalogue: Catalogue, toolbox: Toolbox, question: str, reason: str) -> str:
    """Return what can be said without a model, as Markdown.

    Args:
        catalogue: The operations, with their documentation.
        toolbox: The tools that are searched.
        question: The user's.
        reason: Why no model is asked, and what to do.
    """
    places = search.search(catalogue, question[:500], PLACES)
    tools = [tool for tool in toolbox.find(question[:500], TOOLS) if tool.operation]
    parts = [f"{reason} This answer comes from a search, not from a model."]
    if places:
        parts.append("**In the documentation**")
        parts += [f"{place.snippet}\n\n(section `{place.section}`)" for place in places]
    if tools:
        parts.append("**Operations that may do it**")
        parts.append("\n".join(_operation(catalogue, tool.operation) for tool in tools))
    if not places and not tools:
        parts.append(
            "The search found nothing for these words: try those of TIA Portal, such as block, tag table or UDT."
        )
    return "\n\n".join(parts)


def _operation(catalogue: Catalogue, name: str) -> str:
    op = catalogue.named(name)
    if op is None or not op.routes:
        return f"- `{name}`"
    return f"- `{op.routes[0]}`: {op.summary}"
