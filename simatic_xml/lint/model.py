"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from simatic_xml.errors import SimaticMLError

if TYPE_CHECKING:
    from simatic_xml.lint.source import Source

Level = Literal["error", "warning", "note"]
"""How much a finding matters; only the first two fail a check by default."""

LEVELS: tuple[Level, ...] = ("error", "warning", "note")

Option = str | int | bool | list[str]
Options = Mapping[str, Option]


class ConfigError(SimaticMLError):
    """A configuration that names what does not exist, or contains what does not belong there."""

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__("lint-config", message)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the text: the characters from `start` up to, not including, `stop` become `text`."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A place that breaks a rule, as offsets into the text, and the changes that fix it (none: by hand)."""

    start: int
    stop: int
    message: str
    edits: tuple[Edit, ...] = ()


Check = Callable[..., Iterator[Violation]]
"""Takes a `Source`, and the options when the rule has any."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of good practice.

    Attributes:
        id: stable id, `L001`.
        name: speaking name, `line-length`; configuration takes either.
        level: how much it matters unless configured.
        summary: what it requires, as one sentence.
        basis: guide and section it comes from (`Style guide NF014`); `House` where no guide says it.
        check: yields the places that break it.
        fixes: whether some of them can be fixed by `--fix`.
        options: what can be configured, with the defaults.
        enabled: whether it runs unless configured.
    """

    id: str
    name: str
    level: Level
    summary: str
    basis: str
    check: Check
    fixes: bool = False
    options: Options = field(default_factory=dict)
    enabled: bool = True

    def run(self, source: Source, options: Options) -> Iterator[Violation]:
        """Yield the places of a source that break the rule."""
        return self.check(source, options) if self.options else self.check(source)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that breaks a rule, for the user; lines and columns count from 1, the end is exclusive."""

    rule: Rule
    level: Level
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    edits: tuple[Edit, ...] = ()


def number(options: Options, name: str) -> int:
    """Return an option that is a number."""
    value = options[name]
    if not isinstance(value, int):
        raise TypeError(name)
    return value


def words(options: Options, name: str) -> frozenset[str]:
    """Return an option that is a list of words."""
    value = options[name]
    if not isinstance(value, list):
        raise TypeError(name)
    return frozenset(value)


def text(options: Options, name: str) -> str:
    """Return an option that is a text."""
    return str(options[name])
