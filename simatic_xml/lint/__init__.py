"""Good practice for SCL: rules of the published guides, what breaks them, and what can be fixed automatically."""

from simatic_xml.lint.config import Config, ConfigError, Settings, load, nearest
from simatic_xml.lint.model import LEVELS, Edit, Finding, Level, Rule
from simatic_xml.lint.run import UNKNOWN_RULE, fix, lint
from simatic_xml.lint.table import RULES, find

__all__ = [
    "LEVELS",
    "RULES",
    "UNKNOWN_RULE",
    "Config",
    "ConfigError",
    "Edit",
    "Finding",
    "Level",
    "Rule",
    "Settings",
    "find",
    "fix",
    "lint",
    "load",
    "nearest",
]
