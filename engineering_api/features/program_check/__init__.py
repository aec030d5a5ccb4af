"""`tia check`: says of a folder of exports and sources what TIA Portal would say of the program."""
