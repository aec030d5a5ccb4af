"""Compare interfaces: members by their names, in any place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.common import attributes, beyond, format_flag, texts
from simatic_xml.diff.matching import match, out_of_order
from simatic_xml.model import Member, Section, Subelement
from simatic_xml.operands import quote_if_needed


@dataclass(frozen=True, slots=True)
class _Place:
    """A member with the section and position that it is in."""

    member: Member
    section: str
    position: int
    prefix: str

    @property
    def path(self) -> str:
        return f"{self.prefix}{quote_if_needed(self.member.name)}"


def compare_sections(path: str, before: Sequence[Section], after: Sequence[Section]) -> Iterator[Change]:
    """Compare the sections of a block, or of a multi-instance within one."""
    yield from _compare(_in_sections(path, before), _in_sections(path, after))
    pairs = match(before, after, lambda section: section.name).pairs
    for old, new in pairs:
        place = f"{path}/{new.name}"
        yield from attributes(place, _base(old), _base(new))
        yield from beyond(place, old.extra, new.extra)
        if old.base or new.base:
            yield from compare_sections(place, old.base, new.base)


def compare_members(path: str, before: Sequence[Member], after: Sequence[Member]) -> Iterator[Change]:
    """Compare the members of a PLC data type (`path` ends with ``/``) or structure (it ends with ``.``)."""
    yield from _compare(_in_list(path, "", before), _in_list(path, "", after))


def _in_sections(path: str, sections: Sequence[Section]) -> list[_Place]:
    return [place for each in sections for place in _in_list(f"{path}/{each.name}/", each.name, each.members)]


def _in_list(prefix: str, section: str, members: Sequence[Member]) -> list[_Place]:
    return [_Place(member, section, position, prefix) for position, member in enumerate(members, start=1)]


def _base(section: Section) -> dict[str, str | None]:
    return {"base type": section.base_type, "base version": section.base_version}


def _compare(before: list[_Place], after: list[_Place]) -> Iterator[Change]:
    matched = match(before, after, lambda place: place.member.name)
    for place in matched.removed:
        yield Change(place.path, Kind.MEMBER_REMOVED, place.member.data_type)
    for place in matched.added:
        yield Change(place.path, Kind.MEMBER_ADDED, None, _format_declaration(place.member))
    order = {id(place): index for index, place in enumerate(before)}
    staying = [(old, new) for old, new in matched.pairs if old.section == new.section]
    moved = out_of_order([order[id(old)] for old, _ in staying])
    displaced = {id(staying[index][1]) for index in moved}
    for old, new in matched.pairs:
        yield from _compare_place(old, new, displaced=id(new) in displaced)
        yield from _member(new.path, old.member, new.member)


def _format_declaration(member: Member) -> str:
    return member.data_type + (f" := {member.start_value}" if member.start_value is not None else "")


def _compare_place(old: _Place, new: _Place, *, displaced: bool) -> Iterator[Change]:
    if old.section != new.section:
        yield Change(new.path, Kind.MEMBER_MOVED, old.section, new.section)
    elif displaced:
        yield Change(new.path, Kind.MEMBER_MOVED, f"position {old.position}", f"position {new.position}")


def _member(path: str, old: Member, new: Member) -> Iterator[Change]:
    if old.data_type != new.data_type:
        yield Change(path, Kind.DATA_TYPE_CHANGED, old.data_type, new.data_type)
    if old.start_value != new.start_value:
        yield Change(path, Kind.START_VALUE_CHANGED, old.start_value, new.start_value)
    yield from texts(path, Kind.COMMENT_CHANGED, old.comment, new.comment)
    yield from attributes(path, _attributes(old), _attributes(new))
    yield from beyond(path, old.extra, new.extra)
    yield from _elements(path, old.subelements, new.subelements)
    yield from compare_members(f"{path}.", old.members, new.members)
    if old.sections or new.sections:
        yield from compare_sections(path, old.sections, new.sections)


def _attributes(member: Member) -> dict[str, str | None]:
    own = {"version": member.version, "remanence": member.remanence, "accessibility": member.accessibility}
    if own["remanence"] == "NonRetain":
        own["remanence"] = None
    if own["accessibility"] == "Public":
        own["accessibility"] = None
    informative = {"informative": format_flag(member.informative or None)}
    return {**own, **informative, **{each.name: each.value for each in member.attributes}}


def _elements(path: str, before: Sequence[Subelement], after: Sequence[Subelement]) -> Iterator[Change]:
    old, new = {each.path: each for each in before}, {each.path: each for each in after}
    for index in dict.fromkeys([*old, *new]):
        first, second = old.get(index, Subelement(index)), new.get(index, Subelement(index))
        place = f"{path}[{index}]"
        if first.start_value != second.start_value:
            yield Change(place, Kind.START_VALUE_CHANGED, first.start_value, second.start_value)
        yield from texts(place, Kind.COMMENT_CHANGED, first.comment, second.comment)
        yield from beyond(place, first.extra, second.extra)
