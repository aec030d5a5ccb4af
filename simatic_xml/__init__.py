"""SimaticML files and the programs in them, without loss: read, change and write what TIA Portal exports.

The names of this package are imported when they are used for the first time, so that a program that uses one part, such as the
check of SCL, does not wait for the others.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
"""As typing.TYPE_CHECKING; its import would take longer than all of this module."""
if TYPE_CHECKING:
    from simatic_xml.checking.check import check
    from simatic_xml.checking.problem import Problem
    from simatic_xml.checking.validation import validate
    from simatic_xml.diff import Change, Diff, diff, to_text
    from simatic_xml.errors import SimaticMLError
    from simatic_xml.files import dump, load
    from simatic_xml.json_form.document import from_json, json_schema, to_json
    from simatic_xml.model import (
        Block,
        Document,
        ForceTable,
        Member,
        MemberAttribute,
        Network,
        Opaque,
        PlcType,
        Section,
        Subelement,
        Tag,
        TagTable,
        UserConstant,
        WatchEntry,
        WatchTable,
    )
    from simatic_xml.references import Reference, references
    from simatic_xml.svg import svg

__all__ = [
    "Block",
    "Change",
    "Diff",
    "Document",
    "ForceTable",
    "Member",
    "MemberAttribute",
    "Network",
    "Opaque",
    "PlcType",
    "Problem",
    "Reference",
    "Section",
    "SimaticMLError",
    "Subelement",
    "Tag",
    "TagTable",
    "UserConstant",
    "WatchEntry",
    "WatchTable",
    "check",
    "diff",
    "dump",
    "from_json",
    "json_schema",
    "load",
    "references",
    "svg",
    "to_json",
    "to_text",
    "validate",
]
import_on_use(
    __name__,
    by_module(
        checking__check="check",
        checking__problem="Problem",
        diff="Change Diff diff to_text",
        errors="SimaticMLError",
        files="dump load",
        json_form__document="from_json json_schema to_json",
        model="Block Document ForceTable Member MemberAttribute Network Opaque PlcType Section Subelement Tag TagTable "
        "UserConstant WatchEntry WatchTable",
        references="Reference references",
        svg="svg",
        checking__validation="validate",
    ),
)
