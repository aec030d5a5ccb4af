"""Draw a GRAPH program: permanent operations, sequences, and the interlocks and supervisions of their steps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from lxml import etree

from simatic_xml import graph as graphs
from simatic_xml.drawing.columns import Column, below_each_other, branches
from simatic_xml.drawing.figures import Figure
from simatic_xml.drawing.marks import Label, Mark, text_width, wire
from simatic_xml.drawing.networks import MARGIN, NetworkDrawing
from simatic_xml.drawing.paths import Enter, Fork, Leave, Path, Place, Stop, paths_of
from simatic_xml.drawing.sheet import Sheet, belonging_to
from simatic_xml.drawing.steps import end_column, entry_column, jump_column, step_column, transition_column
from simatic_xml.drawing.symbols import rail_stub
from simatic_xml.flgnet.raw import child, children
from simatic_xml.flgnet.reading import graph as read_graph
from simatic_xml.flgnet.tree import Step as Part
from simatic_xml.graph.elements import texts_of
from simatic_xml.graph.model import Logic, Node, Program, Step, Transition

_DETAILS = ((480.0, 48), (260.0, 30), (0.0, 30))
"""Width of conditions and of actions: where a sequence is too wide, they fold; at 0 the conditions are listed below it."""

_HEADING = 26.0
_OPERATIONS = {
    "before": ("PreOperations", "Permanent pre-instructions"),
    "after": ("PostOperations", "Permanent post-instructions"),
}
"""Element and heading of the permanent operations."""


def draw_program(element: etree._Element, most: float | None) -> Sheet:
    """Draw a ``Graph`` element.

    Args:
        element: the source of the network.
        most: width that the sequences get where folding their conditions is enough.

    Raises:
        SimaticMLError: a step, transition, branch or connection lacks what it needs.
    """
    return _ProgramDrawing(element, graphs.program(element), most).sheet()


class _ProgramDrawing:
    """Draws one program; its parts share the numbers of continued rows."""

    def __init__(self, element: etree._Element, program: Program, most: float | None) -> None:
        self._element = element
        self._program = program
        self._most = most
        self._numbers = count(1)
        sequences = program.sequences
        self._steps = {step.number: step for sequence in sequences for step in sequence.steps}
        self._transitions = {each.number: each for sequence in sequences for each in sequence.transitions}
        self._paths = [paths_of(sequence) for sequence in sequences]
        self._sources: dict[int, list[str]] = {}
        for path in (path for paths in self._paths for path in paths):
            self._collect_sources(path, "")

    def sheet(self) -> Sheet:
        """Return the whole program."""
        sheets = list(self._operations("before", self._program.before))
        titles = [_first(texts_of(each, "Title")) for each in children(self._element, "Sequence")]
        for number, paths in enumerate(self._paths, start=1):
            title = f": {titles[number - 1]}" if titles[number - 1] else ""
            sheets.append(_heading(f"Sequence {number}{title}"))
            sheets += self._sequence(number, paths)
        sheets += self._operations("after", self._program.after)
        return _stacked(sheets)

    def _collect_sources(self, path: Path, name: str) -> str:
        """Note which transition jumps to each step; return the last transition of the path."""
        for each in path:
            match each:
                case Place(node):
                    name = _short_name(node)
                case Enter(number):
                    name = _short_name(Node("branch", number))
                case Leave(node) if node.kind == "step":
                    self._sources.setdefault(node.number, []).append(name)
                case Fork():
                    for inner in each.paths:
                        self._collect_sources(inner, name)
                    name = "" if each.join is None else _short_name(Node("branch", each.join))
        return name

    def _operations(self, key: str, operations: Sequence[Logic]) -> Iterator[Sheet]:
        """Yield the permanent operations that do something."""
        tag, heading = _OPERATIONS[key]
        holder = child(self._element, tag)
        elements = [] if holder is None else children(holder, "PermanentOperation")
        for number, (operation, each) in enumerate(zip(operations, elements, strict=True), start=1):
            if operation.network is None or not read_graph(operation.network).parts:
                continue
            title = _first(texts_of(each, "Title"))
            yield _heading(f"{heading} {number}" + (f": {title}" if title else ""))
            yield self._network(operation, f"{key}.{number}")

    def _network(self, logic: Logic, place: str) -> Sheet:
        if logic.network is None:
            return Sheet(0, 0, [])
        sheet = NetworkDrawing(read_graph(logic.network), self._most, self._numbers).sheet()
        return replace(sheet, marks=list(belonging_to(place, sheet.marks)))

    def _sequence(self, number: int, paths: Sequence[Path]) -> Iterator[Sheet]:
        """Yield the paths of a sequence, its conditions where they have no place there, and the logic of its steps."""
        drawn: list[Column] = []
        listed = False
        for width, characters in _DETAILS:
            listed = width == 0
            drawn = [self._column(path, width, characters) for path in paths]
            needed = max((column.left + column.right for column in drawn), default=0.0) + 2 * MARGIN
            if self._most is None or needed <= self._most:
                break
        yield from (_sheet_of(column) for column in drawn)
        sequence = self._program.sequences[number - 1]
        if listed:
            for transition in sequence.transitions:
                if transition.condition.programmed:
                    yield _heading(f"T{transition.number} {transition.name}: condition")
                    yield self._network(transition.condition, f"T{transition.number}")
        for step in sequence.steps:
            for word, logic in (("interlock", step.interlock), ("supervision", step.supervision)):
                if logic.programmed:
                    yield _heading(f"S{step.number} {step.name}: {word}")
                    yield self._network(logic, f"S{step.number}.{word}")

    def _column(self, path: Path, width: float, characters: int) -> Column:
        return below_each_other([self._element_column(each, width, characters) for each in path])

    def _element_column(self, each: object, width: float, characters: int) -> Column:
        match each:
            case Place(Node("step", number)):
                return step_column(self._steps[number], self._sources.get(number, []), characters)
            case Place(Node(_, number)):
                transition = self._transitions[number]
                condition, fed = self._condition(transition, width) if width else (None, False)
                return transition_column(transition, condition, fed=fed)
            case Leave(node):
                return jump_column(self._full_name(node))
            case Enter(number):
                return entry_column(_short_name(Node("branch", number)))
            case Stop():
                return end_column()
            case Fork(kind, paths, joined):
                columns = [self._column(path, width, characters) for path in paths]
                return branches(columns, joined, double=kind == "SimBegin")
        raise TypeError(each)

    def _full_name(self, node: Node) -> str:
        named: Step | Transition | None = None
        if node.kind == "step":
            named = self._steps.get(node.number)
        elif node.kind == "transition":
            named = self._transitions.get(node.number)
        return f"{_short_name(node)} {named.name}" if named else _short_name(node)

    def _condition(self, transition: Transition, most: float) -> tuple[Figure | None, bool]:
        """Return the condition of a transition, and whether its line leads to the bar of the transition."""
        figure, fed = self._condition_figure(transition.condition, most)
        if figure is None:
            return None, fed
        draw = figure.draw

        def draw_there(x: float, y: float, width: float) -> Iterator[Mark]:
            yield from belonging_to(f"T{transition.number}", draw(x, y, width))

        return replace(figure, draw=draw_there), fed

    def _condition_figure(self, logic: Logic, most: float) -> tuple[Figure | None, bool]:
        if logic.network is None:
            return None, False
        drawing = NetworkDrawing(read_graph(logic.network), most, self._numbers)
        tree = drawing.tree
        rung = tree.rungs[0] if len(tree.rungs) == 1 and not tree.labels else []
        match rung:
            case [*series, Part(part, inputs, outputs) as coil] if part.name == "TrCoil" and not inputs and not outputs:
                number = drawing.wires.into(coil)
                if series:
                    figure = drawing.series(series, most, goes_on=True, number=number)
                    return (rail_stub(figure) if tree.rail else figure), True
                return (rail_stub(_straight(number)), True) if tree.rail else (None, False)
        sheet = drawing.sheet()
        return Figure(
            sheet.width, sheet.height / 2, sheet.height / 2, lambda x, y, _: iter(sheet.at(x, y - sheet.height / 2))
        ), False


def _straight(number: int) -> Figure:
    """Return a straight piece of a wire."""
    return Figure(20, 0, 0, lambda x, y, width: iter([wire(x, y, x + width, y, number)]), enters=number, leaves=number)


def _short_name(node: Node) -> str:
    """Return the name that a step, transition or branch has from its number."""
    return f"branch {node.number}" if node.kind == "branch" else f"{node.kind[0].upper()}{node.number}"


def _first(texts: dict[str, str]) -> str:
    return next((text.strip() for text in texts.values() if text.strip()), "")


def _heading(text: str) -> Sheet:
    shown = " ".join(text.split())
    return Sheet(text_width(shown) + 2 * MARGIN, _HEADING, [Label(MARGIN, 18, shown, "start", "title")])


def _sheet_of(column: Column) -> Sheet:
    marks = list(column.draw(MARGIN + column.left, MARGIN / 2))
    return Sheet(column.left + column.right + 2 * MARGIN, column.height + MARGIN, marks)


def _stacked(sheets: Sequence[Sheet]) -> Sheet:
    """Return sheets one below the other."""
    marks: list[Mark] = []
    height = 0.0
    for sheet in sheets:
        marks += sheet.at(0, height)
        height += sheet.height
    return Sheet(max([sheet.width for sheet in sheets], default=60.0), height + MARGIN, marks)
