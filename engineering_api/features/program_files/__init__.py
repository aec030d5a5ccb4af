"""Files of a PLC program, of any form, into a project: one plan, one list of what became of each object."""
