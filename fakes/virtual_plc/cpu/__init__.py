"""Operating states, cycle, interrupts and virtual time of the CPU."""
