"""Read JSON objects strictly: every error names the expected value and its place as a JSON pointer."""

from collections.abc import Iterator
from typing import Any, TypeVar

from simatic_xml import limits
from simatic_xml.errors import SimaticMLError
from simatic_xml.interruption import checkpoint
from simatic_xml.model import Extra, Texts
from simatic_xml.versions import TiaVersion
from simatic_xml.xml.residue import are_edits

Value = TypeVar("Value")
DEFAULT_CULTURE = "en-US"


class Reader:
    """One JSON object, read member by member; `done` refuses members that nobody read.

    Attributes:
        pointer: JSON pointer of the object.
        version: TIA version of the document.
        cultures: Cultures in which a text that is not given is present and empty.
    """

    def __init__(self, data: object, pointer: str, version: TiaVersion, cultures: list[str], depth: int = 0) -> None:
        self.pointer = pointer
        self.version = version
        self.cultures = cultures
        self._depth = depth
        checkpoint()
        if depth > limits.most("json_nesting"):
            limits.require("json_nesting", depth, pointer=pointer)
        if not isinstance(data, dict):
            raise self.error("An object {...} is expected here.")
        self._data = data
        self._read: set[str] = set()

    def error(self, message: str, key: str | None = None) -> SimaticMLError:
        """Return an error for this object or its member `key`."""
        pointer = self.pointer if key is None else f"{self.pointer}/{escape(key)}"
        return SimaticMLError("json", message, pointer=pointer)

    def raw(self, key: str) -> Any:
        """Return the member `key` as it is, or None."""
        self._read.add(key)
        return self._data.get(key)

    def has(self, key: str) -> bool:
        """Return whether the member `key` is there, even as null."""
        return key in self._data

    def text(self, key: str) -> str | None:
        """Return the string `key`, or None."""
        return self._read_typed(key, str, "a string")

    def name(self) -> str:
        """Return the string ``name``, which must be there."""
        value = self.text("name")
        if value is None:
            raise self.error('A name is missing; add "name": "...".')
        return value

    def flag(self, key: str) -> bool | None:
        """Return the Boolean `key`, or None."""
        return self._read_typed(key, bool, "true or false")

    def number(self, key: str) -> int | None:
        """Return the whole number `key`, or None."""
        value = self._read_typed(key, int, "a whole number")
        if isinstance(value, bool):
            raise self.error("A whole number is expected here.", key)
        return value

    def read_spelling(self, key: str) -> str | None:
        """Return a value as TIA Portal spells it: a string as it is, numbers and Booleans as text."""
        value = self.raw(key)
        return None if value is None else self._spell(value, key)

    def entries(self, key: str) -> dict[str, str]:
        """Return an object of values as TIA Portal spells them."""
        found = self.child(key)
        return {} if found is None else {name: found.read_spelling(name) or "" for name in found.names()}

    def names(self) -> list[str]:
        """Return the names of all members, which then count as read."""
        self._read.update(self._data)
        return list(self._data)

    def child(self, key: str) -> "Reader | None":
        """Return the object `key`, or None."""
        value = self.raw(key)
        return None if value is None else self._reader(value, f"{self.pointer}/{escape(key)}")

    def children(self, key: str) -> "Iterator[Reader]":
        """Yield the objects of the list `key`."""
        for index, value in enumerate(self.list(key)):
            yield self._reader(value, f"{self.pointer}/{escape(key)}/{index}")

    def list(self, key: str) -> list[Any]:
        """Return the list `key`, empty where it is missing."""
        return self._read_typed(key, list, "a list [...]") or []

    def extra(self) -> Extra | None:
        """Return what the file said beyond the model, from ``x``."""
        rest = self.child("x")
        edits = [] if rest is None else rest.list("extra")
        if rest is not None and not are_edits(edits):
            raise rest.error("These are not edits of a loaded file; remove them.", "extra")
        return edits or None

    def texts(self, key: str) -> Texts:
        """Return a text of a block, network, type or tag; one not given is empty in all cultures of the document."""
        value = self.raw(key)
        if not self.has(key):
            return dict.fromkeys(self.cultures, "")
        if isinstance(value, str):
            cultures = self.cultures or [DEFAULT_CULTURE]
            return {cultures[0]: value, **dict.fromkeys(cultures[1:], "")}
        return self._texts(value, key)

    def comment(self, key: str = "comment") -> Texts:
        """Return a comment of a member; one not given is not there."""
        value = self.raw(key)
        if isinstance(value, str):
            return {(self.cultures or [DEFAULT_CULTURE])[0]: value}
        return self._texts(value, key)

    def refuse_unread(self) -> None:
        """Refuse members that were not read.

        Raises:
            SimaticMLError: ``"json"``, for the first of them.
        """
        for key in self._data:
            if key not in self._read:
                known = ", ".join(sorted(self._read))
                raise self.error(f"The member {str(key)[:80]!r} is not known here; known are {known}.", str(key))

    def _reader(self, value: object, pointer: str) -> "Reader":
        return Reader(value, pointer, self.version, self.cultures, self._depth + 1)

    def _texts(self, value: object, key: str) -> Texts:
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.error('A text is a string, or {"en-US": "..."} for each culture.', key)
        return {str(culture): text for culture, text in value.items()}

    def _read_typed(self, key: str, kind: type[Value], expected: str) -> Value | None:
        value = self.raw(key)
        if value is not None and not isinstance(value, kind):
            raise self.error(f"{expected[0].upper()}{expected[1:]} is expected here.", key)
        return value

    def _spell(self, value: object, key: str) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise self.error("A string, number or Boolean is expected here.", key)


def escape(key: str) -> str:
    """Return `key` as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def count_values(data: object) -> int:
    """Return how many values JSON data have, each name and each entry counted; stops above the limit."""
    most, count, pending = limits.most("json_values"), 0, [data]
    while pending and count <= most:
        value = pending.pop()
        count += 1
        if isinstance(value, dict):
            count += len(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return count
