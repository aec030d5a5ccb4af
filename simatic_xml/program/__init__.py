"""The typed program: what the blocks of a PLC mean, in one form for all languages."""
