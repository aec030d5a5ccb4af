"""The execution of operations: who may, when, on which thread, and what the audit log says about it."""
