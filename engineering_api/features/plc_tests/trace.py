"""Records values over the virtual time of a test; a sample is kept when one of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.results import Traced
from openness_bridge.errors import Problem
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.trace import Sample, TraceChannel
from openness_bridge.plcsim.values import Scalar

MOST_RELATED = 64
"""Values that are recorded in addition to those of a test."""


class Recorder:
    """A trace under way.

    Attributes:
        tags: what is recorded.
    """

    def __init__(self, controller: Controller, names: Sequence[str], related: Iterable[str] = ()) -> None:
        """Begin now.

        Args:
            controller: where.
            names: what is traced.
            related: what is recorded in addition; names of no single value are left out.

        Raises:
            Problem: a name is that of no single value.
        """
        self._controller, self._begin = controller, controller.now
        self._channels = {name: controller.value_tag(name) for name in names}
        self._related = dict(islice(_values_among(controller, related), MOST_RELATED))
        self._samples: list[Sample] = []
        self.tags: list[Tag] = [*self._channels.values(), *self._related.values()]

    def sample(self, values: list[Scalar]) -> None:
        """Take the values of `tags` at this moment."""
        moment = (self._controller.now - self._begin) / 1e6
        if not self._samples or self._samples[-1].values != values:
            self._samples.append(Sample(len(self._samples) + 1, moment, values))

    def finish(self) -> Traced:
        """Return the recorded samples; the last one is that of the end."""
        return self._traced(self._channels, 0)

    def finish_related(self) -> Traced | None:
        """Return the additional samples; None without any."""
        return self._traced(self._related, len(self._channels)) if self._related else None

    def _traced(self, tags: Mapping[str, Tag], first: int) -> Traced:
        """Return the samples of some of the tags, which begin at a column."""
        samples: list[Sample] = []
        for each in self._samples:
            values = each.values[first : first + len(tags)]
            if not samples or samples[-1].values != values:
                samples.append(Sample(len(samples) + 1, each.time_ms, values))
        moment = (self._controller.now - self._begin) / 1e6
        if samples and samples[-1].time_ms < moment:
            samples.append(Sample(len(samples) + 1, moment, samples[-1].values))
        channels = [TraceChannel(name, tag.data_type) for name, tag in tags.items()]
        return Traced(channels=channels, samples=samples)


def _values_among(controller: Controller, names: Iterable[str]) -> Iterator[tuple[str, Tag]]:
    """Yield those names that are single values, with their tags."""
    for name in names:
        with suppress(Problem):
            yield name, controller.value_tag(name)
