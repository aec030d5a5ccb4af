"""SIMATIC SD documents (`.s7dcl` with `.s7res`): read, checked and written, and their way to and from SimaticML."""
