"""SIMATIC SD documents (`.s7dcl` with `.s7res`): read, checked and written, and their way to and from SimaticML."""

from simatic_xml.scl.diagnostics import Diagnostic, SclError, Severity
from simatic_xml.scl.documents import Generated
from simatic_xml.scl.printing import unparse
from simatic_xml.sd.documents import generate
from simatic_xml.sd.nodes import SdObject, SdTree
from simatic_xml.sd.parser import Result, parse
from simatic_xml.sd.resources import Resources, parse_resources, write_resources
from simatic_xml.sd.sources import Written, source

__all__ = [
    "Diagnostic",
    "Generated",
    "Resources",
    "Result",
    "SclError",
    "SdObject",
    "SdTree",
    "Severity",
    "Written",
    "generate",
    "parse",
    "parse_resources",
    "source",
    "unparse",
    "write_resources",
]
