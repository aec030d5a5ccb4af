"""Read the rungs of LAD and FBD networks."""

from __future__ import annotations

from simatic_xml.scl.cursor import Cursor
from simatic_xml.scl.lexer import END, LOCAL, NAME, NUMBER, PERCENT, QUOTED, STRING, TYPED, Tokens
from simatic_xml.sd.instructions import is_instance_instruction
from simatic_xml.sd.nodes import Element, Mark, Network, PinValue, Rung, Value

END_NETWORK = "END_NETWORK"
_WIRE = "wire#"
_OPERANDS = frozenset((NAME, QUOTED, LOCAL, TYPED, NUMBER, STRING, PERCENT))
_SIGNS = frozenset(("-", "+"))
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def word_of(tokens: Tokens, index: int) -> str:
    """Return the text of a token in upper case."""
    return tokens.source[tokens.starts[index] : tokens.ends[index]].upper()


class RungParser(Cursor):
    """Reads rungs; it does not read what is before or after a rung."""

    def attributes(self) -> dict[str, str]:
        """Read attribute blocks; the parser of declarations has them."""
        raise NotImplementedError

    def word(self) -> str:
        """Return the current token in upper case if it is a name, else nothing."""
        return word_of(self.tokens, self.at) if self.kinds[self.at] == NAME else ""

    def wire(self) -> str:
        """Take `wire#name` and return the name; nothing where there is none."""
        text = self.text(self.at)
        if self.kinds[self.at] != TYPED or text[: len(_WIRE)].lower() != _WIRE:
            return ""
        self.at += 1
        return text[len(_WIRE) :]

    def rungs(self, network: Network, stop: int) -> None:
        """Read labels and rungs up to the token `stop`."""
        while self.at < stop:
            if self.word() == "RUNG":
                network.rungs.append(self.rung(stop))
            elif self.word() == "LABEL" and self.kinds[self.at + 1] == "(":
                network.labels.append(self._jump_label(stop))
            else:
                self.report("sd.rung_expected", f"A RUNG should start here, not {self.describe_token()}.")
                self._skip_to_word(("RUNG",), stop)

    def _jump_label(self, stop: int) -> str:
        """Read `Label( name )`."""
        self.at += 2
        value = self.pin_value(stop)
        self.expect(")", "after the jump label")
        return value.text.strip('"')

    def _skip_to_word(self, words: tuple[str, ...], stop: int) -> None:
        self.at += 1
        while self.at < stop and self.word() not in words:
            self.at += 1

    def rung(self, stop: int) -> Rung:
        """Read one rung with the wire that it ends in."""
        first = self.at
        self.at += 1
        node = Rung(first, first, self._rung_start(stop), [], "")
        while self.at < stop and self.word() not in ("END_RUNG", "RUNG"):
            item = self._rung_item(stop)
            if item is not None:
                node.items.append(item)
        if self.at < stop and self.word() == "END_RUNG":
            self.at += 1
            node.end = self.wire() if self.at < stop else ""
        else:
            self.report("sd.rung_open", f"END_RUNG is missing at the end of the rung; found {self.describe_token()}.")
        node.stop = self.at
        return node

    def _rung_start(self, stop: int) -> Value | None:
        """Read what a rung starts with: a wire, an operand, or nothing where an element follows at once."""
        first = self.at
        if wire := self.wire():
            return Value(wire=wire)
        if self.word() == "END_RUNG" or self.kinds[first] not in _OPERANDS | _SIGNS:
            return None
        value = self._path(stop)
        if self.at < stop and self.kinds[self.at] in ("(", "{") and "\n" not in self.tokens.trivia(self.at):
            self.at = first
            return None
        return Value(value)

    def _rung_item(self, stop: int) -> Element | Mark | None:
        """Read an element or a mark; report and pass what is neither."""
        first = self.at
        if wire := self.wire():
            return Mark(first, self.at, wire)
        attributes = self.attributes()
        if self.at >= stop:
            return None
        negated = self.kinds[self.at] == "NOT" and self.kinds[self.at + 1] not in ("(", "{")
        self.at += negated
        named = self.at
        if self._is_word() and self.kinds[self.at + 1] in ("(", "{"):
            self.at += 1
        elif self.kinds[self.at] in _OPERANDS:
            self._path(stop)
        if self.at == named or self.at >= stop or self.kinds[self.at] not in ("(", "{"):
            self.report(
                "sd.element", f"An instruction with its pins in brackets should be here, not {self.describe_token()}."
            )
            self.at = max(self.at, named + 1)
            self._skip_line(stop)
            return None
        callee = self.tokens.source[self.tokens.starts[named] : self.tokens.ends[self.at - 1]]
        attributes |= self.attributes()
        name, instance = _split(callee)
        node = Element(first, self.at, name, instance, negated, attributes, self._rung_pins(stop))
        node.stop = self.at
        return node

    def _is_word(self) -> bool:
        """Return whether the current token is a bare word, a keyword of SCL or not."""
        start = self.tokens.source[self.tokens.starts[self.at] : self.tokens.starts[self.at] + 1]
        return start.isalpha() and self.kinds[self.at] not in (TYPED, END)

    def _skip_line(self, stop: int) -> None:
        """Pass the tokens up to the next line, which is where the next element is."""
        while self.at < stop and "\n" not in self.tokens.trivia(self.at):
            self.at += 1

    def _path(self, stop: int) -> str:
        """Take an operand with its members and indices; return its text."""
        first = self.at
        self.at += self.kinds[self.at] in _SIGNS
        self.at += 1
        while self.at < stop:
            kind = self.kinds[self.at]
            if kind == "[":
                self._skip_brackets(stop)
            elif kind == "." or (kind == ":" and word_of(self.tokens, self.at + 1) == "P"):
                self.at += 2
            elif kind == "^":
                self.at += 1
            else:
                break
        self.at = min(self.at, stop)
        return self.tokens.source[self.tokens.starts[first] : self.tokens.ends[self.at - 1]]

    def _skip_brackets(self, stop: int) -> None:
        depth = 0
        while self.at < stop:
            depth += (self.kinds[self.at] in _OPENING) - (self.kinds[self.at] in _CLOSING)
            self.at += 1
            if depth == 0:
                return

    def _rung_pins(self, stop: int) -> list[PinValue]:
        """Read the pins of an element in their brackets."""
        pins: list[PinValue] = []
        if not self.expect("(", "after the name of the instruction"):
            return pins
        while self.at < stop and self.kinds[self.at] != ")":
            first = self.at
            name, operator = "", ""
            if self.kinds[self.at + 1] in (":=", "=>"):
                name, operator = self.text(self.at).strip('"'), self.kinds[self.at + 1]
                self.at += 2
            pins.append(PinValue(first, self.at, name, operator, self.pin_value(stop)))
            pins[-1].stop = self.at
            if not self.accept(",") and self.kinds[self.at] != ")":
                self.report("sd.pin", f"',' or ')' is missing after a pin; found {self.describe_token()}.")
                break
        if self.at < stop and not self.accept(")"):
            self._skip_line(stop)
        elif self.at >= stop and self.kinds[self.at - 1] != ")":
            self.report("expected", "')' is missing after the pins of an instruction.", at=stop)
        return pins

    def pin_value(self, stop: int) -> Value:
        """Read what is at a pin, up to the comma or bracket after it."""
        negated = self.kinds[self.at] == "NOT"
        self.at += negated
        if wire := self.wire():
            return Value(wire=wire, negated=negated)
        if self.at >= stop or self.kinds[self.at] in (",", ")"):
            return Value(negated=negated)
        if self.kinds[self.at] not in _OPERANDS | _SIGNS and not self._is_word():
            self.report("sd.operand", f"An operand or a wire should be here, not {self.describe_token()}.")
            return Value()
        return Value(self._path(stop), negated=negated)


def _split(text: str) -> tuple[str, str]:
    """Split what is in front of the pins into the name of an instruction and its instance or the called block."""
    if text[0] not in '#"':
        return text, ""
    instance, dot, name = text.rpartition(".")
    if dot and is_instance_instruction(name):
        return name, instance
    return "", text
