"""Reads a block in one of its states: as it is now, as a snapshot or a commit has it, or as a text says."""

from __future__ import annotations

from dataclasses import dataclass

from engineering_api.features.blocks import block_content
from engineering_api.features.blocks.documents import parse, understood
from engineering_api.features.editing.surroundings import read_surroundings
from engineering_api.features.history import snapshots
from engineering_api.features.source_control import history, layout, open_project
from engineering_api.operations.context import Context
from openness_bridge.errors import Detail, Place, Problem
from openness_bridge.lookup import locate_plc
from openness_bridge.program import blocks
from simatic_xml import Block, Document, scl
from simatic_xml.diff import to_text
from simatic_xml.scl_cli.context import program_with

TEXT = "text"
MISSING = "block.not_found"


@dataclass(frozen=True, slots=True)
class State:
    """A block in a state.

    Attributes:
        name: The state, as the client named it.
        document: The block, None where it is not in that state.
        source: Its source in SCL, where it has one.
    """

    name: str
    document: Document | None = None
    source: str | None = None

    @property
    def block(self) -> Block | None:
        """The block alone."""
        return None if self.document is None else block_content.only_block(self.document)

    @property
    def listing(self) -> str:
        """The block as plain text, in any language."""
        return "" if self.document is None else to_text(self.document)


class States:
    """Reads the states of one block. From a worker thread."""

    def __init__(self, ctx: Context, device: str, block: str, text: str) -> None:
        """Take a block, which need not be in the open project any more.

        Args:
            ctx: The run.
            device: Any name of the PLC.
            block: Name of the block.
            text: The source that is meant by the state `text`.
        """
        self._ctx, self._device, self._block, self._text = ctx, device, block, text

    def read(self, *names: str) -> list[State]:
        """Return the block in each state. With a text among them all are read as source, which says less than an export.

        Raises:
            Problem: There is no such state, or it cannot be read; or a block has no source to compare a text with.
        """
        found = [self._read(name) for name in names]
        return [self._from_source(each) for each in found] if TEXT in names else found

    def _read(self, name: str) -> State:
        kind, _, which = name.partition(":")
        if kind == TEXT:
            return State(name, source=self._text)
        if kind == "project":
            content = self._ctx.session.call(self._present)
        elif kind == "snapshot":
            content = self._ctx.session.call(lambda: self._snapshot(which))
        else:
            content = self._committed(which)
        if isinstance(content, str):
            return self._from_source(State(name, source=content))
        return State(name) if content is None else self._of_export(name, content)

    def _of_export(self, name: str, content: bytes) -> State:
        document = parse(content)
        document.objects[:] = [block_content.only_block(document)]
        language = block_content.only_block(document).language
        with understood():
            return State(name, document, scl.source(document) if language in block_content.WITH_SOURCE else None)

    def _present(self) -> bytes | str | None:
        """Return the block as it is now: exported or, where it is inconsistent, as it was imported. On the portal's thread."""
        session = self._ctx.session
        try:
            info = blocks.describe(session, self._device, self._block)
        except Problem as problem:
            if problem.code == MISSING:
                return None
            raise
        if not (info.is_consistent or info.is_know_how_protected):
            origin = blocks.find_origin(session, self._device, info.name)
            known = block_content.content_before_compilation(info, origin)
            if known.raw_xml or known.source_text:
                return known.raw_xml.encode() or known.source_text
        return blocks.export_xml(session, self._device, info.name)

    def _snapshot(self, snapshot_id: str) -> bytes:
        """Return what a snapshot of the block has. On the portal's thread."""
        return snapshots.read_xml(
            self._ctx, snapshots.choose_snapshot(self._ctx, self._device, self._block, snapshot_id)
        )

    def _committed(self, revision: str) -> bytes | None:
        """Return what a commit has, in whichever folder the block was."""
        session = self._ctx.session
        program = session.call(lambda: str(locate_plc(session, self._device).software.Name))
        found = open_project.repository(self._ctx)
        commit, wanted = found.commit(revision), (program.casefold(), self._block.casefold())
        for path in history.paths(found, commit):
            item = layout.item_at(path)
            if (
                item is not None
                and item.domain == "blocks"
                and (item.device.casefold(), item.name.casefold()) == wanted
            ):
                return history.read(found, commit, path)
        return None

    def _from_source(self, state: State) -> State:
        """Return a state as its source alone has it.

        Raises:
            Problem: The block has no source, or the source has errors.
        """
        if state.source is None:
            if state.document is None:
                return state
            msg = f"'{self._block}' has no source in SCL that a text could be compared with: compare exports of it."
            raise Problem("diff.no_source", msg).at(device=self._device, block=self._block)
        program = program_with(read_surroundings(self._ctx, self._device).around)
        with understood("/text"):
            made = scl.generate(state.source, f"V{self._ctx.session.model.version}", program)
        errors = [each for each in made.diagnostics if each.severity is scl.Severity.ERROR]
        if errors or len(made.documents) != 1:
            msg = f"The text of '{state.name}' has errors, or not exactly one block: check it with POST /api/check/scl."
            details = [
                Detail("source.error", each.message, Place(line=each.line, column=each.column, pointer="/text"))
                for each in errors
            ]
            raise Problem("diff.text", msg, details=details).at(device=self._device, block=self._block)
        return State(state.name, parse(made.documents[0]), state.source)
