"""The runtime as the rest of the service uses it: sources by name, reading, writing and listening."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from engineering_api.operations.caller import Caller
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data import answer_programs, data_types
from runtime_data import values as runtime_values
from runtime_data.patterns import fold
from runtime_data.quality import ACCESS_DENIED
from runtime_data.rules import Rules
from runtime_data.sources.registry import Sources
from runtime_data.sources.source import not_tried
from runtime_data.subscriptions import Latest, Subscriptions
from runtime_data.values import Scalar, TagInfo, Value, split


class Write(msgspec.Struct, frozen=True):
    """A value for a tag.

    Attributes:
        expected: The value that the tag must have before; UNSET for any.
    """

    tag: str
    value: Scalar
    expected: Scalar | msgspec.UnsetType = msgspec.UNSET


class Written(msgspec.Struct, frozen=True):
    """What came of a write.

    Attributes:
        error: Why it was not written; None where it was.
        before: What the tag had before; None where it is not known.
        after: What was read back; None unless it was asked for.
        verified: Whether what was read back is what was written; None unless it was asked for.
    """

    tag: str
    error: Detail | None = None
    before: Value | None = None
    after: Value | None = None
    verified: bool | None = None


class Runtime:
    """Values of all sources. Its methods run on the event loop and do not block it."""

    def __init__(self, sources: Sources, rules: Rules) -> None:
        """Use these sources, and allow what these rules allow."""
        self.sources, self.rules = sources, rules
        self.latest = Latest()
        self.subscriptions = Subscriptions(sources.find, self.latest)

    async def remove_source(self, name: str) -> None:
        """Remove a source that was defined, and forget its values.

        Raises:
            Problem: None of this name was.
        """
        self.latest.forget(await asyncio.to_thread(self.sources.remove, name))

    async def full(self, tags: Sequence[str]) -> list[str]:
        """Return the full names of tags, source:path, in the spelling of their sources; without a source the default one's.

        Raises:
            Problem: There is no path, no such source, or no default one.
        """
        return await asyncio.to_thread(self._full, tags)

    def _full(self, tags: Sequence[str]) -> list[str]:
        parts = [split(tag) for tag in tags]
        names = {source: self.sources.find(source).name for source in {source for source, _ in parts}}
        return [f"{names[source]}:{path}" for source, path in parts]

    async def read(self, caller: Caller, tags: Sequence[str], max_age: float = 0.0) -> list[Value]:
        """Return the values of tags, in the order asked. What cannot be read has a status and an error.

        Args:
            caller: Who asks; the rules may keep tags from them.
            tags: source:path, or a path of the default source.
            max_age: Seconds for which a value that was read before is new enough.

        Raises:
            Problem: A text is no tag, or there is no such source.
        """
        found = await self._read_all(caller, tags, max_age)
        answer_programs.note(each.tag for each in found if each.status != ACCESS_DENIED.code)
        return found

    async def _read_all(self, caller: Caller, tags: Sequence[str], max_age: float = 0.0) -> list[Value]:
        names = await self.full(tags)
        found: dict[str, Value] = {}
        wanted: dict[str, list[str]] = {}
        oldest = runtime_values.now() - int(max_age * 1e6)
        for name in dict.fromkeys(names):
            known = self.latest.get(name) if max_age else None
            if refusal := self.rules.refuse_read(caller, name):
                found[name] = Value(name, None, status=ACCESS_DENIED.code, error=refusal)
            elif known is not None and known.server_time >= oldest:
                found[name] = known
            else:
                wanted.setdefault(split(name)[0], []).append(name)
        for values in await asyncio.gather(*(self._read(source, part) for source, part in wanted.items())):
            found.update(values)
        return [found[name] for name in names]

    async def _read(self, source: str, names: Sequence[str]) -> dict[str, Value]:
        paths = [split(name)[1] for name in names]
        values = await asyncio.to_thread(lambda: self.sources.find(source).read(paths))
        return {name: self.latest.put(value)[0] for name, value in zip(names, values, strict=True)}

    async def write(
        self, caller: Caller, writes: Sequence[Write], *, atomic: bool = False, verify: bool = False
    ) -> list[Written]:
        """Write tags; the answer has the outcome of each, in the order asked.

        Args:
            caller: Who asks; without a rule that allows it nothing real is written.
            writes: Tags and values.
            atomic: Write all or none, which takes one source that can.
            verify: Read back what was written.

        Raises:
            Problem: A text is no tag, there is no such source, a tag is named twice (runtime.twice), or all or none cannot be
                had here (runtime.atomic).
        """
        full = await self.full([each.tag for each in writes])
        _require_once(full)
        named = [msgspec.structs.replace(each, tag=name) for each, name in zip(writes, full, strict=True)]
        by_source: dict[str, list[Write]] = {}
        if atomic:
            await asyncio.to_thread(self._require_atomic, {split(each.tag)[0] for each in named})
        refused = await asyncio.to_thread(self.rules.refuse_writes, caller, self.sources, named)
        for each in named:
            if each.tag not in refused:
                by_source.setdefault(split(each.tag)[0], []).append(each)
        if atomic and refused:
            return [Written(each.tag, refused.get(each.tag) or not_tried(each.tag)) for each in named]
        outcomes: dict[str, Written] = {tag: Written(tag, error) for tag, error in refused.items()}
        for source, part in by_source.items():
            outcomes |= await asyncio.to_thread(self._write, source, part, atomic)
        await self._verify(caller, [each for each in named if verify or self._must_verify(each.tag)], outcomes)
        return [outcomes[each.tag] for each in named]

    def _write(self, source: str, writes: Sequence[Write], atomic: bool) -> dict[str, Written]:
        found = self.sources.find(source)
        paths = [split(each.tag)[1] for each in writes]
        expected: Mapping[str, Scalar] = {
            path: each.expected
            for path, each in zip(paths, writes, strict=True)
            if not isinstance(each.expected, msgspec.UnsetType)
        }
        before = found.read(paths)
        new = [(path, each.value) for path, each in zip(paths, writes, strict=True)]
        errors = found.write(new, expected, atomic=atomic)
        return {
            each.tag: Written(each.tag, error, old) for each, error, old in zip(writes, errors, before, strict=True)
        }

    async def _verify(self, caller: Caller, writes: Sequence[Write], outcomes: dict[str, Written]) -> None:
        """Read back what was written, and note whether the program left it as it was written."""
        done = [each for each in writes if outcomes[each.tag].error is None]
        for each, after in zip(done, await self._read_all(caller, [each.tag for each in done]), strict=True):
            verified = data_types.equal(after.data_type, each.value, after.value, after.text)
            outcomes[each.tag] = msgspec.structs.replace(outcomes[each.tag], after=after, verified=verified)

    def _must_verify(self, tag: str) -> bool:
        rule = self.rules.rule(tag)
        return rule is not None and rule.verify

    def _require_atomic(self, sources: set[str]) -> None:
        if len(sources) > 1 or not all(self.sources.find(each).atomic for each in sources):
            msg = "All or none takes tags of one source that writes between two cycles, such as a simulated PLC."
            raise Problem("runtime.atomic", msg, kind=Kind.REFUSED)

    async def find(self, tag: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is no such source or tag.
        """
        source, path = split(tag)
        return await asyncio.to_thread(lambda: self.sources.find(source).find(path))

    async def browse(self, source: str, path: str = "", depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path of a source; of the default source where its name is empty.

        Raises:
            Problem: There is no such source or path.
        """
        return await asyncio.to_thread(lambda: self.sources.find(source).browse(path, depth))

    def close(self) -> None:
        """End all readings, and store what the sources have not stored yet."""
        self.subscriptions.close()
        self.sources.close()


def _require_once(tags: Sequence[str]) -> None:
    """Refuse several values for one tag: which of them it would have is not said."""
    seen: set[str] = set()
    for number, tag in enumerate(tags):
        if fold(tag) in seen:
            msg = f"'{tag}' is named twice: write a tag once in a request."
            raise Problem("runtime.twice", msg, kind=Kind.INVALID, place=Place(object=tag, pointer=f"/writes/{number}"))
        seen.add(fold(tag))
