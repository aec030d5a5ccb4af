"""SimaticML on the command line: `python -m simatic_xml`, and `tia xml` of the engineering API."""
