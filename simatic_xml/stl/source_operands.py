"""Operands as a source spells them, and as the text of a network does.

A source may leave out the `%` of an address and put blanks into it (`M 10.0`, `DB5.DBW 2`), leave out the `#` of a
local name, and writes indirect addresses as `MW [#pointer]` or `W [AR1, P#2.0]`. The text of a network has one spelling
for each (`simatic_xml.stl.operands`).
"""

import re
from dataclasses import dataclass, field

from simatic_xml.scl.classic.numbers import name_of
from simatic_xml.scl.context import Interface, Program
from simatic_xml.stl.german import operand_from_german, operand_to_german
from simatic_xml.stl.splitting import split_at_commas

_MEMORY = {"": "", "I": "Input", "Q": "Output", "M": "Memory", "L": "Local", "PI": "PeripheryInput"}
_MEMORY |= {"PQ": "PeripheryOutput"}
_SIZES = {"": "Bit", "B": "Byte", "W": "Word", "D": "Double"}
_HEADS = {f"{letter}{size}": (_SIZES[size], area) for letter, area in _MEMORY.items() for size in _SIZES}
_HEADS |= {f"{area}{size or 'X'}": (_SIZES[size], area) for area in ("DB", "DI") for size in _SIZES}
_HEADS |= {area: ("Block", area) for area in ("DB", "DI", "FB", "FC")}
_HEADS |= {"T": ("None", "Timer"), "C": ("None", "Counter")}
"""Width and area of an indirect address, by what is in front of its bracket."""

_HEAD_OF = {parts: head for head, parts in _HEADS.items()}

_PLACE = r"(?P<byte>\d{1,9})(?:\s*\.\s*(?P<bit>[0-7]))?(?P<rest>:\w+)?\Z"
_IN_BLOCK = re.compile(r"%?DB\s*(?P<block>\d{1,9})\s*\.\s*DB(?P<size>[XBWD])\s*" + _PLACE, re.IGNORECASE)
_MEMBER = re.compile(r"%?DB\s*(?P<block>\d{1,9})\s*(?P<rest>\.\s*(?:[^\W\d]|[\"#]).*)\Z", re.IGNORECASE | re.DOTALL)
_POINTER = re.compile(
    r"P#\s*(?:DB\s*(?P<block>\d{1,9})\s*\.\s*)?(?P<area>[A-Z]{0,3})\s*(?P<byte>\d{1,9})\s*\.\s*(?P<bit>[0-7])"
    r"(?:\s+(?P<type>[A-Z_]+)\s+(?P<count>\d{1,9}))?\Z",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"%?(?P<area>PI|PQ|DB|DI|FB|FC|I|Q|M|L|T|C)(?P<size>[XBWD]?)\s*" + _PLACE, re.IGNORECASE)
_INDIRECT = re.compile(r"%?(?P<head>[A-Z]{0,3})\s*\[(?P<inner>.*)\]\Z", re.IGNORECASE | re.DOTALL)
_REGISTER = re.compile(r"(?P<register>AR[12])\s*,\s*P#(?P<byte>\d{1,7})\.(?P<bit>[0-7])\Z", re.IGNORECASE)
_PART = re.compile(r"(?P<name>Width|Area|Register|BitOffset)\s*=\s*(?P<value>\w+)\Z")
_OFFSET = re.compile(r"(?:0|[1-9]\d{0,8})\Z", re.ASCII)
_KEPT = re.compile(r"indirect\((?P<parts>.*)\)\Z", re.IGNORECASE | re.DOTALL)
_FIRST_NAME = re.compile(r'(?P<mark>#?)(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\W\d]\w*))(?P<rest>.*)\Z', re.DOTALL)
_CONSTANT = re.compile(r"const\s+", re.IGNORECASE)
_MOST_NESTING = 8

INSTANCE_BLOCK = re.compile(r"%?DI\s*(?:\d|\[)", re.IGNORECASE)
"""How the operand of OPN starts where it names an instance data block by itself."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a source mean: those of its block, and those of the program around it."""

    interface: Interface = field(default_factory=Interface)
    program: Program = field(default_factory=Program)
    german: bool = False


