"""A program with a tag for each case in a data block with standard access, and the bytes that the block then has."""

from __future__ import annotations

from functools import cache

import simatic_xml
from simatic_xml import scl
from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.runtime_data.type_interfaces.cases import CASES, TEXTS, Case

BLOCK = 1
MEMBERS = [*CASES, *TEXTS]
NUMBERED = (Tag("Ended", "Timer", "%T1"), Tag("Running", "Timer", "%T2"), Tag("Count", "Counter", "%C1"))
SCL = """
DATA_BLOCK "Types"
{{ S7_Optimized_Access := 'FALSE' }}
VAR
{members}
  v_DTL : DTL;
  v_plain : Int;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
END_ORGANIZATION_BLOCK
"""


@cache
def workspace() -> Workspace:
    members = "\n".join(f"  v_{each.name} : {each.type};" for each in MEMBERS)
    made, generated = Workspace(), scl.generate(SCL.format(members=members))
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(simatic_xml.load(document))
    for tag in NUMBERED:
        made.put(tag)
    return made


def path_of(case: Case) -> str:
    """The full name of the tag of a case."""
    return f"PLC_1:Types.v_{case.name}"


@cache
def image() -> tuple[bytes, dict[str, int]]:
    """The bytes of the block and the first byte of each case: all but single bytes begin at an even one; two Bool share the first."""
    content, begin = bytearray(b"\2"), {"Bool_low": 0, "Bool_high": 0}
    for each in MEMBERS:
        if each.type == "Bool":
            continue
        value = bytes.fromhex(each.content)
        content += bytes(len(content) % 2 if len(value) > 1 else 0)
        begin[each.name] = len(content)
        content += value
    return bytes(content), begin
