"""A trace as a timing diagram in SVG: truth values as levels, numbers as steps with their values.

Time runs to the right, each channel has a row, and each step of the test a dashed line with its number. Colours follow the
reader's light or dark scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from engineering_api.features.plc_tests.reports.shown import format_value
from engineering_api.features.plc_tests.results import CaseResult, StepResult, Traced
from openness_bridge.plcsim.values import Scalar

WIDTH, ROW, LEVEL, HEAD, FOOT, MARGIN = 900, 44, 22, 58, 34, 16
PARTS, KEPT = 2, 4
"""Of more values than this in such a part of a pixel, so many are drawn."""
GLYPH = 6.6
"""Width of a character of the labels in pixels, about."""
_STYLE = """
svg{font:11px ui-monospace,Menlo,Consolas,monospace;background:#fff;color:#1f2430}
text{fill:#1f2430}.title{font-weight:bold;font-size:13px}.small{fill:#667085}
.grid{stroke:#e4e7ec}.axis{stroke:#98a2b3}.step{stroke:#98a2b3;stroke-dasharray:3 3}
.level{fill:none;stroke:#175cd3;stroke-width:1.8}.on{fill:#175cd3;fill-opacity:.12}
.number{fill:none;stroke:#b54708;stroke-width:1.6}.fail{stroke:#d92d20;fill:#d92d20}.failtext{fill:#d92d20}
@media(prefers-color-scheme:dark){svg{background:#12151c}text{fill:#e4e7ec}.small{fill:#98a2b3}.grid{stroke:#252b37}
.level{stroke:#84adff}.on{fill:#84adff}.number{stroke:#fdb022}.fail{stroke:#f97066;fill:#f97066}.failtext{fill:#f97066}}
""".strip().replace("\n", "")


@dataclass(frozen=True, slots=True)
class _Run:
    """A value and when it was there, in milliseconds."""

    begin: float
    end: float
    value: Scalar


@dataclass(frozen=True, slots=True)
class _Scale:
    """From virtual time to pixels."""

    left: float
    span: float
    is_empty: bool = False

    def x(self, milliseconds: float) -> float:
        """Return the place of a moment."""
        return round(self.left + (WIDTH - MARGIN - self.left) * milliseconds / self.span, 2)


def svg(result: CaseResult) -> str:
    """Draw the trace of a test.

    Args:
        result: of a test that has a trace; one without is drawn as an empty diagram.
    """
    state, said = "passed" if result.passed else "failed", result.error or result.description
    trace = result.trace or Traced(channels=[], samples=[])
    return draw(result.test_name, f"{state}: {said}" if said else state, trace, result.steps, failed=not result.passed)


def draw(
    title: str,
    about: str,
    trace: Traced,
    steps: Sequence[StepResult] = (),
    *,
    failed: bool = False,
    clock: str = "virtual time",
) -> str:
    """Draw a trace.

    Args:
        title: The heading.
        about: A line below it.
        trace: The channels and their values.
        steps: Steps that have a dashed line.
        failed: Whether the line below the heading is that of a failure.
        clock: The kind of time, for the axis.
    """
    passed = (trace.samples[-1].time_ms - trace.samples[0].time_ms) if trace.samples else 0.0
    longest = max((len(each.name) for each in trace.channels), default=0)
    scale = _Scale(MARGIN + min(longest * GLYPH + 12, WIDTH / 2), passed or 1.0, not passed)
    height = HEAD + ROW * len(trace.channels) + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="none"/>',
        *_heading(title, about, "failtext" if failed else "small"),
        *_axis(scale, height, clock),
        *_steps(steps, scale, height),
    ]
    for row, channel in enumerate(trace.channels):
        runs = _thin(list(_runs(trace, row, scale.span)), scale)
        bottom = HEAD + ROW * row + (ROW + LEVEL) / 2
        parts.append(f'<text x="{MARGIN}" y="{bottom - 7:g}">{escape(channel.name)}</text>')
        if all(isinstance(each.value, bool) for each in runs):
            parts += _levels(runs, scale, bottom)
        else:
            parts += _numbers(runs, scale, bottom, channel.data_type)
    return "\n".join([*parts, "</svg>", ""])


def _heading(title: str, about: str, kind: str) -> Iterator[str]:
    limit = int((WIDTH - 2 * MARGIN) / GLYPH)
    shown = about if len(about) <= limit else about[: limit - 1] + "…"
    yield f'<text class="title" x="{MARGIN}" y="20">{escape(title)}</text>'
    yield f'<text class="{kind}" x="{MARGIN}" y="36">{escape(shown)}</text>'


def _axis(scale: _Scale, height: float, clock: str) -> Iterator[str]:
    bottom = height - FOOT
    if scale.is_empty:
        yield f'<path class="axis" d="M{scale.left:g} {bottom:g}H{WIDTH - MARGIN}"/>'
        yield f'<text class="small" x="{WIDTH - MARGIN}" y="{bottom + 15:g}" text-anchor="end">no {clock} passes</text>'
        return
    every, unit, name = _ticks(scale.span)
    for number in range(int(scale.span / every) + 1):
        x = scale.x(number * every)
        yield f'<path class="grid" d="M{x:g} {HEAD}V{bottom:g}"/>'
        yield f'<text class="small" x="{x:g}" y="{bottom + 15:g}" text-anchor="middle">{number * every / unit:g}</text>'
    yield f'<path class="axis" d="M{scale.left:g} {bottom:g}H{WIDTH - MARGIN}"/>'
    yield f'<text class="small" x="{WIDTH - MARGIN}" y="{bottom + 29:g}" text-anchor="end">{clock} in {name}</text>'


def _ticks(span: float) -> tuple[float, float, str]:
    """Return milliseconds between two ticks, milliseconds in the unit of the axis, its name."""
    unit, name = next(
        each for each in ((60_000.0, "min"), (1000.0, "s"), (1.0, "ms")) if span >= 2 * each[0] or each[0] == 1
    )
    raw = span / unit / 8
    power = 10.0 ** (len(str(int(raw))) - 1) if raw >= 1 else 0.1
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    return step * unit, unit, name


def _steps(steps: Sequence[StepResult], scale: _Scale, height: float) -> Iterator[str]:
    """Yield a line where each step begins; labels that would overlap are left out."""
    free = 0.0
    for step in steps:
        x = scale.x(step.begin_ms)
        tip = escape(step.description or f"Step {step.step_index + 1}")
        failed = " fail" if not step.passed else ""
        yield f'<path class="step{failed}" d="M{x:g} {HEAD - 6}V{height - FOOT:g}"><title>{tip}</title></path>'
        if x >= free:
            label = str(step.step_index + 1)
            yield f'<text class="{"failtext" if failed else "small"}" x="{x + 2:g}" y="{HEAD - 4}">{label}</text>'
            free = x + 4 + GLYPH * len(label)


def _runs(trace: Traced, channel: int, span: float) -> Iterator[_Run]:
    """Yield the values of a channel, each as long as it stayed; the last one to the end of the diagram."""
    if not trace.samples:
        return
    begin = trace.samples[0].time_ms
    end = begin + span
    changes = [(trace.samples[0].time_ms, trace.samples[0].values[channel])]
    for before, after in pairwise(trace.samples):
        if after.values[channel] != before.values[channel]:
            changes.append((after.time_ms, after.values[channel]))
    for (moment, value), (following, _) in pairwise([*changes, (end, changes[-1][1])]):
        yield _Run(moment - begin, following - begin, value)


def _thin(runs: list[_Run], scale: _Scale) -> list[_Run]:
    """Return the visible runs: of many values within a part of a pixel the first, extreme and last ones."""
    found: list[_Run] = []
    for _, group in groupby(runs, key=lambda each: int(scale.x(each.begin) * PARTS)):
        inside = list(group)
        if len(inside) > KEPT:
            low, high = (pick(range(len(inside)), key=lambda at: _number(inside[at].value)) for pick in (min, max))
            inside = [inside[at] for at in sorted({0, low, high, len(inside) - 1})]
        found += inside
    return found


def _levels(runs: list[_Run], scale: _Scale, bottom: float) -> Iterator[str]:
    """Draw a truth value: high while it is TRUE, the area under it filled."""
    for each in runs:
        if each.value:
            x = scale.x(each.begin)
            yield f'<rect class="on" x="{x:g}" y="{bottom - LEVEL:g}" width="{scale.x(each.end) - x:g}" height="{LEVEL}"/>'
    heights = ((each, bottom - LEVEL if each.value else bottom) for each in runs)
    yield f'<path class="level" d="{_path(heights, scale)}"/>'


def _numbers(runs: list[_Run], scale: _Scale, bottom: float, data_type: str) -> Iterator[str]:
    """Draw a number: steps between the least and the greatest, values written where there is room for them."""
    found = [_number(each.value) for each in runs]
    low, high = min(found, default=0.0), max(found, default=0.0)
    span = high - low or 1.0
    heights = [bottom - LEVEL * (value - low) / span if high > low else bottom - LEVEL / 2 for value in found]
    yield f'<path class="number" d="{_path(zip(runs, heights, strict=True), scale)}"/>'
    for each, height, anchor in _select_labels(runs, heights, scale, data_type):
        x = scale.x(each.begin) + 3 if anchor == "start" else scale.x(each.end) - 3
        y = height - 4 if height > bottom - LEVEL / 2 - 1 else height + 12
        text = escape(format_value(data_type, each.value))
        yield f'<text class="small" x="{x:g}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _select_labels(
    runs: list[_Run], heights: list[float], scale: _Scale, data_type: str
) -> Iterator[tuple[_Run, float, str]]:
    """Yield the values that are written: where there is room, else the first and the last."""
    pairs = list(zip(runs, heights, strict=True))
    roomy = [
        (each, height, "start")
        for each, height in pairs
        if scale.x(each.end) - scale.x(each.begin) >= GLYPH * len(format_value(data_type, each.value)) + 6
    ]
    if roomy or not pairs:
        yield from roomy
        return
    yield (*pairs[0], "start")
    last, height = pairs[-1]
    if len(pairs) > 1 and scale.x(last.end) - GLYPH * len(format_value(data_type, last.value)) > scale.left:
        yield last, height, "end"


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else float(ord(value[:1] or "\0"))


def _path(runs: Iterable[tuple[_Run, float]], scale: _Scale) -> str:
    parts: list[str] = []
    for each, height in runs:
        start = f"V{height:.1f}" if parts else f"M{scale.x(each.begin):g} {height:.1f}"
        parts.append(f"{start}H{scale.x(each.end):g}")
    return "".join(parts)
