"""Tag tables with their tags and user constants; watch and force tables with their entries."""

from dataclasses import dataclass, field

from simatic_xml.model.texts import Extra, Texts


@dataclass(slots=True)
class Tag:
    """A PLC tag.

    Attributes:
        name: The tag's name, without quotes.
        data_type: Data type name (``Bool``, ``Int``, ``"UDT_Motor"``).
        address: Logical address with ``%`` (``%I0.0``).
        comment: Comment in each culture.
        external_accessible: Accessible from HMI, OPC UA and Web API; None if the file does not state it.
        external_visible: Visible in HMI engineering; None if the file does not state it.
        external_writable: Writable from HMI, OPC UA and Web API; None if the file does not state it.
        attributes: Further AttributeList entries by name.
    """

    name: str
    data_type: str
    address: str = ""
    comment: Texts = field(default_factory=dict)
    external_accessible: bool | None = None
    external_visible: bool | None = None
    external_writable: bool | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class UserConstant:
    """A user constant of a tag table.

    Attributes:
        name: The constant's name.
        data_type: Elementary data type name.
        value: Value as written.
        comment: Comment in each culture.
        attributes: Further AttributeList entries by name.
    """

    name: str
    data_type: str
    value: str = ""
    comment: Texts = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class TagTable:
    """A PLC tag table."""

    name: str
    tags: list[Tag] = field(default_factory=list)
    constants: list[UserConstant] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """Always ``"TagTable"``."""
        return "TagTable"


@dataclass(slots=True)
class WatchEntry:
    """One line of a watch or force table.

    Attributes:
        name: Symbolic operand as written, or None.
        address: Absolute operand (``%I0.0``), or None.
        display_format: Format of the shown value (``Bool``, ``DEC_signed``...), or None.
        comment: Comment in each culture.
        attributes: Further AttributeList entries by name (``ModifyValue``, ``ForceValue``, triggers).
    """

    name: str | None = None
    address: str | None = None
    display_format: str | None = None
    comment: Texts = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class WatchTable:
    """A watch table."""

    name: str
    entries: list[WatchEntry] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """``"WatchTable"``, or ``"ForceTable"`` for a force table."""
        return "WatchTable"


@dataclass(slots=True)
class ForceTable(WatchTable):
    """A force table."""

    @property
    def kind(self) -> str:
        """Always ``"ForceTable"``."""
        return "ForceTable"
