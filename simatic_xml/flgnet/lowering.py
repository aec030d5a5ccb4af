"""Convert the tree of series to the graph of wires."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, all_pins, flow_pins
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.model import Access, End, Ident, NetworkGraph, Open, Pin, Rail, Wire
from simatic_xml.flgnet.tree import (
    Branch,
    From,
    Item,
    Node,
    OpenPin,
    Operand,
    Parallel,
    Series,
    Step,
    Tree,
    UnwiredPin,
    Value,
)


@dataclass(slots=True)
class LoweredNetwork:
    """A graph with provisional numbers.

    Attributes:
        network: the graph; its operands and parts are numbered from 1 in the order of the tree.
        pointers: JSON pointer by provisional number.
        origins: UId in the lifted network by provisional number of a part.
        pins: names of the pins of each part, inputs before outputs, as the author ordered them.
    """

    network: NetworkGraph
    pointers: dict[int, str] = field(default_factory=dict)
    origins: dict[int, int] = field(default_factory=dict)
    pins: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Later:
    """A named wire, until all names are known."""

    name: str
    pointer: str


@dataclass(frozen=True, slots=True)
class _DeadEnd:
    """The place after a step that nothing can follow."""

    step: str


_Place: TypeAlias = End | _Later | _DeadEnd | None
"""Where a series is; None at the start of a series that no power rail feeds."""


def lower(tree: Tree) -> LoweredNetwork:
    """Wire the tree.

    Raises:
        FlgNetError: a series starts at nothing, a name is unknown, or nothing can follow a step.
    """
    return _Lowering(tree).run()


class _Lowering:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.result = LoweredNetwork(NetworkGraph(labels=list(tree.labels)))
        self.sources: dict[End, list[End]] = {}
        self.named: dict[str, End] = {}
        self.waiting: list[tuple[_Later, End]] = []
        self.count = 0

    def run(self) -> LoweredNetwork:
        for rung in self.tree.rungs:
            self.series(rung, self.start)
        for later, target in self.waiting:
            if later.name not in self.named:
                message = f"No {{'node': {later.name!r}}} marks where this series starts."
                raise FlgNetError("unknown-node", message, later.pointer)
            self.connect(self.named[later.name], target)
        self.result.network.wires = [Wire(0, (source, *targets)) for source, targets in self.sources.items() if targets]
        return self.result

    @property
    def start(self) -> End | None:
        return Rail() if self.tree.rail else None

    def number(self, pointer: str) -> int:
        self.count += 1
        self.result.pointers[self.count] = pointer
        return self.count

    def connect(self, source: End, target: End) -> None:
        self.sources.setdefault(source, []).append(target)

    def operand(self, operand: Operand) -> Ident:
        uid = self.number(operand.pointer)
        self.result.network.accesses.append(Access(uid, operand.text, ""))
        return Ident(uid)

    def series(self, series: Series, place: _Place) -> _Place:
        """Wire a series that starts at ``place``; return where it ends."""
        branches: list[tuple[Branch, _Place]] = []
        for item in series:
            if isinstance(item, Branch):
                branches.append((item, place))
            else:
                place = self.item(item, place)
        for branch, start in branches:
            for arm in branch.arms:
                self.series(arm, start)
        return place

    def item(self, item: Item, place: _Place) -> _Place:
        match item:
            case Step():
                return self.step(item, place)
            case Parallel():
                return self.parallel(item, place)
            case Node():
                self.name(item, place)
                return place
            case Operand():
                return self.operand(item)
            case From():
                return self.named.get(item.name) or _Later(item.name, item.pointer)
        raise TypeError(item)

    def name(self, node: Node, place: _Place) -> None:
        if not isinstance(place, Rail | Pin):
            message = f"The node {node.name!r} marks no wire; put it after a step."
            raise FlgNetError("node", message, node.pointer)
        if node.name in self.named:
            raise FlgNetError("node", f"The node {node.name!r} is defined twice; rename one.", node.pointer)
        self.named[node.name] = place
        self.sources.setdefault(place, [])

    def attach(self, place: _Place, target: Pin, pointer: str) -> None:
        match place:
            case _Later():
                self.waiting.append((place, target))
            case _DeadEnd():
                raise FlgNetError("flow", f"Nothing can follow {place.step}; start another series.", pointer)
            case None:
                self.connect(Open(self.number(pointer)), target)
            case _:
                self.connect(place, target)

    def parallel(self, item: Parallel, place: _Place) -> End:
        ends = [self.series(branch, place) for branch in item.branches]
        uid = self.add(item)
        self.result.pins[uid] = [*(f"in{index + 1}" for index in range(len(ends))), "out"]
        for index, end in enumerate(ends, start=1):
            self.attach(end, Pin(uid, f"in{index}"), item.pointer)
        return Pin(uid, "out")

    def add(self, item: Step | Parallel) -> int:
        uid = self.number(item.pointer)
        self.result.network.parts.append(replace(item.part, uid=uid, instance_uid=0 if item.part.instance else None))
        self.result.origins[uid] = item.origin
        return uid

    def step(self, step: Step, place: _Place) -> _Place:
        flow_in, flow_out = flow_pins(step.part)
        uid = self.add(step)
        if flow_in is None or flow_in in step.inputs:
            self.check_start(step, place)
        elif place is not None or flow_in != ABSENT_IN_FBD:
            self.attach(place, Pin(uid, flow_in), step.pointer)
        self.fill(step, uid)
        for name, value in step.inputs.items():
            if not isinstance(value, UnwiredPin):
                self.attach(self.value(value), Pin(uid, name), step.pointer)
        for name, value in step.outputs.items():
            self.output(Pin(uid, name), value, step.pointer)
        out = step.via or flow_out
        return _DeadEnd(step.part.name) if out is None else Pin(uid, out)

    def check_start(self, step: Step, place: _Place) -> None:
        """Refuse a step in mid-series that says itself what drives it."""
        if place not in (None, Rail()):
            message = f"The series cannot lead into {step.part.name}: its input is already connected."
            raise FlgNetError("flow", message, step.pointer)

    def value(self, value: Value) -> _Place:
        match value:
            case Operand():
                return self.operand(value)
            case list():
                return self.series(value, self.start)
        return None

    def output(self, pin: Pin, value: Value, pointer: str) -> None:
        match value:
            case Operand():
                self.connect(pin, self.operand(value))
            case OpenPin():
                self.connect(pin, Open(self.number(pointer)))
            case list():
                self.series(value, pin)

    def fill(self, step: Step, uid: int) -> None:
        """Leave every pin open that the author did not mention, as TIA Portal does; note the order of the pins."""
        flow_in, flow_out = flow_pins(step.part)
        inputs, outputs = all_pins(step.part, [*step.inputs, *step.outputs]) or ([], [])
        open_inputs = [name for name in inputs if name not in step.inputs and name != flow_in]
        open_outputs = [name for name in outputs if name not in step.outputs and name not in (flow_out, step.via)]
        for name in open_inputs:
            self.connect(Open(self.number(step.pointer)), Pin(uid, name))
        for name in open_outputs:
            self.connect(Pin(uid, name), Open(self.number(step.pointer)))
        order = [flow_in, *step.inputs, *open_inputs, flow_out, step.via, *step.outputs, *open_outputs]
        self.result.pins[uid] = list(dict.fromkeys(name for name in order if name))
