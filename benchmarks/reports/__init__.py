"""Programs that print a report in a form that fits what they measure; those next to this folder give figures."""
