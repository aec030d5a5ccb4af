"""The instructions of SIMATIC PLCs, as data: parameters, types, instances, languages, CPUs, LAD parts.

One source for every language: SCL asks by name, LAD and FBD by part, STL by name. `signature` then solves the types of
one call. The source of each fact is its mark: D documented, S secondary source, U unverified.
"""

from simatic_xml.instructions.catalogue import (
    GROUPS,
    available,
    classes,
    covers,
    find,
    instructions,
    of_part,
    type_word,
    wiring,
)
from simatic_xml.instructions.model import RESULT, Instruction, InstructionMatch, Parameter, Problem, Signature
from simatic_xml.instructions.naming import conversion, conversions
from simatic_xml.instructions.solving import signature

__all__ = [
    "GROUPS",
    "RESULT",
    "Instruction",
    "InstructionMatch",
    "Parameter",
    "Problem",
    "Signature",
    "available",
    "classes",
    "conversion",
    "conversions",
    "covers",
    "find",
    "instructions",
    "of_part",
    "signature",
    "type_word",
    "wiring",
]
