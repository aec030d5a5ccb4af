"""Documents with named value data types (`.nvt`): read, checked and written."""

from simatic_xml.named_values.reading import Result, parse
from simatic_xml.named_values.writing import write

__all__ = ["Result", "parse", "write"]
