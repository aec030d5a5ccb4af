"""SCL: sources read, checked and written, and their way to and from SimaticML."""

from simatic_xml.scl.context import Callee, Interface, Program
from simatic_xml.scl.diagnostics import Diagnostic, SclError, Severity
from simatic_xml.scl.documents import GeneratedDocuments, generate, read_declarations
from simatic_xml.scl.layout import format_source
from simatic_xml.scl.network import SclNetworkCodec
from simatic_xml.scl.nodes import SourceObject, SourceTree
from simatic_xml.scl.parser import Result, parse, parse_statements
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

format = format_source  # noqa: A001 (reads as scl.format; the built-in is not used here)
