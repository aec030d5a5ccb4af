"""The commands of `tia`."""
