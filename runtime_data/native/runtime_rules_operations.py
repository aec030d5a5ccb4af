"""The rules for tags: who may read and write which, within which limits."""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from runtime_data.rules import MOST_RULES, Rule, RuleSet
from runtime_data.runtime import Runtime

section = Section(
    "Runtime Data",
    reach=Reach.ALL,
    no_tool="a model must not change who may write",
    lock=Lock.NONE,
    right=Right.ADMINISTER,
)


class Replace(Request):
    """All rules."""

    rules: Annotated[
        list[Rule], named("All rules, in their order: the first that fits a tag counts.", max_length=MOST_RULES)
    ]


@section.operation(also="GET /api/runtime/rules", changes=False)
def get(ctx: Context, _: Nothing) -> RuleSet:
    """Get the rules for tags, in their order."""
    return RuleSet(ctx.service.part(Runtime).rules.rules)


@section.operation(
    also="PUT /api/runtime/rules",
    destroys=True,
    undo=Undo.NEVER,
    example={
        "rules": [
            {"tag": "PLC_1:Setpoints.*", "write": ["operator"], "minimum": 0, "maximum": 100, "rate": "1/s"},
            {"tag": "PLC_1:Recipes.*", "read": ["engineer"]},
        ]
    },
    done="Rules replaced",
)
def replace(ctx: Context, request: Replace) -> RuleSet:
    """Replace the rules for tags. They apply from the next request on."""
    rules = ctx.service.part(Runtime).rules
    rules.replace(request.rules)
    return RuleSet(rules.rules)
