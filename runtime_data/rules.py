"""Who may read and write which tags: the rules of an administrator, the first that fits counts.

Without a rule everybody who may view reads everything, and operators write to sources that are not real. Outputs of a PLC
are written only by a rule that names them, and tags of its fail-safe blocks never. A caller who is limited to some tags
reads and writes only these, even if a rule allows more.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data import data_types
from runtime_data.absolute import NUMBERED
from runtime_data.patterns import fits, fits_any, is_wild, leads_to_any
from runtime_data.rates import Rates, parse_rate
from runtime_data.values import Scalar, TagInfo, split

if TYPE_CHECKING:
    from engineering_api.storage.runtime_definitions import RuntimeDefinitions
    from runtime_data.runtime import Write
    from runtime_data.sources.registry import Sources
    from runtime_data.sources.source import Source

KIND, NAME = "rules", "rules"
MOST_RULES = 1000
_WHOLE = "The tag takes no value as a whole: write the tags below it."
OUTPUT = "Output"
"""The area of outputs in TagInfo."""
Names = Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]], msgspec.Meta(max_length=100)]


class Rule(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """What is allowed with the tags that a pattern names.

    Attributes:
        tag: A pattern of full names, such as PLC_1:Setpoints.*, where * is any text and ? one character; case, quotes and
            blanks do not matter.
        read: Roles that may read them: viewer, engineer, operator or administrator, or names of users and keys as
            GET /api/auth/me shows them; all who may view where it is empty.
        write: Roles or names that may write them; nobody where it is empty. Who may not read a tag does not write it either,
            and everybody needs the right to operate.
        minimum: The smallest value that may be written; of a duration in the unit of its value.
        maximum: The largest value that may be written.
        rate: How often each of these tags may be written, such as 1/s, 10/min or 100/h; empty without a limit.
        verify: Whether each write is read back, also where it is not asked for.
    """

    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    read: Names = []
    write: Names = []
    minimum: float | None = None
    maximum: float | None = None
    rate: str = ""
    verify: bool = False


class RuleSet(msgspec.Struct, frozen=True):
    """All rules, in their order."""

    rules: list[Rule] = []


class Rules:
    """The rules of a service. Any thread but the event loop's, except for reading them once they are known."""

    def __init__(self, definitions: RuntimeDefinitions, rates: Rates | None = None) -> None:
        """Keep them among these definitions."""
        self._definitions = definitions
        self._known: list[Rule] | None = None
        self._rates = rates or Rates()
        self._lock = threading.Lock()

    @property
    def rules(self) -> list[Rule]:
        """All rules, in their order."""
        with self._lock:
            if self._known is None:
                found = self._definitions.all(KIND, RuleSet).get(NAME)
                self._known = found.rules if found else []
            return self._known

    def replace(self, rules: Sequence[Rule]) -> None:
        """Replace all rules. From worker threads only.

        Raises:
            Problem: A rule cannot be one (runtime.rule); the place is its number.
        """
        for number, rule in enumerate(rules):
            try:
                _require_sound(rule)
            except Problem as problem:
                raise problem.at(pointer=f"/rules/{number}") from None
        with self._lock:
            self._definitions.put(KIND, NAME, RuleSet(list(rules)))
            self._known = list(rules)

    def rule(self, tag: str) -> Rule | None:
        """Return the first rule that fits a tag."""
        return next((each for each in self.rules if fits(each.tag, tag)), None)

    def refuse_read(self, caller: Caller, tag: str) -> Detail | None:
        """Return why a caller may not read a tag; None where it may.

        Args:
            caller: Who asks.
            tag: The full name.
        """
        if caller.tags and not fits_any(caller.tags, tag):
            msg = "You are limited to other tags: GET /api/auth/me lists them."
            return Detail("runtime.read_denied", msg, Place(object=tag))
        rule = self.rule(tag)
        if rule is None or not rule.read or _is_one_of(caller, rule.read):
            return None
        return Detail("runtime.read_denied", "A rule keeps this tag from you: ask an administrator.", Place(object=tag))

    def visible(self, caller: Caller, nodes: Iterable[TagInfo]) -> list[TagInfo]:
        """Return the nodes that a caller may know of: tags that it may read, and what is above such tags."""
        return [each for each in nodes if self._is_visible(caller, each)]

    def _is_visible(self, caller: Caller, node: TagInfo) -> bool:
        if node.has_value or not node.has_children:
            return self.refuse_read(caller, node.tag) is None
        return not caller.tags or leads_to_any(caller.tags, node.tag)

    def refuse_write(self, caller: Caller, source: Source, tag: TagInfo) -> Detail | None:
        """Return why a caller may not write any value to a tag; None where it may."""
        rule, place = self.rule(tag.tag), Place(object=tag.tag)
        if refusal := self.refuse_read(caller, tag.tag):
            return Detail("runtime.write_denied", refusal.message, place)
        if rule is None and source.real:
            msg = "Writing to a real controller is off: an administrator allows it with a rule for the tag."
            return Detail("runtime.write_denied", msg, place)
        if caller.right < Right.OPERATE or (rule is not None and not _is_one_of(caller, rule.write)):
            return Detail("runtime.write_denied", "You may not write this tag: ask an administrator.", place)
        if tag.fail_safe:
            msg = "The tag belongs to a fail-safe block, which only the safety program writes."
            return Detail("runtime.fail_safe", msg, place)
        if tag.area == OUTPUT and (rule is None or is_wild(rule.tag)):
            msg = "The tag is an output: an administrator allows it with a rule that names this tag, without * and ?."
            return Detail("runtime.output", msg, place)
        if not tag.writable:
            msg = "Timers and counters are only read." if tag.area in NUMBERED else _WHOLE
            return Detail("runtime.not_writable", msg, place)
        return None

    def refuse_writes(self, caller: Caller, sources: Sources, writes: Sequence[Write]) -> dict[str, Detail]:
        """Return why tags are not written, by tag; those that are written are not in it, and count for their rates."""
        found = ((each.tag, self._refuse(caller, sources, each)) for each in writes)
        return {tag: detail for tag, detail in found if detail is not None}

    def _refuse(self, caller: Caller, sources: Sources, write: Write) -> Detail | None:
        name, path = split(write.tag)
        if refusal := self.refuse_read(caller, write.tag):  # before anything says whether the tag exists
            return Detail("runtime.write_denied", refusal.message, refusal.place)
        source = sources.find(name)
        try:
            tag = source.find(path)
        except Problem as problem:
            return Detail(problem.code, problem.message, Place(object=write.tag))
        return self.refuse_value(caller, source, tag, write.value)

    def refuse_value(self, caller: Caller, source: Source, tag: TagInfo, value: Scalar) -> Detail | None:
        """Return why a caller may not write this value to a tag; None where it may, and it counts for the tag's rate."""
        if refusal := self.refuse_write(caller, source, tag):
            return refusal
        limits = narrow(tag, self.rule(tag.tag))
        try:
            data_types.require_within(tag.data_type, value, limits.minimum, limits.maximum, tag.tag)
        except Problem as problem:
            return Detail(problem.code, problem.message, Place(object=tag.tag))
        return self._refuse_by_rate(tag.tag)

    def _refuse_by_rate(self, tag: str) -> Detail | None:
        rule = self.rule(tag)
        if rule is None or not rule.rate:
            return None
        wait = self._rates.take(tag, rule.rate)
        if not wait:
            return None
        msg = f"A rule allows {rule.rate} for this tag: write it again in {math.ceil(wait)} s."
        return Detail("runtime.rate", msg, Place(object=tag))


