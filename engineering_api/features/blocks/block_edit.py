"""Edits a block: exports it, changes its JSON form, and imports it over the block.

Openness has no other way to change networks or the interface of a code block
(docs/facts/openness.md#what-openness-cannot-do). The block keeps its folder; its callers become inconsistent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simatic_xml
from engineering_api.features.blocks.bulk_import import Sent
from engineering_api.features.blocks.documents import Json, from_json, parse, understood
from openness_bridge.enumerations import InterfaceSection, values_of
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import blocks
from openness_bridge.program.blocks import BlockInfo
from openness_bridge.program.compile import compile_object

SECTIONS = values_of(InterfaceSection)


def edit(session: Session, device: str, name: str, change: Callable[[Json], None]) -> BlockInfo:
    """Change a block's JSON form and import it in its place. On the portal's thread.

    Raises:
        Problem: No such block, it cannot be exported, or the changed form is refused; then nothing changed.
    """
    info = blocks.describe(session, device, name)
    if not info.is_consistent:
        _compile(session, device, name)
    data = _export_json(session, device, name)
    change(data)
    return put(session, device, info, data)


def put(session: Session, device: str, info: BlockInfo, data: Json, sent: Sent | None = None) -> BlockInfo:
    """Import a JSON form in place of a block."""
    return replace(session, device, info, from_json(data, session.model.version), sent)


def replace(session: Session, device: str, info: BlockInfo, xml: bytes, sent: Sent | None = None) -> BlockInfo:
    """Import SimaticML in place of a block, in its folder.

    Args:
        session: The portal.
        device: The PLC.
        info: The block.
        xml: Its new content.
        sent: What the client sent, for the places of compile messages.

    Raises:
        Problem: The file holds another block, or is refused.
    """
    document = parse(xml)
    names = [getattr(item, "name", "") for item in document.objects]
    if [name.casefold() for name in names] != [info.name.casefold()]:
        msg = f"The content is of {', '.join(names) or 'nothing'}, not of '{info.name}': rename the block to change its name."
        raise Problem("block.other_name", msg).at(block=info.name)
    with transaction(session, f"Edit {info.name}"):
        origin = None if sent is None else sent.origin(xml)
        return blocks.import_xml(session, device, xml, info.folder, override=True, origin=origin)[0]


def _compile(session: Session, device: str, name: str) -> None:
    """Compile a block, because TIA Portal exports only consistent ones.

    Raises:
        Problem: It has errors; each is a detail.
    """
    report = compile_object(session, blocks.find(session, device, name)[0], plc(session, device))
    errors = [
        Detail("compile.error", entry.text, entry.place(device))
        for entry in report.diagnostics
        if entry.severity == "Error"
    ]
    if errors:
        msg = f"'{name}' has errors and cannot be read for editing: replace its whole content with PUT."
        raise Problem(
            "block.inconsistent", msg, kind=Kind.CONFLICT, place=Place(device=device, block=name), details=errors
        )


def _export_json(session: Session, device: str, name: str) -> Json:
    document = parse(blocks.export_xml(session, device, name))
    with understood():
        return simatic_xml.to_json(document)


def add_networks(networks: list[Json], position: int | None) -> Callable[[Json], None]:
    """Insert networks at a position (1-based), or append them."""

    def change(data: Json) -> None:
        present = data.setdefault("networks", [])
        index = len(present) if position is None else position - 1
        present[index:index] = networks

    return change


def add_member(section: str, member: Json) -> Callable[[Json], None]:
    """Append a member to a section."""

    def change(data: Json) -> None:
        members = section_members(data, section)
        if _index(members, member["name"]) is not None:
            msg = f"The section {section} has a member '{member['name']}' already."
            raise Problem("member.exists", msg, kind=Kind.CONFLICT, place=Place(object=member["name"]))
        members.append(member)

    return change


def update_member(name: str, values: Json) -> Callable[[Json], None]:
    """Change a member, wherever it is; `section` in the values moves it."""

    def change(data: Json) -> None:
        members, index = find_member(data, name)
        target = values.get("section")
        merged = members[index] | {key: value for key, value in values.items() if key != "section"}
        if target is None:
            members[index] = merged
        else:
            del members[index]
            section_members(data, target).append(merged)

    return change


def delete_member(name: str) -> Callable[[Json], None]:
    """Remove a member, wherever it is."""

    def change(data: Json) -> None:
        members, index = find_member(data, name)
        del members[index]

    return change


def section_members(data: Json, section: str) -> list[Json]:
    """Return the members of a section, which is created if it is missing.

    Raises:
        Problem: There is no such section.
    """
    if data["kind"] == "GlobalDB":
        found: list[Json] = data.setdefault("members", [])
        return found
    name = next((known for known in SECTIONS if known.casefold() == section.casefold()), None)
    if name is None:
        msg = f"There is no section '{section}': use one of {', '.join(SECTIONS)}."
        raise Problem("member.section", msg, kind=Kind.INVALID, place=Place(pointer="/section"))
    made: list[Json] = data.setdefault("interface", {}).setdefault(name, [])
    return made


def find_member(data: Json, name: str) -> tuple[list[Json], int]:
    """Return the list that a member is in, and its place there.

    Raises:
        Problem: There is none.
    """
    lists: list[Any] = [data.get("members", []), *data.get("interface", {}).values()]
    for members in lists:
        index = _index(members, name)
        if index is not None:
            return members, index
    raise Problem(
        "member.not_found", f"The interface has no member '{name}'.", kind=Kind.MISSING, place=Place(object=name)
    )


def _index(members: list[Json], name: str) -> int | None:
    return next((i for i, member in enumerate(members) if member["name"].casefold() == name.casefold()), None)
