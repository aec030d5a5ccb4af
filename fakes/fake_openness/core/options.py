"""The options of import and export, whose flags combine freely as .NET flags do.

Facts: docs/facts/openness.md#import-and-export-options, after the V19 Openness manual and the V17 and V21 type lists.
"""

from __future__ import annotations

from typing import Self

from fake_dotnet.system import NetFlags
from fake_openness.core.since import since


class _CombinedFlags(NetFlags):
    """Flags of which any combination is a value, named as ToString names it: "WithDefaults, WithReadOnly"."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        known = sum(member.value for member in cls)
        if not isinstance(value, int) or value < 0 or value & ~known:
            return None
        combined = object.__new__(cls)
        combined._value_ = value
        combined._name_ = ", ".join(member.name for member in cls if member.value and member.value & value)
        return combined


class ExportOptions(_CombinedFlags):
    """What an export writes beyond the values that differ from the default."""

    None_ = 0
    WithDefaults = 1
    WithReadOnly = 2


@since("18")
class DocumentInfoOptions(_CombinedFlags):
    """The origin of an export, as its head names it."""

    None_ = 0
    ExportSetting = 1
    InstalledProducts = 2
    CreatedTimeStamp = 4
    All = 7


class ImportOptions(_CombinedFlags):
    """Whether an import replaces, and what it does with languages that are not in the project."""

    None_ = 0
    Override = 1
    SkipInactiveCultures = 2
    ActivateInactiveCultures = 4


class SWImportOptions(_CombinedFlags):
    """What an import of program elements tolerates."""

    None_ = 0
    IgnoreStructuralChanges = 1
    IgnoreMissingReferencedObjects = 2
    IgnoreUnitAttributes = 4
