"""Steps and transitions at rest, which a call of a GRAPH block need not visit.

Most steps of a sequence are inactive, and a call would change nothing in their members. The program and watch tables may
write these members nevertheless. So an object at rest is of a class that notices the first write: the object is awake
again and the next call visits it. Objects that are awake have the class of the storage, whose members cost nothing extra.

Only storage objects can rest. Views cannot, because their bytes change without their knowledge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from virtual_plc.memory.views import buffer_of

_FEW = 8


class Members:
    """Objects in a fixed order, each awake or at rest; at first all are awake.

    Attributes:
        all: the objects.
        awake: the positions of those that are awake.
        woken: how often one was woken.
    """

    __slots__ = ("_classes", "_most", "_places", "all", "awake", "woken")

    def __init__(self, members: Sequence[Any]) -> None:
        """Begin with all objects awake."""
        self.all = tuple(members)
        self.awake = set(range(len(self.all)))
        self.woken = 0
        self._most = len(self.all)
        self._places = places = {id(each): at for at, each in enumerate(self.all)}

        def wake(member: Any) -> None:
            self.awake.add(places[id(member)])
            self.woken += 1
            self._most = max(self._most, len(self.awake))

        plain = {getattr(each, "_awake_class", type(each)) for each in self.all if buffer_of(each) is None}
        self._classes = {each: _resting(each, wake) for each in plain}

    def place(self, member: Any) -> int:
        """Return the position of an object."""
        return self._places[id(member)]

    def rest(self, at: int) -> None:
        """Let the object at a position rest; a view stays awake."""
        member = self.all[at]
        if hasattr(member, "_awake_class"):
            _wake(member)
        resting = self._classes.get(type(member))
        if resting is not None:
            self.awake.discard(at)
            member.__class__ = resting
            if self._most > _FEW and len(self.awake) < self._most // 4:
                self._shrink()

    def _shrink(self) -> None:
        """Give up the space that the positions took when there were many; to go through a set takes as long as it was."""
        kept = [*self.awake]
        self.awake.clear()
        self.awake.update(kept)
        self._most = len(kept)

    def in_order(self) -> Iterator[int]:
        """Yield the positions of the objects that are awake, ascending, with those that wake further on meanwhile."""
        last, seen = -1, -1
        while seen != self.woken:
            seen = self.woken
            for at in sorted(each for each in self.awake if each > last):
                last = at
                yield at
                if seen != self.woken:
                    break


def _wake(member: Any) -> None:
    """Wake an object that another sequencer lets rest, such as one of another executable, by a write."""
    name = member._names[0]
    setattr(member, name, getattr(member, name))


def _resting(awake: type[Any], wake: Callable[[Any], None]) -> type[Any]:
    """Return the class of objects at rest; a write makes an object one of `awake`, calls `wake` and then writes."""

    def write(member: Any, name: str, value: Any) -> None:
        object.__setattr__(member, "__class__", awake)
        wake(member)
        setattr(member, name, value)

    body = {"__slots__": (), "__setattr__": write, "_awake_class": awake, "__doc__": awake.__doc__}
    return type(awake.__name__, (awake,), body)
