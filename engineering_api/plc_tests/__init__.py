"""Tests of PLC programs: written in YAML, run on a PLCSIM Advanced instance in virtual time, with reports and coverage.

    reading.py    YAML text (yaml_data.py) → Test (model.py), errors with file, line and JSON pointer
    bench.py      project or sources → compiled program on an instance; harness.py → callers for single blocks
    controller.py the instance while it is tested: values and virtual time
    running.py    Test + controller → CaseResult (results.py); checks.py judges values, trace.py records them
    report_*.py   results as text and JUnit XML; timing_diagram.py a trace as SVG; coverage*.py what was reached

Nothing here knows whether the instance is a real one.
"""
