"""Operands between their SCL text and their ``Access`` element.

``#local`` · ``"Global".member[3, #i].%X0`` · ``"Tag":P`` · ``%I0.0`` ``%DB1.DBW2`` · ``TRUE`` ``5`` ``UInt#5`` ``T#5s``
· ``const #MAX`` and ``const "MAX"`` for a local and a global constant · ``label END`` for a jump label.
Facts: docs/facts/simaticml.md#access-calls-and-references, SimaticML exports of TIA Portal V15 to V21.
"""

import re
from collections.abc import Callable

from lxml import etree

from simatic_xml import absolute
from simatic_xml.flgnet import literals
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.raw import child, children, local_name, qualify

UNSAYABLE = "?"
"""Text of an operand that no text can express; the element itself is then carried next to it."""

_NAME = re.compile(r"[^\W\d]\w*\Z")
_PLAIN = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r'"([^"]+)"')
_SLICE = re.compile(r"\.%([XBWD]\d+)", re.IGNORECASE)
_CONSTANT = re.compile(r'const\s+(?:#(?P<local>"?)(?P<lname>[^"]+)(?P=local)|"(?P<gname>[^"]+)")\Z', re.IGNORECASE)
_LABEL = re.compile(r"label\s+(?P<name>\S+)\Z", re.IGNORECASE)
_MAX_NESTING = 8
_SCOPES = {"#": "LocalVariable", '"': "GlobalVariable"}


class _UnsayableError(Exception):
    """The element contains something that operand text has no spelling for."""


def operand_text(element: etree._Element, expected: str | None = None) -> str:
    """Write an ``Access`` or ``Instance`` element as text.

    Args:
        element: the element; its UId plays no part.
        expected: data type of the pin that it is wired to, where known.

    Returns:
        The text, or ``?`` when no text can express it.
    """
    try:
        return _access_text(element, expected)
    except _UnsayableError:
        return UNSAYABLE


def _access_text(element: etree._Element, expected: str | None) -> str:
    scope = element.get("Scope")
    content = element[0] if len(element) else None
    if content is None:
        raise _UnsayableError
    match local_name(content):
        case "Symbol" if len(element) == 1:
            return _symbol_text(scope, children(content, "Component"))
        case "Component":
            return _symbol_text(scope, children(element, "Component"))
        case "Constant":
            return _constant_text(scope, content, expected)
        case "Address":
            return absolute.address_text(content) or UNSAYABLE
        case "Label":
            return f"label {content.get('Name')}"
    raise _UnsayableError


def _symbol_text(scope: str | None, components: list[etree._Element]) -> str:
    if scope not in _SCOPES.values() or not components:
        raise _UnsayableError
    names = [_component_name(component) for component in components]
    texts = [name + _modifiers(component) for name, component in zip(names, components, strict=True)]
    if scope == "GlobalVariable":
        texts[0] = f'"{names[0].strip(chr(34))}"' + texts[0].removeprefix(names[0])
    return ("#" if scope == "LocalVariable" else "") + ".".join(texts)


def _component_name(component: etree._Element) -> str:
    name = component.get("Name", "")
    if local_name(component) != "Component" or not name or re.search(r'["\n]', name):
        raise _UnsayableError
    return name if _NAME.match(name) else f'"{name}"'


def _modifiers(component: etree._Element) -> str:
    """Write what follows the name: index or dereference, slice, periphery."""
    text = ""
    if component.get("AccessModifier") == "Array":
        text += f"[{', '.join(_access_text(index, 'DInt') for index in children(component, 'Access'))}]"
    elif component.get("AccessModifier") == "Reference":
        text += "^"
    if part := component.get("SliceAccessModifier"):
        text += f".%{part.upper()}"
    return text + (":P" if component.get("SimpleAccessModifier") == "Periphery" else "")


def _constant_text(scope: str | None, constant: etree._Element, expected: str | None) -> str:
    value = child(constant, "ConstantValue")
    name = constant.get("Name")
    data_type = child(constant, "ConstantType")
    text: str | None = None
    if scope == "LocalConstant" and name:
        text = f"const #{name}" if _NAME.match(name) else f'const #"{name}"'
    elif scope == "GlobalConstant" and name:
        text = f'const "{name}"'
    elif scope == "NamedValueConstant" and literals.is_named_value(name or ""):
        text = name
    elif value is not None and scope == "TypedConstant":
        text = value.text if literals.is_typed_constant(value.text or "") else None
    elif value is not None and data_type is not None and scope == "LiteralConstant":
        text = literals.literal_text(data_type.text or "", value.text or "", expected)
    if text is None:
        raise _UnsayableError
    return text


def access_element(text: str, namespace: str, expected: str | None = None, pointer: str = "") -> etree._Element:
    """Build the ``Access`` element, without UId, that the text says.

    Raises:
        FlgNetError: ``operand`` when the text is none of the operands that SCL knows.
    """
    builder = _Builder(namespace, pointer)
    return builder.make("Access") if text == UNSAYABLE else builder.access(text.strip(), expected)


def instance_element(text: str, namespace: str, pointer: str = "") -> etree._Element:
    """Build the ``Instance`` element, without UId, for ``"Instance_DB"`` or ``#multi_instance``."""
    builder = _Builder(namespace, pointer)
    if text == UNSAYABLE:
        return builder.make("Instance")
    if not text or text[0] not in _SCOPES:
        raise builder.error(text)
    element = builder.make("Instance", {"Scope": _SCOPES[text[0]]})
    builder.components(text, element)
    return element


