"""Finds a compiler's place in the text that a block was made of: a source, a SimaticML file, or JSON.

A compiler names a block, a network and a line of the block's code. A user has a file: its declarations, comments and
other blocks come before that line. Decision: docs/decisions/0006-places-of-compile-messages.md.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.locating.json_text import JsonText
    from simatic_xml.locating.places import CodePlace, SourceText, TextPlace, cut_line, mentioned
    from simatic_xml.locating.scl_text import SclText
    from simatic_xml.locating.sd_text import SdText
    from simatic_xml.locating.stl_text import StlText
    from simatic_xml.locating.xml_text import XmlText

__all__ = [
    "CodePlace",
    "JsonText",
    "SclText",
    "SdText",
    "SourceText",
    "StlText",
    "TextPlace",
    "XmlText",
    "cut_line",
    "mentioned",
]
import_on_use(
    __name__,
    by_module(
        json_text="JsonText",
        places="CodePlace SourceText TextPlace cut_line mentioned",
        scl_text="SclText",
        sd_text="SdText",
        stl_text="StlText",
        xml_text="XmlText",
    ),
)
