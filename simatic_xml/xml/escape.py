"""Escaping as libxml2 does it, so that written strings and serialised trees can be compared."""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def text(value: str) -> str:
    """Escape `value` for element content."""
    return value.translate(_TEXT) if not value.isalnum() else value


def attribute(value: str) -> str:
    """Escape `value` for an attribute in double quotes."""
    return value.translate(_ATTRIBUTE) if not value.isalnum() else value


def leaf(tag: str, value: str) -> str:
    """Return an element with text only; without text it closes itself."""
    return f"<{tag}>{text(value)}</{tag}>" if value else f"<{tag}/>"


def branch(tag: str, content: str) -> str:
    """Return an element around `content`; without content it closes itself."""
    return f"<{tag}>{content}</{tag}>" if content else f"<{tag}/>"