class _Builder:
    """Builds elements of one namespace for one text."""

    def __init__(self, namespace: str, pointer: str) -> None:
        self.namespace = namespace
        self.pointer = pointer
        self.depth = 0

    def error(self, text: str) -> FlgNetError:
        hint = 'Write #local, "Global".member, %I0.0, a constant such as TRUE, 5, T#5s, or const "NAME".'
        return FlgNetError("operand", f"{text!r} is not an operand. {hint}", self.pointer)

    def make(self, tag: str, attributes: dict[str, str] | None = None, text: str | None = None) -> etree._Element:
        element = etree.Element(qualify(tag, self.namespace), attributes or {})
        try:
            element.text = text
        except ValueError as error:
            raise self.error(str(text)) from error
        return element

    def access(self, text: str, expected: str | None) -> etree._Element:
        readers: list[Callable[[str, str | None], etree._Element | None]] = [
            self._symbol,
            self._build_named_constant,
            self._label,
            self._address,
            self._build_named_value,
            self._build_typed_constant,
            self._literal,
        ]
        for read in readers:
            if (element := read(text, expected)) is not None:
                return element
        raise self.error(text)

    def _build_access(self, scope: str, content: etree._Element) -> etree._Element:
        element = self.make("Access", {"Scope": scope})
        element.append(content)
        return element

    def _symbol(self, text: str, _expected: str | None) -> etree._Element | None:
        if not text or text[0] not in _SCOPES:
            return None
        symbol = self.make("Symbol")
        self.components(text, symbol)
        return self._build_access(_SCOPES[text[0]], symbol)

    def _build_named_constant(self, text: str, _expected: str | None) -> etree._Element | None:
        found = _CONSTANT.match(text)
        if not found:
            return None
        scope = "LocalConstant" if found["lname"] else "GlobalConstant"
        return self._build_access(scope, self.make("Constant", {"Name": found["lname"] or found["gname"]}))

    def _label(self, text: str, _expected: str | None) -> etree._Element | None:
        found = _LABEL.match(text)
        return self._build_access("Label", self.make("Label", {"Name": found["name"]})) if found else None

    def _address(self, text: str, _expected: str | None) -> etree._Element | None:
        if not text.startswith("%"):
            return None
        attributes = absolute.address_attributes(text)
        if attributes is None:
            raise self.error(text)
        return self._build_access("Address", self.make("Address", attributes))

    def _build_named_value(self, text: str, _expected: str | None) -> etree._Element | None:
        if not literals.is_named_value(text):
            return None
        return self._build_access("NamedValueConstant", self.make("Constant", {"Name": f"_.{text.removeprefix('_.')}"}))

    def _build_typed_constant(self, text: str, _expected: str | None) -> etree._Element | None:
        if not literals.is_typed_constant(text):
            return None
        constant = self.make("Constant")
        constant.append(self.make("ConstantValue", text=text))
        return self._build_access("TypedConstant", constant)

    def _literal(self, text: str, expected: str | None) -> etree._Element | None:
        found = literals.literal_value(text, expected)
        if not found:
            return None
        constant = self.make("Constant")
        constant.append(self.make("ConstantType", text=found[0]))
        constant.append(self.make("ConstantValue", text=found[1]))
        return self._build_access("LiteralConstant", constant)

    def components(self, text: str, parent: etree._Element) -> None:
        """Append a ``Component`` for each dotted name of the text."""
        rest = text.removeprefix("#")
        while True:
            component, rest = self._component(rest, text)
            parent.append(component)
            if not rest:
                return
            if not rest.startswith("."):
                raise self.error(text)
            rest = rest[1:]

    def _component(self, rest: str, text: str) -> tuple[etree._Element, str]:
        found = _QUOTED.match(rest) or _PLAIN.match(rest)
        if not found:
            raise self.error(text)
        attributes = {"Name": found[1] if found.re is _QUOTED else found[0]}
        rest = rest[found.end() :]
        indices: list[str] = []
        modifier = ""
        if rest.startswith("["):
            indices, rest = self._indices(rest, text)
            modifier = "Array"
        elif rest.startswith("^"):
            modifier, rest = "Reference", rest[1:]
        part = _SLICE.match(rest)
        rest = rest[part.end() :] if part else rest
        if rest == ":P":
            attributes["SimpleAccessModifier"], rest = "Periphery", ""
        attributes |= {"SliceAccessModifier": part[1].lower()} if part else {}
        attributes |= {"AccessModifier": modifier} if modifier else {}
        component = self.make("Component", attributes)
        self.depth += 1
        if self.depth > _MAX_NESTING:
            raise self.error(text)
        component.extend([self.access(index, "DInt") for index in indices])
        self.depth -= 1
        return component, rest

    def _indices(self, rest: str, text: str) -> tuple[list[str], str]:
        """Split ``[a, b[c]]rest`` into its indices and what follows the bracket."""
        depth, start, quoted, indices = 0, 1, False, list[str]()
        for position, char in enumerate(rest):
            quoted ^= char == '"'
            if quoted:
                continue
            depth += (char == "[") - (char == "]")
            if (char == "," and depth == 1) or depth == 0:
                indices.append(rest[start:position].strip())
                start = position + 1
            if depth == 0:
                return indices, rest[start:]
        raise self.error(text)
