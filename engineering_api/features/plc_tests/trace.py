"""Records values over the virtual time of a test; a sample is kept when one of them changed."""

from __future__ import annotations

from collections.abc import Sequence

from engineering_api.features.plc_tests.controller import Controller
from engineering_api.features.plc_tests.results import Traced
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.trace import Sample, TraceChannel
from openness_bridge.plcsim.values import Scalar


class Recorder:
    """A trace under way.

    Attributes:
        tags: what is recorded.
    """

    def __init__(self, controller: Controller, names: Sequence[str]) -> None:
        """Begin now.

        Raises:
            Problem: a name is that of no single value.
        """
        self._controller, self._begin = controller, controller.now
        self._channels = {name: controller.value_tag(name) for name in names}
        self._samples: list[Sample] = []
        self.tags: list[Tag] = list(self._channels.values())

    def sample(self, values: list[Scalar]) -> None:
        """Take the values of `tags` at this moment."""
        moment = (self._controller.now - self._begin) / 1e6
        if not self._samples or self._samples[-1].values != values:
            self._samples.append(Sample(len(self._samples) + 1, moment, values))

    def finish(self) -> Traced:
        """Return the recorded samples; the last one is that of the end."""
        moment = (self._controller.now - self._begin) / 1e6
        if self._samples and self._samples[-1].time_ms < moment:
            self._samples.append(Sample(len(self._samples) + 1, moment, self._samples[-1].values))
        channels = [TraceChannel(name, tag.data_type) for name, tag in self._channels.items()]
        return Traced(channels=channels, samples=self._samples)
