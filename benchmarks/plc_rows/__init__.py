"""Generated Python against the same program written by hand in Python, for each kind of statement: `python3 -m benchmarks.plc_rows`."""
