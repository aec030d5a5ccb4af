"""What each TIA Portal version writes: namespaces, layout, spelling.

Facts: docs/facts/simaticml.md#versions-and-namespaces, measured on exports, V14 SP1 to V21.
"""

from dataclasses import dataclass

from simatic_xml.errors import SimaticMLError

INTERFACE_NAMESPACE = "http://www.siemens.com/automation/Openness/SW/Interface/v"
SOURCE_NAMESPACE = "http://www.siemens.com/automation/Openness/SW/NetworkSource/"


@dataclass(frozen=True, slots=True)
class TiaVersion:
    """The file format of one TIA Portal version.

    Attributes:
        name: The version as the file names it (``"V15.1"``).
        interface: Number of the Interface namespace.
        flgnet: Number of the FlgNet (LAD/FBD) namespace.
        scl: Number of the StructuredText namespace, or None where SCL cannot be written.
        stl: Number of the StatementList namespace, or None where STL cannot be written.
        graph: Number of the Graph namespace.
        embedded_inline: Interface and network source start right after their parent's tag.
        raw_attributes: A member's attributes and everything after them are on one line.
        capital_eno: ``SetENOAutomatically`` is written ``True``/``False``.
        namespace_attribute: Blocks and types have an (empty) ``Namespace`` entry.
        subelements: Array elements can have their own start values.
    """

    name: str
    interface: int
    flgnet: int
    scl: int | None
    stl: int | None
    graph: int
    embedded_inline: bool = True
    raw_attributes: bool = False
    capital_eno: bool = False
    namespace_attribute: bool = False
    subelements: bool = True

    def source_version(self, local_name: str) -> int | None:
        """Return the namespace number for the network source element `local_name`, or None where it has none."""
        numbers = {"FlgNet": self.flgnet, "StructuredText": self.scl, "StatementList": self.stl, "Graph": self.graph}
        return numbers.get(local_name)


VERSIONS = {
    version.name: version
    for version in (
        TiaVersion("V14 SP1", 2, 1, None, None, 1, raw_attributes=True, subelements=False),
        TiaVersion("V15", 3, 2, None, None, 2, raw_attributes=True, capital_eno=True, subelements=False),
        TiaVersion("V15.1", 3, 3, 2, None, 4, raw_attributes=True, capital_eno=True, subelements=False),
        TiaVersion("V16", 4, 4, 3, 4, 5, raw_attributes=True),
        TiaVersion("V17", 5, 4, 3, 4, 5, raw_attributes=True),
        TiaVersion("V18", 5, 4, 3, 4, 5, namespace_attribute=True),
        TiaVersion("V19", 5, 5, 4, 5, 6, namespace_attribute=True),
        TiaVersion("V20", 5, 5, 4, 5, 6, namespace_attribute=True),
        TiaVersion("V21", 5, 5, 4, 5, 6, embedded_inline=False, namespace_attribute=True),
    )
}
DEFAULT_VERSION = "V20"
PORTALS = tuple(name.removeprefix("V") for name in list(VERSIONS)[list(VERSIONS).index("V15.1") :])
"""The versions of TIA Portal with Openness as this project uses it, as people write them, oldest first."""
DEFAULT_PORTAL = DEFAULT_VERSION.removeprefix("V")


def tia_version(name: str) -> TiaVersion:
    """Return the format of TIA version `name`.

    Raises:
        SimaticMLError: ``"version"``, where this package does not know the version.
    """
    found = VERSIONS.get(name)
    if found is None:
        raise SimaticMLError(
            "version", f"TIA Portal version {name!r} is not known; choose one of {', '.join(VERSIONS)}."
        )
    return found


def nearest_version(name: str) -> TiaVersion:
    """Return the format of TIA version `name`, or the default one's where a file names none or one not known."""
    return VERSIONS.get(name) or VERSIONS[DEFAULT_VERSION]
