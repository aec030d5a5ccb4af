"""A source without a controller: one tag, `value`, whose values are a sine wave."""

import math
from typing import Annotated

from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Detail, Place, not_found
from runtime_data.sources.kind import SourceKind
from runtime_data.sources.source import SourceStatus
from runtime_data.sources.tree import nodes_below
from runtime_data.values import TagInfo, Value, now


class SineSettings(Model):
    """The connection of the source."""

    period: Annotated[float, named("Seconds of one wave.", gt=0)] = 10.0


class SineSource:
    real, atomic, kind = False, False, "sine"

    def __init__(self, name, period):
        self.name, self._period = name, period
        self._info = TagInfo(f"{name}:value", "value", "LReal", writable=False)

    def status(self):
        return SourceStatus("connected")

    def read(self, paths):
        at = now()
        angle = 2 * math.pi * at / 1e6 / self._period
        return [Value(f"{self.name}:{path}", math.sin(angle), "LReal", 0, at, at) for path in paths]

    def write(self, values, expected, *, atomic):
        del expected, atomic
        msg = "A sine wave takes no values."
        return [Detail("sine.read_only", msg, Place(object=f"{self.name}:{path}")) for path, _ in values]

    def find(self, path):
        if path != "value":
            raise not_found("tag", path, ["value"])
        return self._info

    def tags(self):
        return [self._info]

    leaves = tags

    def browse(self, path, depth=1):
        return nodes_below(self.name, {"value": self._info}, path, depth)

    def follow(self, _):
        return None


KIND = SourceKind("sine", SineSettings, lambda name, settings, _: SineSource(name, settings.period))
