"""SIMATIC SD documents (`.s7dcl` with `.s7res`): read, checked and written, and their way to and from SimaticML."""

from simatic_xml.lazy import by_module, import_on_use
from simatic_xml.scl.diagnostics import Diagnostic, SclError, Severity
from simatic_xml.scl.documents import GeneratedDocuments
from simatic_xml.scl.printing import unparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.sd.documents import generate
    from simatic_xml.sd.nodes import SdObject, SdTree
    from simatic_xml.sd.parser import Result, parse
    from simatic_xml.sd.resources import Resources, parse_resources, write_resources
    from simatic_xml.sd.sources import SdDocument, source

__all__ = [
    "Diagnostic",
    "GeneratedDocuments",
    "Resources",
    "Result",
    "SclError",
    "SdDocument",
    "SdObject",
    "SdTree",
    "Severity",
    "generate",
    "parse",
    "parse_resources",
    "source",
    "unparse",
    "write_resources",
]
import_on_use(
    __name__,
    by_module(
        documents="generate",
        nodes="SdObject SdTree",
        parser="Result parse",
        resources="Resources parse_resources write_resources",
        sources="SdDocument source",
    ),
)
