"""A block from a description: the model writes its source, TIA Portal generates it or says what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.features.assistant.extraction import extract
from engineering_api.features.blocks import sources_operations
from engineering_api.operations.binding import bind_document
from engineering_api.operations.fields import Model
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.program.sources import Generated

if TYPE_CHECKING:
    from engineering_api.operations.context import Context

LANGUAGES = {"SCL": "scl", "STL": "awl"}
"""Languages that are written as text, and the kind of their sources."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"source": {"type": "string", "description": "The whole text of the source."}},
    "required": ["source"],
    "additionalProperties": False,
}


class Written(Model):
    """A block that a model wrote.

    Attributes:
        source: The text that it was generated from.
        blocks: The generated blocks.
    """

    block_name: str
    source: str
    blocks: list[Generated]


async def write_block(ctx: Context, device: str, kind: str, name: str, description: str, language: str) -> Written:
    """Let the model write a block and generate it. The operation that generates is audited by itself.

    Raises:
        Problem: No model is set up, the language has no text form, the text has no such block, or TIA Portal refuses it.
    """
    extension = LANGUAGES.get(language.upper())
    if extension is None:
        msg = f"A block is written here in {' or '.join(LANGUAGES)}; for '{language}' use a design specification or a template."
        raise Problem("block.not_written", msg, kind=Kind.REFUSED, place=Place(pointer="/language"))
    wanted = (
        f'Write the source of the {kind} "{name}" for a SIMATIC S7 PLC in {language.upper()}, as an external source, with '
        f"an interface and comments, and nothing else. What it does: {description}"
    )
    document = await extract(ctx.service, ctx.caller, wanted, SCHEMA)
    source = str(document["source"])
    if f'"{name}"'.casefold() not in source.casefold():
        msg = f"The model wrote no block '{name}': describe it more precisely."
        raise Problem("assistant.no_document", msg, kind=Kind.REFUSED, place=Place(block=name))
    generate = ctx.service.catalogue.of(sources_operations.import_and_generate)
    given = {"deviceName": device, "sclContent": source, "sourceName": name, "extension": extension}
    done = await ctx.service.part(Runner).wait(
        generate, bind_document(generate.request, given), ctx.caller, ctx.instance
    )
    if isinstance(done, str):
        msg = f"Generating takes longer than a request may wait: the job {done} reports the outcome."
        raise Problem("request.takes_long", msg, kind=Kind.TIMED_OUT)
    return Written(block_name=name, source=source, blocks=msgspec.json.decode(done, type=list[Generated]))
