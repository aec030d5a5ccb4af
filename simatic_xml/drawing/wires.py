"""Which wire of a network is at each place of a drawing, by the numbers that the network's wires have."""

from simatic_xml.flgnet.catalogue import flow_pins
from simatic_xml.flgnet.model import NetworkGraph, Pin
from simatic_xml.flgnet.tree import Branch, From, Item, Node, Parallel, Series, Step


class Wires:
    """The wires of one network, looked up by the items that are drawn."""

    def __init__(self, network: NetworkGraph) -> None:
        """Index a network."""
        self._at: dict[Pin, int] = {pin: wire.uid for wire, _, pin in network.pins()}

    def at(self, part: int, pin: str | None) -> int:
        """Return the number of the wire at a pin, 0 where there is none."""
        return self._at.get(Pin(part, pin), 0) if pin else 0

    def into(self, item: Item) -> int:
        """Return the wire that leads to an item of a series, 0 where the item alone does not show it."""
        match item:
            case Step(part, origin=uid):
                return self.at(uid, flow_pins(part)[0])
            case Parallel(branches, origin=uid):
                attached = [
                    (n, each) for n, each in enumerate(branches, 1) if not each or not isinstance(each[0], From)
                ]
                return next((self.enters(each) or self.at(uid, f"in{n}") for n, each in attached), 0)
        return 0

    def out_of(self, item: Item) -> int:
        """Return the wire that leaves an item of a series, 0 where the item alone does not show it."""
        match item:
            case Step(part, via=via, origin=uid):
                return self.at(uid, via or flow_pins(part)[1])
            case Parallel(origin=uid):
                return self.at(uid, "out")
        return 0

    def enters(self, series: Series) -> int:
        """Return the wire that a series starts at, 0 where its items do not show it."""
        return next((found for item in series if (found := self.into(item) or self.out_of(item))), 0)

    def before_each(self, series: Series, otherwise: int) -> list[int]:
        """Return the wire at the left end of each item of a series, and at the end of the series.

        Args:
            series: the series.
            otherwise: the wire of a series whose items show none, such as one of a name only.
        """
        wires = [0] * (len(series) + 1)
        for index, item in enumerate(series):
            wires[index] = wires[index] or self.into(item)
            passed = wires[index] if isinstance(item, Node | Branch) else self.out_of(item)
            wires[index + 1] = passed
        wires[-1] = wires[-1] or otherwise
        for index in range(len(series) - 1, -1, -1):
            wires[index] = wires[index] or wires[index + 1]
        return wires
