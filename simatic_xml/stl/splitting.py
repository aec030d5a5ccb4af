"""Cut a line of STL at characters outside quotes and brackets."""

_OPENING, _CLOSING = "([{", ")]}"


def find_outside(text: str, sought: str) -> int:
    """Return where `sought` first is outside quotes; -1 where it is nowhere."""
    quote = ""
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif text.startswith(sought, position):
            return position
        elif char in "\"'":
            quote = char
    return -1


def split_at_commas(text: str) -> list[str]:
    """Cut at commas outside quotes and brackets; the parts have no blanks around them."""
    parts, start, depth, quote = list[str](), 0, 0, ""
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
        else:
            depth += (char in _OPENING) - (char in _CLOSING)
    last = text[start:].strip()
    return [*parts, last] if parts or last else []
