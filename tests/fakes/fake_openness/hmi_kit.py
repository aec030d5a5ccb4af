"""Panels and documents for tests of HMI."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from tests.fakes.fake_openness.hardware_kit import COMFORT_PANEL, Kit, items

BASIC_PANEL = "OrderNumber:6AV2 123-2DB03-0AX0/17.0.0.0"
UNIFIED_PANEL = "OrderNumber:6AV2 128-3GB06-0AXx/19.0.0.0"
UNIFIED_V16 = "OrderNumber:6AV2 128-3GB06-0AX0/16.0.0.0"


def panel(kit: Kit, article: str = COMFORT_PANEL, name: str = "HMI_1") -> Any:
    """The software of a new panel."""
    return software(kit, kit.cpu(article, name, name))


def software(kit: Kit, device: Any) -> Any:
    """The software of a panel, or None."""
    containers = (kit.service(item, "SoftwareContainer") for item in items(device))
    return next((each.Software for each in containers if each is not None), None)


def document(*objects: str, version: str = "V17") -> str:
    """A SimaticML file of HMI objects."""
    return f'<?xml version="1.0" encoding="utf-8"?><Document><Engineering version="{version}"/>{"".join(objects)}</Document>'


def screen(name: str = "Start", number: int = 1, inside: str = "", template: str = "") -> str:
    """A screen."""
    links = (
        f'<LinkList><Template TargetID="@OpenLink"><Name>{template}</Name></Template></LinkList>' if template else ""
    )
    return (
        f'<Hmi.Screen.Screen ID="0"><AttributeList><BackColor>1, 2, 3</BackColor><Height>480</Height><Name>{name}</Name>'
        f"<Number>{number}</Number><Width>800</Width></AttributeList>{links}"
        f'<ObjectList><Hmi.Screen.ScreenLayer ID="1" CompositionName="Layers"><AttributeList><Index>0</Index><Name/>'
        f"</AttributeList><ObjectList>{inside}</ObjectList></Hmi.Screen.ScreenLayer></ObjectList></Hmi.Screen.Screen>"
    )


def field(name: str = "Field_1", tag: str = "Level") -> str:
    """A field that shows a tag."""
    return (
        f'<Hmi.Screen.IOField ID="2" CompositionName="ScreenItems"><AttributeList><Height>30</Height><Left>10</Left>'
        f"<ObjectName>{name}</ObjectName><Top>20</Top><Width>90</Width></AttributeList><ObjectList>"
        f'<Hmi.Screen.Property ID="3" CompositionName="Properties"><AttributeList><Name>ProcessValue</Name></AttributeList>'
        f'<ObjectList><Hmi.Dynamic.TagConnectionDynamic ID="4" CompositionName="Dynamic"><LinkList>'
        f'<Tag TargetID="@OpenLink"><Name>{tag}</Name></Tag></LinkList></Hmi.Dynamic.TagConnectionDynamic></ObjectList>'
        f"</Hmi.Screen.Property></ObjectList></Hmi.Screen.IOField>"
    )


def simple(kind: str, name: str, attributes: str = "", objects: str = "") -> str:
    """An object with a name and not much more."""
    inside = f"<ObjectList>{objects}</ObjectList>" if objects else ""
    return f'<{kind} ID="0"><AttributeList>{attributes}<Name>{name}</Name></AttributeList>{inside}</{kind}>'


def tag(name: str, data_type: str = "Int", connection: str = "", plc_tag: str = "", culture: str = "en-US") -> str:
    """A tag in a table."""
    links = {"Connection": connection, "ControllerTag": plc_tag, "DataType": data_type, "HmiDataType": data_type}
    listed = "".join(
        f'<{link} TargetID="@OpenLink"><Name>{target}</Name></{link}>' for link, target in links.items() if target
    )
    return (
        f'<Hmi.Tag.Tag ID="1" CompositionName="Tags"><AttributeList><Length>2</Length><LogicalAddress/><Name>{name}</Name>'
        f"</AttributeList><LinkList>{listed}</LinkList><ObjectList>"
        f'<MultilingualText ID="2" CompositionName="Comment"><ObjectList><MultilingualTextItem ID="3" CompositionName="Items">'
        f"<AttributeList><Culture>{culture}</Culture><Text>of {name}</Text></AttributeList></MultilingualTextItem>"
        f"</ObjectList></MultilingualText></ObjectList></Hmi.Tag.Tag>"
    )


def table(name: str, *tags: str) -> str:
    """A tag table."""
    return simple("Hmi.Tag.TagTable", name, objects="".join(tags))


def connection(name: str = "Connection_1", partner: str = "PLC_1") -> str:
    """A connection."""
    about = f"<Driver>SIMATIC S7 1500</Driver><PartnerName>{partner}</PartnerName>"
    return simple("Hmi.Communication.Connection", name, about)


def script(name: str = "Count", code: str = "Sub Count()\nEnd Sub") -> str:
    """A VB script."""
    return simple("Hmi.RuntimeScripting.VBScript", name, f"<Code>{code}</Code><PreCode/><Type>Sub</Type>")


def text_list(name: str = "States", *texts: str) -> str:
    """A text list."""
    entries = "".join(
        f'<Hmi.TextGraphicList.TextListEntry ID="1" CompositionName="Entries"><AttributeList><DefaultEntry>false'
        f"</DefaultEntry><EntryType>SingleValue</EntryType><From>{number}</From><To>{number}</To></AttributeList><ObjectList>"
        f'<MultilingualText ID="2" CompositionName="Text"><ObjectList><MultilingualTextItem ID="3" CompositionName="Items">'
        f"<AttributeList><Culture>en-US</Culture><Text>&lt;body&gt;&lt;p&gt;{text}&lt;/p&gt;&lt;/body&gt;</Text></AttributeList>"
        f"</MultilingualTextItem></ObjectList></MultilingualText></ObjectList></Hmi.TextGraphicList.TextListEntry>"
        for number, text in enumerate(texts)
    )
    return simple("Hmi.TextGraphicList.TextList", name, "<ListRange>Decimal</ListRange>", entries)


def graphic(folder: Path, name: str = "Pump", content: bytes | None = None, suffix: str = "png") -> str:
    """A graphic, whose picture is written beside it."""
    (folder / f"{name} files").mkdir(exist_ok=True)
    (folder / f"{name} files" / f"DefaultImageStream.{suffix}").write_bytes(picture() if content is None else content)
    stream = f'<DefaultImageStream external="path">{name} files\\DefaultImageStream.{suffix}</DefaultImageStream>'
    return simple("Hmi.Globalization.MultiLingualGraphic", name, stream)


def picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def put(
    kit: Kit, collection: Any, *objects: str, override: bool = False, name: str = "in.xml", version: str = "V17"
) -> Any:
    """Import objects into a collection; returns what was made."""
    file = kit.file(name)
    Path(file.FullName).write_text(document(*objects, version=version), encoding="utf-8")
    options = kit.type("ImportOptions")
    return list(collection.Import(file, options.Override if override else options.None_))


def out(kit: Kit, obj: Any, name: str = "out.xml") -> str:
    """Export an object; returns the file's text."""
    file = kit.file(name)
    Path(file.FullName).unlink(missing_ok=True)
    obj.Export(file, kit.type("ExportOptions").WithDefaults)
    return Path(file.FullName).read_text(encoding="utf-8-sig")


def compiled(kit: Kit, obj: Any) -> tuple[str, list[str]]:
    """The state of a compilation and the codes of what it found."""
    result = kit.service(obj, "ICompilable").Compile()
    return result.State.ToString(), [leaf._code for leaf in result._leaves()]
