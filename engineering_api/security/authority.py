"""What work may do that is stored and runs later: the one place that decides it, for jobs, pipelines, sinks and webhooks alike.

An authority is stored with the work. It never grows: it is the lowest of the rights, and what is common to the limits, of
everybody who had a part in it, who saved it and who started it. Before the work runs it is lowered to what each of them may
do at that moment. So an engineer's definition stays an engineer's when an administrator starts it, and what a revoked key or
a removed user has stored runs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Kind, Problem

NOBODY = ("",)
"""A limit that fits no project and no tag."""


class Authority(msgspec.Struct, frozen=True):
    """What stored work may do.

    Attributes:
        projects: As of callers.
        tags: As of callers.
        holders: As of callers: the keys and users whose present right limits the work.
    """

    right: Right
    projects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()

    @classmethod
    def of(cls, caller: Caller) -> Authority:
        """Return that of a caller who stores or starts something."""
        return cls(caller.right, caller.projects, caller.tags, caller.holders)

    @classmethod
    def decode(cls, text: str, name: str, right: Right) -> Authority:
        """Return the authority of a stored row.

        Args:
            text: As `encode` wrote it. Earlier versions wrote limits alone, or nothing: then the owner's name finds the key or
                the user who limits the work now.
            name: The owner's name.
            right: The right in the row: the most that the work may do.
        """
        found = msgspec.json.decode(text) if text else {}
        projects, tags = tuple(found.get("projects", ())), tuple(found.get("tags", ()))
        holders = tuple(found["holders"]) if "holders" in found else _holders_named(name)
        return cls(min(right, Right(found.get("right", right))), projects, tags, holders)

    def encode(self) -> str:
        """Return it as a row keeps it."""
        return msgspec.json.encode(self).decode()

    def meet(self, other: Authority) -> Authority:
        """Return what both may do."""
        projects, tags = _common_limits(self, other)
        holders = tuple(dict.fromkeys((*self.holders, *other.holders)))
        return Authority(min(self.right, other.right), projects, tags, holders)

    def now(self, find: Callable[[str], Caller | None]) -> Authority:
        """Return what is left of it at this moment.

        Args:
            find: Gives the present caller of a holder; None where the key or user is not valid any more.

        Raises:
            Problem: 403, a key or user who had a part in it is not valid any more.
        """
        found = self
        for holder in self.holders:
            present = find(holder)
            if present is None:
                what = "user" if holder.startswith("user:") else "key"
                msg = (
                    f"The {what} in whose right this runs is not valid any more, so it does not run: save it, or start it "
                    "again, with a valid one."
                )
                raise Problem("auth.owner", msg, kind=Kind.FORBIDDEN)
            found = found.meet(Authority(present.right, present.projects, present.tags))
        return found

    def lend(self, name: str, *, client: str = "", kind: str = "") -> Caller:
        """Return the caller for whom the work runs."""
        return Caller(name, self.right, client, kind=kind, projects=self.projects, tags=self.tags, holders=self.holders)


def _holders_named(name: str) -> tuple[str, ...]:
    """Return the holders of a row of an earlier version, which has only a name, such as `key:build via pipeline Nightly`."""
    first = name.partition(" via pipeline ")[0].removesuffix(" (assistant)")
    kind, _, who = first.partition(":")
    return {"user": (f"user:{who.casefold()}",), "key": (f"key-name:{who}",)}.get(kind, ())


def _common_limits(one: Authority, other: Authority) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the projects and tags that both limits allow; NOBODY where there is nothing in common."""
    if not (one.projects or one.tags):
        return other.projects, other.tags
    if not (other.projects or other.tags):
        return one.projects, one.tags
    projects = _common(one.projects, other.projects, _is_narrower_glob)
    tags = _common(one.tags, other.tags, _is_same)
    return (projects, tags) if projects or tags else (NOBODY, ())


def _common(one: Sequence[str], other: Sequence[str], is_narrower: Callable[[str, str], bool]) -> tuple[str, ...]:
    """Return the patterns of either side that the other side allows as a whole: never more than both, sometimes less."""
    kept = [each for each in one if any(is_narrower(each, wide) for wide in other)]
    kept += [each for each in other if any(is_narrower(each, wide) for wide in one)]
    return tuple(dict.fromkeys(kept))


def _is_same(narrow: str, wide: str) -> bool:
    return narrow.casefold() == wide.casefold()


def _is_narrower_glob(narrow: str, wide: str) -> bool:
    """Return whether each project that one glob fits is one that another glob fits, as far as that is certain."""
    if _is_same(narrow, wide):
        return True
    texts: list[Any] = [each.replace("\\", "/").casefold() for each in (narrow, wide)]
    same_kind = ("/" in texts[0]) == ("/" in texts[1])
    return same_kind and not set("?[") & set(texts[1]) and fnmatchcase(*texts)
