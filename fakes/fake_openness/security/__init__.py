"""Users and passwords of projects."""
