"""Tests of PLC programs: written in YAML, run on a PLCSIM Advanced instance in virtual time, with reports and coverage.

    files/        YAML text (yaml_data.py) → Test (model.py), errors with file, line and JSON pointer
    benches/      a copy of the project, or one made of sources (workbench.py, sources.py), with SCL that calls single blocks (harness.py),
                  its compiled program on an instance (bench.py), and the instance while it is tested (controller.py)
    running.py    Test + controller → CaseResult (results.py); checks.py checks values, trace.py records them
    suite.py      many tests: bench, runs, report; cli.py, plc.py and pytest_plugin.py offer it
    reports/      results as text, JUnit XML and pages; a trace as timing diagram; coverage.py the coverage

Nothing here knows whether the instance is a real one.
"""
