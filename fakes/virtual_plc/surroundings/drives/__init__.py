"""Ideal SINAMICS drives: what they answer to the process data and data records of a CPU.

A drive is the device of a module (`Modules.put`). Facts: docs/facts/drives.md.
"""

from virtual_plc.surroundings.drives.parameters import Format, Parameter, Parameters
from virtual_plc.surroundings.drives.positioning import PositioningDrive
from virtual_plc.surroundings.drives.speed import SpeedDrive

__all__ = ["Format", "Parameter", "Parameters", "PositioningDrive", "SpeedDrive"]
