"""STL networks: the ``StatementList`` element as text, as JSON and as typed statements.

One statement is one line, in the international mnemonics, with operands written as in SCL.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.stl.convert import from_json, from_text, to_json, to_text
    from simatic_xml.stl.errors import StlError
    from simatic_xml.stl.mnemonics import MNEMONICS
    from simatic_xml.stl.model import Call, Parameter, Statement, Template
    from simatic_xml.stl.reading import statements
    from simatic_xml.stl.sources import generate, source

__all__ = [
    "MNEMONICS",
    "Call",
    "Parameter",
    "Statement",
    "StlError",
    "Template",
    "from_json",
    "from_text",
    "generate",
    "source",
    "statements",
    "to_json",
    "to_text",
]
import_on_use(
    __name__,
    by_module(
        convert="from_json from_text to_json to_text",
        errors="StlError",
        mnemonics="MNEMONICS",
        model="Call Parameter Statement Template",
        reading="statements",
        sources="generate source",
    ),
)