def narrow(tag: TagInfo, rule: Rule | None) -> TagInfo:
    """Return a tag with the narrower limits, its own or those of a rule."""
    if rule is None:
        return tag
    low = [each for each in (tag.minimum, rule.minimum) if each is not None]
    high = [each for each in (tag.maximum, rule.maximum) if each is not None]
    return msgspec.structs.replace(tag, minimum=max(low, default=None), maximum=min(high, default=None))


def _require_sound(rule: Rule) -> None:
    source, colon, path = rule.tag.partition(":")
    if not (source and colon and path):
        msg = f"'{rule.tag}' is not a pattern of full names: write source:path, such as PLC_1:Setpoints.* or *:Setpoints.*."
        raise Problem("runtime.rule", msg, kind=Kind.INVALID)
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        msg = f"The rule '{rule.tag}' has a minimum above its maximum."
        raise Problem("runtime.rule", msg, kind=Kind.INVALID)
    if rule.rate:
        parse_rate(rule.rate)


def _is_one_of(caller: Caller, names: Sequence[str]) -> bool:
    """Return whether a caller is named, or has one of the roles that are named, or a higher one."""
    roles = {each.word: each for each in Right if each is not Right.PUBLIC}
    own = {caller.name, caller.name.partition(":")[2]}  # user:olga is olga to who writes a rule
    return not own.isdisjoint(names) or any(name in roles and caller.right >= roles[name] for name in names)
