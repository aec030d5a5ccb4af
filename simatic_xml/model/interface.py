"""Block interfaces: sections of members, nested as structures, PLC data types and multi-instances are."""

from dataclasses import dataclass, field

from simatic_xml.model.texts import Extra, Texts


@dataclass(slots=True)
class MemberAttribute:
    """One attribute of a member, such as ``ExternalWritable`` or ``SetPoint``.

    Attributes:
        name: The attribute's name.
        value: Its value as written (``"true"``, ``"16"``).
        type: ``"Boolean"``, ``"Integer"``, ``"String"`` or ``"Date"``.
        system_defined: TIA Portal's own attribute, as all known ones are.
        informative: Exported for reading only; an import ignores it.
    """

    name: str
    value: str
    type: str = "Boolean"
    system_defined: bool = True
    informative: bool = False


@dataclass(slots=True)
class Subelement:
    """Start value or comment of one array element.

    Attributes:
        path: The element's indices, comma-separated for each dimension (``"3"``, ``"1,2"``).
        start_value: Start value as written, or None.
        comment: Comment in each culture.
    """

    path: str
    start_value: str | None = None
    comment: Texts = field(default_factory=dict)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class Member:
    """A declared variable of a block or a PLC data type.

    Attributes:
        name: The member's name, without ``#`` or quotes.
        data_type: Type as written: ``Bool``, ``"UDT_Motor"`` with its quotes, ``Array[0..9] of Int``.
        version: Version of a system type or instruction instance (``"1.0"``), or None.
        remanence: ``Retain``, ``NonRetain``, ``SetInIDB``, or None where the default holds.
        accessibility: ``Public``, ``Internal``, ``Private``, or None.
        informative: Exported for reading only.
        attributes: Further attributes, in order.
        comment: Comment in each culture.
        comment_informative: The comment comes from the type and is exported for reading only.
        start_value: Start value as written (``"true"``, ``"16#FF"``), or None.
        start_value_informative: The start value comes from the type and is exported for reading only.
        members: Members of an anonymous structure.
        sections: Content of a PLC data type or multi-instance, as exported within instance data.
        subelements: Start values and comments of array elements.
    """

    name: str
    data_type: str
    version: str | None = None
    remanence: str | None = None
    accessibility: str | None = None
    informative: bool = False
    attributes: list[MemberAttribute] = field(default_factory=list)
    comment: Texts = field(default_factory=dict)
    comment_informative: bool = False
    start_value: str | None = None
    start_value_informative: bool = False
    members: list["Member"] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)
    subelements: list[Subelement] = field(default_factory=list)
    extra: Extra | None = field(default=None, repr=False)


@dataclass(slots=True)
class Section:
    """One part of an interface: ``Input``, ``Output``, ``InOut``, ``Static``, ``Temp``, ``Constant``, ``Return``...

    Attributes:
        name: The section's name; ``None`` is the only section of a PLC data type, ``Base`` that of a base type.
        members: Its members in order.
        base_type: Type whose sections a ``Base`` section repeats, or None.
        base_version: Version of that type, or None.
        base: The sections of that type.
    """

    name: str
    members: list[Member] = field(default_factory=list)
    base_type: str | None = None
    base_version: str | None = None
    base: list["Section"] = field(default_factory=list)
    extra: Extra | None = field(default=None, repr=False)
