"""Power flow: which wires of LAD, FBD and GRAPH carry current for values of operands that were read from a CPU."""

from simatic_xml.program.power_flow.block import BlockFlow, prepare
from simatic_xml.program.power_flow.results import Known, NetworkFlow, Operand, PlaceFlow, StepFlow

__all__ = ["BlockFlow", "Known", "NetworkFlow", "Operand", "PlaceFlow", "StepFlow", "prepare"]
