"""Who may call, and what: the service's own key, API keys, users with passwords, and tokens of an issuer.

`Gate` identifies callers, for every way into the service. What a caller may do is in its `Caller` alone (context.py): a
right, and the projects that it is limited to, which `scopes` holds each operation to.
"""

from __future__ import annotations

from engineering_api.security.gate import ANYBODY, Gate
from engineering_api.security.keyfile import key_of, stored_key

__all__ = ["ANYBODY", "Gate", "key_of", "stored_key"]
