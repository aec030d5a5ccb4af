"""The enumerations of libraries that came with V17: what updates may do, and whether types agree with each other.

Names and numbers: type list of V17.
"""

from __future__ import annotations

from fake_dotnet.system import NetEnum
from fake_openness.core.options import _CombinedFlags


class ConsistencyStatus(_CombinedFlags):
    """Whether a type agrees with its dependencies and instances."""

    None_ = 0
    Consistent = 1
    DefaultVersionInconsistent = 2
    DuplicateVersionInconsistent = 4
    NonDefaultVersionInstantiation = 8
    MultipleVersionsInstantiationInSameDevice = 16


class ForceUpdateMode(NetEnum):
    """Which version is the default one after an update of a library."""

    SetOnlyHigherUpdatedVersionAsDefault = 0
    ForceSetAnyUpdatedVersionAsDefault = 1
    NoDefaultVersionChange = 2


class DeleteUnusedVersionsMode(NetEnum):
    """Whether an update deletes versions that nothing uses any more."""

    AutomaticallyDelete = 0
    DoNotDelete = 1


class StructureConflictResolutionMode(NetEnum):
    """What an update does with a type that is in another folder of the target."""

    UpdateStructure = 0
    RetainStructure = 1
    CancelIfStructureConflicts = 2


class HarmonizeProjectOptions(_CombinedFlags):
    """What HarmonizeProject makes equal to the library."""

    None_ = 0
    HarmonizePaths = 1
    HarmonizeNames = 2


class CleanUpMode(NetEnum):
    """How far CleanUpLibrary goes."""

    PreserveDefaultVersionOfUnusedTypes = 0
    DeleteUnusedTypes = 1
