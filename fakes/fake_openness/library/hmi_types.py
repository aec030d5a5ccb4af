"""Library types of HMI: screens, styles, faceplates, scripts and HMI user data types.

Openness makes none of them: users do, in TIA Portal. They come with a project or from a global library. Facts:
docs/facts/openness-hmi.md#library-types, docs/facts/openness-libraries.md#types-and-versions.
"""

from __future__ import annotations

from fake_openness.library.types import TYPES, LibraryType
from fake_openness.library.versions import VERSIONS, LibraryTypeVersion


class ScreenLibraryType(LibraryType):
    """A type of a screen."""


class ScreenLibraryTypeVersion(LibraryTypeVersion):
    """A version of a screen."""


class StyleLibraryType(LibraryType):
    """A style."""


class StyleLibraryTypeVersion(LibraryTypeVersion):
    """A version of a style."""


class StyleSheetLibraryType(LibraryType):
    """A style sheet."""


class StyleSheetLibraryTypeVersion(LibraryTypeVersion):
    """A version of a style sheet."""


class VBScriptLibraryType(LibraryType):
    """A type of a VB script."""


class VBScriptLibraryTypeVersion(LibraryTypeVersion):
    """A version of a VB script."""


class CScriptLibraryType(LibraryType):
    """A type of a C script."""


class CScriptLibraryTypeVersion(LibraryTypeVersion):
    """A version of a C script."""


class HmiUdtLibraryType(LibraryType):
    """An HMI user data type."""


class HmiUdtLibraryTypeVersion(LibraryTypeVersion):
    """A version of an HMI user data type."""


class FaceplateLibraryType(LibraryType):
    """A faceplate."""


class FaceplateLibraryTypeVersion(LibraryTypeVersion):
    """A version of a faceplate."""


KINDS: dict[str, tuple[type[LibraryType], type[LibraryTypeVersion]]] = {
    "Screen": (ScreenLibraryType, ScreenLibraryTypeVersion),
    "Style": (StyleLibraryType, StyleLibraryTypeVersion),
    "StyleSheet": (StyleSheetLibraryType, StyleSheetLibraryTypeVersion),
    "VBScript": (VBScriptLibraryType, VBScriptLibraryTypeVersion),
    "CScript": (CScriptLibraryType, CScriptLibraryTypeVersion),
    "HmiUdt": (HmiUdtLibraryType, HmiUdtLibraryTypeVersion),
    "Faceplate": (FaceplateLibraryType, FaceplateLibraryTypeVersion),
}
"""The .NET types of a kind, as library.json names it."""
TYPES.update({kind: made for kind, (made, _) in KINDS.items()})
VERSIONS.update({kind: made for kind, (_, made) in KINDS.items()})
