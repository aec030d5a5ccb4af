"""What an operator sees of the running service: logs, metrics, and the state of its parts."""
