"""Passwords of a project: kept as salted hashes, compared, checked by rules; never read back.

Facts: docs/facts/openness-online.md#protection-of-the-cpu. That a password with a blank is refused was found by others
on a real TIA Portal. Unverified: the rules for users are those that a new project proposes, and before V19 a broken
rule is an ordinary refusal.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Generic, TypeVar

from fake_dotnet.errors import ArgumentNullException
from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum, SecureString, require_type
from fake_openness.core.errors import EngineeringPasswordPolicyViolationException, EngineeringTargetInvocationException
from fake_openness.core.versions import TiaVersion

E = TypeVar("E", bound=NetEnum)
SHORTEST_OF_USER, LONGEST = 8, 120
_COST = {"n": 1 << 13, "r": 8, "p": 1}


class Credentials(NetObject, Generic[E]):
    """The user and the password that a client fills in."""

    def __init__(self, user_type: E) -> None:
        """Name nobody yet."""
        self._name, self._type = "", user_type
        self._password: str | None = None

    @property
    def Name(self) -> str:
        """The user."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._name = require_type(value, str, "value")

    @property
    def Type(self) -> E:
        """What kind of user it is."""
        return self._type

    @Type.setter
    def Type(self, value: E) -> None:
        self._type = require_type(value, type(self._type), "value")

    def SetPassword(self, password: SecureString) -> None:
        """Give the password."""
        self._password = read(password)


def seal(text: str) -> str:
    """Return the salted hash of a password, in one line: salt and hash in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_hash(text, salt)}"


def opens(sealed: str, text: str) -> bool:
    """Return whether a password is the one that was sealed."""
    salt, _, wanted = sealed.partition("$")
    return hmac.compare_digest(_hash(text, bytes.fromhex(salt)), wanted)


def _hash(text: str, salt: bytes) -> str:
    return hashlib.scrypt(text.encode("utf-8", "surrogatepass"), salt=salt, dklen=32, **_COST).hex()


def read(password: SecureString, argument: str = "password") -> str:
    """Return the text of a password argument.

    Raises:
        ArgumentNullException: It is null.
        TypeError: It is not a SecureString.
    """
    if password is None:
        msg = f"The argument '{argument}' may not be null."
        raise ArgumentNullException(msg)
    return require_type(password, SecureString, argument)._text


def require_for_plc(text: str, version: TiaVersion) -> str:
    """Return a password that a PLC takes: not empty, without blanks, at most 120 characters.

    Raises:
        EngineeringPasswordPolicyViolationException: It is not (before V19: EngineeringTargetInvocationException).
    """
    if not text or len(text) > LONGEST or any(character.isspace() for character in text):
        raise _refusal(f"A password of a PLC has 1 to {LONGEST} characters and no blanks: choose another.", version)
    return text


def require_for_user(text: str, version: TiaVersion) -> str:
    """Return a password that a user may have: 8 characters, upper and lower case, a digit, another character.

    Raises:
        EngineeringPasswordPolicyViolationException: It is not (before V19: EngineeringTargetInvocationException).
    """
    kinds = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
    if not SHORTEST_OF_USER <= len(text) <= LONGEST or not all(any(map(kind, text)) for kind in kinds):
        msg = (
            f"A password of a user has {SHORTEST_OF_USER} to {LONGEST} characters, among them upper and lower case, "
            "a digit and a special character: choose another."
        )
        raise _refusal(msg, version)
    return text


def _refusal(text: str, version: TiaVersion) -> Exception:
    kind = EngineeringPasswordPolicyViolationException if version.has("19") else EngineeringTargetInvocationException
    return kind(text, code="password.policy")
