"""The four rights by the names that people know them by."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.operations.terms import Right

Role = Annotated[Literal["viewer", "engineer", "operator", "administrator"], msgspec.Meta(title="Role")]
RIGHTS: dict[Role, Right] = {
    "viewer": Right.VIEW,
    "engineer": Right.ENGINEER,
    "operator": Right.OPERATE,
    "administrator": Right.ADMINISTER,
}
ROLES: dict[Right, Role] = {right: role for role, right in RIGHTS.items()}
