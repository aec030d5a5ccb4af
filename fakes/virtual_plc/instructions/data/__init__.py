"""Move data: blocks of elements, bytes, memory areas, VARIANT."""
