"""The demo project: a running conveyor for somebody who sees the service for the first time."""
