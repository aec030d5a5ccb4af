"""Tests of PLC programs: written in YAML, run on a PLCSIM Advanced instance in virtual time, with reports and coverage.

    reading.py    YAML text (yaml_data.py) → Test (model.py), errors with file, line and JSON pointer
    workbench.py  a copy of the project, or one made of sources.py; harness.py → SCL that calls single blocks
    bench.py      its compiled program on an instance
    controller.py the instance while it is tested: values and virtual time
    running.py    Test + controller → CaseResult (results.py); checks.py checks values, trace.py records them
    suite.py      many tests: bench, runs, report; output.py writes files; cli.py, plc.py and pytest_plugin.py offer it
    report_*.py   results as text and JUnit XML; timing_diagram.py a trace as SVG; coverage*.py the coverage

Nothing here knows whether the instance is a real one.
"""
