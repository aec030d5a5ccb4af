"""What a real TIA Portal answered, recorded on a licensed machine and replayed against the simulated one."""
