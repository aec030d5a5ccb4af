"""The default tier: each block of a typed program becomes a Python function.

The text of a function is readable and kept (`PythonExecutable.source`), and each of its lines knows where the program
says it. Semantics: docs/conformance-plc; measurements: benchmarks/reports/plc_scan.py.
"""

from virtual_plc.python_tier.executable import PythonExecutable, compile_program

__all__ = ["PythonExecutable", "compile_program"]
