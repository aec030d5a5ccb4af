"""Technology objects of a PLC: their groups, rules, parameters and files."""
