"""The four rights by the names that people know them by."""

from __future__ import annotations

from typing import Literal

from engineering_api.operations.terms import Right

Role = Literal["viewer", "engineer", "operator", "administrator"]
RIGHTS: dict[Role, Right] = {
    "viewer": Right.VIEW,
    "engineer": Right.ENGINEER,
    "operator": Right.OPERATE,
    "administrator": Right.ADMINISTER,
}
ROLES: dict[Right, Role] = {right: role for role, right in RIGHTS.items()}
