"""Characters that no text of a project may have, because XML cannot hold them."""

from __future__ import annotations

import re

from fake_openness.core.errors import EngineeringTargetInvocationException

_FOREIGN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def require_text(text: str) -> str:
    """Return the text if it can be written.

    Raises:
        EngineeringTargetInvocationException: It has a control character or a lone surrogate.
    """
    found = _FOREIGN.search(text)
    if found is not None:
        msg = f"The text has the character U+{ord(found[0]):04X}, which a file cannot contain: remove it."
        raise EngineeringTargetInvocationException(msg, code="text.character")
    return text
