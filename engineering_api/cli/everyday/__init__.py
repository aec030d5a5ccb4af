"""The commands for every day, at the top of `tia`."""
