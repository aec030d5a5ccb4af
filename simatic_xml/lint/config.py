"""Which rules run on a file, how much they matter and what they allow: `.tia-lint.toml`.

The file that counts is the nearest one upwards from the source. What it says for single paths comes on top of what it
says for all, in the order of the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from simatic_xml.lint.model import LEVELS, ConfigError, Level, Option, Options, Rule
from simatic_xml.lint.table import RULES, find

FILE = ".tia-lint.toml"
ALL = "all"
_SOURCES_ONLY = frozenset(("L001", "L002", "L003", "L004", "L005", "L201", "L202"))
"""Rules about the layout, the header and the comments of a source."""
_KEYS = {"enable", "disable", "severity", "options"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one file: the rules that run, with their level and options."""

    levels: Mapping[str, Level] = field(default_factory=lambda: {r.id: r.level for r in RULES.values() if r.enabled})
    options: Mapping[str, Options] = field(default_factory=dict)

    def of(self, rule: Rule) -> Options:
        """Return the options of a rule, configured or not."""
        return {**rule.options, **self.options.get(rule.id, {})}

    def for_document(self) -> Settings:
        """Return the same settings without the rules about what a SIMATIC SD document has in another form, or TIA Portal lays out."""
        return Settings({name: level for name, level in self.levels.items() if name not in _SOURCES_ONLY}, self.options)

    def only(self, names: Iterable[str]) -> Settings:
        """Return the same settings with these rules alone, whether they were enabled or not.

        Raises:
            ConfigError: there is no such rule.
        """
        chosen = [_rule(name, "--only") for name in names]
        return Settings({rule.id: self.levels.get(rule.id, rule.level) for rule in chosen}, self.options)


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration, with the folder that its paths start from."""

    folder: Path = Path()
    layers: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = ()

    def settings(self, path: Path) -> Settings:
        """Return what holds for a file.

        Raises:
            ConfigError: see `load`; the contents were checked there, so that this happens only for unread ones.
        """
        settings = Settings()
        for patterns, layer in self.layers:
            if not patterns or _matches(self.folder, path, patterns):
                settings = _apply(settings, layer)
        return settings


def load(path: Path) -> Config:
    """Read a configuration.

    Raises:
        ConfigError: it is no TOML, or names rules, options or keys that do not exist.
        OSError: it cannot be read.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _config(path.parent, data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}") from None


def nearest(path: Path) -> Path | None:
    """Return the configuration that counts for a file or folder: the nearest one upwards, None when there is none."""
    start = path.resolve()
    folders = ([start] if start.is_dir() else []) + list(start.parents)
    return next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)


def _config(folder: Path, data: dict[str, Any]) -> Config:
    layers: list[tuple[tuple[str, ...], Mapping[str, Any]]] = []
    _expect(data, _KEYS | {"paths"}, "the file")
    layers.append(((), {key: value for key, value in data.items() if key != "paths"}))
    for each in _list(data.get("paths", []), "paths", dict):
        _expect(each, _KEYS | {"files"}, "[[paths]]")
        patterns = tuple(_list(each.get("files", []), "files", str))
        if not patterns:
            raise ConfigError("An entry of [[paths]] has no files; list the files to which it applies.")
        layers.append((patterns, {key: value for key, value in each.items() if key != "files"}))
    for _, layer in layers:
        _apply(Settings(), layer)
    return Config(folder, tuple(layers))


def _apply(settings: Settings, layer: Mapping[str, Any]) -> Settings:
    levels, options = dict(settings.levels), dict(settings.options)
    for name in _list(layer.get("enable", []), "enable", str):
        levels |= {rule.id: levels.get(rule.id, rule.level) for rule in _rules(name, "enable")}
    for name in _list(layer.get("disable", []), "disable", str):
        for rule in _rules(name, "disable"):
            levels.pop(rule.id, None)
    for name, level in _table(layer, "severity").items():
        rule = _rule(name, "severity")
        if level not in LEVELS:
            raise ConfigError(f"The severity of {rule.id} is {level!r}; it is one of {', '.join(LEVELS)}.")
        levels |= {rule.id: level} if rule.id in levels else {}
    for name, given in _table(layer, "options").items():
        rule = _rule(name, "options")
        options[rule.id] = {**options.get(rule.id, {}), **_read_options(rule, given)}
    return Settings(levels, options)


def _read_options(rule: Rule, given: Any) -> Options:
    """Return the options of a rule when all exist and have the type of their default."""
    if not isinstance(given, dict):
        raise ConfigError(f"The options of {rule.id} are a table, such as options.{rule.name}.max = 100.")
    found: dict[str, Option] = {}
    for name, value in given.items():
        default = rule.options.get(name)
        if default is None:
            known = ", ".join(rule.options) or "none"
            raise ConfigError(f"{rule.id} {rule.name} has no option {name!r}; it has {known}.")
        same = type(value) is type(default) and (not isinstance(value, list) or all(isinstance(v, str) for v in value))
        if not same:
            raise ConfigError(f"The option {name!r} of {rule.id} is a {_TYPES[type(default)]}.")
        if isinstance(value, str) and not _is_pattern(value):
            raise ConfigError(f"The option {name!r} of {rule.id} is not a pattern (regular expression): {value}")
        found[name] = value
    return found


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


_TYPES = {int: "whole number", str: "text", bool: "true or false", list: "list of texts"}


def _rules(name: str, where: str) -> list[Rule]:
    return list(RULES.values()) if name == ALL else [_rule(name, where)]


def _rule(name: str, where: str) -> Rule:
    rule = find(name)
    if rule is None:
        raise ConfigError(f"{where} names {name!r}; there is no rule of this id or name.")
    return rule


def _expect(data: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in data:
        if key not in known:
            raise ConfigError(f"{key!r} is not known in {where}; known are {', '.join(sorted(known))}.")


def _list(value: Any, name: str, kind: type) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
        raise ConfigError(f"{name!r} is a list.")
    return value


def _table(layer: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = layer.get(name, {})
    if not isinstance(value, dict):
        raise ConfigError(f"{name!r} is a table.")
    return value


def _matches(folder: Path, path: Path, patterns: Iterable[str]) -> bool:
    """Return whether a path below the folder fits a pattern; `**` is any folders, `*` stays in one."""
    try:
        below = PurePosixPath(path.resolve().relative_to(folder.resolve()).as_posix())
    except ValueError:
        return False
    return any(_fits(below.parts, tuple(PurePosixPath(pattern).parts)) for pattern in patterns)


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return _fits(parts, pattern[1:]) or (bool(parts) and _fits(parts[1:], pattern))
    return bool(parts) and PurePosixPath(parts[0]).match(pattern[0]) and _fits(parts[1:], pattern[1:])
