"""SCL: sources read, checked and written, and their way to and from SimaticML."""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.scl.context import Callee, Interface, Program
    from simatic_xml.scl.diagnostics import Diagnostic, SclError, Severity
    from simatic_xml.scl.documents import GeneratedDocuments, generate, read_declarations
    from simatic_xml.scl.layout import format  # noqa: A004 - reads as scl.format; the built-in is not used here
    from simatic_xml.scl.network import SclNetworkCodec
    from simatic_xml.scl.nodes import SourceObject, SourceTree
    from simatic_xml.scl.parser import Result, decode, parse, parse_statements
    from simatic_xml.scl.printing import unparse
    from simatic_xml.scl.sources import source
    from simatic_xml.scl.structured_text import from_text
    from simatic_xml.scl.text import to_text

__all__ = [
    "Callee",
    "Diagnostic",
    "GeneratedDocuments",
    "Interface",
    "Program",
    "Result",
    "SclError",
    "SclNetworkCodec",
    "Severity",
    "SourceObject",
    "SourceTree",
    "decode",
    "format",
    "from_text",
    "generate",
    "parse",
    "parse_statements",
    "read_declarations",
    "source",
    "to_text",
    "unparse",
]
import_on_use(
    __name__,
    by_module(
        context="Callee Interface Program",
        diagnostics="Diagnostic SclError Severity",
        documents="GeneratedDocuments generate read_declarations",
        layout="format",
        network="SclNetworkCodec",
        nodes="SourceObject SourceTree",
        parser="Result decode parse parse_statements",
        printing="unparse",
        sources="source",
        structured_text="from_text",
        text="to_text",
    ),
)
