"""The steps around an operation, each a context that holds while it runs. The table is in execution/execution.py."""