def read_operand(text: str, names: Names, depth: int = 0) -> str:
    """Return the text of an operand for what a source says; what is not an operand stays as it is, to be refused."""
    text = operand_from_german(text.strip()) if names.german else text.strip()
    if found := _IN_BLOCK.match(text):
        return f"%DB{found['block']}.DB{found['size'].upper()}{_place(found)}"
    if found := _PLAIN.match(text):
        return _address(found)
    if found := _MEMBER.match(text):
        return f'"{name_of("DB", int(found["block"]), names.program.numbered)}"{found["rest"]}'
    if found := _POINTER.match(text):
        return _pointer(found)
    found = _INDIRECT.match(text)
    if found and found["head"].upper() in _HEADS and depth < _MOST_NESTING:
        return _indirect(found, names, depth)
    return _mark_name(text, names)


def _place(found: re.Match[str]) -> str:
    bit = "" if found["bit"] is None else f".{found['bit']}"
    return f"{found['byte']}{bit}{found['rest'] or ''}"


def _address(found: re.Match[str]) -> str:
    area, size = found["area"].upper(), found["size"].upper()
    if area in ("PI", "PQ"):
        return f"%{area[1]}{size}{_place(found)}:P"
    if area in ("DB", "DI") and not size and found["bit"] is not None:
        size = "X"
    return f"%{area}{size}{_place(found)}"


def _pointer(found: re.Match[str]) -> str:
    """Return a pointer without the blanks that STEP 7 allows in one with a data block or a length."""
    if found["block"] is None and found["type"] is None:
        return re.sub(r"#\s+", "#", found.group())
    block = "" if found["block"] is None else f"DB{found['block']}."
    length = "" if found["type"] is None else f" {found['type'].upper()} {found['count']}"
    return f"P#{block}{found['area'].upper()}{found['byte']}.{found['bit']}{length}"


def _indirect(found: re.Match[str], names: Names, depth: int) -> str:
    width, area = _HEADS[found["head"].upper()]
    parts = [f"Width={width}"] + ([f"Area={area}"] if area else [])
    if register := _REGISTER.match(found["inner"].strip()):
        offset = int(register["byte"]) * 8 + int(register["bit"])
        parts += [f"Register={register['register'].upper()}", f"BitOffset={offset}"]
    else:
        parts.append(read_operand(found["inner"], names, depth + 1))
    return f"indirect({', '.join(parts)})"


def _mark_name(text: str, names: Names) -> str:
    """Mark a name as local or as a constant, as far as that is known."""
    found = _FIRST_NAME.match(text)
    if not found or found["rest"].startswith("#"):
        return text
    name = found["quoted"] or found["plain"]
    if found["mark"] or (found["plain"] and names.interface.declares(name)):
        local = text if found["mark"] else f"#{text}"
        return f"const {local}" if names.interface.is_constant(name) else local
    return f"const {text}" if found["quoted"] and names.program.is_constant(name) else text


def write_operand(text: str, *, german: bool = False) -> str:
    """Return an operand as a source has it, for the text that a network has."""
    text = _CONSTANT.sub("", text, count=1)
    found = _KEPT.match(text)
    written = _write_indirect(found["parts"], german=german) if found else text
    written = text if written is None else written
    return operand_to_german(written) if german else written


def _write_indirect(parts: str, *, german: bool) -> str | None:
    """Return an indirect address as engineers write it; None where it has more than such a spelling says."""
    given: dict[str, str] = {}
    inner: list[str] = []
    for part in split_at_commas(parts):
        attribute = _PART.match(part)
        if attribute:
            given[attribute["name"]] = attribute["value"]
        else:
            inner.append(part)
    head = _HEAD_OF.get((given.pop("Width", ""), given.pop("Area", "")))
    if head is None:
        return None
    if len(inner) == 1 and not given:
        return f"{head}[{write_operand(inner[0], german=german)}]"
    offset = given.get("BitOffset", "")
    if inner or set(given) != {"Register", "BitOffset"} or not _OFFSET.match(offset):
        return None
    return f"{head}[{given['Register']}, P#{int(offset) // 8}.{int(offset) % 8}]"
