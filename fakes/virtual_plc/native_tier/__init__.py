"""The native tier: a typed program becomes C text, which the C compiler of the system turns into a library.

It is optional, and for programs that calculate much or are run many times (`NativeExecutable.run_scans`). It has a
subset: numbers, truth values, characters, times and structures and arrays of them; instances of function blocks; IEC
timers and counters; the instructions in `instructions.NATIVE`; SCL, LAD and FBD. A program with anything else is
refused, and the message names each of its blocks. Where it differs from the reference:
docs/conformance-plc/native.md.
"""

from virtual_plc.native_tier.compiling import CompilerError, compiler
from virtual_plc.native_tier.executable import NativeExecutable, compile_native

__all__ = ["CompilerError", "NativeExecutable", "compile_native", "compiler"]
