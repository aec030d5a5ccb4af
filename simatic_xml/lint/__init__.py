"""Good practice for SCL: rules of the published guides, what breaks them, and what can be fixed automatically."""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.lint.config import Config, Settings, load, nearest
    from simatic_xml.lint.model import LEVELS, ConfigError, Edit, Finding, Level, Rule
    from simatic_xml.lint.run import UNKNOWN_RULE, fix, lint
    from simatic_xml.lint.table import GROUP, RULES, find

__all__ = [
    "GROUP",
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
import_on_use(
    __name__,
    by_module(
        config="Config Settings load nearest",
        model="LEVELS ConfigError Edit Finding Level Rule",
        run="UNKNOWN_RULE fix lint",
        table="GROUP RULES find",
    ),
)
