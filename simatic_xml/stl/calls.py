"""Calls in STL text: ``CALL "Motor", "Motor_DB" (start : Bool := #on, run : Bool => #run, data <=> #data)``.

``:=`` gives an input, ``=>`` takes an output (or what a function returns), ``<=>`` passes an in/out parameter; the data
type may be left out. A block is in quotes, a multi-instance after ``#``, an instruction alone, with its template
values in braces: ``CALL LIMIT {value_type : Type := Real} (MN := 0.0, IN := #x, MX := 1.0, OUT := #y)``.
"""

import re

from simatic_xml.operands import quote_if_needed
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.model import Call, Parameter, Template
from simatic_xml.stl.splitting import find_outside, split_at_commas

_NAME = r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\W\d]\w*))'
_PARAMETER = re.compile(_NAME + r"\s*(?::(?!=)\s*(?P<type>.*?))?\s*(?P<arrow>:=|<=>|=>)\s*(?P<value>.*)\Z", re.DOTALL)
_TEMPLATE = re.compile(_NAME + r"\s*:\s*(?P<kind>\w+)\s*:=\s*(?P<value>.*)\Z", re.DOTALL)
_TARGET = re.compile(
    r'(?P<target>"[^"]+"|#(?:"[^"]*"|[^,({"])+|[^\W\d][\w.]*)\s*(?:,\s*(?P<instance>.*))?\Z', re.DOTALL
)
_ARROWS = {"Input": ":=", "Output": "=>", "InOut": "<=>", "Return": "=>", "": ":="}
_SECTIONS = {":=": "Input", "=>": "Output", "<=>": "InOut"}
_RETURNED = "ret_val"
_LONGEST = 1000
"""Characters of what is called, with its instance (a bound of ours, not of TIA Portal)."""


def call_text(call: Call) -> str:
    """Write what a calling statement calls, with its parameters."""
    text = f'"{call.name}"' if call.block_type and call.name else call.name or call.instance
    if call.name and call.instance:
        text += f", {call.instance}"
    if call.templates:
        values = (f"{quote_if_needed(each.name)} : {each.kind} := {each.value}" for each in call.templates)
        text += f" {{{', '.join(values)}}}"
    if call.parameters:
        text += f" ({', '.join(map(_parameter_text, call.parameters))})"
    return text


def _parameter_text(parameter: Parameter) -> str:
    typed = f" : {parameter.data_type}" if parameter.data_type else ""
    arrow = _ARROWS.get(parameter.section, ":=")
    return f"{quote_if_needed(parameter.name)}{typed} {arrow} {parameter.value}".rstrip()


def read_call(text: str) -> Call:
    """Read what a calling statement calls.

    Raises:
        StlError: the text is not a call.
    """
    head, parameters = _split_brackets(text, "(", ")")
    head, templates = _split_brackets(head, "{", "}")
    found = _TARGET.match(head) if len(head) <= _LONGEST else None
    if not found:
        raise StlError(
            'A call names a block as "Block" (, "Instance_DB"), a multi-instance as #motor or an instruction.'
        )
    name, instance, block_type = _target(found["target"].strip(), (found["instance"] or "").strip())
    return Call(
        name,
        block_type,
        instance,
        tuple(_parameter(part, of_block=bool(block_type)) for part in split_at_commas(parameters)),
        tuple(map(_template, split_at_commas(templates))),
    )


def _target(target: str, instance: str) -> tuple[str, str, str]:
    """Return name, instance and block type."""
    if target.startswith("#"):
        return "", target, "FB"
    if target.startswith('"'):
        return target.strip('"'), instance, "FB" if instance else "FC"
    return target, instance, ""


def _split_brackets(text: str, opening: str, closing: str) -> tuple[str, str]:
    """Split text into what is before a bracket and what is within it."""
    start = find_outside(text, opening)
    if start < 0:
        return text.strip(), ""
    if not text.rstrip().endswith(closing):
        raise StlError(f"The bracket '{opening}' of a call is not closed; end it with '{closing}'.")
    return text[:start].strip(), text.rstrip()[start + 1 : -1]


def _parameter(text: str, *, of_block: bool) -> Parameter:
    found = _PARAMETER.match(text)
    if not found:
        raise StlError(
            f"{text[:80]!r} is not a parameter; write 'name := operand', 'name => operand' or 'name <=> operand'."
        )
    name = found["quoted"] or found["plain"]
    section = _SECTIONS[found["arrow"]]
    if section == "Output" and name.casefold() == _RETURNED:
        section = "Return"
    return Parameter(name, found["value"].strip(), section if of_block else "", (found["type"] or "").strip())


def _template(text: str) -> Template:
    found = _TEMPLATE.match(text)
    if not found:
        raise StlError(f"{text[:80]!r} is not a template value; write 'value_type : Type := Real'.")
    return Template(found["quoted"] or found["plain"], found["kind"], found["value"].strip())
