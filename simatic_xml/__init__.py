"""SimaticML, SCL and tag tables as data: read, written and checked without TIA Portal."""
